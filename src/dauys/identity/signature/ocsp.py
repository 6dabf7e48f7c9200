"""Asking whether one certificate was revoked (OCSP, RFC 6960), and believing the answer.

An answer counts if the issuer signed it, or a responder whose certificate the issuer signed for
that purpose. Such a responder's own certificate is not asked about: it is to be short-lived.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from asn1crypto import core, ocsp, x509

from dauys.core.errors import RefusedError
from dauys.identity.signature.algorithms import Algorithms
from dauys.identity.signature.asn1 import key_bits, load_certificate, reading
from dauys.identity.signature.trust import SKEW, Revocation, check_certificate_signed

REQUEST: Final = "application/ocsp-request"
MAX_ANSWER: Final = 65_536
_SHA256: Final = "2.16.840.1.101.3.4.2.1"
_WITHOUT_END: Final = timedelta(hours=1)
"""For how long an answer counts that does not say it."""


@dataclass(frozen=True, slots=True)
class Question:
    """A certificate asked about: CertID of RFC 6960 section 4.1.1, by SHA-256."""

    name_hash: bytes
    key_hash: bytes
    serial: int
    nonce: bytes

    @classmethod
    def about(cls, certificate: bytes, issuer: bytes, nonce: bytes) -> "Question":
        """Ask for `certificate` of `issuer` (DER). Raises RefusedError("unreadable")."""
        subject, authority = load_certificate(certificate), load_certificate(issuer)
        with reading("certificate"):
            return cls(
                hashlib.sha256(authority.subject.dump()).digest(),
                hashlib.sha256(key_bits(authority.public_key.dump())).digest(),
                subject.serial_number,
                nonce,
            )

    def encode(self) -> bytes:
        """OCSPRequest, DER."""
        identifier = {
            "hash_algorithm": {"algorithm": _SHA256, "parameters": core.Null()},
            "issuer_name_hash": self.name_hash,
            "issuer_key_hash": self.key_hash,
            "serial_number": self.serial,
        }
        extensions = [{"extn_id": "nonce", "extn_value": core.OctetString(self.nonce)}]
        asked = {"request_list": [{"req_cert": identifier}], "request_extensions": extensions}
        return bytes(ocsp.OCSPRequest({"tbs_request": asked}).dump())


@dataclass(frozen=True, slots=True)
class Answer:
    """What an authority says, and until when. `revoked_at` is known only of REVOKED ones."""

    status: Revocation
    until: datetime
    revoked_at: datetime | None = None

    def as_of(self, signed: datetime | None) -> Revocation:
        """The status, as it was at `signed`: what was revoked later was good then."""
        late = signed is not None and self.revoked_at is not None and self.revoked_at > signed
        return Revocation.GOOD if late else self.status


def read_answer(
    data: bytes, question: Question, issuer: bytes, moment: datetime, algorithms: Algorithms
) -> Answer:
    """Check an answer (DER) about a certificate of `issuer` at `moment`.

    A responder that leaves the nonce out is believed; another nonce is not. Raises
    RefusedError: `unreadable`, `wrong_content` (about something else), `expired`,
    `not_yet_valid`, `untrusted`, `bad_signature`, `old_gost`.
    """
    with reading("ocsp"):
        response = ocsp.OCSPResponse.load(data, strict=True)
        if response["response_status"].native != "successful":
            raise RefusedError("unreadable", f"ocsp: {response['response_status'].native}")
        if response["response_bytes"]["response_type"].native != "basic_ocsp_response":
            raise RefusedError("unreadable", "ocsp: not a basic response")
        basic = response["response_bytes"]["response"].parsed
        said = basic["tbs_response_data"]
        _check_signature(basic, issuer, moment, algorithms)
        _check_nonce(said, question)
        return _answer(_about(said, question), moment)


def _answer(single: Any, moment: datetime) -> Answer:  # noqa: ANN401 - an asn1crypto value
    since = single["this_update"].native
    until = single["next_update"].native or since + _WITHOUT_END
    if since > moment + SKEW:
        raise RefusedError("not_yet_valid", "ocsp")
    if until <= moment:
        raise RefusedError("expired", "ocsp")
    status = single["cert_status"]
    if status.name == "revoked":
        return Answer(Revocation.REVOKED, until, status.chosen["revocation_time"].native)
    return Answer(Revocation.GOOD if status.name == "good" else Revocation.UNKNOWN, until)


def _about(said: Any, question: Question) -> Any:  # noqa: ANN401 - asn1crypto values
    found = []
    for single in said["responses"]:
        identifier = single["cert_id"]
        if (
            identifier["hash_algorithm"]["algorithm"].dotted,
            identifier["issuer_name_hash"].native,
            identifier["issuer_key_hash"].native,
            identifier["serial_number"].native,
        ) == (_SHA256, question.name_hash, question.key_hash, question.serial):
            found.append(single)
    if len(found) != 1:
        raise RefusedError("wrong_content", f"ocsp: {len(found)} answers to the question")
    return found[0]


def _check_nonce(said: Any, question: Question) -> None:  # noqa: ANN401 - an asn1crypto value
    for extension in said["response_extensions"]:
        if extension["extn_id"].native == "nonce":
            if extension["extn_value"].parsed.native != question.nonce:
                raise RefusedError("wrong_content", "ocsp: nonce")
        elif extension["critical"].native:
            raise RefusedError("unreadable", f"ocsp: {extension['extn_id'].dotted}")


def _check_signature(
    basic: Any,  # noqa: ANN401 - an asn1crypto value
    issuer: bytes,
    moment: datetime,
    algorithms: Algorithms,
) -> None:
    said, authority = basic["tbs_response_data"], load_certificate(issuer)
    responder = _responder(said["responder_id"], [authority, *(basic["certs"] or ())])
    if responder.dump() != authority.dump():
        _require_delegate(responder, authority, moment, algorithms)
    algorithm = algorithms.of_certificate(basic["signature_algorithm"]["algorithm"].dotted)
    signature = bytes(basic["signature"].native)
    algorithm.verify(responder.public_key.dump(), said.dump(), signature)


def _responder(named: Any, certificates: list[x509.Certificate]) -> x509.Certificate:  # noqa: ANN401 - an asn1crypto value
    """The first of `certificates` that the answer names."""
    for certificate in certificates:
        if named.name == "by_name":
            same = certificate.subject.dump() == named.chosen.untag().dump()
        else:
            bits = key_bits(certificate.public_key.dump())
            # RFC 6960 section 4.2.1: a name for the key, which need not be secure.
            same = hashlib.sha1(bits, usedforsecurity=False).digest() == named.native
        if same:
            return certificate
    raise RefusedError("untrusted", "ocsp: responder without a certificate")


def _require_delegate(
    responder: x509.Certificate,
    authority: x509.Certificate,
    moment: datetime,
    algorithms: Algorithms,
) -> None:
    """RFC 6960 section 4.2.2.2: issued by the issuer itself, and for this."""
    purposes, usage = responder.extended_key_usage_value, responder.key_usage_value
    if purposes is None or "ocsp_signing" not in purposes.native:
        raise RefusedError("untrusted", "ocsp: responder not for this")
    if usage is not None and "digital_signature" not in usage.native:
        raise RefusedError("untrusted", "ocsp: responder does not sign")
    if responder.issuer.dump() != authority.subject.dump():
        raise RefusedError("untrusted", "ocsp: responder of another issuer")
    if not responder.not_valid_before <= moment <= responder.not_valid_after:
        raise RefusedError("expired", "ocsp: responder")
    check_certificate_signed(
        algorithms,
        authority.public_key.dump(),
        responder["signature_algorithm"]["algorithm"].dotted,
        responder["tbs_certificate"].dump(),
        bytes(responder["signature_value"].native),
    )
