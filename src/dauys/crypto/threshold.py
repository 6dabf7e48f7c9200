"""Threshold groups of trustees (Pedersen), as an auditor reads them.

Any `threshold` members of a group can decrypt. Each member z chose a polynomial f_z of
degree threshold - 1 and published A_zk = a_zk*g for its coefficients; the member at place j
holds the sum of all f_z(j). Specification 3.0, sections 4.6.7 and 4.7. Making a group is
not here: this checks what belenios-tool made, and combines its partial decryptions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

from dauys.core.errors import MalformedError, VerificationError
from dauys.crypto.belenios_json import (
    array,
    integer,
    join,
    load,
    members,
    quote,
    require_same,
    string,
)
from dauys.crypto.group import GROUP_NAME, IDENTITY, Point, Q
from dauys.crypto.proofs import Proof, check_knowledge, require
from dauys.crypto.tally import PartialDecryption
from dauys.crypto.trustees import TrusteePublicKey, parse_single

_WHAT: Final = "threshold trustees"
_FIELDS: Final = ("threshold", "certs", "coefexps", "signatures", "verification_keys")


@dataclass(frozen=True, slots=True)
class Member:
    """What one trustee published while the group made its key."""

    verification: Point
    """Key of the member's signatures."""
    encryption: Point
    certificate: Proof
    """Signature of both keys, the member's place and the group's size."""
    coefficients: tuple[Point, ...]
    """A_z0, A_z1, …: as many as the threshold."""
    coefficients_signature: Proof
    whole_signature: Proof
    """Over all certificates and the member's own coefficients."""
    key: TrusteePublicKey
    """The member's decryption key, signed."""


@dataclass(frozen=True, slots=True)
class ThresholdTrustees:
    """A group of which any `threshold` members can decrypt."""

    threshold: int
    members: tuple[Member, ...]

    @property
    def public_key(self) -> Point:
        """The group's share of the election key: the sum of all A_z0."""
        return sum((member.coefficients[0] for member in self.members), IDENTITY)

    @classmethod
    def parse(cls, value: object) -> Self:
        """Read `threshold_parameters`. Raises MalformedError."""
        fields = members(value, _WHAT, _FIELDS)
        threshold = integer(fields["threshold"], _WHAT)
        columns = [array(fields[name], _WHAT) for name in _FIELDS[1:]]
        if not 1 <= threshold <= len(columns[0]):
            raise MalformedError(_WHAT, "not 1 <= threshold <= number of members")
        if len(set(map(len, columns))) != 1:
            raise MalformedError(_WHAT, "not as many of each")
        rows = zip(*columns, strict=True)
        return cls(threshold, tuple(_parse_member(threshold, *row) for row in rows))

    def to_json(self) -> str:
        """Print in the field order of the specification."""
        signed = [
            _print_signed(_coefficients(member), member.coefficients_signature)
            for member in self.members
        ]
        return (
            f'{{"threshold":{self.threshold},"certs":{self._certificates()},'
            f'"coefexps":{join(signed)},'
            f'"signatures":{join(m.whole_signature.to_json() for m in self.members)},'
            f'"verification_keys":{join(m.key.to_json() for m in self.members)}}}'
        )

    def check(self) -> None:
        """Raise VerificationError unless every signature, proof and key holds."""
        certificates = self._certificates()
        for place, member in enumerate(self.members, start=1):
            points = _coefficients(member)
            whole = f'certs_sig|{{"certs":{certificates},{points[1:]}'
            expected = self._key_at(place)
            for claim, message, signature in (
                ("certificate", self._certificate(place), member.certificate),
                ("signature of coefficients", points, member.coefficients_signature),
                ("signature of the group", whole, member.whole_signature),
                ("signature of the key", expected.hex(), member.key.signature),
            ):
                holds = signature is not None and check_knowledge(
                    signature, f"sigmsg|{message}|", [member.verification]
                )
                require(holds, claim, f"member {place}")
            require(member.key.public_key == expected, "verification key", f"member {place}")
            member.key.check()

    def lagrange(self, places: Sequence[int]) -> dict[int, int]:
        """Weights that turn the shares at `places` into the secret: f(0) of each f(j)."""
        weights = {}
        for j in places:
            weight = 1
            for k in places:
                if k != j:
                    weight = weight * k * pow(k - j, -1, Q) % Q
            weights[j] = weight
        return weights

    def _key_at(self, place: int) -> Point:
        """Key of the member at `place` from 1: the sum of all place^k * A_zk."""
        return sum(
            (
                pow(place, k, Q) * point
                for member in self.members
                for k, point in enumerate(member.coefficients)
            ),
            IDENTITY,
        )

    def _certificates(self) -> str:
        return join(
            _print_signed(self._certificate(place), member.certificate)
            for place, member in enumerate(self.members, start=1)
        )

    def _certificate(self, place: int) -> str:
        member = self.members[place - 1]
        return (
            f'{{"context":{{"group":"{GROUP_NAME}","size":{len(self.members)},'
            f'"threshold":{self.threshold},"index":{place}}},'
            f'"verification":"{member.verification.hex()}",'
            f'"encryption":"{member.encryption.hex()}"}}'
        )


