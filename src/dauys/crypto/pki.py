"""Messages among trustees who make a key together: signed, and sealed for one reader.

Specification 3.0, section 4.6.1 (keys from a seed, signing, encrypting) and 4.6.3
(channels). Whoever carries the messages reads the signed ones and none of the sealed.
Scalars that are secret pass through libsodium only; AES-CCM, which libsodium lacks, is
OpenSSL's.
"""

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Self

from dauys.core.errors import MalformedError, VerificationError
from dauys.core.ports import RandomSource
from dauys.crypto.belenios_json import load, members, quote, require_same, string
from dauys.crypto.ed25519 import ED25519, G, Point, as_point, hashed_secret, random_secret
from dauys.crypto.group import Element, Group
from dauys.crypto.proofs import Proof, check_knowledge, prove_knowledge, require

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESCCM

_SEALED: Final = "sealed message"
_TAG: Final = 8
"""Bytes of the CCM tag: SJCL's 64 bits, which Belenios took over."""
_SHORT: Final = 2**16
"""CCM's nonce has 13 bytes for messages below this length; longer ones are not sent."""
_BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_SEED: Final = re.compile(rf"[{_BASE58}]{{22}}")
_DATA: Final = re.compile(r"(?:[0-9a-f]{2})+")


@dataclass(frozen=True, slots=True)
class Signed:
    """A text and the signature of whoever said it."""

    message: str
    signature: Proof

    @classmethod
    def parse(cls, value: object, what: str, group: Group = ED25519) -> Self:
        """Read `{message, signature}`. Raises MalformedError about `what`."""
        fields = members(value, what, ("message", "signature"))
        return cls(string(fields["message"], what), Proof.parse(fields["signature"], group))

    def to_json(self) -> str:
        """Print `signed_msg`."""
        return f'{{"message":{quote(self.message)},"signature":{self.signature.to_json()}}}'


@dataclass(frozen=True, slots=True)
class Sealed:
    """A text that only the holder of one decryption key can read (`encrypted_msg`)."""

    alpha: Point
    beta: Point
    data: str
    """Hexadecimal."""

    @classmethod
    def parse(cls, text: object) -> Self:
        """Read what `to_json` prints and nothing else. Raises MalformedError."""
        text = string(text, _SEALED)
        fields = members(load(text, _SEALED), _SEALED, ("alpha", "beta", "data"))
        data = string(fields["data"], _SEALED)
        if not _DATA.fullmatch(data):
            raise MalformedError(_SEALED, "data is not lower-case hexadecimal")
        sealed = cls(Point.parse(fields["alpha"]), Point.parse(fields["beta"]), data)
        require_same(sealed.to_json(), text, _SEALED)
        return sealed

    def to_json(self) -> str:
        """Print in the field order of the specification."""
        points = f'"alpha":"{self.alpha.hex()}","beta":"{self.beta.hex()}"'
        return f'{{{points},"data":"{self.data}"}}'


@dataclass(frozen=True, slots=True)
class MemberKeys:
    """A trustee's own signing and decryption keys, all from one seed."""

    seed: str = field(repr=False)
    """22 base58 characters."""
    signing: int = field(repr=False)
    decryption: int = field(repr=False)

    @classmethod
    def from_seed(cls, seed: str) -> Self:
        """Derive the keys. Raises MalformedError, which does not show the seed."""
        if not _SEED.fullmatch(seed):
            raise MalformedError("seed", "not 22 base58 characters")
        return cls(seed, hashed_secret(f"sk|{seed}"), hashed_secret(f"dk|{seed}"))

    @classmethod
    def generate(cls, random: RandomSource) -> Self:
        """Draw a seed: 22 base58 characters, each from 16 bytes of `random`."""
        letters = (_BASE58[int.from_bytes(random(16), "big") % 58] for _ in range(22))
        return cls.from_seed("".join(letters))

    @property
    def verification(self) -> Point:
        """Key that checks this trustee's signatures."""
        return self.signing * G

    @property
    def encryption(self) -> Point:
        """Key that messages to this trustee are sealed with."""
        return self.decryption * G


def sign(keys: MemberKeys, message: str, random: RandomSource) -> Proof:
    """Signature of `message`. Draws w."""
    return prove_knowledge(keys.signing, _signed_prefix(message), random)


def is_signed(message: str, signature: Proof, verification: Element) -> bool:
    """Whether the holder of `verification` signed `message`."""
    return check_knowledge(signature, _signed_prefix(message), [verification])


def send(keys: MemberKeys, recipient: Element, message: str, random: RandomSource) -> Sealed:
    """Sign `message` and seal it for the holder of `recipient`. Draws w, r and s."""
    channel = _channel(recipient, message)
    text = Signed(channel, sign(keys, channel, random)).to_json().encode()
    if len(text) >= _SHORT:
        raise MalformedError(_SEALED, "too long to send")
    r, s = random_secret(random), random_secret(random)
    alpha, mask = r * G, s * G
    data = _cipher(mask).encrypt(_nonce(alpha), text, None)
    return Sealed(alpha, r * as_point(recipient) + mask, data.hex())


def receive(keys: MemberKeys, sender: Element, sealed: Sealed) -> str:
    """Open a message sealed for `keys`, and check that `sender` signed it for them.

    Raises VerificationError (`seal`, `signature`, `recipient`) or MalformedError.
    """
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 -- see _cipher

    mask = sealed.beta - keys.decryption * sealed.alpha
    data = bytes.fromhex(sealed.data)
    try:
        opened = _cipher(mask).decrypt(_nonce(sealed.alpha), data, None)
    except (InvalidTag, ValueError) as error:
        raise VerificationError("seal", "not sealed for this trustee, or damaged") from error
    try:
        text = opened.decode()
    except UnicodeDecodeError as error:
        raise MalformedError(_SEALED, "not UTF-8") from error
    signed = Signed.parse(load(text, _SEALED), _SEALED)
    require_same(signed.to_json(), text, _SEALED)
    require(is_signed(signed.message, signed.signature, sender), "signature", "not by its sender")
    fields = members(load(signed.message, _SEALED), _SEALED, ("recipient", "message"))
    message = string(fields["message"], _SEALED)
    to = Point.parse(fields["recipient"])
    require_same(_channel(to, message), signed.message, _SEALED)
    require(to == keys.encryption, "recipient", "meant for another trustee")
    return message


def _channel(recipient: Element, message: str) -> str:
    return f'{{"recipient":"{recipient.text()}","message":{quote(message)}}}'


def _signed_prefix(message: str) -> str:
    return f"sigmsg|{message}|"


def _cipher(mask: Point) -> "AESCCM":
    # Here and not above: who only checks signatures need not wait for OpenSSL.
    from cryptography.hazmat.primitives.ciphers.aead import AESCCM  # noqa: PLC0415

    return AESCCM(_key(mask), tag_length=_TAG)


def _key(mask: Point) -> bytes:
    return hashlib.sha256(f"key|{mask.hex()}".encode()).digest()


def _nonce(alpha: Point) -> bytes:
    # SJCL takes as much of the hash as CCM has room for: 15 bytes less 2 for the length.
    return hashlib.sha256(f"iv|{alpha.hex()}".encode()).digest()[:13]
