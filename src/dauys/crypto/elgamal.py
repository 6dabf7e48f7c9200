"""Exponential ElGamal: (alpha, beta) = (r*g, r*y + m*g). Specification 3.0, section 4.11.1."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from dauys.crypto.belenios_json import members
from dauys.crypto.ed25519 import IDENTITY, G, Point


@dataclass(frozen=True, slots=True)
class Ciphertext:
    """An encrypted small number."""

    alpha: Point
    beta: Point

    @classmethod
    def parse(cls, value: object, *, allow_identity: bool = False) -> Self:
        """Read `{alpha, beta}`; sums may hold the identity, a voter's choice never does.

        Raises MalformedError.
        """
        fields = members(value, "ciphertext", ("alpha", "beta"))
        return cls(
            Point.parse(fields["alpha"], allow_identity=allow_identity),
            Point.parse(fields["beta"], allow_identity=allow_identity),
        )

    def to_json(self) -> str:
        """Print `{"alpha":…,"beta":…}`."""
        return f'{{"alpha":"{self.alpha.hex()}","beta":"{self.beta.hex()}"}}'

    def __add__(self, other: "Ciphertext") -> "Ciphertext":
        """Encrypts the sum of both numbers."""
        return Ciphertext(self.alpha + other.alpha, self.beta + other.beta)

    def __rmul__(self, weight: int) -> "Ciphertext":
        """Encrypts `weight` times the number."""
        return Ciphertext(weight * self.alpha, weight * self.beta)

    def minus(self, number: int) -> "Ciphertext":
        """Encrypts the number less the public `number`, under the same randomness."""
        return Ciphertext(self.alpha, self.beta - _small_multiple(number))


ZERO = Ciphertext(IDENTITY, IDENTITY)
"""Encrypts 0 with randomness 0: the empty sum."""


def encrypt(public_key: Point, number: int, randomness: int) -> Ciphertext:
    """Encrypt a small `number` under `public_key` (y) with `randomness` (r) in [0, q)."""
    # Remembered multiples, so that 0 and 1 take the same time.
    return Ciphertext(randomness * G, randomness * public_key + _small_multiple(number))


@lru_cache(maxsize=1024)
def _small_multiple(number: int) -> Point:
    """`number * g`, remembered: there are few numbers, and each is asked for often."""
    return number * G
