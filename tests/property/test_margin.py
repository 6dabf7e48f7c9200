"""The margin is what its name says: fewer votes change nothing, so many can."""

from collections.abc import Iterator, Sequence
from itertools import chain, combinations

from hypothesis import given
from hypothesis import strategies as st

from dauys.core.contests import Candidate, CandidateList
from dauys.core.entries import Candidates, CandidateVotes, ListVotes, QuestionResult
from dauys.core.forms import Text
from dauys.core.ids import CandidateId, ContestId, ListId
from dauys.tally.margin import margin
from dauys.tally.seats import seats, seats_of_lists
from tests.unit.asking import ONE

SMALL = st.integers(0, 5)
NOTHING = Text(kk="-", ru="-", en="-")
Numbers = tuple[int, ...]
Lists = tuple[tuple[int, Numbers], ...]
"""Votes of each list, and of its candidates."""


def named(place: int, votes: Sequence[int]) -> dict[CandidateId, int]:
    return {CandidateId(f"{place}-{i}"): number for i, number in enumerate(votes)}


def standing(votes: dict[CandidateId, int]) -> tuple[Candidate, ...]:
    return tuple(Candidate(id=c, name=c, occupation=NOTHING, programme=NOTHING) for c in votes)


def margin_of_candidates(votes: Numbers, number: int) -> int:
    counts = named(0, votes)
    elected, tied = seats(counts, number)
    paper = Candidates(
        contest=ContestId("north"), question=ONE, candidates=standing(counts), lists=()
    )
    return margin(_result(counts, (), elected, tied), paper, number)


def margin_of_lists(lists: Lists, number: int) -> int:
    own = [named(place, votes) for place, (_, votes) in enumerate(lists)]
    elected, tied = seats_of_lists([votes for votes, _ in lists], own, number)
    paper = Candidates(
        contest=ContestId("north"),
        question=ONE,
        candidates=(),
        lists=tuple(
            CandidateList(id=ListId(f"list-{place}"), name="-", candidates=standing(votes))
            for place, votes in enumerate(own)
        ),
    )
    counts = {candidate: n for votes in own for candidate, n in votes.items()}
    return margin(_result(counts, [votes for votes, _ in lists], elected, tied), paper, number)


def _result(
    counts: dict[CandidateId, int],
    lists: Sequence[int],
    elected: tuple[CandidateId, ...],
    tied: tuple[CandidateId, ...],
) -> QuestionResult:
    return QuestionResult(
        question=ONE,
        zeroed=(),
        counts=tuple(CandidateVotes(candidate=c, votes=n) for c, n in counts.items()),
        lists=tuple(ListVotes(list=ListId(f"list-{i}"), votes=n) for i, n in enumerate(lists)),
        blank=None,
        elected=elected,
        tied=tied,
    )


def marks(size: int) -> Iterator[Numbers]:
    """Every ballot that names somebody of `size`, as 0s and 1s."""
    places = range(size)
    some = chain.from_iterable(combinations(places, n) for n in range(1, size + 1))
    return (tuple(int(place in chosen) for place in places) for chosen in some)


def after_one(votes: Numbers) -> Iterator[Numbers]:
    """All that can be when one ballot comes or goes."""
    for ballot in marks(len(votes)):
        for sign in (1, -1):
            moved = tuple(n + sign * bit for n, bit in zip(votes, ballot, strict=True))
            if min(moved) >= 0:
                yield moved


@given(st.lists(SMALL, min_size=1, max_size=3).map(tuple), st.integers(1, 4))
def test_fewer_votes_than_the_margin_elect_the_same_candidates(votes: Numbers, number: int) -> None:
    least = margin_of_candidates(votes, number)
    outcome, reached = seats(named(0, votes), number), {votes}
    if outcome[1]:
        assert least == 0
        return
    for _ in range(1, least):
        reached |= {moved for one in reached for moved in after_one(one)}
        assert all(seats(named(0, one), number) == outcome for one in reached)
    reached |= {moved for one in reached for moved in after_one(one)}
    assert any(seats(named(0, one), number) != outcome for one in reached)


def after_one_on_lists(lists: Lists) -> Iterator[Lists]:
    for place, (total, votes) in enumerate(lists):
        for moved in after_one(votes):
            sign = 1 if sum(moved) > sum(votes) else -1
            if max(moved) <= total + sign:
                yield (*lists[:place], (total + sign, moved), *lists[place + 1 :])


@st.composite
def some_lists(draw: st.DrawFn) -> Lists:
    lists = []
    for _ in range(draw(st.integers(1, 3))):
        total = draw(SMALL)
        sizes = st.lists(st.integers(0, total), min_size=1, max_size=2)
        lists.append((total, tuple(draw(sizes))))
    return tuple(lists)


@given(some_lists(), st.integers(1, 4))
def test_fewer_votes_than_the_margin_elect_the_same_from_lists(lists: Lists, number: int) -> None:
    def outcome_of(some: Lists) -> object:
        own = [named(place, votes) for place, (_, votes) in enumerate(some)]
        return seats_of_lists([votes for votes, _ in some], own, number)

    outcome, least = outcome_of(lists), margin_of_lists(lists, number)
    reached = {lists}
    for _ in range(1, min(least, 4)):
        reached |= {moved for one in reached for moved in after_one_on_lists(one)}
        assert all(outcome_of(one) == outcome for one in reached)


def test_a_seat_that_is_left_goes_for_one_vote() -> None:
    assert margin_of_candidates((5, 0, 0), 2) == 1
    assert margin_of_lists(((5, (5, 0)), (0, (0,))), 3) == 1


def test_who_stands_alone_can_lose_all_votes() -> None:
    assert margin_of_candidates((5, 3), 2) == 3
    assert margin_of_lists(((5, (5,)), (2, (2,))), 2) == 2


def test_a_list_draws_level_before_its_candidates_do() -> None:
    # Averages 9, 4.5, 3 and 4: the second seat of the first list is one vote ahead.
    assert margin_of_lists(((9, (9, 5, 0)), (4, (4, 1))), 2) == 1
