"""Everything that can be said of a signature or a certificate, for people who look into one.

The desk stops at the first fault; here each check is told. Nothing is fetched: revocation is
looked up in lists at hand.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Final

from dauys.core.errors import RefusedError
from dauys.identity.signature.algorithms import Algorithms
from dauys.identity.signature.asn1 import load_certificate, reading, unarmoured
from dauys.identity.signature.certificates import Certificate, read_certificate
from dauys.identity.signature.cms import (
    SignedMessage,
    certificates_of_signers,
    check_signed_message,
    read_signed_message,
)
from dauys.identity.signature.profile import Holder, Profile
from dauys.identity.signature.revocation import ListedRevocation
from dauys.identity.signature.trust import (
    Revocation,
    RevocationPolicy,
    Trust,
    TrustedChain,
    require_not_revoked,
)

_OF_CONTENT: Final = ("not_attached", "wrong_content")


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What to trust, and when. Certificates are DER or PEM, lists too."""

    trust: Trust
    profile: Profile
    lists: tuple[bytes, ...]
    moment: datetime


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
class Subject:
    """Whose certificate it is, as written in it, right or wrong; empty for what it lacks."""

    person: str
    organisation: str
    name: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was found. What there was no certificate to tell of is None."""

    findings: tuple[Finding, ...]
    algorithm: str = ""
    """Of the signature looked at: over the message, or under the certificate."""
    certificate: Certificate | None = None
    subject: Subject | None = None
    holder: Holder | None = None
    revocation: Revocation = Revocation.NOT_ASKED
    claimed_time: datetime | None = None
    signers: tuple[Subject, ...] = ()
    """Of a message that more than one signed: nothing about them was checked."""

    @property
    def ok(self) -> bool:
        """Whether every check holds."""
        return all(finding.ok for finding in self.findings)

    @property
    def fault(self) -> Finding | None:
        """The first check that does not hold."""
        return next((finding for finding in self.findings if not finding.ok), None)


def inspect_message(
    data: bytes, circumstances: Circumstances, detached: bytes | None = None
) -> Inspection:
    """Check a signed message (CMS; DER, PEM or base64) with its signer's certificate.

    `detached` is the content if it travels apart. Raises RefusedError("unreadable").
    """
    der = unarmoured(data)
    try:
        message, content = _read(der, detached)
    except RefusedError as error:
        if error.code != "two_signers":
            raise
        signers = tuple(
            _subject(read_certificate(one), circumstances.profile)
            for one in certificates_of_signers(der)
        )
        return Inspection((Finding("one signer", error.code, error.detail),), signers=signers)
    name = ""

    def signature() -> None:
        nonlocal name
        name = check_signed_message(message, circumstances.profile.algorithms).name

    first = content if content.code else _finding(content.name, signature)
    found = _inspect(message.certificate, circumstances, message.other_certificates)
    return replace(
        found,
        findings=(first, *found.findings),
        algorithm=name or _algorithm(message, circumstances.profile.algorithms),
        claimed_time=message.claimed_time,
    )


def inspect_certificate(data: bytes, circumstances: Circumstances) -> Inspection:
    """Check a certificate of a signer (DER, PEM, base64). Raises RefusedError("unreadable")."""
    return _inspect(unarmoured(data), circumstances, ())


def _read(der: bytes, detached: bytes | None) -> tuple[SignedMessage, Finding]:
    """The message, and what is to be said of its content."""
    name = "signature over the content"
    try:
        return read_signed_message(der, detached), Finding(name)
    except RefusedError as error:
        if error.code not in _OF_CONTENT:
            raise
        # All but the content can be looked at.
        missing = b"" if error.code == "not_attached" else None
        return read_signed_message(der, missing), Finding(name, error.code, error.detail)


def _inspect(der: bytes, circumstances: Circumstances, carried: tuple[bytes, ...]) -> Inspection:
    certificate, profile = read_certificate(der), circumstances.profile
    moment = circumstances.moment
    revocation, holder = Revocation.NOT_ASKED, None
    chain: TrustedChain | None = None

    def trusted() -> None:
        nonlocal chain
        chain = circumstances.trust.chain(der, carried, moment)

    def not_revoked() -> None:
        nonlocal revocation
        source = ListedRevocation(circumstances.lists, profile.algorithms)
        try:
            known = _require(chain)
            require_not_revoked(known, source, RevocationPolicy.IF_KNOWN, moment)
            # Lists of roots are seldom at hand: what is asked about is the signer.
            for issuer, signer in tuple(pairwise(known.certificates))[-1:]:
                revocation = source.status(signer, issuer, moment)
        except RefusedError:
            revocation = Revocation.REVOKED
            raise

    def held() -> None:
        nonlocal holder
        holder = profile.holder_of(certificate)

    findings = [
        _finding("chain to a trusted anchor", trusted),
        _finding("key is for signing documents", lambda: profile.require_for_signing(certificate)),
        _finding("holder and role", held),
    ]
    if circumstances.lists and chain is not None:
        findings.append(_finding("not revoked, as far as the lists tell", not_revoked))
    return Inspection(
        tuple(findings),
        _certificate_algorithm(der, profile.algorithms),
        certificate,
        _subject(certificate, profile),
        holder,
        revocation,
    )


def _subject(certificate: Certificate, profile: Profile) -> Subject:
    person, organisation = profile.numbers_of(certificate)
    return Subject(
        person, organisation, profile.name_of(certificate), profile.roles_of(certificate)
    )


def _require(chain: TrustedChain | None) -> TrustedChain:
    if chain is None:
        raise RefusedError("untrusted")
    return chain


def _algorithm(message: SignedMessage, algorithms: Algorithms) -> str:
    try:
        return algorithms.find(message.signature_oid, message.digest_oid).name
    except RefusedError as error:
        return error.detail


def _certificate_algorithm(der: bytes, algorithms: Algorithms) -> str:
    with reading("certificate"):
        oid: str = load_certificate(der)["signature_algorithm"]["algorithm"].dotted
    try:
        return algorithms.of_certificate(oid).name
    except RefusedError:
        return oid


def _finding(name: str, check: Callable[[], None]) -> Finding:
    try:
        check()
    except RefusedError as error:
        return Finding(name, error.code, error.detail)
    return Finding(name)
