"""Two readings of who is elected, and a third by giving out one seat after another."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from dauys.core.ids import CandidateId
from dauys.tally.seats import seats, seats_of_lists, shares_of_lists
from dauys.verify.seats import elected_and_tied, elected_and_tied_on_lists

VOTES = st.integers(0, 6)
LISTS = st.lists(st.tuples(VOTES, st.lists(VOTES, min_size=1, max_size=4)), min_size=1, max_size=4)


def named(place: int, votes: list[int]) -> dict[CandidateId, int]:
    return {CandidateId(f"{place}-{i}"): number for i, number in enumerate(votes)}


@given(st.lists(VOTES, min_size=1, max_size=6), st.integers(1, 7))
def test_tally_and_auditor_elect_the_same(votes: list[int], number: int) -> None:
    counts = named(0, votes)
    assert seats(counts, number) == elected_and_tied(list(counts.items()), number)


@given(LISTS, st.integers(1, 8))
def test_tally_and_auditor_elect_the_same_from_lists(
    lists: list[tuple[int, list[int]]], number: int
) -> None:
    own = [named(place, votes) for place, (_, votes) in enumerate(lists)]
    ours = seats_of_lists([votes for votes, _ in lists], own, number)
    pairs = [(votes, list(c.items())) for (votes, _), c in zip(lists, own, strict=True)]
    assert ours == elected_and_tied_on_lists(pairs, number)
    assert len(ours[0]) <= number
    assert not set(ours[0]) & set(ours[1])


@given(LISTS, st.integers(1, 8))
def test_without_a_tie_each_seat_goes_to_the_highest_average(
    lists: list[tuple[int, list[int]]], number: int
) -> None:
    votes, sizes = [v for v, _ in lists], [len(own) for _, own in lists]
    shares = shares_of_lists(votes, sizes, number)
    given_out = [0] * len(lists)
    for _ in range(number):
        open_ = [i for i, size in enumerate(sizes) if given_out[i] < size and votes[i]]
        if open_:
            best = max(open_, key=lambda i: Fraction(votes[i], given_out[i] + 1))
            given_out[best] += 1
    for got, (sure, possible) in zip(given_out, shares, strict=True):
        assert sure <= got <= possible
    if all(sure == possible for sure, possible in shares):
        assert given_out == [sure for sure, _ in shares]


def test_a_tie_for_the_last_seat_names_the_next_of_every_list() -> None:
    own = [named(0, [5, 3]), named(1, [4, 4]), named(2, [1])]
    # Averages 8, 4; 8, 4; 4: two seats are sure, three lists tie for the third.
    elected, tied = seats_of_lists([8, 8, 4], own, 3)
    assert elected == ("0-0",)
    assert tied == ("0-1", "1-0", "1-1", "2-0")
