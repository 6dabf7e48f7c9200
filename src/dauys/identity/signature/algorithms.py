"""The signature algorithms that are accepted, by object identifier.

One table serves signatures of voters and, through `trust`, those of certificates, lists and
OCSP answers: RSA with SHA-2 and GOST R 34.10-2015 with Streebog. The older GOST 34.310-2004 is
refused by its name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from dauys.core.errors import RefusedError
from dauys.identity.signature.gost import GOST_256, GOST_512, Scheme, verify

Digest = Callable[[bytes], bytes]
Verify = Callable[[bytes, bytes, bytes], None]
"""Takes SubjectPublicKeyInfo (DER), message, signature. Raises RefusedError("bad_signature")."""

MIN_RSA_BITS: Final = 2048
_MAX_RSA_BITS: Final = 8192  # what a forged key of a megabyte would cost to try

_RSA: Final = "1.2.840.113549.1.1.1"
_SHA: Final[dict[str, tuple[str, hashes.HashAlgorithm]]] = {
    # digest: (RSA signature with it, hash). RFC 8017, RFC 5754
    "2.16.840.1.101.3.4.2.1": ("1.2.840.113549.1.1.11", hashes.SHA256()),
    "2.16.840.1.101.3.4.2.2": ("1.2.840.113549.1.1.12", hashes.SHA384()),
    "2.16.840.1.101.3.4.2.3": ("1.2.840.113549.1.1.13", hashes.SHA512()),
}
# Kazakhstan's arc 1.2.398.3.10.1: keys and signatures of GOST 34.310-2004, and its hashes.
_OLD_GOST: Final = ("1.2.398.3.10.1.1.1", "1.2.398.3.10.1.3.1")
_GOST: Final[dict[str, tuple[str, str, Scheme]]] = {
    # signature of GOST R 34.10-2015: key, digest, both together
    "1.2.398.3.10.1.1.2.3.2": ("1.2.398.3.10.1.1.2.2", "1.2.398.3.10.1.3.3", GOST_512),
    "1.2.398.3.10.1.1.2.3.1": ("1.2.398.3.10.1.1.2.1", "1.2.398.3.10.1.3.2", GOST_256),
}


@dataclass(frozen=True, slots=True)
class Algorithm:
    """How to check one kind of signature."""

    name: str
    digest: Digest
    verify: Verify


def find_algorithm(signature_oid: str, digest_oid: str) -> Algorithm:
    """Algorithm of a signature and the digest that goes with it.

    CMS may name the signature by the key alone (rsaEncryption, or that of GOST); the digest
    then decides.
    Raises RefusedError: `old_gost`, `bad_signature` (any other).
    """
    if any(_under(oid, arc) for oid in (signature_oid, digest_oid) for arc in _OLD_GOST):
        raise RefusedError("old_gost", signature_oid)
    found = ALGORITHMS.get((signature_oid, digest_oid))
    if found is None:
        raise RefusedError("bad_signature", f"algorithm {signature_oid} with {digest_oid}")
    return found


def certificate_algorithm(signature_oid: str) -> Algorithm:
    """Algorithm of a signature whose identifier names the digest too, as in a certificate.

    Raises RefusedError: `old_gost`, `bad_signature`.
    """
    return find_algorithm(signature_oid, _DIGESTS.get(signature_oid, ""))


def _under(oid: str, arc: str) -> bool:
    return oid == arc or oid.startswith(arc + ".")


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


def _gost(scheme: Scheme) -> Algorithm:
    name = f"gost-2015-{scheme.curve.bits}"
    return Algorithm(name, scheme.digest, partial(verify, scheme))


ALGORITHMS: Final[dict[tuple[str, str], Algorithm]] = {
    (signature, digest): _rsa(f"rsa-{algorithm.name}", algorithm)
    for digest, (with_digest, algorithm) in _SHA.items()
    for signature in (with_digest, _RSA)
} | {
    (signature, digest): _gost(scheme)
    for with_digest, (key, digest, scheme) in _GOST.items()
    for signature in (with_digest, key)
}
_DIGESTS: Final = {with_digest: digest for digest, (with_digest, _) in _SHA.items()} | {
    with_digest: digest for with_digest, (_, digest, _) in _GOST.items()
}
