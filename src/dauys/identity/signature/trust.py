"""Chains of certificates from a configured anchor to the signer, at a given moment.

pyhanko-certvalidator builds and validates paths (RFC 5280); the signatures in them are checked
by the algorithms of this package, GOST among them. Nothing is ever fetched here: where
revocation is asked is a port of its own.
"""

from collections.abc import Coroutine, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from itertools import pairwise
from threading import Lock
from typing import Any, Final, Protocol, TypeVar

from asn1crypto import x509
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
from dauys.identity.signature.algorithms import Algorithms
from dauys.identity.signature.asn1 import load_certificate, reading

T = TypeVar("T")

SKEW: Final = timedelta(minutes=5)
"""By how much the clock of a CA may be ahead of ours."""

_MAX_CHAINS: Final = 10_000
_MAX_PATH: Final = 8


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
    """Revoked ones are refused; when the source cannot tell, they pass, to be asked again."""
    REQUIRED = "required"
    """Only those that the source calls good pass."""


class RevocationSource(Protocol):
    """OCSP or lists of the CA, or a memory of them."""

    def status(
        self,
        certificate: bytes,
        issuer: bytes,
        moment: datetime,
        signed: datetime | None = None,
    ) -> Revocation:
        """Status of `certificate` (DER) of `issuer` (DER) as known at `moment`; never raises.

        With `signed` as it was then: what was revoked later was good.
        """
        ...


class ChainSignatures(DefaultSignatureValidator):
    """Checks signatures of certificates by the algorithms that voters' signatures may have."""

    def __init__(self, algorithms: Algorithms) -> None:
        self._algorithms = algorithms

    def validate_signature(
        self,
        signature: bytes,
        signed_data: bytes,
        public_key_info: Any,  # noqa: ANN401 - an asn1crypto value
        signature_algorithm: Any,  # noqa: ANN401 - an asn1crypto value
        context: SignatureValidationContext = DEFAULT_VALIDATION_CONTEXT,  # noqa: ARG002 - all is said in the algorithm
    ) -> None:
        """Raise InvalidSignature, or RefusedError for an algorithm that is not accepted."""
        oid = signature_algorithm["algorithm"].dotted
        self._algorithms.of_certificate(oid)
        try:
            check_certificate_signed(
                self._algorithms, public_key_info.dump(), oid, signed_data, signature
            )
        except RefusedError as error:
            raise InvalidSignature from error


@dataclass(frozen=True, slots=True)
class TrustedChain:
    """Certificates from anchor to signer, DER; all of them run from `since` to `until`."""

    certificates: tuple[bytes, ...]
    since: datetime
    until: datetime


