"""What became of one ballot: the answer to a voter who looks up a tracker."""

from dataclasses import dataclass
from enum import StrEnum

from dauys.core.errors import RefusedError
from dauys.core.ids import DecisionNumber, LeafIndex, Tracker
from dauys.core.state import BallotRecord, ElectionState
from dauys.tally.countable import choose


class Fate(StrEnum):
    """How a ballot stands; so far, until the tally has begun."""

    COUNTED = "counted"
    REPLACED = "replaced"
    """Another ballot of the voter counts."""
    ANNULLED = "annulled"
    RECLAIMED = "reclaimed"
    SET_ASIDE = "set_aside"
    """Nothing of the voter counts: a ballot at least as strong as this one fell."""


@dataclass(frozen=True, slots=True)
class BallotStatus:
    """How the ballot at entry `index` stands, and the entries that say why.

    `settled` once decisions are no longer possible. `counts_instead` is the entry of the
    voter's ballot that counts. `decision` and `decided_at` name the annulment in force and
    the entry that put it in force; `reclaimed_at` the ballot by which the voter reclaimed
    this one; `restored` the last decision that restored it.
    """

    index: LeafIndex
    fate: Fate
    settled: bool
    counts_instead: LeafIndex | None
    decision: DecisionNumber | None
    decided_at: LeafIndex | None
    reclaimed_at: LeafIndex | None
    restored: DecisionNumber | None


def status_of(state: ElectionState, tracker: Tracker) -> BallotStatus:
    """How the ballot with `tracker` stands. Raises RefusedError `unknown_tracker`."""
    if tracker not in state.by_tracker:
        raise RefusedError("unknown_tracker")
    ballot = state.ballots[state.by_tracker[tracker]]
    chosen = choose(state, state.ballots_of(ballot.contest, ballot.pseudonym))
    decision = state.annulled.get(ballot.index)
    reclaimed_at = _reclaimed_at(state, ballot)
    if ballot in chosen:
        fate = Fate.COUNTED
    elif decision is not None:
        fate = Fate.ANNULLED
    elif reclaimed_at is not None:
        fate = Fate.RECLAIMED
    else:
        fate = Fate.REPLACED if chosen else Fate.SET_ASIDE
    return BallotStatus(
        index=ballot.index,
        fate=fate,
        settled=bool(state.tallies),
        counts_instead=next((c.index for c in chosen if c != ballot), None),
        decision=decision,
        decided_at=None if decision is None else state.decisions[decision].in_force,
        reclaimed_at=reclaimed_at,
        restored=state.restored.get(ballot.index),
    )


def _reclaimed_at(state: ElectionState, ballot: BallotRecord) -> LeafIndex | None:
    # Replay lets a ballot reclaim only a weaker one.
    others = state.ballots_of(ballot.contest, ballot.pseudonym)
    return next((other.index for other in others if other.reclaims == ballot.tracker), None)
