"""Counting by sorted numbers, beside sets and loops that anyone can read."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dauys.monitor.groups import Groups, concatenate, split
from dauys.monitor.marks import distinct_by, pairs

CODES = st.integers(-1, 6)
VALUES = st.integers(-3, 3) | st.sampled_from([-(10**15), 10**15])  # lines of a strange register
ROWS = st.lists(st.tuples(CODES, VALUES, CODES), max_size=30)
FAR = 10**12


def columns(rows: list[tuple[int, int, int]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    one, two, three = np.asarray(rows, np.int64).reshape(-1, 3).T
    return one, two, three


@settings(max_examples=60)
@given(rows=ROWS)
def test_different_values_are_counted_as_by_sets(rows: list[tuple[int, int, int]]) -> None:
    code, value, _ = columns(rows)
    expected = [len({v for d, v, _ in rows if d == c}) for c, _, _ in rows]
    assert distinct_by(code, value).tolist() == expected


@settings(max_examples=60)
@given(rows=ROWS, far=st.booleans())
def test_pairs_are_numbered_in_their_order_without_gaps(
    rows: list[tuple[int, int, int]], far: bool
) -> None:
    one, _, other = columns(rows)
    one = np.where(one >= 0, one * (FAR if far else 1), -1)  # too far between to be looked up
    both = list(zip(one.tolist(), other.tolist(), strict=True))
    known = sorted({pair for pair in both if min(pair) >= 0})
    expected = [known.index(pair) if min(pair) >= 0 else -1 for pair in both]
    assert pairs(one, other).tolist() == expected


@settings(max_examples=60)
@given(rows=ROWS, fewest=st.integers(1, 4))
def test_sums_of_groups_are_those_of_their_rows(
    rows: list[tuple[int, int, int]], fewest: int
) -> None:
    one, value, other = columns(rows)
    parts = []
    for code in (one, other):
        row, first, size, shared = split(code, fewest)
        nothing = np.zeros(len(first))
        parts.append(Groups(row, first, size, nothing.astype(str), shared, nothing, nothing))
    groups = concatenate(parts)
    kept = groups.only(groups.size > fewest)
    for some in (groups, kept):
        sums = [sum(int(value[row]) for row in some.of(group)) for group in range(len(some))]
        assert some.total(value.astype(float)).tolist() == sums
    assert kept.value.tolist() == groups.value[groups.size > fewest].tolist()
