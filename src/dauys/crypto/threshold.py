"""Threshold groups of trustees (Pedersen), as they stand on the board.

Any `threshold` members of a group can decrypt. Each member z chose a polynomial f_z of
degree threshold - 1 and published A_zk = a_zk*g for its coefficients; the member at place j
holds the sum of all f_z(j). Specification 3.0, sections 4.6.7 and 4.7. How a group is made
is in `ceremony`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final, Self

from dauys.core.errors import MalformedError, VerificationError
from dauys.crypto.belenios_json import (
    array,
    integer,
    join,
    load,
    members,
    require_same,
)
from dauys.crypto.ed25519 import ED25519
from dauys.crypto.group import Element, Group
from dauys.crypto.pki import Signed, is_signed
from dauys.crypto.proofs import Proof, require
from dauys.crypto.tally import PartialDecryption
from dauys.crypto.trustees import TrusteePublicKey, parse_single, trustees_to_json

_WHAT: Final = "threshold trustees"
_CERTIFICATE: Final = "certificate"
_FIELDS: Final = ("threshold", "certs", "coefexps", "signatures", "verification_keys")


@dataclass(frozen=True, slots=True)
class Certificate:
    """A member's public keys, signed with the first of them, for one place in one group."""

    size: int
    threshold: int
    index: int
    """Place of the member, from 1."""
    verification: Element
    """Key of the member's signatures."""
    encryption: Element
    """Key that messages to the member are sealed with."""
    signature: Proof

    @classmethod
    def parse(cls, text: str, group: Group = ED25519) -> Self:
        """Read what `to_json` prints and nothing else. Raises MalformedError."""
        certificate = cls.of(load(text, _CERTIFICATE), group)
        require_same(certificate.to_json(), text, _CERTIFICATE)
        return certificate

    @classmethod
    def of(cls, value: object, group: Group) -> Self:
        """Read `cert`, parsed; the caller compares what it prints. Raises MalformedError."""
        signed = Signed.parse(value, _CERTIFICATE, group)
        outer = ("context", "verification", "encryption")
        inner = ("group", "size", "threshold", "index")
        fields = members(load(signed.message, _CERTIFICATE), _CERTIFICATE, outer)
        context = members(fields["context"], _CERTIFICATE, inner)
        if context["group"] != group.name:
            raise MalformedError(_CERTIFICATE, f"group is not {group.name}")
        return cls(
            size=integer(context["size"], _CERTIFICATE),
            threshold=integer(context["threshold"], _CERTIFICATE),
            index=integer(context["index"], _CERTIFICATE),
            verification=group.parse(fields["verification"]),
            encryption=group.parse(fields["encryption"]),
            signature=signed.signature,
        )

    def message(self) -> str:
        """Print `cert_keys`, which is what is signed."""
        return (
            f'{{"context":{{"group":"{self.verification.group.name}","size":{self.size},'
            f'"threshold":{self.threshold},"index":{self.index}}},'
            f'"verification":"{self.verification.text()}",'
            f'"encryption":"{self.encryption.text()}"}}'
        )

    def to_json(self) -> str:
        """Print in the field order of the specification."""
        return Signed(self.message(), self.signature).to_json()

    def holds(self) -> bool:
        """Whether it is signed with its own key."""
        return is_signed(self.message(), self.signature, self.verification)


@dataclass(frozen=True, slots=True)
class Member:
    """What one trustee published while the group made its key."""

    certificate: Certificate
    coefficients: tuple[Element, ...]
    """A_z0, A_z1, …: as many as the threshold."""
    coefficients_signature: Proof
    whole_signature: Proof
    """Over all certificates and the member's own coefficients."""
    key: TrusteePublicKey
    """The member's decryption key, signed."""


