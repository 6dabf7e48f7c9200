"""The signature algorithms that a PKI's profile accepts, by object identifier.

One table serves signatures of voters and, through `trust`, those of certificates, lists and
OCSP answers. RSA with SHA-2 is here, since every PKI has it; a profile adds its own.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Self

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from dauys.core.errors import RefusedError

Digest = Callable[[bytes], bytes]
Verify = Callable[[bytes, bytes, bytes], None]
"""Takes SubjectPublicKeyInfo (DER), message, signature. Raises RefusedError("bad_signature")."""

MIN_RSA_BITS: Final = 2048
_MAX_RSA_BITS: Final = 8192  # what a forged key of a megabyte would cost to try

_RSA: Final = "1.2.840.113549.1.1.1"
_SHA: Final = (
    # digest, RSA signature with it, hash. RFC 8017, RFC 5754
    ("2.16.840.1.101.3.4.2.1", "1.2.840.113549.1.1.11", hashes.SHA256()),
    ("2.16.840.1.101.3.4.2.2", "1.2.840.113549.1.1.12", hashes.SHA384()),
    ("2.16.840.1.101.3.4.2.3", "1.2.840.113549.1.1.13", hashes.SHA512()),
)
# MD2, MD4, MD5 and SHA-1 with RSA, RFC 8017 appendix C; SHA-1 and MD5 by themselves.
WEAK_HASHES: Final = MappingProxyType(
    dict.fromkeys(
        (
            *(f"1.2.840.113549.1.1.{last}" for last in (2, 3, 4, 5)),
            "1.3.14.3.2.26",
            "1.3.14.3.2.29",
            "1.2.840.113549.2.5",
        ),
        "weak_hash",
    )
)


@dataclass(frozen=True, slots=True)
class Algorithm:
    """How to check one kind of signature."""

    name: str
    digest: Digest
    verify: Verify


@dataclass(frozen=True, slots=True)
class Kind:
    """An algorithm with its identifiers: of the key, of the digest, of both together."""

    key: str
    digest: str
    signature: str
    algorithm: Algorithm


@dataclass(frozen=True, slots=True, eq=False)
class Algorithms:
    """What a PKI accepts; `outdated` names, by arc of identifiers, what it once accepted.

    Values of `outdated` are codes of RefusedError, so that a voter is told what to do.
    """

    table: Mapping[tuple[str, str], Algorithm]
    digests: Mapping[str, str]
    outdated: Mapping[str, str]

    @classmethod
    def of(cls, kinds: Iterable[Kind], outdated: Mapping[str, str] = WEAK_HASHES) -> Self:
        """Make the table of `kinds`."""
        known = tuple(kinds)
        return cls(
            # CMS may name the signature by the key alone; the digest then decides.
            {(oid, k.digest): k.algorithm for k in known for oid in (k.signature, k.key)},
            {k.signature: k.digest for k in known},
            outdated,
        )

    def find(self, signature_oid: str, digest_oid: str) -> Algorithm:
        """Algorithm of a signature and the digest that goes with it.

        Raises RefusedError: a code of `outdated`, `unknown_algorithm` (any other).
        """
        for oid in (signature_oid, digest_oid):
            for arc, code in self.outdated.items():
                if oid == arc or oid.startswith(arc + "."):
                    raise RefusedError(code, oid)
        found = self.table.get((signature_oid, digest_oid))
        if found is None:
            raise RefusedError("unknown_algorithm", f"{signature_oid} with {digest_oid}")
        return found

    def of_certificate(self, signature_oid: str) -> Algorithm:
        """Algorithm of a signature whose identifier names the digest too, as in a certificate.

        Raises RefusedError as `find`.
        """
        return self.find(signature_oid, self.digests.get(signature_oid, ""))


def rsa_kinds() -> tuple[Kind, ...]:
    """RSA (PKCS #1 version 1.5, 2048 to 8192 bits) with SHA-256, SHA-384, SHA-512."""
    return tuple(
        Kind(_RSA, digest, signature, _rsa(f"rsa-{algorithm.name}", algorithm))
        for digest, signature, algorithm in _SHA
    )


def _rsa(name: str, algorithm: hashes.HashAlgorithm) -> Algorithm:
    def digest(data: bytes) -> bytes:
        context = hashes.Hash(algorithm)
        context.update(data)
        return context.finalize()

    def verify(key_info: bytes, message: bytes, signature: bytes) -> None:
        key = _load_rsa_key(key_info)
        try:
            key.verify(signature, message, padding.PKCS1v15(), algorithm)
        except InvalidSignature as error:
            raise RefusedError("bad_signature") from error

    return Algorithm(name, digest, verify)


def _load_rsa_key(key_info: bytes) -> RSAPublicKey:
    try:
        key = load_der_public_key(key_info)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise RefusedError("bad_signature", "unreadable key") from error
    if not isinstance(key, RSAPublicKey):
        raise RefusedError("bad_signature", "not an RSA key")
    if not MIN_RSA_BITS <= key.key_size <= _MAX_RSA_BITS:
        raise RefusedError("bad_signature", f"RSA key of {key.key_size} bits")
    return key
