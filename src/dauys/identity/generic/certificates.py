"""X.509 by configuration: which field of a certificate holds the voter's number, and what signs.

For any authority that an organisation runs or trusts; RSA and ECDSA come with it.
"""

from functools import partial
from types import MappingProxyType
from typing import Annotated, Final

import msgspec
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key
from msgspec import Meta

from dauys.core.errors import RefusedError
from dauys.identity.numbering import Numbering
from dauys.identity.signature.algorithms import Algorithm, Algorithms, Kind, rsa_kinds
from dauys.identity.signature.profile import Identifier, X509Profile

Oid = Annotated[str, Meta(pattern=r"\A[0-2](\.[0-9]{1,12}){2,20}\Z")]
SERIAL_NUMBER: Final = "2.5.4.5"
_EC: Final = "1.2.840.10045.2.1"
_CURVES: Final = frozenset({"secp256r1", "secp384r1", "secp521r1"})
_ECDSA: Final = MappingProxyType(
    {
        # digest: (signature with it, hash). RFC 5480, RFC 5754
        "2.16.840.1.101.3.4.2.1": ("1.2.840.10045.4.3.2", hashes.SHA256()),
        "2.16.840.1.101.3.4.2.2": ("1.2.840.10045.4.3.3", hashes.SHA384()),
        "2.16.840.1.101.3.4.2.3": ("1.2.840.10045.4.3.4", hashes.SHA512()),
    }
)


class CertificateSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[certificates]` of the operator's file. `number` is the subject's field that names voters.

    `prefix` stands before the number there; `purposes` are extended key usages of which a signing
    key has one (none are asked for when empty).
    """

    number: Oid = SERIAL_NUMBER
    prefix: Annotated[str, Meta(max_length=20)] = ""
    purposes: tuple[Oid, ...] = ()
    non_repudiation: bool = True


def profile(settings: CertificateSettings, numbering: Numbering) -> X509Profile:
    """The profile that these settings describe."""
    usages = {"digital_signature"} | ({"non_repudiation"} if settings.non_repudiation else set())
    return X509Profile(
        algorithms=Algorithms.of((*rsa_kinds(), *ecdsa_kinds())),
        person=Identifier(settings.number, settings.prefix, partial(_number, numbering)),
        key_usage=frozenset(usages),
        signing_purposes=frozenset(settings.purposes),
    )


def ecdsa_kinds() -> tuple[Kind, ...]:
    """ECDSA on the NIST curves with SHA-256, SHA-384, SHA-512."""
    return tuple(
        Kind(_EC, digest, signature, _ecdsa(algorithm))
        for digest, (signature, algorithm) in _ECDSA.items()
    )


def _ecdsa(algorithm: hashes.HashAlgorithm) -> Algorithm:
    def digest(data: bytes) -> bytes:
        context = hashes.Hash(algorithm)
        context.update(data)
        return context.finalize()

    def verify(key_info: bytes, message: bytes, signature: bytes) -> None:
        try:
            key = load_der_public_key(key_info)
            if not isinstance(key, EllipticCurvePublicKey) or key.curve.name not in _CURVES:
                raise RefusedError("bad_signature", "key")
            key.verify(signature, message, ECDSA(algorithm))
        except (InvalidSignature, UnsupportedAlgorithm, ValueError) as error:
            raise RefusedError("bad_signature") from error

    return Algorithm(f"ecdsa-{algorithm.name}", digest, verify)


def _number(numbering: Numbering, text: str) -> str:
    return numbering.parse(text).digits
