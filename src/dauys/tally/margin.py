"""By how many votes the last seats of a question were won."""

from collections.abc import Iterable, Sequence

from dauys.core.entries import Candidates, QuestionResult
from dauys.core.ids import CandidateId


def margin(result: QuestionResult, paper: Candidates) -> int | None:
    """Votes that would have to move for somebody else to draw level with somebody elected.

    0 with a tie; None when nobody stands on one of the two sides. Of candidates it is the
    votes of the last elected less those of the first not elected. Of lists it is the least
    for which two lists' averages draw level, or two candidates inside a list.
    """
    if result.tied:
        return 0
    votes = {count.candidate: count.votes for count in result.counts}
    if not paper.lists:
        return _between(votes, result.elected, (c.id for c in paper.candidates))
    own = [[c.id for c in group.candidates] for group in paper.lists]
    found = [_between(votes, result.elected, candidates) for candidates in own]
    shares = [len(set(result.elected).intersection(candidates)) for candidates in own]
    totals = [count.votes for count in result.lists]
    found.append(_between_lists(totals, shares, list(map(len, own))))
    return min((distance for distance in found if distance is not None), default=None)


def _between(
    votes: dict[CandidateId, int], elected: Sequence[CandidateId], standing: Iterable[CandidateId]
) -> int | None:
    """Between the last elected and the first not elected of those `standing`."""
    everyone = list(standing)
    inside = [votes[c] for c in everyone if c in elected]
    outside = [votes[c] for c in everyone if c not in elected]
    return min(inside) - max(outside) if inside and outside else None


def _between_lists(
    totals: Sequence[int], shares: Sequence[int], sizes: Sequence[int]
) -> int | None:
    """Least number of votes that brings a list's next seat level with another's last."""
    # Level is votes * next = others * share, and one vote moves either side by its factor.
    return min(
        (
            -(-(votes * (shares[j] + 1) - totals[j] * share) // max(share, shares[j] + 1))
            for i, (votes, share) in enumerate(zip(totals, shares, strict=True))
            for j in range(len(totals))
            if i != j and share and shares[j] < sizes[j]
        ),
        default=None,
    )
