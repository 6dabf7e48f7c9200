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
from dauys.conduct.people import Register, SignalLog, Visit
from dauys.core.canonical import Record
from dauys.core.ids import LeafIndex
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
        for arrival, outcome in zip(arrivals, outcomes, strict=True):
            if isinstance(outcome, Cast) and not outcome.repeated:
                try:
                    self._note(arrival, outcome.index, now)
                except Exception as error:  # noqa: BLE001 -- these ballots are on the board
                    log.error("the signal of a cast was lost: %s", type(error).__name__)  # noqa: TRY400 -- a trace holds addresses
        return outcomes

    def _note(self, arrival: Arrival, index: LeafIndex, now: datetime) -> None:
        statement = arrival.ballot.statement
        voter = self.register.by_pseudonym(statement.pseudonym)
        self.signals.note("cast", voter, statement.method, now, arrival.visit, leaf_index=index)


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
