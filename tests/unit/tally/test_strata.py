"""Joining of small strata, against a literal reading of docs/protocol.md, section 7."""

from hypothesis import given
from hypothesis import strategies as st

from dauys.core.ids import Credential, LeafIndex, MethodId, Serial, Tracker
from dauys.core.state import BallotRecord
from dauys.tally.strata import own_stratum, strata
from tests.unit.tally.small_board import EDS, ID, NORTH, SMS, manifest, pseudonym

CARD = MethodId("card")
METHODS = (SMS, ID, CARD, EDS)


def ballots(sizes: dict[MethodId, int]) -> list[BallotRecord]:
    return [
        BallotRecord(
            LeafIndex(0),
            NORTH,
            pseudonym(i),
            Credential(""),
            method,
            Serial(i),
            2,
            None,
            Tracker(""),
        )
        for method, size in sizes.items()
        for i in range(size)
    ]


def found(sizes: dict[MethodId, int], minimum: int) -> list[tuple[str, int]]:
    rules = manifest(methods=METHODS, stratum_minimum=minimum)
    summed = strata(rules, ballots(sizes))
    assert all(one.weight == 2 * one.ballots for one in summed)
    return [(s.name, s.ballots) for s in summed]


def test_two_large_methods_are_summed_apart() -> None:
    assert found({EDS: 3, SMS: 5}, 3) == [("total", 8), ("sms", 5), ("eds", 3)]


def test_one_ballot_under_the_minimum_leaves_no_stratum_of_its_own() -> None:
    assert found({SMS: 500, EDS: 2}, 3) == [("total", 502)]


def test_a_joined_group_keeps_the_place_of_its_weakest_method() -> None:
    assert found({SMS: 1, ID: 9, CARD: 8, EDS: 3}, 3) == [
        ("total", 21),
        ("sms+eds", 4),
        ("id", 9),
        ("card", 8),
    ]


def test_of_equally_small_groups_the_weaker_are_joined_first() -> None:
    assert found({SMS: 2, ID: 2, CARD: 9, EDS: 2}, 4)[1:] == [("sms+id+eds", 6), ("card", 9)]
    assert found({SMS: 3, ID: 3, CARD: 4, EDS: 3}, 4)[1:] == [("sms+id", 6), ("card+eds", 7)]
    assert found({SMS: 2, ID: 2, CARD: 4, EDS: 2}, 2) == [
        ("total", 10),
        ("sms", 2),
        ("id", 2),
        ("card", 4),
        ("eds", 2),
    ]
    assert found({SMS: 9, ID: 2, CARD: 2, EDS: 2}, 3)[1:] == [("sms", 9), ("id+card+eds", 6)]


def test_a_contest_without_ballots_has_an_empty_total() -> None:
    [total] = strata(manifest(), [])
    assert (total.name, total.methods, total.ballots) == ("total", (), 0)
    assert own_stratum([total], SMS) is None


def test_the_total_stands_in_for_the_only_method() -> None:
    only = strata(manifest(stratum_minimum=9), ballots({SMS: 2}))
    assert own_stratum(only, SMS) == only[0]
    assert own_stratum(only, EDS) is None


@given(
    st.dictionaries(st.sampled_from(METHODS), st.integers(1, 12), max_size=4),
    st.integers(1, 14),
)
def test_joining_follows_the_text(sizes: dict[MethodId, int], minimum: int) -> None:
    groups = [[m] for m in METHODS if m in sizes]

    def size(group: list[MethodId]) -> int:
        return sum(sizes[m] for m in group)

    while len(groups) > 1 and min(map(size, groups)) < minimum:
        a, b = sorted(groups, key=lambda g: (size(g), METHODS.index(g[0])))[:2]
        groups = [g for g in groups if g not in (a, b)] + [sorted(a + b, key=METHODS.index)]
        groups.sort(key=lambda g: METHODS.index(g[0]))
    expected = [("total", sum(sizes.values()))]
    if len(groups) > 1:
        expected += [("+".join(g), size(g)) for g in groups]
    assert found(sizes, minimum) == expected
