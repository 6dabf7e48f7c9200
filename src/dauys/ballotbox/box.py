"""The ballot box: puts admitted ballots on the board, a batch in one transaction.

It decides what depends on the board: the hours, the methods allowed, who has voted. Each
ballot is admitted or refused alone. It never learns who a voter is.
"""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from dauys.ballotbox.admission import AdmittedBallot
from dauys.core.canonical import Record
from dauys.core.entries import AnyEntry
from dauys.core.errors import MalformedError, RefusedError, VerificationError
from dauys.core.forms import format_instant
from dauys.core.ids import LeafIndex, Serial
from dauys.core.ports import Clock
from dauys.core.state import ElectionState


class PermitState(StrEnum):
    """What the registrar says of a permit. A spent permit is live."""

    LIVE = "live"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class PermitDesk(Protocol):
    """The registrar's list of permits, as far as the ballot box may see it."""

    def states(self, serials: Collection[Serial]) -> Mapping[Serial, PermitState]:
        """The state of every one of `serials`.

        Called inside the board's transaction: who shares its database holds these
        permits still until the transaction ends, so that none is cancelled meanwhile.
        """
        ...

    def spent(self, places: Mapping[Serial, LeafIndex]) -> None:
        """Note the ballots cast with permits. Durable with the board's transaction.

        The board is the authority; this is for the help desk and the voter's page.
        Noting the same again changes nothing.
        """
        ...


class Writer(Protocol):
    """The board during a transaction."""

    @property
    def state(self) -> ElectionState:
        """The state after everything appended so far."""
        ...

    def append(self, entry: AnyEntry) -> LeafIndex:
        """Add `entry`, or raise MalformedError or VerificationError and change nothing."""
        ...

    def keep_time(self, now: datetime) -> None:
        """Put the log's clock forward, if that is due before a ballot received at `now`."""
        ...


class Board(Protocol):
    """The board's journal."""

    def writing(self) -> AbstractContextManager[Writer]:
        """One transaction: durable on leaving, or nothing of it happened."""
        ...

    def receipt_for(self, index: LeafIndex) -> Record:
        """Receipt of the ballot at `index`, which is durable."""
        ...


@dataclass(frozen=True, slots=True)
class Cast:
    """The ballot is on the board at `index`; `repeated` if it was there before."""

    index: LeafIndex
    receipt: Record
    repeated: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """The ballot is not on the board, and why."""

    error: RefusedError


CastOutcome = Cast | Refused


@dataclass(frozen=True, slots=True)
class _Place:
    index: LeafIndex
    repeated: bool


class BallotBox:
    """Takes ballots of one election. One thread at a time is in its transaction."""

    def __init__(self, board: Board, permits: PermitDesk, clock: Clock) -> None:
        self._board = board
        self._permits = permits
        self._clock = clock

    def cast_batch(self, ballots: Sequence[AdmittedBallot]) -> tuple[CastOutcome, ...]:
        """Cast `ballots` in their order; one outcome for each, in the same order.

        On return everything said is durable. Raises only what the board or the desk
        raises as a whole; then nothing was cast, or, if the answer to a commit was lost,
        casting the same ballots again says what happened.

        Codes of refusal: `not_open`, `closed`, `method_not_allowed`, `already_voted`,
        `stronger_needed`, `nothing_to_reclaim`, `permit_spent` (another ballot was cast
        with the permit), `permit_cancelled`, `permit_unknown`, `bad_ballot`.
        """
        with self._board.writing() as writer:
            now = self._clock.now()
            states = self._permits.states({ballot.serial for ballot in ballots})
            places = [self._cast(writer, ballot, states, now) for ballot in ballots]
            fresh = {
                ballot.serial: place.index
                for ballot, place in zip(ballots, places, strict=True)
                if isinstance(place, _Place) and not place.repeated
            }
            if fresh:
                self._permits.spent(fresh)
        return tuple(map(self._outcome, places))

    def _cast(
        self,
        writer: Writer,
        ballot: AdmittedBallot,
        states: Mapping[Serial, PermitState],
        now: datetime,
    ) -> _Place | Refused:
        try:
            earlier = _earlier_place(writer.state, ballot)
            if earlier is not None:
                return _Place(earlier, repeated=True)
            _require_live(states[ballot.serial])
            _check_may_cast(writer.state, ballot, now)
            writer.keep_time(now)
            return _Place(writer.append(ballot.entry), repeated=False)
        except RefusedError as error:
            return Refused(error)
        except (MalformedError, VerificationError) as error:
            refused = RefusedError("bad_ballot", str(error))
            refused.__cause__ = error
            return Refused(refused)

    def _outcome(self, place: _Place | Refused) -> CastOutcome:
        if isinstance(place, Refused):
            return place
        return Cast(place.index, self._board.receipt_for(place.index), place.repeated)


def _earlier_place(state: ElectionState, ballot: AdmittedBallot) -> LeafIndex | None:
    """Where this very ballot under this permit already stands, if it does.

    Raises RefusedError `permit_spent` when another ballot stands under the permit.
    """
    statement = ballot.statement
    index = state.by_tracker.get(ballot.tracker)
    if index is not None and state.ballots[index].serial == ballot.serial:
        return index
    if ballot.serial in state.serials or statement.credential in state.credentials:
        raise RefusedError("permit_spent")
    return None


def _require_live(state: PermitState) -> None:
    if state is PermitState.CANCELLED:
        raise RefusedError("permit_cancelled")
    if state is PermitState.UNKNOWN:
        raise RefusedError("permit_unknown")


def _check_may_cast(state: ElectionState, ballot: AdmittedBallot, now: datetime) -> None:
    """Raise RefusedError unless the ballot may be cast now, by clock and by log."""
    statement = ballot.statement
    # A clock that lags behind the log (another machine, an approval) does not turn it back.
    instant = max(format_instant(now), state.now)
    state.check_may_cast(
        statement.contest,
        statement.pseudonym,
        statement.method,
        statement.reclaims,
        instant,
    )
