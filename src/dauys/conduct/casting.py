"""The slot of the ballot box: proofs on all cores, then one durable transaction for many.

A ballot is checked by whichever thread is free, waits for its batch, and comes back as a
receipt once the batch is on the board. The signal of how it came is kept after that.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from dauys.ballotbox.admission import Admission, AdmittedBallot
from dauys.ballotbox.batching import Batcher
from dauys.ballotbox.box import BallotBox, Cast, CastOutcome, Refused
from dauys.ballotbox.request import CastRequest
from dauys.conduct.people import CastSignal, Register, SignalLog, Visit
from dauys.core.canonical import Record
from dauys.core.ports import Clock

log = logging.getLogger("dauys.casting")


@dataclass(frozen=True, slots=True)
class Arrival:
    """An admitted ballot, and where it came from."""

    ballot: AdmittedBallot
    visit: Visit


@dataclass(slots=True)
class CastingDesk:
    """Puts arrivals on the board and notes their signals. One thread at a time."""

    admission: Admission
    box: BallotBox
    register: Register
    signals: SignalLog
    clock: Clock

    def cast(self, request: CastRequest, visit: Visit) -> Cast:
        """Check and cast one ballot. Raises RefusedError as `Admission` and `BallotBox` do."""
        (outcome,) = self.cast_all([Arrival(self.admission.check(request), visit)])
        return require_cast(outcome)

    def cast_all(self, arrivals: Sequence[Arrival]) -> Sequence[CastOutcome]:
        """Cast a batch; one outcome for each, in order, all durable."""
        now = self.clock.now()
        outcomes = self.box.cast_batch([arrival.ballot for arrival in arrivals])
        try:
            self._note(arrivals, outcomes, now)
        except Exception as error:  # noqa: BLE001 -- these ballots are on the board
            log.error("the signals of casts were lost: %s", type(error).__name__)  # noqa: TRY400 -- a trace holds addresses
        return outcomes

    def _note(
        self, arrivals: Sequence[Arrival], outcomes: Sequence[CastOutcome], now: datetime
    ) -> None:
        """Keep how the ballots came that are new on the board."""
        fresh = [
            (arrival, outcome.index)
            for arrival, outcome in zip(arrivals, outcomes, strict=True)
            if isinstance(outcome, Cast) and not outcome.repeated
        ]
        if not fresh:
            return
        voters = self.register.by_pseudonyms({a.ballot.statement.pseudonym for a, _ in fresh})
        casts = [
            CastSignal(voter, arrival.ballot.statement.method, arrival.visit, index)
            for arrival, index in fresh
            if (voter := voters.get(arrival.ballot.statement.pseudonym))
        ]
        if len(casts) < len(fresh):
            log.error("%d signals of casts were lost: not on the register", len(fresh) - len(casts))
        self.signals.note_casts(casts, now)


def require_cast(outcome: CastOutcome) -> Cast:
    """The cast, or the refusal raised."""
    if isinstance(outcome, Refused):
        raise outcome.error
    return outcome


@dataclass(slots=True)
class BallotSlot:
    """The casting desk behind an event loop: many callers, batches of up to 64."""

    desk: CastingDesk
    _batcher: Batcher[Arrival, CastOutcome] = field(init=False)

    def __post_init__(self) -> None:
        """Start gathering."""
        self._batcher = Batcher(self.desk.cast_all)

    def check(self, request: CastRequest) -> AdmittedBallot:
        """Check proofs; any thread. Raises RefusedError."""
        return self.desk.admission.check(request)

    async def cast(self, ballot: AdmittedBallot, visit: Visit) -> Record:
        """Receipt of the ballot, once it is durable. Raises RefusedError."""
        return require_cast(await self._batcher.submit(Arrival(ballot, visit))).receipt

    async def close(self) -> None:
        """Answer all who wait, take nothing more."""
        await self._batcher.close()