AnyTrustees = tuple[TrusteePublicKey | ThresholdTrustees, ...]


def parse_any_trustees(text: str) -> AnyTrustees:
    """Read the trustees of any Belenios election, single ones and groups.

    Raises MalformedError; VerificationError if a proof or signature does not hold.
    """
    trustees = tuple(map(_parse_item, array(load(text, _WHAT), _WHAT)))
    if not trustees:
        raise MalformedError(_WHAT, "none")
    require_same(join(map(_print_item, trustees)), text, _WHAT)
    for trustee in trustees:
        trustee.check()
    return trustees


def keys_by_owner(trustees: AnyTrustees) -> tuple[TrusteePublicKey, ...]:
    """Decryption keys in the order of the owners' numbers, which count from 1."""
    keys: list[TrusteePublicKey] = []
    for trustee in trustees:
        if isinstance(trustee, ThresholdTrustees):
            keys += [member.key for member in trustee.members]
        else:
            keys.append(trustee)
    return tuple(keys)


def weighted_parts(
    trustees: AnyTrustees, parts: Mapping[int, PartialDecryption]
) -> tuple[PartialDecryption, ...]:
    """Weigh the checked `parts`, by owner's number, so that their sum decrypts.

    For `tally.combine` and `tally.check_result`. Of a group the first `threshold` parts are
    taken. Raises VerificationError("decryption") if a trustee or a group is short of parts.
    """
    weighted = []
    owner = 1
    for trustee in trustees:
        if isinstance(trustee, ThresholdTrustees):
            size, needed = len(trustee.members), trustee.threshold
        else:
            size, needed = 1, 1
        places = [place for place in range(1, size + 1) if owner + place - 1 in parts][:needed]
        if len(places) < needed:
            raise VerificationError("decryption", f"not {needed} parts from owner {owner} on")
        weights = {1: 1}
        if isinstance(trustee, ThresholdTrustees):
            weights = trustee.lagrange(places)
        weighted += [_weigh(parts[owner + place - 1], weights[place]) for place in places]
        owner += size
    return tuple(weighted)


def _weigh(part: PartialDecryption, weight: int) -> PartialDecryption:
    factors = tuple(tuple(weight * factor for factor in row) for row in part.factors)
    return PartialDecryption(factors, part.proofs, part.lists)


def _parse_item(value: object) -> TrusteePublicKey | ThresholdTrustees:
    match array(value, _WHAT):
        case ["Single", key]:
            return parse_single(key)
        case ["Pedersen", group]:
            return ThresholdTrustees.parse(group)
    raise MalformedError(_WHAT, "a trustee of unknown kind")


def _print_item(trustee: TrusteePublicKey | ThresholdTrustees) -> str:
    kind = "Pedersen" if isinstance(trustee, ThresholdTrustees) else "Single"
    return f'["{kind}",{trustee.to_json()}]'


def _parse_member(
    threshold: int, certificate: object, coefficients: object, whole: object, key: object
) -> Member:
    keys, certificate_signature = _parse_signed(certificate)
    named = members(load(keys, _WHAT), _WHAT, ("context", "verification", "encryption"))
    raw, coefficients_signature = _parse_signed(coefficients)
    points = array(members(load(raw, _WHAT), _WHAT, ("coefexps",))["coefexps"], _WHAT)
    if len(points) != threshold:
        raise MalformedError(_WHAT, "not as many coefficients as the threshold")
    return Member(
        verification=Point.parse(named["verification"]),
        encryption=Point.parse(named["encryption"]),
        certificate=certificate_signature,
        coefficients=tuple(map(Point.parse, points)),
        coefficients_signature=coefficients_signature,
        whole_signature=Proof.parse(whole),
        key=TrusteePublicKey.parse(key),
    )


def _parse_signed(value: object) -> tuple[str, Proof]:
    fields = members(value, _WHAT, ("message", "signature"))
    return string(fields["message"], _WHAT), Proof.parse(fields["signature"])


def _print_signed(message: str, signature: Proof) -> str:
    return f'{{"message":{quote(message)},"signature":{signature.to_json()}}}'


def _coefficients(member: Member) -> str:
    points = join(f'"{point.hex()}"' for point in member.coefficients)
    return f'{{"coefexps":{points}}}'
