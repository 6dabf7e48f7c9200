"""A ceremony played by members who may be told to cheat."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dauys.crypto.ceremony import (
    assemble,
    make_certificate,
    make_polynomial,
    make_voutput,
    open_share,
    vinput,
)
from dauys.crypto.ceremony_messages import Polynomial, Voutput
from dauys.crypto.ed25519 import G, Point
from dauys.crypto.group import Element
from dauys.crypto.pki import MemberKeys, sign
from dauys.crypto.threshold import (
    Certificate,
    ThresholdTrustees,
    coefficients_text,
    group_text,
)
from dauys.crypto.trustees import TrusteeKey
from tests.vectors.seeded import SeededRandom


@dataclass(frozen=True, slots=True)
class Played:
    """A whole ceremony: what each member kept and sent."""

    keys: tuple[MemberKeys, ...]
    certificates: tuple[Certificate, ...]
    polynomials: tuple[Polynomial, ...]
    voutputs: tuple[Voutput, ...]
    group: ThresholdTrustees
    trustees: tuple[TrusteeKey, ...]


def play(threshold: int, size: int, seed: str = "ceremony") -> Played:
    """Everybody honest."""
    random = SeededRandom(f"{seed} {threshold} of {size}")
    keys = tuple(MemberKeys.generate(random) for _ in range(size))
    certificates = tuple(
        make_certificate(key, place, threshold, size, random) for place, key in enumerate(keys, 1)
    )
    polynomials = tuple(make_polynomial(key, certificates, random) for key in keys)
    voutputs = tuple(
        make_voutput(key, certificates, vinput(certificates, polynomials, place), random)
        for place, key in enumerate(keys, 1)
    )
    group = assemble(certificates, polynomials, voutputs)
    shares = tuple(open_share(key, out) for key, out in zip(keys, voutputs, strict=True))
    return Played(keys, certificates, polynomials, voutputs, group, shares)


def forge(
    played: Played, place: int, polynomial: Polynomial, coefficients: Sequence[Element]
) -> Polynomial:
    """`polynomial` with other `coefficients`, signed anew by the member, who is the cheat."""
    key, random = played.keys[place - 1], SeededRandom("forge")
    points = tuple(coefficients)
    return replace(
        polynomial,
        coefficients=points,
        coefficients_signature=sign(key, coefficients_text(points), random),
        signature=sign(key, group_text(played.certificates, points), random),
    )


def another_point() -> Point:
    """A point that nobody uses."""
    return 5 * G
