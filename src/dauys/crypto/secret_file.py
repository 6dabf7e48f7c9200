"""A secret at rest: sealed under a passphrase, as a small JSON file.

Argon2id stretches the passphrase, XSalsa20-Poly1305 seals (libsodium's `crypto_pwhash`
and `crypto_secretbox`). The kind of secret and the public key beside it are in the clear,
so that the owner of several files finds the right one.
"""

from dataclasses import dataclass
from typing import Final

from nacl import pwhash, secret
from nacl.exceptions import CryptoError

from dauys.core import canonical
from dauys.core.errors import DauysError, MalformedError
from dauys.core.ports import RandomSource

_WHAT: Final = "sealed key"
_SALT: Final = pwhash.argon2id.SALTBYTES
_NONCE: Final = secret.SecretBox.NONCE_SIZE
_KDF: Final = "argon2id13"
_MAX_OPERATIONS: Final = 64
_MAX_MEMORY: Final = 2**30


class WrongPassphraseError(DauysError):
    """The passphrase does not open the file, or the file was altered."""

    def __init__(self, kind: str) -> None:
        """`kind` of secret that stays sealed."""
        super().__init__(f"wrong passphrase for the {kind}")
        self.kind = kind


@dataclass(frozen=True, slots=True)
class SealingCost:
    """What one guess of the passphrase costs: passes, and bytes of memory."""

    operations: int
    memory: int


MODERATE: Final = SealingCost(pwhash.argon2id.OPSLIMIT_MODERATE, pwhash.argon2id.MEMLIMIT_MODERATE)
"""libsodium's advice for keys that matter: 3 passes over 256 MiB, under a second."""

MINIMAL: Final = SealingCost(pwhash.argon2id.OPSLIMIT_MIN, pwhash.argon2id.MEMLIMIT_MIN)
"""For tests only."""


class SealedSecret(canonical.Record, frozen=True):
    """The file; byte strings are in hexadecimal."""

    v: int
    kind: str
    public: str
    kdf: str
    operations: int
    memory: int
    salt: str
    nonce: str
    box: str


def seal_secret(  # what is sealed, for whom, and how
    kind: str,
    public: str,
    content: bytes,
    passphrase: str,
    random: RandomSource,
    cost: SealingCost = MODERATE,
) -> str:
    """Text of a file that holds `content` sealed; `kind` and `public` stay readable."""
    salt, nonce = random(_SALT), random(_NONCE)
    box = secret.SecretBox(_stretch(passphrase, salt, cost))
    file = SealedSecret(
        v=1,
        kind=kind,
        public=public,
        kdf=_KDF,
        operations=cost.operations,
        memory=cost.memory,
        salt=salt.hex(),
        nonce=nonce.hex(),
        box=box.encrypt(content, nonce).ciphertext.hex(),
    )
    return canonical.encode(file).decode()


def sealed_public(text: str, kind: str) -> str:
    """What is in the clear beside a sealed `kind`; nothing vouches for it yet.

    Raises MalformedError.
    """
    return _read(kind, text).public


def open_secret(kind: str, text: str, passphrase: str) -> tuple[str, bytes]:
    """Return (public, content). Raises MalformedError, WrongPassphraseError."""
    file = _read(kind, text)
    salt, nonce, box = map(_hex, (file.salt, file.nonce, file.box))
    if len(salt) != _SALT or len(nonce) != _NONCE:
        raise MalformedError(_WHAT, "salt or nonce has a wrong length")
    # Bounded, so that an altered file cannot take all memory or time.
    if not MINIMAL.operations <= file.operations <= _MAX_OPERATIONS:
        raise MalformedError(_WHAT, "number of passes out of bounds")
    if not MINIMAL.memory <= file.memory <= _MAX_MEMORY:
        raise MalformedError(_WHAT, "memory out of bounds")
    key = _stretch(passphrase, salt, SealingCost(file.operations, file.memory))
    try:
        return file.public, secret.SecretBox(key).decrypt(box, nonce)
    except CryptoError as error:
        raise WrongPassphraseError(kind) from error


def _read(kind: str, text: str) -> SealedSecret:
    file = canonical.decode(text.encode(), SealedSecret, _WHAT)
    if file.v != 1 or file.kdf != _KDF:
        raise MalformedError(_WHAT, "unknown version or key derivation")
    if file.kind != kind:
        raise MalformedError(_WHAT, f"does not hold a {kind}")
    return file


def _stretch(passphrase: str, salt: bytes, cost: SealingCost) -> bytes:
    return pwhash.argon2id.kdf(
        secret.SecretBox.KEY_SIZE, passphrase.encode(), salt, cost.operations, cost.memory
    )


def _hex(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise MalformedError(_WHAT, "not hexadecimal") from error
