"""A commission member's key file: the same that the browser makes and opens.

Format: src/dauys/web/static/booth/signing_key.js. PBKDF2-HMAC-SHA-256 stretches the
passphrase (Unicode NFC) and AES-256-GCM seals the seed, because a browser has both built
in. The header is bound as additional data.
"""

import base64
import binascii
import unicodedata
from typing import Annotated, Final, Literal

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from dauys.core import canonical
from dauys.core.errors import DauysError, MalformedError, VerificationError
from dauys.core.ports import RandomSource
from dauys.crypto.signing import SigningKey

_WHAT: Final = "signing key"
_SEED_BYTES: Final = 32
MIN_ITERATIONS: Final = 600_000
"""OWASP Password Storage Cheat Sheet, PBKDF2-HMAC-SHA256."""
MAX_ITERATIONS: Final = 10_000_000


class WrongPassphraseError(DauysError):
    """The passphrase does not open the key file, or the file was altered."""


class _Header(canonical.Record, frozen=True, kw_only=True):
    v: Literal[1] = 1
    kind: Literal["dauys-signing-key"] = "dauys-signing-key"
    public: str
    kdf: Literal["PBKDF2-SHA256"] = "PBKDF2-SHA256"
    iterations: Annotated[int, msgspec.Meta(ge=MIN_ITERATIONS, le=MAX_ITERATIONS)]
    salt: str
    nonce: str


class _KeyFile(_Header, frozen=True, kw_only=True):
    ciphertext: str

    def header(self) -> bytes:
        """The file without the ciphertext: the additional data."""
        fields = {name: getattr(self, name) for name in _Header.__struct_fields__}
        return canonical.encode(fields)


def seal_key(
    key: SigningKey, passphrase: str, random: RandomSource, iterations: int = MIN_ITERATIONS
) -> str:
    """Text of a file from which `open_key`, or a browser, gets `key` back.

    Draws 16 bytes of salt, then 12 of nonce.
    """
    salt, nonce = random(16), random(12)
    header = _Header(
        public=_base64(bytes.fromhex(key.public_hex)),
        iterations=iterations,
        salt=_base64(salt),
        nonce=_base64(nonce),
    )
    cipher = AESGCM(_stretch(passphrase, salt, iterations))
    sealed = cipher.encrypt(nonce, key.seed, canonical.encode(header))
    file = _KeyFile(ciphertext=_base64(sealed), **msgspec.structs.asdict(header))
    return canonical.encode(file).decode()


def open_key(text: str, passphrase: str) -> SigningKey:
    """Open a key file.

    Raises MalformedError, WrongPassphraseError, or VerificationError("signing key") if
    the public key is of another secret.
    """
    file = canonical.decode(text.encode(), _KeyFile, _WHAT)
    public = _bytes(file.public, 32, "public")
    salt = _bytes(file.salt, 16, "salt")
    nonce = _bytes(file.nonce, 12, "nonce")
    sealed = _bytes(file.ciphertext, _SEED_BYTES + 16, "ciphertext")
    cipher = AESGCM(_stretch(passphrase, salt, file.iterations))
    try:
        seed = cipher.decrypt(nonce, sealed, file.header())
    except InvalidTag as error:
        raise WrongPassphraseError from error
    key = SigningKey.from_seed(seed)
    if key.public_hex != public.hex():
        raise VerificationError(_WHAT, "secret and public key differ")
    return key


def public_key_of(text: str) -> str:
    """The public key that a key file names, 64 hex digits; not checked without the passphrase.

    Raises MalformedError.
    """
    return _bytes(canonical.decode(text.encode(), _KeyFile, _WHAT).public, 32, "public").hex()


def _stretch(passphrase: str, salt: bytes, iterations: int) -> bytes:
    secret = unicodedata.normalize("NFC", passphrase).encode()
    return PBKDF2HMAC(SHA256(), 32, salt, iterations).derive(secret)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str, length: int, name: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise MalformedError(_WHAT, f"{name} is not Base64") from error
    if len(data) != length or _base64(data) != text:
        raise MalformedError(_WHAT, f"{name} is not {length} bytes")
    return data
