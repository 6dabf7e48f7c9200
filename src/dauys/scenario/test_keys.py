"""Key pairs of the test authority and its voters: RSA, and GOST R 34.10-2015.

The GOST signer is for tests and demonstrations only: it takes no care of timing.
"""

import secrets
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Protocol

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from dauys.identity.kazakhstan.algorithms import ALGORITHMS
from dauys.identity.kazakhstan.gost import GOST_256, GOST_512, Scheme, key_info
from dauys.identity.kazakhstan.gost_curves import affine, base, multiply

RSA_BITS: Final = 2048


class KeyKind(StrEnum):
    """What an authority and its leaves sign with."""

    RSA = "rsa"
    GOST_512 = "gost-512"
    GOST_256 = "gost-256"


class KeyPair(Protocol):
    """A private key, with how its signatures are called in certificates."""

    @property
    def kind(self) -> KeyKind:
        """What it is."""
        ...

    @property
    def key_info(self) -> bytes:
        """SubjectPublicKeyInfo, DER."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Signature over `message`."""
        ...

    def save(self) -> bytes:
        """The private key, unencrypted, as text; see `load_key`."""
        ...


SIGNATURES: Final = {
    # signature, digest
    KeyKind.RSA: ("1.2.840.113549.1.1.11", "2.16.840.1.101.3.4.2.1"),
    KeyKind.GOST_512: ("1.2.398.3.10.1.1.2.3.2", "1.2.398.3.10.1.3.3"),
    KeyKind.GOST_256: ("1.2.398.3.10.1.1.2.3.1", "1.2.398.3.10.1.3.2"),
}
_SCHEMES: Final = {KeyKind.GOST_512: GOST_512, KeyKind.GOST_256: GOST_256}


def new_key(kind: KeyKind) -> KeyPair:
    """Make a key pair. An RSA one takes 50 ms or more."""
    if kind is KeyKind.RSA:
        return RsaPair(rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS))
    return GostPair(kind, 1 + secrets.randbelow(_SCHEMES[kind].curve.q - 1))


def load_key(data: bytes) -> KeyPair:
    """What `save` wrote. Raises ValueError for anything else."""
    kind, _, number = data.decode().partition(" ")
    if kind in _SCHEMES:
        return GostPair(KeyKind(kind), int(number, 16))
    key = load_pem_private_key(data, None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise ValueError("not a key of the test authority")  # noqa: TRY004 - of the bytes
    return RsaPair(key)


def digest(kind: KeyKind, data: bytes) -> bytes:
    """Digest that goes with signatures of `kind`."""
    return ALGORITHMS.find(*SIGNATURES[kind]).digest(data)


@dataclass(frozen=True, slots=True)
class RsaPair:
    """RSA with SHA-256."""

    key: rsa.RSAPrivateKey = field(repr=False)

    @property
    def kind(self) -> KeyKind:
        """RSA."""
        return KeyKind.RSA

    @property
    def key_info(self) -> bytes:
        """SubjectPublicKeyInfo, DER."""
        public = self.key.public_key()
        return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    def sign(self, message: bytes) -> bytes:
        """Signature by PKCS #1 version 1.5."""
        return self.key.sign(message, padding.PKCS1v15(), hashes.SHA256())

    def save(self) -> bytes:
        """PEM of PKCS #8."""
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@dataclass(frozen=True, slots=True)
class GostPair:
    """GOST R 34.10-2015; `secret` is d of the standard, 0 < d < q."""

    kind: KeyKind
    secret: int = field(repr=False)

    @property
    def scheme(self) -> Scheme:
        """Curve and hash."""
        return _SCHEMES[self.kind]

    @property
    def key_info(self) -> bytes:
        """SubjectPublicKeyInfo, DER."""
        curve = self.scheme.curve
        return key_info(self.scheme, *affine(curve, multiply(curve, (self.secret, base(curve)))))

    def sign(self, message: bytes) -> bytes:
        """R then s, little-endian. GOST R 34.10-2012 section 6.1 (RFC 7091)."""
        curve, size = self.scheme.curve, self.scheme.curve.bits // 8
        e = int.from_bytes(self.scheme.digest(message), "little") % curve.q or 1
        point = base(curve)
        while True:
            k = 1 + secrets.randbelow(curve.q - 1)
            r = affine(curve, multiply(curve, (k, point)))[0] % curve.q
            s = (r * self.secret + k * e) % curve.q
            if r and s:
                return r.to_bytes(size, "little") + s.to_bytes(size, "little")

    def save(self) -> bytes:
        """Kind and number."""
        return f"{self.kind} {self.secret:x}".encode()