@dataclass(frozen=True, slots=True)
class ThresholdTrustees:
    """A group of which any `threshold` members can decrypt."""

    KIND: ClassVar = "Pedersen"

    threshold: int
    members: tuple[Member, ...]

    @property
    def public_key(self) -> Element:
        """The group's share of the election key: the sum of all A_z0."""
        return _sum([member.coefficients[0] for member in self.members])

    @classmethod
    def parse(cls, value: object, group: Group = ED25519) -> Self:
        """Read `threshold_parameters`. Raises MalformedError."""
        fields = members(value, _WHAT, _FIELDS)
        threshold = integer(fields["threshold"], _WHAT)
        columns = [array(fields[name], _WHAT) for name in _FIELDS[1:]]
        if not 1 <= threshold <= len(columns[0]):
            raise MalformedError(_WHAT, "not 1 <= threshold <= number of members")
        if len(set(map(len, columns))) != 1:
            raise MalformedError(_WHAT, "not as many of each")
        rows = zip(*columns, strict=True)
        found = cls(threshold, tuple(_parse_member(group, threshold, *row) for row in rows))
        for place, member in enumerate(found.members, start=1):
            context = (member.certificate.index, member.certificate.threshold)
            if context != (place, threshold) or member.certificate.size != len(found.members):
                raise MalformedError(_WHAT, f"certificate {place} is for another place or group")
        return found

    def to_json(self) -> str:
        """Print in the field order of the specification."""
        signed = [
            Signed(coefficients_text(member.coefficients), member.coefficients_signature)
            for member in self.members
        ]
        return (
            f'{{"threshold":{self.threshold},'
            f'"certs":{join(m.certificate.to_json() for m in self.members)},'
            f'"coefexps":{join(one.to_json() for one in signed)},'
            f'"signatures":{join(m.whole_signature.to_json() for m in self.members)},'
            f'"verification_keys":{join(m.key.to_json() for m in self.members)}}}'
        )

    def check(self) -> None:
        """Raise VerificationError unless every signature, proof and key holds."""
        key = self.public_key
        require(key != key.group.identity, "group key", "the members' parts cancel out")
        certificates = [member.certificate for member in self.members]
        coefficients = [member.coefficients for member in self.members]
        for place, member in enumerate(self.members, start=1):
            signer = member.certificate.verification
            points = coefficients_text(member.coefficients)
            whole = group_text(certificates, member.coefficients)
            expected = key_at(place, coefficients)
            require(member.certificate.holds(), "certificate", f"member {place}")
            for claim, message, signature in (
                ("signature of coefficients", points, member.coefficients_signature),
                ("signature of the group", whole, member.whole_signature),
                ("signature of the key", expected.text(), member.key.signature),
            ):
                holds = signature is not None and is_signed(message, signature, signer)
                require(holds, claim, f"member {place}")
            require(member.key.public_key == expected, "verification key", f"member {place}")
            member.key.check()

    def lagrange(self, places: Sequence[int]) -> dict[int, int]:
        """Weights that turn the shares at `places` into the secret: f(0) of each f(j)."""
        order = self.public_key.group.order
        weights = {}
        for j in places:
            weight = 1
            for k in places:
                if k != j:
                    weight = weight * k * pow(k - j, -1, order) % order
            weights[j] = weight
        return weights


AnyTrustees = tuple[TrusteePublicKey | ThresholdTrustees, ...]


def parse_any_trustees(text: str, group: Group = ED25519) -> AnyTrustees:
    """Read the trustees of any Belenios election in `group`, single ones and threshold groups.

    Raises MalformedError; VerificationError if a proof or signature does not hold.
    """
    trustees = tuple(_parse_item(item, group) for item in array(load(text, _WHAT), _WHAT))
    if not trustees:
        raise MalformedError(_WHAT, "none")
    require_same(trustees_to_json(trustees), text, _WHAT)
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


@dataclass(frozen=True, slots=True)
class Quorum:
    """Trustees of whom `needed` must decrypt: a single one, or the members of a group."""

    owners: range
    """Their numbers, from 1."""
    needed: int

    def short(self, owners: Collection[int]) -> int:
        """How many more are needed than those of `owners`."""
        return max(0, self.needed - sum(owner in owners for owner in self.owners))

    def absent(self, owners: Collection[int]) -> tuple[int, ...]:
        """Who is not among `owners`."""
        return tuple(owner for owner in self.owners if owner not in owners)


