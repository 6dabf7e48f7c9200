"""Exponential ElGamal: (alpha, beta) = (r*g, r*y + m*g). Specification 3.0, section 4.11.1."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from dauys.crypto.belenios_json import members
from dauys.crypto.ed25519 import ED25519, G, Point, as_point
from dauys.crypto.group import Element, Group


@dataclass(frozen=True, slots=True)
class Ciphertext:
    """An encrypted small number."""

    alpha: Element
    beta: Element

    @classmethod
    def parse(cls, value: object, group: Group, *, allow_identity: bool = False) -> Self:
        """Read `{alpha, beta}`; sums may hold the identity, a voter's choice never does.

        Raises MalformedError.
        """
        fields = members(value, "ciphertext", ("alpha", "beta"))
        return cls(
            group.parse(fields["alpha"], allow_identity=allow_identity),
            group.parse(fields["beta"], allow_identity=allow_identity),
        )

    def to_json(self) -> str:
        """Print `{"alpha":…,"beta":…}`."""
        return f'{{"alpha":"{self.alpha.text()}","beta":"{self.beta.text()}"}}'

    def __add__(self, other: "Ciphertext") -> "Ciphertext":
        """Encrypts the sum of both numbers."""
        return Ciphertext(self.alpha + other.alpha, self.beta + other.beta)

    def __rmul__(self, weight: int) -> "Ciphertext":
        """Encrypts `weight` times the number."""
        return Ciphertext(weight * self.alpha, weight * self.beta)

    def minus(self, number: int) -> "Ciphertext":
        """Encrypts the number less the public `number`, under the same randomness."""
        return Ciphertext(self.alpha, self.beta + _small_multiple(self.beta.group, -number))


def zero(group: Group) -> Ciphertext:
    """Encrypts 0 with randomness 0: the empty sum."""
    return Ciphertext(group.identity, group.identity)


def total(ciphertexts: Iterable[Ciphertext], group: Group) -> Ciphertext:
    """Encrypts the sum of all their numbers."""
    return sum(ciphertexts, zero(group))


def encrypt(public_key: Point, number: int, randomness: int) -> Ciphertext:
    """Encrypt a small `number` under `public_key` (y) with `randomness` (r) in [0, q)."""
    # Remembered multiples, so that 0 and 1 take the same time.
    plain = as_point(_small_multiple(ED25519, number))
    return Ciphertext(randomness * G, randomness * public_key + plain)


@lru_cache(maxsize=1024)
def _small_multiple(group: Group, number: int) -> Element:
    """`number * g`, remembered: there are few numbers, and each is asked for often."""
    return number * group.generator
