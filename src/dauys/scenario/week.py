"""The election of August 2020, as it was and as it is handled here, from end to end.

Everybody acts through the services that the web uses. The thief stuffs by SMS; voters meet
"already voted"; the patrol proposes the source; the analyst opens a case; the commission
decides; voters take their votes back; the trustees count.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import Self

from dauys.conduct.patrol import Patrol
from dauys.core.executors import opened
from dauys.core.ids import LeafIndex
from dauys.core.state import Phase
from dauys.scenario.analyst import Analyst
from dauys.scenario.asking import AS_IN_2020, Ask, Asked, answers
from dauys.scenario.ballots import BallotStock
from dauys.scenario.clockwork import Clockwork, SimulatedClock
from dauys.scenario.commission import Commission
from dauys.scenario.electorate import make_electorate
from dauys.scenario.founding import found
from dauys.scenario.people import Electorate, Visit
from dauys.scenario.people_keys import OfficeKeys, VoterKeys
from dauys.scenario.returning import plan_returns
from dauys.scenario.test_ca import TestAuthority
from dauys.scenario.thief import plan_theft
from dauys.scenario.visits import Players
from dauys.store.codes import DemonstrationOutbox
from dauys.tally.tallying import FEW
from dauys.wiring import Office, Services

SLUG = "karaganda"
LENGTH = timedelta(days=15)
DECISION_BEFORE_END = timedelta(hours=30)
SCAN_EVERY = timedelta(days=1)
RESTORING_AFTER = timedelta(hours=44)
"""The first decisions: receipts are shown meanwhile."""

Progress = Callable[[str, int, int], None]
"""What is being done, how much of it, of how much."""
REGISTER, VOTING, ADDING, DECRYPTING = (
    "Making the register",
    "Voters come and go",
    "Adding ballots",
    "Trustees decrypt",
)


@dataclass(slots=True)
class Week:
    """One election under simulation."""

    asked: Asked
    electorate: Electorate
    visits: tuple[Visit, ...]
    services: Services
    patrol: Patrol
    keys: OfficeKeys
    voter_keys: VoterKeys
    players: Players
    clockwork: Clockwork
    progress: Progress
    random: Random

    @classmethod
    def begin(
        cls,
        folder: Path,
        voters: int,
        seed: int,
        start: datetime,
        progress: Progress,
        threshold: int = 0,
        asked: Asked = AS_IN_2020,
    ) -> Self:
        """Make the electorate and the thief's plan, and seal the election in `folder`.

        With a `threshold` the trustees are a group, of whom only so many come to count.
        """
        end, weighted = start + LENGTH, asked.weighted
        electorate = make_electorate(voters, seed, start, end, weighted=weighted)
        visits = tuple(
            sorted(
                (*electorate.visits, *plan_theft(electorate, seed)),
                key=lambda visit: (visit.time, visit.register_number),
            )
        )
        clock = SimulatedClock(start - timedelta(days=1))
        authority = TestAuthority.create(start)
        (folder / "anchors").mkdir(parents=True, exist_ok=True)
        (folder / "anchors" / "test-root.cer").write_bytes(authority.root)
        (folder / "networks.csv").write_text(electorate.address_book)
        keys = OfficeKeys.generate(os.urandom, threshold)
        office = Office(folder, clock, messenger=DemonstrationOutbox(clock))
        progress(REGISTER, 0, voters)
        services = found(office, electorate, keys, slug=SLUG, random=os.urandom, ask=asked.ask)
        progress(REGISTER, voters, voters)
        voter_keys = VoterKeys(authority, electorate)
        players = Players(
            electorate,
            services,
            DemonstrationOutbox(clock).latest,
            voter_keys.sign,
            _stock(services, electorate, visits, asked.ask).take,
        )
        return cls(
            asked,
            electorate,
            visits,
            services,
            office.patrol(SLUG, services.election),
            keys,
            voter_keys,
            players,
            Clockwork(clock, _count_to(len(visits), progress)),
            progress,
            Random(seed),
        )

    def vote(self, until: datetime) -> None:
        """Open voting and let people vote up to `until`, with a scan every day."""
        clock = self.clockwork.clock
        clock.advance(self.electorate.start)
        self.services.counting.open()
        for visit in self.visits:
            self.clockwork.add(self.players.play(visit))
        scan_at = self.electorate.start + SCAN_EVERY
        while scan_at < until:
            self.clockwork.run(scan_at)
            self.scan()
            scan_at += SCAN_EVERY
        self.clockwork.run(until)
        self.scan()

    def scan(self) -> None:
        """One look of the patrol; the analyst brings what it proposes before the commission."""
        self.patrol.look_now()
        Analyst(self.services).bring_proposed()

    def decide(self) -> None:
        """The commission decides on all cases; the robbed, and those it hit by mistake, act."""
        Analyst(self.services).suspect_an_office(self.electorate, self.players.truth)
        commission = Commission(self.services, self.keys)
        commission.decide_all(self.electorate.end)
        now = self.clockwork.clock.now()
        with self.services.journal.reading() as state:
            returns = plan_returns(self.electorate, self.players.truth, state, now, self.random)
        for visit in returns.visits:
            self.clockwork.add(self.players.play(visit))
        self.clockwork.add(_restoring(commission, returns.shown, now + RESTORING_AFTER))

    def finish(self) -> None:
        """Vote on to the end, close, tally, decrypt and announce."""
        closes = self.services.journal.state().closes
        self.clockwork.run(datetime.fromisoformat(closes))
        counting = self.services.counting
        counting.close()
        few = len(self.services.journal.state().ballots) < FEW
        with opened(0, few=few, copies=False) as executor:
            counting.tally(lambda done, of: self.progress(ADDING, done, of), executor)
            trustees = self.keys.present
            for done, key in enumerate(trustees):
                self.progress(DECRYPTING, done, len(trustees))
                counting.accept(counting.decrypt(key, os.urandom, executor))
            self.progress(DECRYPTING, len(trustees), len(trustees))
        counting.announce()

    def is_open(self) -> bool:
        """Whether voting is going on."""
        return self.services.journal.state().phase is Phase.OPEN


def _restoring(
    commission: Commission, shown: Sequence[LeafIndex], moment: datetime
) -> Iterator[datetime]:
    """The commission's second session, on ballots that their own voters had cast."""
    yield moment
    commission.restore(shown)


def _count_to(visits: int, progress: Progress) -> Callable[[], None]:
    """What to call when a visit has ended; those who come back after all make a few more."""
    ended = count(1)
    return lambda: progress(VOTING, min(next(ended), visits), visits)


def _stock(
    services: Services, electorate: Electorate, visits: Iterable[Visit], ask: Ask
) -> BallotStock:
    """The ballots that these visits will want."""
    elections = services.journal.state().elections
    wanted = {plan.id: answers(plan, ask) for plan in electorate.contests}
    choices = [
        (electorate.voter(visit.register_number).contest, visit.candidate) for visit in visits
    ]
    return BallotStock(elections, wanted, choices)
