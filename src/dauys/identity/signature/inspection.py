"""Everything that can be said of a signature or a certificate, for people who look into one.

The desk stops at the first fault; here each check is told. Nothing is fetched: revocation is
looked up in lists at hand.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from dauys.core.errors import RefusedError
from dauys.identity.signature.algorithms import certificate_algorithm
from dauys.identity.signature.asn1 import load_certificate, reading, unarmoured
from dauys.identity.signature.certificates import (
    Certificate,
    Holder,
    holder_of,
    read_certificate,
    require_for_signing,
)
from dauys.identity.signature.cms import check_signed_message, read_signed_message
from dauys.identity.signature.revocation import ListedRevocation
from dauys.identity.signature.trust import (
    Revocation,
    RevocationPolicy,
    TrustedChain,
    build_chain,
    require_not_revoked,
)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What to trust, and when. Certificates are DER or PEM, lists DER."""

    anchors: tuple[bytes, ...]
    intermediates: tuple[bytes, ...]
    lists: tuple[bytes, ...]
    moment: datetime
    strict_numbers: bool = True


@dataclass(frozen=True, slots=True)
class Finding:
    """One check. `code` is empty if it holds, else the code of its RefusedError."""

    name: str
    code: str = ""
    detail: str = ""

    @property
    def ok(self) -> bool:
        """Whether it holds."""
        return not self.code


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found. `holder` is None if the certificate does not tell who signs for whom."""

    findings: tuple[Finding, ...]
    algorithm: str
    """Of the signature looked at: over the message, or under the certificate."""
    certificate: Certificate
    holder: Holder | None
    revocation: Revocation

    @property
    def ok(self) -> bool:
        """Whether every check holds."""
        return all(finding.ok for finding in self.findings)


def inspect_message(
    data: bytes, circumstances: Circumstances, detached: bytes | None = None
) -> Inspection:
    """Check a signed message (CMS, DER or PEM) with its signer's certificate.

    `detached` is the content if it travels apart. Raises RefusedError where there is nothing to
    check: `unreadable`, `two_signers`, `not_attached`, `wrong_content` (another is attached).
    """
    message = read_signed_message(unarmoured(data), detached)
    name = ""

    def signature() -> None:
        nonlocal name
        name = check_signed_message(message).name

    first = _finding("signature over the content", signature)
    carried = message.other_certificates
    found = _inspect(message.certificate, circumstances, carried)
    return Inspection(
        (first, *found.findings),
        name or message.signature_oid,
        found.certificate,
        found.holder,
        found.revocation,
    )


def inspect_certificate(data: bytes, circumstances: Circumstances) -> Inspection:
    """Check a certificate (DER or PEM) of a signer. Raises RefusedError("unreadable")."""
    return _inspect(unarmoured(data), circumstances, ())


def _inspect(der: bytes, circumstances: Circumstances, carried: tuple[bytes, ...]) -> Inspection:
    certificate = read_certificate(der)
    revocation, holder = Revocation.NOT_ASKED, None
    chain = TrustedChain(())

    def trusted() -> None:
        nonlocal chain
        intermediates = (*circumstances.intermediates, *carried)
        chain = build_chain(der, circumstances.anchors, intermediates, circumstances.moment)

    def not_revoked() -> None:
        nonlocal revocation
        source, policy = ListedRevocation(circumstances.lists), RevocationPolicy.IF_KNOWN
        revocation = require_not_revoked(chain, source, policy, circumstances.moment)

    def held() -> None:
        nonlocal holder
        strict = circumstances.strict_numbers
        holder = holder_of(certificate, right_to_sign=True, strict=strict)

    findings = [
        _finding("chain to a trusted anchor", trusted),
        _finding("key is for signing documents", lambda: require_for_signing(certificate)),
        _finding("holder and role", held),
    ]
    if circumstances.lists and chain.certificates:
        findings.append(_finding("not revoked, as far as the lists tell", not_revoked))
    return Inspection(tuple(findings), _algorithm(der), certificate, holder, revocation)


def _algorithm(der: bytes) -> str:
    with reading("certificate"):
        oid: str = load_certificate(der)["signature_algorithm"]["algorithm"].dotted
    try:
        return certificate_algorithm(oid).name
    except RefusedError:
        return oid


def _finding(name: str, check: Callable[[], None]) -> Finding:
    try:
        check()
    except RefusedError as error:
        return Finding(name, error.code, error.detail)
    return Finding(name)
