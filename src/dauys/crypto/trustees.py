"""Trustees: who holds the key of an election, and the proof that each knows its part.

`Single` trustees (specification 3.0, sections 4.5 and 4.7) must all take part in the
decryption; of a group (`Pedersen`, in `threshold`) as many as its threshold. The election
key is the sum of the keys of both.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Final, Protocol, Self

from dauys.core.errors import MalformedError
from dauys.core.ports import RandomSource
from dauys.crypto.belenios_json import join, load, members, quote, string
from dauys.crypto.ed25519 import (
    ED25519,
    G,
    parse_scalar,
    random_secret,
)
from dauys.crypto.group import Element, Group
from dauys.crypto.proofs import Proof, check_knowledge, prove_knowledge, require
from dauys.crypto.secret_file import MODERATE, SealingCost, open_secret, seal_secret

_WHAT: Final = "trustees"
_KEY: Final = "trustee key"


@dataclass(frozen=True, slots=True)
class TrusteePublicKey:
    """A trustee's share of the election key, with the proof that its secret is known."""

    KIND: ClassVar = "Single"

    pok: Proof
    public_key: Element
    signature: Proof | None = None
    """Over `public_key`, by members of a threshold group only."""
    name: str | None = None

    @classmethod
    def parse(cls, value: object, group: Group = ED25519) -> Self:
        """Read one key. Raises MalformedError; the proof is checked by `check`."""
        what = "trustee public key"
        fields = members(value, what, ("pok", "public_key"), ("signature", "name"))
        return cls(
            pok=Proof.parse(fields["pok"], group),
            public_key=group.parse(fields["public_key"]),
            signature=Proof.parse(fields["signature"], group) if "signature" in fields else None,
            name=string(fields["name"], what) if "name" in fields else None,
        )

    def to_json(self) -> str:
        """Print in the field order of the specification."""
        optional = "" if self.signature is None else f',"signature":{self.signature.to_json()}'
        if self.name is not None:
            optional += f',"name":{quote(self.name)}'
        return f'{{"pok":{self.pok.to_json()},"public_key":"{self.public_key.text()}"{optional}}}'

    def check(self) -> None:
        """Raise VerificationError unless the proof of knowledge holds."""
        prefix = _prefix(self.public_key)
        require(check_knowledge(self.pok, prefix, [self.public_key]), "proof of knowledge")


@dataclass(frozen=True, slots=True)
class TrusteeKey:
    """A trustee's secret; it never leaves the trustee."""

    secret: int = field(repr=False)
    """x, in [1, q)."""
    public: TrusteePublicKey

    @classmethod
    def generate(cls, random: RandomSource, name: str | None = None) -> Self:
        """Draw a fresh key: x, then w of its proof. Specification 3.0, section 4.5."""
        return cls.from_secret(random_secret(random), random, name)

    @classmethod
    def from_secret(cls, secret: int, random: RandomSource, name: str | None = None) -> Self:
        """The key with this secret, in [1, q). Draws w of its proof."""
        public_key = secret * G
        pok = prove_knowledge(secret, _prefix(public_key), random)
        return cls(secret, TrusteePublicKey(pok, public_key, name=name))


class AnyTrustee(Protocol):
    """A single trustee, or a threshold group of them."""

    KIND: ClassVar[str]
    """`Single` or `Pedersen`."""

    @property
    def public_key(self) -> Element:
        """Its share of the election key."""
        ...

    def to_json(self) -> str:
        """Print as the specification does."""
        ...


def trustees_to_json(trustees: Sequence[AnyTrustee]) -> str:
    """Print the `trustees` of an election."""
    return join(f'["{trustee.KIND}",{trustee.to_json()}]' for trustee in trustees)


def election_public_key(trustees: Sequence[AnyTrustee]) -> Element:
    """y, the sum of the trustees' keys. Raises VerificationError if it is the identity."""
    identity = trustees[0].public_key.group.identity
    key = sum((trustee.public_key for trustee in trustees), identity)
    require(key != identity, "election public key", "the trustees' keys cancel out")
    return key


def seal_trustee_key(
    key: TrusteeKey, passphrase: str, random: RandomSource, cost: SealingCost = MODERATE
) -> str:
    """Text of a file from which `open_trustee_key` gets `key` back."""
    return seal_secret(
        _KEY, key.public.to_json(), str(key.secret).encode(), passphrase, random, cost
    )


def open_trustee_key(text: str, passphrase: str) -> TrusteeKey:
    """Open a sealed key. Raises MalformedError, WrongPassphraseError, VerificationError."""
    public_text, content = open_secret(_KEY, text, passphrase)
    public = TrusteePublicKey.parse(load(public_text, _KEY))
    secret = parse_scalar(content.decode("ascii", "replace"))
    require(secret * G == public.public_key, _KEY, "secret and public key differ")
    public.check()
    return TrusteeKey(secret, public)


def parse_single(value: object, group: Group = ED25519) -> TrusteePublicKey:
    """Read the key of a trustee who is in no threshold group. Raises MalformedError."""
    key = TrusteePublicKey.parse(value, group)
    if key.signature is not None:
        raise MalformedError(_WHAT, "a single trustee with a signature")
    return key


def _prefix(public_key: Element) -> str:
    return f"pok|{public_key.group.name}|{public_key.text()}|"
