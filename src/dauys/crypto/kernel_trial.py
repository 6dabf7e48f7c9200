"""The trial that the kernel must pass, in every process, before it checks anything.

Known answers of others (RFC 8032), libsodium's on scalars and points where carries and
special cases lie, and encodings that must be declined. Some ten milliseconds: libsodium's
many answers are recorded by their hash, which a test works out again.
"""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Final

from dauys.crypto.checking import UndecidedError
from dauys.crypto.ed25519 import IDENTITY, G, P, Point, Q
from dauys.crypto.fast_arithmetic import FastArithmetic, Layout, scalar_bytes

_SIGNATURES: Final = (  # RFC 8032 section 7.1, tests 1 to 3: public key, message, signature
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
)
_SCALARS: Final = (
    *(0, 1, 2, 15, 16, 17, 31, 127, 128, 129, 255, 256),
    *(Q - 1, Q - 2, Q // 2, 2**252, 2**252 - 1, 2**251 - 1),
    int("10" * 126, 2),
    sum(64 << 7 * i for i in range(35)),
    sum(65 << 7 * i for i in range(35)),
    sum(31 << 5 * i for i in range(50)),
)
MULTIPLES: Final = "764b6614964186031cd5032eab9af7716ecb1e5ad74270182a3bdc602fa656d5"
"""SHA-256 of libsodium's answers to `terms_of_multiples`, joined by commas."""
_ORDER_8: Final = bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")


class TrialError(Exception):
    """The kernel gave a wrong answer; says in what."""


def tried() -> FastArithmetic:
    """The kernel, after its trial. Raises TrialError, or what numba raises."""
    fast = FastArithmetic()
    _signatures(fast)
    _scalars(fast)
    _sums(fast)
    for name, encoding in _declined():
        try:
            fast.multiply(G.encoding + encoding, b"", Layout.of([0, 0]))
        except UndecidedError:
            continue
        raise TrialError(f"took {name} for a point")
    return fast


def _signatures(fast: FastArithmetic) -> None:
    """S * g - k * A must print as R."""
    for key, message, signature in _SIGNATURES:
        commitment, response = bytes.fromhex(signature[:64]), bytes.fromhex(signature[64:])
        point = Point(bytes.fromhex(key))
        hashed = hashlib.sha512(commitment + point.encoding + bytes.fromhex(message)).digest()
        challenge = -int.from_bytes(hashed, "little") % Q
        terms = [(int.from_bytes(response, "little"), G, challenge, point)]
        _require(fast.schnorr(terms) == Point(commitment).hex(), "a signature")


def terms_of_multiples() -> tuple[Point, Sequence[tuple[int, Point, int, Point]]]:
    """A key, and terms with every scalar on a point and on the tables of g and of the key."""
    key, point = 1_000_003 * G, (Q - 12345) * G
    count = len(_SCALARS)
    return key, [
        (_SCALARS[(i + shift) % count], base, scalar, point)
        for shift in (0, 5)  # so that each scalar meets others
        for i, scalar in enumerate(_SCALARS)
        for base in (G, key, point)
    ]


def _scalars(fast: FastArithmetic) -> None:
    """Multiples as libsodium has them, and the identity in many ways."""
    key, terms = terms_of_multiples()
    answers = hashlib.sha256(fast.schnorr(terms, key).encode()).hexdigest()
    _require(answers == MULTIPLES, "a multiple")
    nothing = [(1, IDENTITY, Q - 1, IDENTITY), (Q - 1, G, 1, G), (1, key, Q - 1, key)]
    _require(fast.schnorr(nothing) == ",".join([IDENTITY.hex()] * 3), "the identity")


def _sums(fast: FastArithmetic) -> None:
    """Sums of distinct, equal and opposite points, and of none."""
    points = [G, 2 * G, 7 * G, (Q - 7) * G, IDENTITY]
    parts = ((0, 1, 2), (1, 1), (2, 3), (4, 0), ())
    layout = Layout.of([0] * 5 + [1] * 5, parts)
    scalars = [scalar_bytes(3)] * 5
    _, ready, sums = fast.multiply(
        b"".join(point.encoding for point in points), b"".join(scalars), layout
    )
    expected = (10 * G, 4 * G, IDENTITY, G, IDENTITY)
    _require(sums == tuple(point.hex() for point in expected), "a sum")
    # Of every point and sum after the first, added three times.
    thrice = tuple((3 * point).hex() for point in (*points[1:], *expected))
    _require(fast.add_up([ready] * 3, 1, 9) == thrice, "a sum of rows")


def _declined() -> Iterator[tuple[str, bytes]]:
    """Encodings that are no point of the group, or another's second one."""
    for name, number in {
        "y = p": P,
        "y = p + 1": P + 1,
        "y = 2**255 - 1": 2**255 - 1,
        "minus the identity": 2**255 + 1,
        "a number off the curve": 2,
        "order 2": P - 1,
        "order 4": 0,
        "order 4, the other": 2**255,
    }.items():
        yield name, number.to_bytes(32, "little")
    yield "order 8", _ORDER_8
    yield "a mixed order", (Point(_ORDER_8) + 9 * G).encoding


def _require(holds: bool, what: str) -> None:  # noqa: FBT001 -- the verdict is the subject
    if not holds:
        raise TrialError(f"{what} is wrong")
