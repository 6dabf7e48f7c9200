"""Chains of certificates from a configured anchor to the signer, at a given moment.

pyhanko-certvalidator builds and validates paths (RFC 5280); the signatures in them are checked
by the algorithms of this package, GOST among them. Nothing is ever fetched here: where
revocation is asked is a port of its own.
"""

from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final, Protocol, TypeVar

from cryptography.exceptions import InvalidSignature
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    ExpiredError,
    NotYetValidError,
    PathError,
    ValidationError,
)
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.policy_decl import AcceptAllAlgorithms
from pyhanko_certvalidator.sig_validate import (
    DEFAULT_VALIDATION_CONTEXT,
    DefaultSignatureValidator,
    SignatureValidationContext,
)

from dauys.core.errors import RefusedError
from dauys.identity.signature.algorithms import certificate_algorithm
from dauys.identity.signature.asn1 import load_certificate, reading

T = TypeVar("T")

SKEW: Final = timedelta(minutes=5)
"""By how much the clock of a CA may be ahead of ours."""


class Revocation(StrEnum):
    """What a source knows of a certificate."""

    GOOD = "good"
    REVOKED = "revoked"
    UNKNOWN = "unknown"
    NOT_ASKED = "not_asked"


class RevocationPolicy(StrEnum):
    """What to do with that. The organiser's choice, and one of the manifest's warnings."""

    NOT_ASKED = "not_asked"
    """Certificates are good for as long as they run."""
    IF_KNOWN = "if_known"
    """Revoked ones are refused; when the source cannot tell, they pass."""
    REQUIRED = "required"
    """Only those that the source calls good pass."""


class RevocationSource(Protocol):
    """OCSP or lists of the CA, or a memory of them."""

    def status(self, certificate: bytes, issuer: bytes, moment: datetime) -> Revocation:
        """Status of `certificate` (DER) of `issuer` (DER) at `moment`; never raises."""
        ...


class ChainSignatures(DefaultSignatureValidator):
    """Checks signatures of certificates by the algorithms that voters' signatures may have."""

    def validate_signature(
        self,
        signature: bytes,
        signed_data: bytes,
        public_key_info: Any,  # noqa: ANN401 - an asn1crypto value
        signature_algorithm: Any,  # noqa: ANN401 - an asn1crypto value
        context: SignatureValidationContext = DEFAULT_VALIDATION_CONTEXT,  # noqa: ARG002 - all is said in the algorithm
    ) -> None:
        """Raise InvalidSignature, or RefusedError("old_gost")."""
        oid = signature_algorithm["algorithm"].dotted
        try:
            check_certificate_signed(public_key_info.dump(), oid, signed_data, signature)
        except RefusedError as error:
            if error.code == "old_gost":
                raise
            raise InvalidSignature from error


@dataclass(frozen=True, slots=True)
class TrustedChain:
    """Certificates from anchor to signer, DER."""

    certificates: tuple[bytes, ...]


def build_chain(
    certificate: bytes,
    anchors: tuple[bytes, ...],
    intermediates: tuple[bytes, ...],
    moment: datetime,
) -> TrustedChain:
    """Find a chain from one of `anchors` to `certificate` that is valid at `moment`.

    `intermediates` need not be trusted. Raises RefusedError: `expired`, `not_yet_valid`,
    `untrusted`, `old_gost`, `unreadable`.
    """
    leaf = load_certificate(certificate)
    with reading("chain"):
        context = ValidationContext(
            trust_roots=[load_certificate(anchor) for anchor in anchors],
            other_certs=[load_certificate(other) for other in intermediates],
            moment=moment,
            allow_fetching=False,
            revocation_mode="soft-fail",  # asked of a RevocationSource instead
            algorithm_usage_policy=AcceptAllAlgorithms(),  # ChainSignatures takes what it knows
            signature_validator=ChainSignatures(),
        )
        try:
            validator = CertificateValidator(leaf, validation_context=context)
            path: ValidationPath = _run(validator.async_validate_path())
        except ExpiredError as error:
            raise RefusedError("expired") from error
        except NotYetValidError as error:
            raise RefusedError("not_yet_valid") from error
        except (PathError, ValidationError, InvalidSignature) as error:
            raise RefusedError("untrusted") from error
        return TrustedChain(tuple(link.dump() for link in path))


# The same few certificates of CAs come with every voter; failures are not remembered.
@lru_cache(maxsize=512)
def check_certificate_signed(
    key_info: bytes, signature_oid: str, certified: bytes, signature: bytes
) -> None:
    """Check the signature under a certificate by its issuer's key (SubjectPublicKeyInfo, DER).

    Raises RefusedError: `bad_signature`, `old_gost`.
    """
    certificate_algorithm(signature_oid).verify(key_info, certified, signature)


def require_not_revoked(
    chain: TrustedChain, source: RevocationSource | None, policy: RevocationPolicy, moment: datetime
) -> Revocation:
    """Ask `source` for the signer's certificate and those above it, less the anchor.

    Returns what is known of all of them: GOOD, UNKNOWN where the policy takes that, or
    NOT_ASKED. Raises RefusedError: `revoked`, `revocation_unknown`.
    """
    if policy is RevocationPolicy.NOT_ASKED:
        return Revocation.NOT_ASKED
    known = Revocation.GOOD
    for issuer, certificate in reversed(list(pairwise(chain.certificates))):
        status = source.status(certificate, issuer, moment) if source else Revocation.UNKNOWN
        if status is Revocation.REVOKED:
            raise RefusedError("revoked")
        if status is not Revocation.GOOD:
            known = Revocation.UNKNOWN
    if known is Revocation.UNKNOWN and policy is RevocationPolicy.REQUIRED:
        raise RefusedError("revocation_unknown")
    return known


def _run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Result of a coroutine that never waits, with no event loop and in any thread."""
    try:
        coroutine.send(None)
    except StopIteration as finished:
        result: T = finished.value
        return result
    coroutine.close()
    raise RuntimeError("certificate validation waited for something")
