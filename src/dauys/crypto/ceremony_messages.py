"""What members of a group send while they make their key, and what can be wrong with it.

Specification 3.0, sections 4.6.4 (polynomials), 4.6.5 (vinputs) and 4.6.6 (voutputs); certificates
are in `threshold`, since they stand on the board. The steps are in `ceremony`.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from dauys.core.errors import VerificationError
from dauys.crypto.belenios_json import array, join, load, members, quote, require_same
from dauys.crypto.ed25519 import ED25519
from dauys.crypto.group import Element
from dauys.crypto.pki import Sealed, Signed
from dauys.crypto.proofs import Proof
from dauys.crypto.threshold import coefficients_text, parse_coefficients
from dauys.crypto.trustees import TrusteePublicKey

POLYNOMIAL: Final = "polynomial"
VINPUT: Final = "vinput"
VOUTPUT: Final = "voutput"


class Fault(StrEnum):
    """What can be wrong with a member's message, for whoever tells people."""

    DAMAGED = "damaged"
    """It cannot be read, or a proof or signature inside it does not hold."""
    PLACE = "place"
    """A certificate for another place or group."""
    TWICE = "twice"
    """A key that another member has too."""
    STRANGER = "stranger"
    """Not signed with the key of the member's certificate."""
    OTHER_CERTIFICATES = "other-certificates"
    """Made when the group had other certificates."""
    SIZE = "size"
    """Not as many coefficients as the threshold, or shares as members."""
    SHARE = "share"
    """A share that does not fit what its sender published: a complaint."""
    KEY = "key"
    """A key that does not fit the polynomials."""
    NAME = "name"
    """Another name than the group's list has."""


class MemberError(VerificationError):
    """A message of the member at place `member`, from 1, is not as it must be."""

    def __init__(self, member: int, fault: Fault, what: str, why: str = "") -> None:
        """`what` names the message or the claim, `why` what is wrong with it."""
        super().__init__(f"member {member}: {what}", why)
        self.member = member
        self.fault = fault
        self.claim = what


@dataclass(frozen=True, slots=True)
class Polynomial:
    """What a member sends in step 3: coefficients sealed for themselves, a share for each."""

    polynomial: Sealed
    secrets: tuple[Sealed, ...]
    coefficients: tuple[Element, ...]
    """A_0, A_1, …: as many as the threshold (`coefexps`)."""
    coefficients_signature: Proof
    signature: Proof
    """Over all certificates and the coefficients."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `to_json` prints and nothing else. Raises MalformedError."""
        names = ("polynomial", "secrets", "coefexps", "signature")
        fields = members(load(text, POLYNOMIAL), POLYNOMIAL, names)
        coefficients, signature = _parse_coefficients(fields["coefexps"])
        found = cls(
            Sealed.parse(fields["polynomial"]),
            tuple(map(Sealed.parse, array(fields["secrets"], POLYNOMIAL))),
            coefficients,
            signature,
            Proof.parse(fields["signature"], ED25519),
        )
        require_same(found.to_json(), text, POLYNOMIAL)
        return found

    def to_json(self) -> str:
        """Print in the field order of the specification."""
        signed = Signed(coefficients_text(self.coefficients), self.coefficients_signature)
        return (
            f'{{"polynomial":{quote(self.polynomial.to_json())},'
            f'"secrets":{join(quote(secret.to_json()) for secret in self.secrets)},'
            f'"coefexps":{signed.to_json()},"signature":{self.signature.to_json()}}}'
        )


@dataclass(frozen=True, slots=True)
class Vinput:
    """What one member needs for step 5: their own polynomial, a share from everybody."""

    polynomial: Sealed
    secrets: tuple[Sealed, ...]
    coefficients: tuple[tuple[Element, ...], ...]
    coefficients_signatures: tuple[Proof, ...]
    signatures: tuple[Proof, ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `to_json` prints and nothing else. Raises MalformedError."""
        names = ("polynomial", "secrets", "coefexps", "signatures")
        fields = members(load(text, VINPUT), VINPUT, names)
        signed = [_parse_coefficients(value) for value in array(fields["coefexps"], VINPUT)]
        found = cls(
            Sealed.parse(fields["polynomial"]),
            tuple(map(Sealed.parse, array(fields["secrets"], VINPUT))),
            tuple(points for points, _ in signed),
            tuple(signature for _, signature in signed),
            tuple(Proof.parse(one, ED25519) for one in array(fields["signatures"], VINPUT)),
        )
        require_same(found.to_json(), text, VINPUT)
        return found

    def to_json(self) -> str:
        """Print in the field order of the specification."""
        signed = (
            Signed(coefficients_text(points), signature).to_json()
            for points, signature in zip(
                self.coefficients, self.coefficients_signatures, strict=True
            )
        )
        return (
            f'{{"polynomial":{quote(self.polynomial.to_json())},'
            f'"secrets":{join(quote(secret.to_json()) for secret in self.secrets)},'
            f'"coefexps":{join(signed)},'
            f'"signatures":{join(proof.to_json() for proof in self.signatures)}}}'
        )


@dataclass(frozen=True, slots=True)
class Voutput:
    """What a member sends in step 5: the key of their share, and the share sealed for them."""

    private_key: Sealed
    public_key: TrusteePublicKey

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `to_json` prints and nothing else. Raises MalformedError."""
        fields = members(load(text, VOUTPUT), VOUTPUT, ("private_key", "public_key"))
        key = TrusteePublicKey.parse(fields["public_key"])
        found = cls(Sealed.parse(fields["private_key"]), key)
        require_same(found.to_json(), text, VOUTPUT)
        return found

    def to_json(self) -> str:
        """Print in the field order of the specification."""
        sealed = quote(self.private_key.to_json())
        return f'{{"private_key":{sealed},"public_key":{self.public_key.to_json()}}}'


def _parse_coefficients(value: object) -> tuple[tuple[Element, ...], Proof]:
    signed = Signed.parse(value, POLYNOMIAL)
    return parse_coefficients(signed.message, POLYNOMIAL), signed.signature