def quorums(trustees: AnyTrustees) -> tuple[Quorum, ...]:
    """Who must decrypt, in the order of the trustees."""
    found = []
    owner = 1
    for trustee in trustees:
        size, needed = 1, 1
        if isinstance(trustee, ThresholdTrustees):
            size, needed = len(trustee.members), trustee.threshold
        found.append(Quorum(range(owner, owner + size), needed))
        owner += size
    return tuple(found)


def weighted_parts(
    trustees: AnyTrustees, parts: Mapping[int, PartialDecryption]
) -> tuple[PartialDecryption, ...]:
    """Weigh the checked `parts`, by owner's number, so that their sum decrypts.

    For `tally.combine` and `tally.check_result`. Of a group the first `threshold` parts are
    taken. Raises VerificationError("decryption") if a trustee or a group is short of parts.
    """
    weighted = []
    for trustee, quorum in zip(trustees, quorums(trustees), strict=True):
        taken = [owner for owner in quorum.owners if owner in parts][: quorum.needed]
        if len(taken) < quorum.needed:
            why = f"not {quorum.needed} parts from owner {quorum.owners.start} on"
            raise VerificationError("decryption", why)
        weights = {1: 1}
        places = [owner - quorum.owners.start + 1 for owner in taken]
        if isinstance(trustee, ThresholdTrustees):
            weights = trustee.lagrange(places)
        weighted += [
            _weigh(parts[owner], weights[place]) for owner, place in zip(taken, places, strict=True)
        ]
    return tuple(weighted)


def _weigh(part: PartialDecryption, weight: int) -> PartialDecryption:
    factors = tuple(tuple(weight * factor for factor in row) for row in part.factors)
    return PartialDecryption(factors, part.proofs, part.lists)


def _parse_item(value: object, group: Group) -> TrusteePublicKey | ThresholdTrustees:
    match array(value, _WHAT):
        case ["Single", key]:
            return parse_single(key, group)
        case ["Pedersen", parameters]:
            return ThresholdTrustees.parse(parameters, group)
    raise MalformedError(_WHAT, "a trustee of unknown kind")


def coefficients_text(coefficients: Sequence[Element]) -> str:
    """Print `raw_coefexps`, which a member signs."""
    return f'{{"coefexps":{_points(coefficients)}}}'


def parse_coefficients(text: str, what: str, group: Group = ED25519) -> tuple[Element, ...]:
    """Read what `coefficients_text` prints and nothing else. Raises MalformedError."""
    points = array(members(load(text, what), what, ("coefexps",))["coefexps"], what)
    found = tuple(map(group.parse, points))
    require_same(coefficients_text(found), text, what)
    return found


def group_text(certificates: Sequence[Certificate], coefficients: Sequence[Element]) -> str:
    """What a member signs in step 3: all certificates, and their own coefficients."""
    certs = join(certificate.to_json() for certificate in certificates)
    return f'certs_sig|{{"certs":{certs},"coefexps":{_points(coefficients)}}}'


def share_point(coefficients: Sequence[Element], place: int) -> Element:
    """f(place)*g, from the A_k = a_k*g of f: the sum of all place^k * A_k."""
    order = coefficients[0].group.order
    return _sum([pow(place, k, order) * point for k, point in enumerate(coefficients)])


def key_at(place: int, coefficients: Iterable[Sequence[Element]]) -> Element:
    """Key of the member at `place` from 1, from the coefficients of all members."""
    return _sum([share_point(row, place) for row in coefficients])


def _sum(points: Sequence[Element]) -> Element:
    return sum(points, points[0].group.identity)


def _points(points: Sequence[Element]) -> str:
    return join(f'"{point.text()}"' for point in points)


def _parse_member(
    group: Group,
    threshold: int,
    certificate: object,
    coefficients: object,
    whole: object,
    key: object,
) -> Member:
    signed = Signed.parse(coefficients, _WHAT, group)
    points = parse_coefficients(signed.message, _WHAT, group)
    if len(points) != threshold:
        raise MalformedError(_WHAT, "not as many coefficients as the threshold")
    return Member(
        certificate=Certificate.of(certificate, group),
        coefficients=points,
        coefficients_signature=signed.signature,
        whole_signature=Proof.parse(whole, group),
        key=TrusteePublicKey.parse(key, group),
    )
