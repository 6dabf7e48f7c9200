"""Who is elected, and who ties: docs/protocol.md, section 8."""

import pytest

from dauys.core.ids import CandidateId
from dauys.tally.seats import seats


@pytest.mark.parametrize(
    ("votes", "number", "elected", "tied"),
    [
        ([5, 3, 1], 1, "a", ""),
        ([3, 5, 5], 1, "", "bc"),
        ([5, 3, 3, 1], 2, "a", "bc"),
        ([5, 3, 3, 1], 3, "abc", ""),
        ([5, 0, 0], 2, "a", ""),
        ([0, 0, 0], 1, "", ""),
        ([2, 2], 5, "ab", ""),
        ([2, 0], 5, "a", ""),
        ([0, 4, 4], 2, "bc", ""),
        ([1, 1, 1], 2, "", "abc"),
    ],
)
def test_seats(votes: list[int], number: int, elected: str, tied: str) -> None:
    counts = {CandidateId("abcd"[i]): count for i, count in enumerate(votes)}
    assert seats(counts, number) == (tuple(elected), tuple(tied))
