"""What a voter is told who has already voted, or whose vote was annulled.

Only to the identified voter: to anyone else the site never says who has voted. When and
from which phone the earlier ballot came, the identification records say, not the board.
"""

from dataclasses import dataclass

from dauys.core.errors import RefusedError
from dauys.core.ids import ContestId, DecisionNumber, LeafIndex, MethodId, Pseudonym, Tracker
from dauys.core.state import BallotRecord, ElectionState


@dataclass(frozen=True, slots=True)
class EarlierBallot:
    """The voter's ballot that stands, or if none does, the last that fell.

    `reclaim_by` are the methods by which the voter may now say "this was not me" and vote;
    `replace_by` those by which the policy lets the voter vote again without saying so.
    `annulled_by` is the decision by which it fell.
    """

    index: LeafIndex
    tracker: Tracker
    method: MethodId
    stands: bool
    annulled_by: DecisionNumber | None
    reclaim_by: tuple[MethodId, ...]
    replace_by: tuple[MethodId, ...]


def earlier_ballot(
    state: ElectionState, contest: ContestId, pseudonym: Pseudonym, instant: str
) -> EarlierBallot | None:
    """The ballot that a voter who comes back at `instant` is told of; None for a new voter.

    Of several that stand it is the last by the strongest method.
    """
    ballots = state.ballots_of(contest, pseudonym)
    if not ballots:
        return None
    standing = [ballot for ballot in ballots if not state.is_fallen(ballot)]
    chosen = max(
        standing or ballots, key=lambda ballot: (state.strength(ballot.method), ballot.index)
    )
    return EarlierBallot(
        index=chosen.index,
        tracker=chosen.tracker,
        method=chosen.method,
        stands=bool(standing),
        annulled_by=state.annulled.get(chosen.index),
        reclaim_by=_ways(state, chosen, chosen.tracker, instant) if standing else (),
        replace_by=_ways(state, chosen, None, instant),
    )


def check_reclaim(
    state: ElectionState, ballot: BallotRecord, method: MethodId, instant: str
) -> None:
    """Check that the voter of `ballot` may reclaim it by `method` at `instant`.

    Raises RefusedError as `ElectionState.check_may_cast` does, or `already_fallen`: what
    was annulled or reclaimed need not be taken back.
    """
    if state.is_fallen(ballot):
        raise RefusedError("already_fallen")
    state.check_may_cast(ballot.contest, ballot.pseudonym, method, ballot.tracker, instant)


def _ways(
    state: ElectionState, ballot: BallotRecord, reclaims: Tracker | None, instant: str
) -> tuple[MethodId, ...]:
    ways = []
    for method in state.manifest.methods:
        try:
            state.check_may_cast(ballot.contest, ballot.pseudonym, method, reclaims, instant)
        except RefusedError:
            continue
        ways.append(method)
    return tuple(ways)
