"""The group Ed25519: its points of prime order, and scalars modulo that order.

The elections of Dauys are held in this group, and every secret belongs to it. Here
libsodium is called and nowhere else in the protocol. Two of its habits are decided once in
this file: it refuses the identity and the scalar zero, which `Point` handles itself; and
some builds ignore the top bit of a point or reduce scalars silently, which the parsers
exclude before any call.
"""

import hashlib
import re
from dataclasses import dataclass
from typing import Final, Self

from nacl import bindings
from nacl.exceptions import CryptoError

from dauys.core.errors import MalformedError
from dauys.core.ports import RandomSource
from dauys.crypto.group import Element, Group

P: Final = 2**255 - 19
"""The prime of the field."""

Q: Final = 2**252 + 27742317777372353535851937790883648493
"""The prime order of the group."""

_BASE: Final = bytes.fromhex("58" + 31 * "66")  # y = 4/5, x even; RFC 8032 section 5.1
_IDENTITY: Final = bytes([1]) + bytes(31)
_HEX: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the prime-order group. From outside only by `Point.parse`.

    `encoding` is RFC 8032's: 32 bytes, y little-endian with the parity of x on top.
    """

    encoding: bytes

    @classmethod
    def parse(cls, text: object, *, allow_identity: bool = False) -> Self:
        """Read 64 lower-case hex digits: the number (parity of x) * 2**255 + y.

        Raises MalformedError unless y < p, the point is on the curve, in the subgroup
        of order q, and not the identity (unless `allow_identity`).
        """
        if not isinstance(text, str) or not _HEX.fullmatch(text):
            raise MalformedError("point", "not 64 lower-case hex digits")
        encoding = bytes.fromhex(text)[::-1]
        if int(text, 16) % 2**255 >= P:
            raise MalformedError("point", "y is not below p")
        if encoding == _IDENTITY:
            if not allow_identity:
                raise MalformedError("point", "the identity")
        elif not bindings.crypto_core_ed25519_is_valid_point(encoding):
            raise MalformedError("point", _why_invalid(encoding))
        return cls(encoding)

    @property
    def group(self) -> "Ed25519":
        """Ed25519."""
        return ED25519

    def hex(self) -> str:
        """Print as `parse` reads: 64 digits, big-endian."""
        return self.encoding[::-1].hex()

    def text(self) -> str:
        """As `hex`."""
        return self.encoding[::-1].hex()

    def __add__(self, other: "Point") -> "Point":
        """Group operation."""
        return Point(bindings.crypto_core_ed25519_add(self.encoding, other.encoding))

    def __sub__(self, other: "Point") -> "Point":
        """Group operation with the inverse of `other`."""
        return Point(bindings.crypto_core_ed25519_sub(self.encoding, other.encoding))

    def __rmul__(self, scalar: int) -> "Point":
        """`scalar` times this point; `scalar` is taken modulo q. Constant time in libsodium."""
        number = (scalar % Q).to_bytes(32, "little")
        if not any(number) or self.encoding == _IDENTITY:
            return IDENTITY
        if self.encoding == _BASE:
            return Point(bindings.crypto_scalarmult_ed25519_base_noclamp(number))
        return Point(bindings.crypto_scalarmult_ed25519_noclamp(number, self.encoding))


G: Final = Point(_BASE)
"""The generator."""

IDENTITY: Final = Point(_IDENTITY)
"""The neutral element; it encodes y = 1."""


class Ed25519(Group):
    """The group as one of those that Belenios has."""

    @property
    def generator(self) -> Point:
        """As `G`."""
        return G

    @property
    def identity(self) -> Point:
        """As `IDENTITY`."""
        return IDENTITY

    @property
    def longest(self) -> Point:
        """All are as long."""
        return G

    def parse(self, text: object, *, allow_identity: bool = False) -> Point:
        """As `Point.parse`."""
        return Point.parse(text, allow_identity=allow_identity)


ED25519: Final = Ed25519("Ed25519", Q, "[0-9a-f]{64}")
parse_scalar: Final = ED25519.parse_scalar
hash_to_scalar: Final = ED25519.hash_to_scalar


def as_point(element: Element) -> Point:
    """`element`, as a point of Ed25519: what computes with a secret takes no other.

    Raises TypeError.
    """
    if not isinstance(element, Point):
        raise TypeError(element.group.name)
    return element


def random_scalar(random: RandomSource) -> int:
    """Scalar in [0, q): 64 bytes of `random`, big-endian, modulo q."""
    reduced = bindings.crypto_core_ed25519_scalar_reduce(random(64)[::-1])
    return int.from_bytes(reduced, "little")


def random_secret(random: RandomSource) -> int:
    """Scalar in [1, q): as `random_scalar`, and a zero is drawn again."""
    while not (secret := random_scalar(random)):
        pass
    return secret


def hashed_secret(text: str) -> int:
    """SHA-256 of `text`, big-endian, modulo q, by libsodium: for secrets made from a seed."""
    digest = hashlib.sha256(text.encode()).digest()
    reduced = bindings.crypto_core_ed25519_scalar_reduce(digest[::-1] + bytes(32))
    return int.from_bytes(reduced, "little")


def add_product(addend: int, left: int, right: int) -> int:
    """`addend + left * right` modulo q, by libsodium: for secrets."""
    product = bindings.crypto_core_ed25519_scalar_mul(_bytes(left), _bytes(right))
    return int.from_bytes(
        bindings.crypto_core_ed25519_scalar_add(_bytes(addend), product), "little"
    )


def subtract_product(minuend: int, left: int, right: int) -> int:
    """`minuend - left * right` modulo q, by libsodium: for secrets."""
    product = bindings.crypto_core_ed25519_scalar_mul(_bytes(left), _bytes(right))
    return int.from_bytes(
        bindings.crypto_core_ed25519_scalar_sub(_bytes(minuend), product), "little"
    )


def _bytes(scalar: int) -> bytes:
    return (scalar % Q).to_bytes(32, "little")


def _why_invalid(encoding: bytes) -> str:
    try:
        bindings.crypto_core_ed25519_add(encoding, _IDENTITY)
    except CryptoError:
        return "not on the curve"
    return "not in the subgroup of order q"
