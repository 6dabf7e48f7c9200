"""Which ballots count. docs/protocol.md, section 6, step by step."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

from dauys.core.entries import RevotePolicy
from dauys.core.ids import ContestId, Tracker
from dauys.verify.history import CastBallot, History

_BELOW_ALL = -2
"""Weaker than any method, and than those unknown to the manifest (-1)."""


def countable(history: History) -> dict[ContestId, tuple[CastBallot, ...]]:
    """The ballots that count in each contest of the manifest, in log order."""
    voters: dict[tuple[ContestId, str], list[CastBallot]] = defaultdict(list)
    for ballot in history.ballots:  # step 1: of each contest and pseudonym by itself
        voters[ballot.contest, ballot.pseudonym].append(ballot)
    counted: dict[ContestId, list[CastBallot]] = {c.id: [] for c in history.manifest.contests}
    for (contest, _), ballots in voters.items():
        if contest in counted:
            counted[contest] += _of_one_voter(history, ballots)
    return {
        contest: tuple(sorted(ballots, key=lambda ballot: ballot.entry))
        for contest, ballots in counted.items()
    }


def reclaimed(history: History, ballots: Iterable[CastBallot]) -> frozenset[Tracker]:
    """Trackers that ballots among `ballots`, all of one voter, take back by a stronger method.

    The reclaiming ballot does it whatever becomes of itself.
    """
    own = list(ballots)
    by: dict[Tracker, int] = {}  # tracker reclaimed: by the strongest method that did
    for other in own:
        if other.reclaims is not None:
            strength = history.strength(other.method)
            by[other.reclaims] = max(strength, by.get(other.reclaims, strength))
    return frozenset(
        ballot.tracker
        for ballot in own
        if ballot.tracker in by and by[ballot.tracker] > history.strength(ballot.method)
    )


def _of_one_voter(history: History, ballots: Sequence[CastBallot]) -> Sequence[CastBallot]:
    """None of the voter's ballots, or the one that counts."""
    if len(ballots) == 1:  # nearly every voter; the steps below would say the same
        return [] if ballots[0].entry in history.annulled else ballots
    taken_back = reclaimed(history, ballots)  # step 2
    fallen = [b.entry in history.annulled or b.tracker in taken_back for b in ballots]
    strengths = [history.strength(b.method) for b in ballots]
    lost = [strength for strength, fell in zip(strengths, fallen, strict=True) if fell]
    floor = max(lost, default=_BELOW_ALL)  # step 3; who fell is not above it
    left = [b for b, strength in zip(ballots, strengths, strict=True) if strength > floor]
    return left and [_chosen(history, left, history.restored)]  # step 4


def _chosen(history: History, left: Sequence[CastBallot], restored: AbstractSet[int]) -> CastBallot:
    if history.manifest.policy is RevotePolicy.ONCE:
        return next((b for b in left if b.entry not in restored), left[0])
    strongest = max(history.strength(b.method) for b in left)
    best = [b for b in left if history.strength(b.method) == strongest]
    return best[0] if history.manifest.policy is RevotePolicy.STRONGER else best[-1]
