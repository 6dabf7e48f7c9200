"""Who is elected: candidates by most votes, lists by highest averages.

docs/protocol.md, section 8.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from dauys.core.ids import CandidateId

Elected = tuple[tuple[CandidateId, ...], tuple[CandidateId, ...]]
"""Who is sure of a seat, and who ties for the last; in the order of the ballot paper."""


def seats(counts: Mapping[CandidateId, int], number: int) -> Elected:
    """Who has one of `number` seats by most votes. No one with 0 votes is elected, or tied."""
    elected, tied = _most_votes(counts, number)
    return _with_votes(counts, elected), _with_votes(counts, tied)


def seats_of_lists(
    lists: Sequence[int], candidates: Sequence[Mapping[CandidateId, int]], number: int
) -> Elected:
    """Who has one of `number` seats where `lists` have as many votes (D'Hondt).

    `candidates` holds for each list the votes of its own, who share its seats by most votes.
    """
    elected: list[CandidateId] = []
    tied: list[CandidateId] = []
    shares = shares_of_lists(lists, [len(own) for own in candidates], number)
    for own, (sure, possible) in zip(candidates, shares, strict=True):
        safe, _ = _most_votes(own, sure)
        reaching = {c for group in _most_votes(own, possible) for c in group}
        elected += safe
        tied += (c for c in own if c in reaching and c not in safe)
    return tuple(elected), tuple(tied)


def shares_of_lists(
    lists: Sequence[int], sizes: Sequence[int], number: int
) -> tuple[tuple[int, int], ...]:
    """For each list the seats it is sure of, and with the last seats for which it ties.

    A list gets no more seats than it has candidates, and none without votes.
    """
    averages = [
        [Fraction(votes, k) for k in range(1, size + 1) if votes]
        for votes, size in zip(lists, sizes, strict=True)
    ]
    ranked = sorted((a for own in averages for a in own), reverse=True)
    if len(ranked) <= number:
        return tuple((len(own), len(own)) for own in averages)
    last = ranked[number - 1]
    tie = ranked[number] == last
    return tuple(
        (sum(a > last if tie else a >= last for a in own), sum(a >= last for a in own))
        for own in averages
    )


def _most_votes(counts: Mapping[CandidateId, int], number: int) -> Elected:
    """Who has one of `number` seats, and who ties for the last, whatever their votes."""
    if number >= len(counts):
        return tuple(counts), ()
    ranked = sorted(counts.values(), reverse=True)
    next_votes = ranked[number]
    elected = tuple(c for c, votes in counts.items() if votes > next_votes)
    if len(elected) == number:
        return elected, ()
    return elected, tuple(c for c, votes in counts.items() if votes == next_votes)


def _with_votes(
    counts: Mapping[CandidateId, int], candidates: Sequence[CandidateId]
) -> tuple[CandidateId, ...]:
    return tuple(candidate for candidate in candidates if counts[candidate] > 0)
