"""Plain Ed25519 signatures (RFC 8032) of permits, approvals and checkpoints.

Strict: S is below q, the key is canonical and in the subgroup of prime order, and the
equation holds without the cofactor. Keys are printed as RFC 8032 writes them, so that any
other program reads them.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Self

from nacl import bindings
from nacl.exceptions import CryptoError

from dauys.core.errors import MalformedError, VerificationError
from dauys.core.ports import RandomSource
from dauys.crypto.ed25519 import Point, Q
from dauys.crypto.proofs import require
from dauys.crypto.secret_file import MODERATE, SealingCost, open_secret, seal_secret

_HEX: Final = re.compile(r"[0-9a-f]{64}")
_KEY: Final = "signing key"
_CLAIM: Final = "signature"
SIGNATURE_BYTES: Final = 64


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A signer's secret: the 32-byte seed of RFC 8032."""

    seed: bytes = field(repr=False)
    public_hex: str
    """The public key, 64 hex digits, as RFC 8032 encodes it."""

    @classmethod
    def generate(cls, random: RandomSource) -> Self:
        """Draw 32 bytes."""
        return cls.from_seed(random(32))

    @classmethod
    def from_seed(cls, seed: bytes) -> Self:
        """Return the key of a 32-byte `seed`."""
        public, _ = bindings.crypto_sign_seed_keypair(seed)
        return cls(seed, public.hex())

    def sign(self, message: bytes) -> bytes:
        """64-byte signature of `message`, deterministic."""
        _, expanded = bindings.crypto_sign_seed_keypair(self.seed)
        return bindings.crypto_sign(message, expanded)[:SIGNATURE_BYTES]


def parse_public_hex(text: object) -> bytes:
    """Read a public key, 32 bytes. Raises MalformedError unless canonical and of order q."""
    if not isinstance(text, str) or not _HEX.fullmatch(text):
        raise MalformedError("public key", "not 64 lower-case hex digits")
    return Point.parse(bytes.fromhex(text)[::-1].hex()).encoding


@lru_cache(maxsize=64)
def _checked_key(public_hex: str) -> bytes:
    """The registrar's key signs every permit: it is seen once that its order is q."""
    return parse_public_hex(public_hex)


def verify_signature(public_hex: str, message: bytes, signature: bytes) -> None:
    """Raise VerificationError("signature") unless `signature` is by the key over `message`.

    Raises MalformedError if the key is not one.
    """
    key = _checked_key(public_hex)
    require(len(signature) == SIGNATURE_BYTES, _CLAIM, "not 64 bytes")
    require(int.from_bytes(signature[32:], "little") < Q, _CLAIM, "S is not below q")
    try:
        bindings.crypto_sign_open(signature + message, key)
    except CryptoError as error:
        raise VerificationError(_CLAIM) from error


def seal_signing_key(
    key: SigningKey, passphrase: str, random: RandomSource, cost: SealingCost = MODERATE
) -> str:
    """Text of a file from which `open_signing_key` gets `key` back."""
    return seal_secret(_KEY, key.public_hex, key.seed, passphrase, random, cost)


def open_signing_key(text: str, passphrase: str) -> SigningKey:
    """Open a sealed key. Raises MalformedError, WrongPassphraseError, VerificationError."""
    public_hex, seed = open_secret(_KEY, text, passphrase)
    if len(seed) != 32:
        raise MalformedError(_KEY, "not 32 bytes")
    key = SigningKey.from_seed(seed)
    require(key.public_hex == public_hex, _KEY, "secret and public key differ")
    return key
