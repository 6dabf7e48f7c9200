"""How many votes decided who was elected in a question."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from dauys.core.entries import Candidates, QuestionResult
from dauys.core.ids import CandidateId

Votes = Mapping[CandidateId, int]


def margin(result: QuestionResult, paper: Candidates, seats: int) -> int:
    """The least number of votes that would have to come or go for another outcome, or a tie.

    0 with a tie. Of candidates it is the votes of the last elected less those of the first
    not elected; one vote takes a seat that is left, and who has no votes left loses theirs. Of
    lists it is the least for which two averages draw level, a list comes to have votes or loses
    all, or two candidates of a list draw level.
    """
    if result.tied:
        return 0
    votes = {count.candidate: count.votes for count in result.counts}
    left = seats - len(result.elected)
    if not paper.lists:
        return _of_candidates(votes, result.elected, left)
    own = [{c.id: votes[c.id] for c in group.candidates} for group in paper.lists]
    return _of_lists([count.votes for count in result.lists], own, result.elected, left)


def _of_candidates(votes: Votes, elected: Collection[CandidateId], left: int) -> int:
    if left and len(elected) < len(votes):
        return 1  # those who are not elected have no votes, and one would be enough
    outside = (number for candidate, number in votes.items() if candidate not in elected)
    return min(votes[candidate] for candidate in elected) - max(outside, default=0)


def _of_lists(
    totals: Sequence[int], own: Sequence[Votes], elected: Collection[CandidateId], left: int
) -> int:
    shares = [sum(candidate in elected for candidate in votes) for votes in own]
    sizes = [len(votes) for votes in own]
    if left and shares != sizes:
        return 1  # likewise: a list with votes has seats for all while any are left
    found = [total for total, share in zip(totals, shares, strict=True) if share]
    found += _between_lists(totals, shares, sizes)
    found += (
        _of_candidates(votes, [c for c in votes if c in elected], 0)
        for votes, share in zip(own, shares, strict=True)
        if 0 < share < len(votes)
    )
    return min(found)


def _between_lists(
    totals: Sequence[int], shares: Sequence[int], sizes: Sequence[int]
) -> Iterator[int]:
    """Least numbers of votes that bring a list's next seat level with another's last."""
    # Level is votes * next = others * share, and one vote moves either side by its factor.
    return (
        -(-(votes * (shares[j] + 1) - totals[j] * share) // max(share, shares[j] + 1))
        for i, (votes, share) in enumerate(zip(totals, shares, strict=True))
        for j in range(len(totals))
        if i != j and share and shares[j] < sizes[j]
    )