class Trust:
    """What the organiser trusts, and the chains found from there.

    A chain is remembered by the hash of the signer's certificate, and serves as long as every
    certificate in it runs: who signs twice costs half. Any number of threads may share one.
    """

    def __init__(
        self, anchors: Iterable[bytes], intermediates: Iterable[bytes], algorithms: Algorithms
    ) -> None:
        """`anchors` are trusted, `intermediates` only help to get there: DER or PEM.

        Raises RefusedError("unreadable") if one is no certificate.
        """
        self._anchors = tuple(load_certificate(one) for one in anchors)
        self._intermediates = tuple(load_certificate(one) for one in intermediates)
        self.algorithms = algorithms
        self._chains: dict[bytes, TrustedChain] = {}
        self._lock = Lock()

    def chain(
        self, certificate: bytes, carried: tuple[bytes, ...], moment: datetime
    ) -> TrustedChain:
        """Find a chain from an anchor to `certificate` (DER) that is valid at `moment`.

        `carried` (DER) came with it and need not be trusted. Raises RefusedError: `expired`,
        `not_yet_valid`, `untrusted`, `old_gost` and its like, `unreadable`.
        """
        name = sha256(certificate).digest()
        known = self._chains.get(name)
        if known is not None and known.since <= moment <= known.until:
            return known
        found = self._find(load_certificate(certificate), carried, moment)
        with self._lock:
            if len(self._chains) >= _MAX_CHAINS:
                self._chains.clear()
            self._chains[name] = found
        return found

    def _find(
        self, leaf: x509.Certificate, carried: tuple[bytes, ...], moment: datetime
    ) -> TrustedChain:
        with reading("chain"):
            self.algorithms.of_certificate(leaf["signature_algorithm"]["algorithm"].dotted)
            context = ValidationContext(
                trust_roots=list(self._anchors),
                other_certs=self._issued([load_certificate(other) for other in carried]),
                moment=moment,
                allow_fetching=False,
                revocation_mode="soft-fail",  # asked of a RevocationSource instead
                algorithm_usage_policy=AcceptAllAlgorithms(),  # ChainSignatures takes what it knows
                signature_validator=ChainSignatures(self.algorithms),
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
            links = list(path)
            return TrustedChain(
                tuple(link.dump() for link in links),
                max(link.not_valid_before for link in links[1:] or links),
                min(link.not_valid_after for link in links[1:] or links),
            )

    def _issued(self, carried: list[x509.Certificate]) -> list[x509.Certificate]:
        """Those of all intermediates that come down from an anchor by true signatures.

        A stranger may send certificates that all issue one another: more paths than anybody can
        try. None of them gets past this.
        """
        waiting = {c.sha256: c for c in (*self._intermediates, *carried) if is_authority(c)}
        found: dict[bytes, x509.Certificate] = {}
        issuers = list(self._anchors)
        for _ in range(_MAX_PATH):
            issuers = [c for c in waiting.values() if any(self._signed(c, i) for i in issuers)]
            if not issuers:
                break
            found |= {c.sha256: c for c in issuers}
            waiting = {name: c for name, c in waiting.items() if name not in found}
        return list(found.values())

    def _signed(self, certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
        if certificate.issuer != issuer.subject:
            return False
        try:
            check_certificate_signed(
                self.algorithms,
                issuer.public_key.dump(),
                certificate["signature_algorithm"]["algorithm"].dotted,
                certificate["tbs_certificate"].dump(),
                bytes(certificate["signature_value"].native),
            )
        except RefusedError:
            return False
        return True


def is_authority(certificate: x509.Certificate) -> bool:
    """Whether it may stand above others: by its basic constraints, or of version 1.

    Signers' certificates always have an extended key usage. Raises ValueError: call it within
    `reading`.
    """
    constraints = certificate.basic_constraints_value
    if constraints is None:
        return certificate.extended_key_usage_value is None
    return bool(constraints["ca"].native)


def sorted_out(certificates: Iterable[bytes]) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """Anchors and intermediates of a heap of certificates (DER); signers' own are neither.

    An anchor issued itself, or has no issuer in the heap. Raises RefusedError("unreadable").
    """
    loaded = [load_certificate(one) for one in certificates]
    with reading("certificate"):
        heap = [one for one in loaded if is_authority(one)]
        anchors: list[bytes] = []
        others: list[bytes] = []
        for one in heap:
            above = any(one.issuer == up.subject for up in heap if up is not one)
            is_root = one.issuer == one.subject
            (anchors if is_root or not above else others).append(one.dump())
    return tuple(anchors), tuple(others)


# The same few certificates of CAs come with every voter; failures are not remembered.
@lru_cache(maxsize=512)
def check_certificate_signed(
    algorithms: Algorithms, key_info: bytes, signature_oid: str, certified: bytes, signature: bytes
) -> None:
    """Check the signature under a certificate by its issuer's key (SubjectPublicKeyInfo, DER).

    Raises RefusedError: `bad_signature`, `unknown_algorithm`, `old_gost` and its like.
    """
    algorithms.of_certificate(signature_oid).verify(key_info, certified, signature)


def require_not_revoked(
    chain: TrustedChain,
    source: RevocationSource | None,
    policy: RevocationPolicy,
    moment: datetime,
    signed: datetime | None = None,
) -> Revocation:
    """Ask `source` for the signer's certificate and those above it, less the anchor.

    With `signed` as it was then (see `RevocationSource`). Returns what is known of all of them:
    GOOD, UNKNOWN where the policy takes that, or NOT_ASKED. Raises RefusedError: `revoked`,
    `revocation_unknown`.
    """
    if policy is RevocationPolicy.NOT_ASKED:
        return Revocation.NOT_ASKED
    known = Revocation.GOOD
    for issuer, certificate in reversed(list(pairwise(chain.certificates))):
        status = (
            source.status(certificate, issuer, moment, signed) if source else Revocation.UNKNOWN
        )
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
