"""The kernel against plain arithmetic and libsodium: at the edges of its limbs, and anywhere."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from numba import njit

from dauys.core.errors import MalformedError, VerificationError
from dauys.crypto import checking, kernel
from dauys.crypto.ballot import CredentialKey, check_ballot, make_ballot, parse_ballot
from dauys.crypto.checking import UndecidedError
from dauys.crypto.ed25519 import IDENTITY, G, P, Point, Q
from dauys.crypto.fast_arithmetic import FastArithmetic, Layout, Rows, scalar_bytes
from dauys.crypto.quick_ballot import FastChecks
from tests.vectors.mutations import ORDER_2, ORDER_4, ORDER_8
from tests.vectors.samples import BLANK, LISTS, MIXED, ONE_OF_TEN, SEVERAL
from tests.vectors.seeded import SeededRandom

Limbs = tuple[int, ...]

TIGHT = 2**51 + 2**13 - 1
WIDE = 2**54 - 1
TWO_TIGHT = 2 * TIGHT
EDGES = (0, 1, 18, 19, 20, 2**51 - 20, 2**51 - 19, 2**51 - 18, 2**51 - 2, 2**51 - 1, 2**51)


def numbers(limit: int) -> st.SearchStrategy[Limbs]:
    """Field elements whose limbs stand at their bounds, and elsewhere."""
    edges = sorted({min(edge, limit) for edge in EDGES} | {limit - 1, limit})
    limb = st.sampled_from(edges) | st.integers(0, limit)
    return st.tuples(*[limb] * 5) | limb.map(lambda one: (one,) * 5)


def value(limbs: Iterable[Any]) -> int:
    return sum(int(limb) << 51 * i for i, limb in enumerate(limbs))


def words(limbs: Sequence[int]) -> kernel.Fe:
    a, b, c, d, e = map(np.uint64, limbs)
    return a, b, c, d, e


def is_tight(limbs: Iterable[Any]) -> bool:
    return max(map(int, limbs)) <= TIGHT


@njit
def products(x: Any, y: Any) -> Any:
    return kernel.fe_mul(x, y), kernel.fe_sq(x), kernel.fe_carry(x), kernel.fe_freeze(x)


@njit
def sums(x: Any, y: Any) -> Any:
    return kernel.fe_add(x, y), kernel.fe_sub(x, y)


@njit
def double(to: Any, row: Any) -> None:
    kernel.point_double_whole(to, 0, row, 0)
    kernel.point_double(to, 20, row, 0)


@njit
def add(to: Any, row: Any, negative: bool) -> None:
    kernel.point_add(to, 0, row, 0, negative)
    kernel.point_add_affine(to, 20, row, 20, negative)


@njit
def convert(to: Any, row: Any, negative: bool) -> None:
    kernel.point_cache(to, 0, row, 0)
    kernel.point_copy(to, 20, row, 0, negative)


@example((WIDE,) * 5, (WIDE,) * 5)
@example((2**51 - 19, *(2**51 - 1,) * 4), (0,) * 5)
@example((2**51 - 20, *(2**51 - 1,) * 4), (1, 0, 0, 0, 0))
@given(numbers(WIDE), numbers(WIDE))
def test_products_are_right_and_tight_whatever_the_limbs(x: Limbs, y: Limbs) -> None:
    product, square, same, frozen = products(words(x), words(y))
    assert (value(product) - value(x) * value(y)) % P == 0
    assert (value(square) - value(x) ** 2) % P == 0
    assert (value(same) - value(x)) % P == 0
    assert all(map(is_tight, (product, square, same)))
    assert value(frozen) == value(x) % P
    assert max(map(int, frozen)) < 2**51
    assert kernel.fe_is_zero(words(x)) == (value(x) % P == 0)


@example((0,) * 5, (TWO_TIGHT,) * 5)
@given(numbers(TWO_TIGHT), numbers(TWO_TIGHT))
def test_sums_and_differences_are_right_and_never_negative(x: Limbs, y: Limbs) -> None:
    total, difference = sums(words(x), words(y))
    assert (value(total) - value(x) - value(y)) % P == 0
    assert (value(difference) - value(x) + value(y)) % P == 0
    assert is_tight(total)
    assert is_tight(difference)


@pytest.mark.parametrize("number", [0, 1, 2, P - 1, P, P + 1, 2**255 - 1, 3**160])
def test_inverse_of_any_form_of_a_number(number: int) -> None:
    inverse = kernel.fe_invert(words(kernel.limbs(number)))
    assert value(inverse) * number % P == (number % P != 0)


def array(*coordinates: Limbs) -> Any:
    return np.array([limb for limbs in coordinates for limb in limbs], np.uint64)


def coordinates(row: Any) -> list[int]:
    assert row.size == 40
    return [value(row[i : i + 5]) for i in range(0, 40, 5)]


def same(found: Sequence[int], expected: Sequence[int]) -> bool:
    return all((a - b) % P == 0 for a, b in zip(found, expected, strict=True))


POINT = st.tuples(*[numbers(TIGHT)] * 4)
READY = st.tuples(*[numbers(WIDE)] * 4)


@example(((TIGHT,) * 5,) * 4)
@example(((0,) * 5, (TIGHT,) * 5, (TIGHT,) * 5, (0,) * 5))
@given(POINT)
def test_doubling_keeps_its_formula_at_the_bounds(point: tuple[Limbs, ...]) -> None:
    to = np.zeros(40, np.uint64)
    double(to, array(*point))
    x, y, z, _ = map(value, point)
    h, g = x * x + y * y, x * x - y * y
    e, f = h - (x + y) ** 2, 2 * z * z + g
    assert same(coordinates(to), (e * f, g * h, f * g, e * h, e * f, g * h, f * g, 0))
    assert is_tight(to)


@example(((TIGHT,) * 5,) * 4, ((WIDE,) * 5,) * 4, False)
@example(((0,) * 5, (TIGHT,) * 5, (TIGHT,) * 5, (0,) * 5), ((WIDE,) * 5,) * 4, True)
@given(POINT, READY, st.booleans())
def test_adding_keeps_its_formula_at_the_bounds(
    point: tuple[Limbs, ...], ready: tuple[Limbs, ...], negative: bool
) -> None:
    to = array(*point, *point)
    plus, minus, zz, td = ready
    add(to, array(*ready, plus, minus, td), negative)
    x, y, z, t = map(value, point)
    expected = []
    for d in (z * value(zz), 2 * z):
        p, m = (minus, plus) if negative else (plus, minus)
        a, b, c = (y - x) * value(m), (y + x) * value(p), t * value(td) * (-1) ** negative
        e, f, g, h = b - a, d - c, d + c, b + a
        expected += [e * f, g * h, f * g, e * h]
    assert same(coordinates(to), expected)
    assert is_tight(to)


@example(((TIGHT,) * 5,) * 4, True)
@given(POINT, st.booleans())
def test_other_forms_of_a_point_are_right_at_the_bounds(
    point: tuple[Limbs, ...], negative: bool
) -> None:
    to = np.zeros(40, np.uint64)
    convert(to, array(*point), negative)
    x, y, z, t = map(value, point)
    sign = -1 if negative else 1
    cached = (y + x, y - x, 2 * z, 2 * kernel.D * t)
    assert same(coordinates(to), (*cached, sign * x, y, z, sign * t))
    assert to[:20].max() <= WIDE
    assert is_tight(to[20:])


ARITHMETIC = FastArithmetic()
FAST = FastChecks(ARITHMETIC)
TORSION = [Point(bytes.fromhex(text)[::-1]) for text in (ORDER_2, ORDER_4, ORDER_8)]

SCALARS = st.sampled_from([0, 1, 2, 15, 16, 17, 127, 128, 129, Q - 1, Q - 2, 2**252]) | st.integers(
    0, Q - 1
)
MEMBERS = st.sampled_from([IDENTITY, G, (Q - 1) * G, 2 * G]) | SCALARS.map(lambda k: k * G)


@settings(max_examples=60)
@given(st.lists(st.tuples(SCALARS, MEMBERS, SCALARS, MEMBERS), min_size=1, max_size=6), MEMBERS)
def test_commitments_are_libsodiums(terms: list[tuple[int, Point, int, Point]], key: Point) -> None:
    if len(terms) > 2:  # a base that has a table, beside others
        terms[0] = (terms[0][0], key, *terms[0][2:])
    expected = [(r * base + c * power).hex() for r, base, c, power in terms]
    assert ARITHMETIC.schnorr(terms, key) == ",".join(expected)


@settings(max_examples=40)
@given(st.lists(MEMBERS, min_size=1, max_size=4), st.lists(SCALARS, max_size=6), st.data())
def test_many_scalars_of_one_point_and_sums(
    points: list[Point], scalars: list[int], data: st.DataObject
) -> None:
    indices = st.lists(st.integers(0, len(points) - 1), max_size=4)
    parts = data.draw(st.lists(indices, max_size=3))
    totals = [sum((points[i] for i in part), IDENTITY) for part in parts]
    everyone = [*points, *totals]
    layout = Layout.of([len(scalars)] * len(everyone), parts)
    encodings = [point.encoding for point in points]
    numbers = [scalar_bytes(scalar) for scalar in scalars] * len(everyone)
    multiples, ready, sums = ARITHMETIC.multiply(b"".join(encodings), b"".join(numbers), layout)
    assert sums == tuple(total.hex() for total in totals)
    rows = Rows.of([place for i in range(len(numbers)) for place in (i, -1)])
    text = ARITHMETIC.commit(multiples, rows, bytes(64 * len(numbers))).decode()
    expected = [(scalar * point).hex() for point in everyone for scalar in scalars]
    assert text == "".join(f"{one}," for one in expected)
    rest = everyone[1:]
    assert ARITHMETIC.add_up([ready] * 5, 1, len(rest)) == tuple((5 * p).hex() for p in rest)


def accepts(encoding: bytes) -> bool:
    try:
        ARITHMETIC.multiply(encoding, b"", Layout.of([0]))
    except UndecidedError:
        return False
    return True


def libsodium_accepts(encoding: bytes) -> bool:
    try:
        Point.parse(encoding[::-1].hex(), allow_identity=True)
    except MalformedError:
        return False
    return True


NEAR_P = st.integers(-40, 40).map(lambda k: (P + k) % 2**255)
SIGNS = st.sampled_from([0, 2**255])


@given(st.integers(0, 2**255 - 1) | NEAR_P | st.integers(0, 60), SIGNS)
def test_any_32_bytes_are_a_point_for_both_or_for_neither(y: int, sign: int) -> None:
    encoding = (y + sign).to_bytes(32, "little")
    assert accepts(encoding) == libsodium_accepts(encoding)


@settings(max_examples=40)
@given(MEMBERS, st.integers(1, 7), st.booleans())
def test_no_point_with_a_part_of_small_order_is_accepted(
    point: Point, times: int, flip: bool
) -> None:
    torsion = [TORSION[2]]
    for _ in range(times - 1):
        torsion.append(torsion[-1] + TORSION[2])
    mixed = (point + torsion[-1]).encoding
    if flip:
        mixed = mixed[:31] + bytes([mixed[31] ^ 128])
    assert not accepts(mixed)
    assert not libsodium_accepts(mixed)


def verdict(text: str, sample: Any) -> tuple[str, ...]:
    try:
        check_ballot(parse_ballot(text), sample.election)
    except (MalformedError, VerificationError) as error:
        return type(error).__name__, error.what, error.why
    return ("accepted",)


@settings(max_examples=60)
@given(
    st.sampled_from([ONE_OF_TEN, BLANK, SEVERAL, LISTS, MIXED]),
    st.integers(0, 1),
    st.floats(0, 1, exclude_max=True),
    st.sampled_from('0123456789abcdef",}]{[:AZ\u0660\x00\\') | st.characters(codec="utf-8"),
    st.sampled_from(["replace", "insert", "drop"]),
)
def test_changed_ballots_meet_the_same_words_with_and_without_the_kernel(
    sample: Any, voter: int, place: float, letter: str, how: str
) -> None:
    text = sample.ballot_text(voter)
    at = int(place * len(text))
    rest = text[at:] if how == "insert" else text[at + 1 :]
    changed = text[:at] + ("" if how == "drop" else letter) + rest
    assume(changed != text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checking, "retire", lambda: pytest.fail("the kernel was wrong"))
        patch.setattr(checking, "fast", lambda: FAST)
        with_kernel = verdict(changed, sample)
        patch.setattr(checking, "fast", lambda: None)
        assert with_kernel == verdict(changed, sample)
    assert with_kernel != ("accepted",)


@settings(max_examples=20)
@given(
    st.integers(0, 2**32),
    st.sampled_from([ONE_OF_TEN, BLANK, SEVERAL, LISTS, MIXED]),
    st.integers(0, 1),
)
def test_honest_ballots_hold_for_the_kernel(seed: int, sample: Any, voter: int) -> None:
    random = SeededRandom(str(seed))
    key = CredentialKey.generate(random)
    text = make_ballot(sample.election, key, sample.choices[voter], random)
    reading = FAST.read(text)
    assert FAST.holds(reading, sample.election)
