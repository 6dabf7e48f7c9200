"""libsodium's habits must not show: the identity, zero, unreduced numbers, the top bit."""

import hashlib

import pytest

from dauys.core.errors import MalformedError
from dauys.crypto.ed25519 import (
    IDENTITY,
    G,
    P,
    Point,
    Q,
    add_product,
    hash_to_scalar,
    random_scalar,
    subtract_product,
)
from tests.vectors.mutations import IDENTITY as IDENTITY_TEXT
from tests.vectors.mutations import bad_points
from tests.vectors.seeded import SeededRandom

D = -121665 * pow(121666, -1, P) % P


def affine(point: Point) -> tuple[int, int]:
    """Coordinates by the curve's equation, as RFC 8032 section 5.1.3 decodes them."""
    number = int(point.hex(), 16)
    sign, y = number >> 255, number % 2**255
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    square = u * pow(v, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    assert x * x % P == square
    return (x if x % 2 == sign else P - x) % P, y


def slow_sum(left: tuple[int, int], right: tuple[int, int]) -> tuple[int, int]:
    """Addition by the textbook: Edwards' formula in affine coordinates."""
    (x1, y1), (x2, y2) = left, right
    product = D * x1 * x2 * y1 * y2 % P
    x = (x1 * y2 + x2 * y1) * pow(1 + product, -1, P) % P
    return x, (y1 * y2 + x1 * x2) * pow(1 - product, -1, P) % P


def slow_multiple(scalar: int, point: tuple[int, int]) -> tuple[int, int]:
    """Doubling and adding, from the top bit."""
    total = (0, 1)
    for bit in f"{scalar:b}":
        total = slow_sum(total, total)
        if bit == "1":
            total = slow_sum(total, point)
    return total


@pytest.mark.parametrize("scalar", [0, 1, 2, 7, 8, Q - 1, Q // 2, 2**252, 2**251 + 3])
def test_multiples_agree_with_the_curve_written_out(scalar: int) -> None:
    point = 9 * G
    assert affine(scalar * G) == slow_multiple(scalar, affine(G))
    assert affine(scalar * point) == slow_multiple(scalar, affine(point))
    assert affine(scalar * G + point) == slow_sum(affine(scalar * G), affine(point))


def test_identity_is_neutral_everywhere() -> None:
    point = 5 * G
    assert point + IDENTITY == IDENTITY + point == point - IDENTITY == point
    assert point - point == IDENTITY
    assert 0 * point == Q * point == 7 * IDENTITY == IDENTITY
    assert affine(IDENTITY) == (0, 1)


def test_scalars_count_modulo_the_order() -> None:
    assert (Q + 3) * G == 3 * G
    assert -1 * G == (Q - 1) * G == IDENTITY - G


def test_generator_has_y_four_fifths_and_even_x() -> None:
    x, y = affine(G)
    assert y == 4 * pow(5, -1, P) % P
    assert x % 2 == 0


def test_identity_is_read_only_where_a_sum_may_be_it() -> None:
    assert Point.parse(IDENTITY_TEXT, allow_identity=True) == IDENTITY
    with pytest.raises(MalformedError):
        Point.parse(IDENTITY_TEXT)


@pytest.mark.parametrize("name", sorted(bad_points(G.hex()).keys() - {"identity"}))
def test_bad_points_are_refused_where_the_identity_is_allowed_too(name: str) -> None:
    with pytest.raises(MalformedError):
        Point.parse(bad_points(G.hex())[name], allow_identity=True)


@pytest.mark.parametrize("value", [None, 5, b"66" * 32, ["6" * 64]])
def test_what_is_no_text_is_no_point(value: object) -> None:
    with pytest.raises(MalformedError):
        Point.parse(value)


def test_hash_is_of_prefix_and_points_joined_by_commas() -> None:
    expected = hashlib.sha256(f"pok|{G.hex()},{(2 * G).hex()}".encode()).hexdigest()
    assert hash_to_scalar("pok|", [G, 2 * G]) == int(expected, 16) % Q


def test_random_scalar_is_64_bytes_big_endian_modulo_the_order() -> None:
    stream = SeededRandom("scalar")(64)
    assert random_scalar(SeededRandom("scalar")) == int.from_bytes(stream, "big") % Q


@pytest.mark.parametrize("left", [0, 1, Q - 1, 2**200])
def test_products_of_secrets_agree_with_plain_arithmetic(left: int) -> None:
    assert add_product(5, left, Q - 2) == (5 + left * (Q - 2)) % Q
    assert subtract_product(5, left, Q - 2) == (5 - left * (Q - 2)) % Q
