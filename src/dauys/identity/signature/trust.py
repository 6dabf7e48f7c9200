"""Chains of certificates from a configured anchor to the signer, at a given moment.

pyhanko-certvalidator builds and validates paths (RFC 5280). Nothing is ever fetched here:
where revocation is asked is a port of its own.
"""

from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from cryptography.exceptions import InvalidSignature
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    ExpiredError,
    NotYetValidError,
    PathError,
    ValidationError,
)
from pyhanko_certvalidator.path import ValidationPath

from dauys.core.errors import RefusedError
from dauys.identity.signature.asn1 import load_certificate, reading

T = TypeVar("T")


class Revocation(StrEnum):
    """What a source knows of a certificate."""

    GOOD = "good"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


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
    `untrusted`, `unreadable`.
    """
    leaf = load_certificate(certificate)
    with reading("chain"):
        context = ValidationContext(
            trust_roots=[load_certificate(anchor) for anchor in anchors],
            other_certs=[load_certificate(other) for other in intermediates],
            moment=moment,
            allow_fetching=False,
            revocation_mode="soft-fail",  # asked of a RevocationSource instead
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


def require_not_revoked(
    chain: TrustedChain, source: RevocationSource | None, policy: RevocationPolicy, moment: datetime
) -> None:
    """Ask `source` for the signer's certificate as `policy` says.

    Raises RefusedError: `revoked`, `revocation_unknown`.
    """
    if policy is RevocationPolicy.NOT_ASKED:
        return
    status = Revocation.UNKNOWN
    if source is not None and len(chain.certificates) > 1:
        status = source.status(chain.certificates[-1], chain.certificates[-2], moment)
    if status is Revocation.REVOKED:
        raise RefusedError("revoked")
    if status is Revocation.UNKNOWN and policy is RevocationPolicy.REQUIRED:
        raise RefusedError("revocation_unknown")


def _run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Result of a coroutine that never waits, with no event loop and in any thread."""
    try:
        coroutine.send(None)
    except StopIteration as finished:
        result: T = finished.value
        return result
    coroutine.close()
    raise RuntimeError("certificate validation waited for something")
