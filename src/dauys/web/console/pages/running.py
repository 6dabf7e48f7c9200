"""Turnout, deliveries and health while people vote. Never a choice, never a partial result."""

from collections import Counter
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from dauys.core.ids import ContestId
from dauys.core.state import ElectionState
from dauys.response.cases import CaseStatus
from dauys.store.figures import Figures
from dauys.web.console import saying
from dauys.wiring import Services


@dataclass(frozen=True, slots=True)
class ContestTurnout:
    """Voters of a contest who have cast a ballot; `bar` is their share, 0 to 100."""

    word: str
    name: str
    registered: int
    voted: int
    share: str
    bar: int


@dataclass(frozen=True, slots=True)
class Hour:
    """Ballots of one hour; `bar` is relative to the busiest, 0 to 100."""

    words: str
    ballots: int
    bar: int


@dataclass(frozen=True, slots=True)
class Running:
    """The page as a whole."""

    ballots: int
    voted: int
    registered: int
    share: str
    contests: tuple[ContestTurnout, ...]
    hours: tuple[Hour, ...]
    sent: int
    entered: int
    entered_share: str
    exhausted: int
    open_cases: int
    unasked: int
    """Signatures of whose certificates nobody could tell yet whether they were revoked."""
    size: int
    checkpoint: str
    last_time: str
    closes: str


def running(services: Services) -> Running:
    """Numbers as they are now."""
    figures = Figures(services.election)
    deliveries = figures.deliveries()
    with services.journal.reading() as state:
        zone = state.manifest.zone
        voted = voters_by_contest(state)
        registered = {c.id: sum(n.voters for n in c.registered) for c in state.manifest.contests}
        contests = tuple(
            ContestTurnout(
                word=contest.id,
                name=saying.say(contest.name),
                registered=registered[contest.id],
                voted=voted[contest.id],
                share=saying.percent(voted[contest.id], registered[contest.id]),
                bar=round(100 * voted[contest.id] / max(1, registered[contest.id])),
            )
            for contest in state.manifest.contests
        )
        everyone, here = sum(registered.values()), sum(voted.values())
        return Running(
            ballots=len(state.ballots),
            voted=here,
            registered=everyone,
            share=saying.percent(here, everyone),
            contests=contests,
            hours=hours(figures, zone),
            sent=deliveries.sent,
            entered=deliveries.entered,
            entered_share=saying.percent(deliveries.entered, deliveries.sent),
            exhausted=deliveries.exhausted,
            open_cases=len(services.cases.find(status=CaseStatus.OPEN)),
            unasked=services.recheck.pending(),
            size=state.size,
            checkpoint=services.journal.checkpoint().split("\n")[2],
            last_time=saying.when(state.now, zone) if state.now else "",
            closes=saying.when(state.closes, zone),
        )


def voters_by_contest(state: ElectionState) -> Counter[ContestId]:
    """How many voters have a ballot on the board, by contest."""
    return Counter(contest for contest, _pseudonym in state.by_pseudonym)


def hours(figures: Figures, zone: str) -> tuple[Hour, ...]:
    """The last two days by hour, in the election's zone."""
    by_hour: Counter[str] = Counter()
    for count in figures.by_hour(ZoneInfo(zone)):
        by_hour[saying.briefly(count.hour, zone)] += count.ballots
    latest = list(by_hour.items())[-48:]
    most = max((ballots for _words, ballots in latest), default=1)
    return tuple(Hour(words, n, round(100 * n / most)) for words, n in latest)
