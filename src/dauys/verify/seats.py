"""Who is elected, from the counts. docs/protocol.md, section 8.

Somebody is sure of one of n seats if at most n, they themselves included, have as much as
they or more; and may have one if fewer than n have more than they.
"""

from collections.abc import Sequence
from math import lcm

from dauys.core.ids import CandidateId

Counts = Sequence[tuple[CandidateId, int]]
Verdict = tuple[tuple[CandidateId, ...], tuple[CandidateId, ...]]
"""Who is sure of a seat, and who shares the last ones; both in the order of the counts."""


def elected_and_tied(counts: Counts, seats: int) -> Verdict:
    """Of candidates: those with most votes. No one without any is elected or tied."""
    sure, possible = _sure(counts, seats), _possible(counts, seats)
    voted = [candidate for candidate, votes in counts if votes > 0]
    return (
        tuple(candidate for candidate in voted if candidate in sure),
        tuple(candidate for candidate in voted if candidate in possible - sure),
    )


def elected_and_tied_on_lists(lists: Sequence[tuple[int, Counts]], seats: int) -> Verdict:
    """Of lists, each with its votes and its candidates' counts: by highest averages."""
    # Averages as whole numbers: each votes / k times a multiple of every k.
    scale = lcm(*range(1, max((len(own) for _, own in lists), default=0) + 1))
    averages = [
        [votes * scale // k for k in range(1, len(own) + 1)] if votes else []
        for votes, own in lists
    ]
    everyone = [average for own in averages for average in own]

    def ranks(average: int) -> tuple[int, int]:
        return sum(a >= average for a in everyone), sum(a > average for a in everyone)

    elected: list[CandidateId] = []
    tied: list[CandidateId] = []
    for (_, counts), own in zip(lists, averages, strict=True):
        sure = sum(ranks(average)[0] <= seats for average in own)
        possible = sum(ranks(average)[1] < seats for average in own)
        safe = _sure(counts, sure)
        elected += (candidate for candidate, _ in counts if candidate in safe)
        at_stake = _possible(counts, possible) - safe
        tied += (candidate for candidate, _ in counts if candidate in at_stake)
    return tuple(elected), tuple(tied)


def _sure(counts: Counts, seats: int) -> set[CandidateId]:
    return {c for c, votes in counts if sum(other >= votes for _, other in counts) <= seats}


def _possible(counts: Counts, seats: int) -> set[CandidateId]:
    return {c for c, votes in counts if sum(other > votes for _, other in counts) < seats}
