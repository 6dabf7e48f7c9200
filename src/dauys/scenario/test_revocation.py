"""What the test authority says of its certificates: revocation lists and OCSP answers.

Made as the national CA makes them, and wrong in every way a caller asks for.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from asn1crypto import core, crl, ocsp, x509

from dauys.identity.signature.asn1 import key_bits
from dauys.scenario.test_ca import Leaf, signature_algorithm, time

DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ListOptions:
    """How a list is to be, besides who is on it."""

    lifetime: timedelta | None = DAY
    """Until the next one; None leaves that out."""
    revoked_at: datetime | None = None
    """Since when; None for the time of the list."""
    extensions: tuple[crl.TBSCertListExtension, ...] = ()
    number: int = 1


@dataclass(frozen=True, slots=True)
class AnswerOptions:
    """How an OCSP answer is to be, besides its status."""

    lifetime: timedelta | None = DAY
    revoked_at: datetime | None = None
    """Since when what is revoked is; None for the time of the answer."""
    responder: Leaf | None = None
    """Who signs instead of the issuer; the certificate goes along."""
    echo_nonce: bool = True
    nonce: bytes | None = None
    """Another one than asked with."""
    by_name: bool = False
    """Whether the responder is named by its subject instead of its key."""


def revocation_list(
    issuer: Leaf,
    now: datetime,
    revoked: Sequence[bytes] = (),
    options: ListOptions = ListOptions(),
) -> bytes:
    """CRL (DER) of `issuer` that names the certificates `revoked` (DER)."""
    kind = issuer.key.kind
    number = crl.TBSCertListExtension(
        {"extn_id": "crl_number", "extn_value": core.Integer(options.number)}
    )
    fields = {
        "version": "v2",
        # The national CA leaves NULL out inside and puts it outside.
        "signature": signature_algorithm(kind, parameters=False),
        "issuer": x509.Certificate.load(issuer.certificate).subject,
        "this_update": time(now),
        "crl_extensions": [number, *options.extensions],
    }
    if options.lifetime is not None:
        fields["next_update"] = time(now + options.lifetime)
    if revoked:
        since = time(options.revoked_at or now)
        fields["revoked_certificates"] = [
            {
                "user_certificate": _serial(certificate),
                "revocation_date": since,
            }
            for certificate in revoked
        ]
    unsigned = crl.TbsCertList(fields)
    signed = crl.CertificateList(
        {
            "tbs_cert_list": unsigned,
            "signature_algorithm": signature_algorithm(kind),
            "signature": issuer.key.sign(unsigned.dump()),
        }
    )
    return bytes(signed.dump())


def answer(
    request: bytes,
    issuer: Leaf,
    now: datetime,
    revoked: Sequence[bytes] = (),
    options: AnswerOptions = AnswerOptions(),
) -> bytes:
    """OCSP answer (DER) to `request` for one certificate of `issuer`."""
    asked = ocsp.OCSPRequest.load(request, strict=True)["tbs_request"]
    cert_id = asked["request_list"][0]["req_cert"]
    signer = options.responder or issuer
    data = ocsp.ResponseData(
        {
            "responder_id": _responder_id(signer, by_name=options.by_name),
            "produced_at": now.astimezone(UTC),
            "responses": [_single(cert_id, issuer, now, revoked, options)],
            "response_extensions": _nonce(asked, options),
        }
    )
    basic = {
        "tbs_response_data": data,
        "signature_algorithm": signature_algorithm(signer.key.kind),
        "signature": signer.key.sign(data.dump()),
    }
    if options.responder is not None:
        basic["certs"] = [x509.Certificate.load(options.responder.certificate)]
    return _successful(ocsp.BasicOCSPResponse(basic))


def _successful(basic: ocsp.BasicOCSPResponse) -> bytes:
    carried = {"response_type": "basic_ocsp_response", "response": basic}
    response = ocsp.OCSPResponse({"response_status": "successful", "response_bytes": carried})
    return bytes(response.dump())


def _single(
    cert_id: ocsp.CertId,
    issuer: Leaf,
    now: datetime,
    revoked: Sequence[bytes],
    options: AnswerOptions,
) -> ocsp.SingleResponse:
    name = x509.Certificate.load(issuer.certificate).subject.dump()
    ours = cert_id["issuer_name_hash"].native == hashlib.sha256(name).digest()
    serials = {_serial(certificate) for certificate in revoked}
    if not ours:
        status = ocsp.CertStatus("unknown", core.Null())
    elif cert_id["serial_number"].native in serials:
        since = (options.revoked_at or now).astimezone(UTC).replace(microsecond=0)
        revocation = {"revocation_time": since, "revocation_reason": "key_compromise"}
        status = ocsp.CertStatus("revoked", ocsp.RevokedInfo(revocation))
    else:
        status = ocsp.CertStatus("good", core.Null())
    fields = {"cert_id": cert_id, "cert_status": status, "this_update": now.astimezone(UTC)}
    if options.lifetime is not None:
        fields["next_update"] = now.astimezone(UTC) + options.lifetime
    return ocsp.SingleResponse(fields)


def _nonce(asked: ocsp.TBSRequest, options: AnswerOptions) -> list[dict[str, object]] | None:
    nonce = options.nonce
    if nonce is None and options.echo_nonce:
        for extension in asked["request_extensions"]:
            if extension["extn_id"].native == "nonce":
                nonce = extension["extn_value"].parsed.native
    return None if nonce is None else [{"extn_id": "nonce", "extn_value": core.OctetString(nonce)}]


def _serial(certificate: bytes) -> int:
    return int(x509.Certificate.load(certificate).serial_number)


def _responder_id(leaf: Leaf, *, by_name: bool) -> ocsp.ResponderId:
    if by_name:
        return ocsp.ResponderId("by_name", x509.Certificate.load(leaf.certificate).subject)
    key_hash = hashlib.sha1(key_bits(leaf.key.key_info), usedforsecurity=False).digest()
    return ocsp.ResponderId("by_key", key_hash)
