"""Strata and seats: examples by hand, and what must hold for any numbers."""

from itertools import chain, repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from dauys.core.contests import Candidate
from dauys.core.entries import Candidates, Manifest, StratumTally, Tally
from dauys.core.ids import CandidateId, MethodId
from dauys.core.remedies import Zero
from dauys.verify.history import History
from dauys.verify.results import Votes, expected_zeroed
from dauys.verify.seats import elected_and_tied
from dauys.verify.strata import TOTAL, strata
from tests.unit.asking import ONE
from tests.unit.verify.story import ALMATY, ASTANA, NO_REASON, story
from tests.unit.verify.test_countable import cast

ORDER = tuple(map(MethodId, ("post", "phone", "sms", "eds")))


def grouped(minimum: int, *ballots: int) -> list[tuple[str, int]]:
    methods = chain.from_iterable(map(repeat, ORDER, ballots))
    found = strata(((method, 3) for method in methods), ORDER, minimum)
    assert all(stratum.weight == 3 * stratum.ballots for stratum in found)
    return [(stratum.name, stratum.ballots) for stratum in found]


@pytest.mark.parametrize(
    ("ballots", "expected"),
    [
        ((0, 0, 0, 0), []),
        ((0, 0, 9, 0), []),
        ((0, 0, 20, 20), [("sms", 20), ("eds", 20)]),
        ((0, 0, 20, 19), []),
        ((3, 0, 40, 30), [("post+eds", 33), ("sms", 40)]),
        ((5, 5, 5, 50), []),
        ((10, 10, 5, 50), [("post+phone+sms", 25), ("eds", 50)]),
        ((15, 15, 0, 50), [("post+phone", 30), ("eds", 50)]),
        ((7, 7, 7, 7), []),
        ((12, 12, 12, 12), [("post+phone", 24), ("sms+eds", 24)]),
    ],
)
def test_small_groups_are_joined(ballots: tuple[int, ...], expected: list[tuple[str, int]]) -> None:
    assert grouped(20, *ballots) == [(TOTAL, sum(ballots)), *expected]


@given(st.lists(st.integers(0, 60), min_size=4, max_size=4), st.integers(1, 40))
def test_no_stratum_is_small_and_none_is_lost(ballots: list[int], minimum: int) -> None:
    (_, total), *others = grouped(minimum, *ballots)
    assert total == sum(ballots)
    assert len(others) != 1
    if others:
        assert sum(size for _, size in others) == total
        assert min(size for _, size in others) >= minimum


def seated(seats: int, *votes: int) -> tuple[str, str]:
    names = [CandidateId(name) for name in "abcdef"[: len(votes)]]
    elected, tied = elected_and_tied(list(zip(names, votes, strict=True)), seats)
    return "".join(elected), "".join(tied)


@pytest.mark.parametrize(
    ("seats", "votes", "expected"),
    [
        (1, (3, 5, 4), ("b", "")),
        (1, (5, 5, 4), ("", "ab")),
        (2, (5, 5, 4), ("ab", "")),
        (2, (4, 5, 4), ("b", "ac")),
        (2, (1, 0, 0), ("a", "")),
        (2, (0, 0, 0), ("", "")),
        (3, (2, 1), ("ab", "")),
        (3, (2, 0), ("a", "")),
        (3, (1, 1, 1, 1), ("", "abcd")),
    ],
)
def test_seats_go_to_the_most_votes_and_ties_are_told(
    seats: int, votes: tuple[int, ...], expected: tuple[str, str]
) -> None:
    assert seated(seats, *votes) == expected


@given(st.lists(st.integers(0, 5), min_size=1, max_size=6), st.integers(1, 7))
def test_whoever_is_not_named_has_no_more_votes_than_whoever_is(
    votes: list[int], seats: int
) -> None:
    elected, tied = seated(seats, *votes)
    count = dict(zip("abcdef", votes, strict=False))
    assert len(elected) <= seats
    assert not tied or len(elected) < seats < len(elected) + len(tied)
    assert len({count[name] for name in tied}) <= 1
    named = [count[name] for name in elected + tied]
    others = [count[name] for name in count if name not in elected + tied]
    assert all(votes > 0 for votes in named)
    assert not named or not others or min(named) > max(others)


def zeroed(methods: str, *zeros: tuple[str, str]) -> list[int | None]:
    """Votes taken away by decisions 1, 2, … where ballots came by `methods`."""
    manifest = story().entries[0]
    assert isinstance(manifest, Manifest)
    history = History(replace(manifest, methods=ORDER, stratum_minimum=2))
    ballots = [cast(i, str(i), method) for i, method in enumerate(methods.split())]
    groups = strata(((b.method, b.weight) for b in ballots), ORDER, 2)
    history.tallies[ALMATY] = (
        0,
        Tally(
            contest=ALMATY,
            strata=tuple(
                StratumTally(
                    name=g.name,
                    methods=g.methods,
                    ballots=g.ballots,
                    weight=g.weight,
                    encrypted_tally="",
                )
                for g in groups
            ),
        ),
    )
    for number, (candidate, method) in enumerate(zeros, start=1):
        history.zeros[number] = Zero(
            contest=ALMATY, candidate=CandidateId(candidate), method=MethodId(method)
        )
    history.zeros[99] = Zero(contest=ASTANA, candidate=CandidateId("a"), method=MethodId("sms"))
    votes = {g.name: Votes({CandidateId("a"): g.ballots}, {}, None) for g in groups}
    somebody = Candidate(id=CandidateId("a"), name="a", occupation=NO_REASON, programme=NO_REASON)
    paper = Candidates(contest=ALMATY, question=ONE, candidates=(somebody,), lists=())
    return [item.votes for item in expected_zeroed(history, ALMATY, ballots, paper, votes)]


def test_votes_are_taken_away_once_and_only_where_they_are_known() -> None:
    assert zeroed("sms sms eds eds eds", ("a", "sms"), ("a", "eds")) == [2, 3]
    assert zeroed("sms sms eds eds eds", ("a", "sms"), ("a", "sms")) == [2, 0]
    assert zeroed("sms sms", ("a", "sms"), ("a", "eds")) == [2, 0]
    assert zeroed("sms sms eds", ("a", "sms"), ("a", "sms")) == [None, None]
    assert zeroed("sms eds phone phone", ("a", "sms"), ("a", "phone"), ("a", "post")) == [
        None,
        2,
        0,
    ]
    assert zeroed("", ("a", "sms")) == [0]
