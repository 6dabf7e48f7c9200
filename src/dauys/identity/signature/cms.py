"""Signed messages (CMS, RFC 5652) as signing software makes them.

Accepted is one form: SignedData, content inside or handed in, exactly one signer who comes with
a certificate, signed attributes with the content's type and digest. Whether the certificate is
worth anything is for `trust` and `profile`.
"""

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from hmac import compare_digest
from typing import Any, Final

from asn1crypto import cms

from dauys.core.errors import RefusedError
from dauys.identity.signature.algorithms import Algorithm, Algorithms
from dauys.identity.signature.asn1 import reading

MAX_CERTIFICATES: Final = 32
"""Signer, intermediate and root are three; cross-certified authorities bring more."""

_INDEFINITE: Final = 0x80
_SET_OF: Final = b"\x31"
_SEQUENCE: Final = b"\x30"
_VERSIONS: Final = ("v1", "v3", "v4", "v5")
_NO_PARAMETERS: Final = (b"", b"\x05\x00")


@dataclass(frozen=True, slots=True)
class SignedMessage:
    """A message as parsed; nothing is verified yet. Certificates are DER."""

    content: bytes
    certificate: bytes
    other_certificates: tuple[bytes, ...]
    key_info: bytes
    """SubjectPublicKeyInfo of `certificate`, DER."""
    signature_oid: str
    digest_oid: str
    message_digest: bytes
    signed_attributes: tuple[bytes, ...]
    """What the signature is over: as sent, and sorted as DER wants it where that differs."""
    signature: bytes = field(repr=False)
    claimed_time: datetime | None = None
    """When the signer says that it was; nobody vouches for it."""
    oddity: str = ""
    """What is not as RFC 5652 has it in what nobody signed; told once the algorithm is known."""


def read_signed_message(data: bytes, detached: bytes | None = None) -> SignedMessage:
    """Parse a signature, DER or BER; `detached` is the content if it travels apart.

    Raises RefusedError: `unreadable`, `two_signers`, `not_attached`, `wrong_content` (another
    content is attached).
    """
    with reading("cms"):
        outer = cms.ContentInfo.load(data, strict=True)
        if outer["content_type"].native != "signed_data":
            raise RefusedError("unreadable", "not signed data")
        signed = outer["content"]
        signers = list(signed["signer_infos"])
        if len(signers) > 1:
            raise RefusedError("two_signers", str(len(signers)))
        if not signers:
            raise RefusedError("unreadable", "no signer")
        content = _content(signed["encap_content_info"], detached)
        message = _message(content, signers[0], _certificates(signed))
        return replace(message, oddity=_oddity(signed, signers[0]))


def certificates_of_signers(data: bytes) -> tuple[bytes, ...]:
    """Certificates (DER) of however many signed, as far as they came along: for people to read.

    Raises RefusedError("unreadable").
    """
    with reading("cms"):
        signed = cms.ContentInfo.load(data, strict=True)["content"]
        found = _certificates(signed)
        named = [
            next((one for one in found if _is_named(signer["sid"], one)), None)
            for signer in list(signed["signer_infos"])[:MAX_CERTIFICATES]
        ]
        return tuple(one.dump() for one in named if one is not None)


def check_signed_message(message: SignedMessage, algorithms: Algorithms) -> Algorithm:
    """Return the algorithm of a signature that holds over content and attributes.

    Raises RefusedError: `bad_signature`, `unknown_algorithm`, `old_gost` and its like,
    `unreadable` (an oddity).
    """
    algorithm = algorithms.find(message.signature_oid, message.digest_oid)
    if message.oddity:
        raise RefusedError("unreadable", message.oddity)
    if not compare_digest(algorithm.digest(message.content), message.message_digest):
        raise RefusedError("bad_signature", "message digest")
    *others, last = message.signed_attributes
    for attributes in others:
        with suppress(RefusedError):
            algorithm.verify(message.key_info, attributes, message.signature)
            return algorithm
    algorithm.verify(message.key_info, last, message.signature)
    return algorithm


# asn1crypto has no type information: Any below is one of its values.


def _oddity(signed: Any, signer: Any) -> str:  # noqa: ANN401 - asn1crypto values
    """What is odd in what nobody signed, or empty: RFC 5652 sections 5.1 and 5.3.

    A digest that the message lists, no parameters where none belong, a version there is.
    """
    listed = [one["algorithm"].dotted for one in signed["digest_algorithms"]]
    if signer["digest_algorithm"]["algorithm"].dotted not in listed:
        return "digest is not listed"
    for one in (*signed["digest_algorithms"], signer["digest_algorithm"]):
        if one["parameters"].dump() not in _NO_PARAMETERS:
            return "digest with parameters"
    # Signatures of GOST may name the key, and its curve.
    written = signer["signature_algorithm"]["parameters"].dump()
    if written not in _NO_PARAMETERS and written[:1] != _SEQUENCE:
        return "signature with parameters"
    wanted = "v1" if signer["sid"].name == "issuer_and_serial_number" else "v3"
    if signer["version"].native != wanted or signed["version"].native not in _VERSIONS:
        return "version"
    return ""


def _content(info: Any, detached: bytes | None) -> bytes:  # noqa: ANN401 - an asn1crypto value
    if info["content_type"].native != "data":
        raise RefusedError("unreadable", "content is not data")
    content = info["content"].native
    if content is None:
        content = detached
    if content is None:
        raise RefusedError("not_attached")
    if detached is not None and content != detached:
        raise RefusedError("wrong_content", "another content is attached")
    return bytes(content)


def _certificates(signed: Any) -> list[Any]:  # noqa: ANN401 - an asn1crypto value
    found = signed["certificates"]
    if len(found) > MAX_CERTIFICATES:
        raise RefusedError("unreadable", f"{len(found)} certificates")
    return [choice.chosen for choice in found] if found else []


def _message(content: bytes, signer: Any, certificates: list[Any]) -> SignedMessage:  # noqa: ANN401 - an asn1crypto value
    certificate = _certificate_of(signer, certificates)
    attributes = signer["signed_attrs"]
    if _single(attributes, "content_type") != "data":
        raise RefusedError("unreadable", "signed content type")
    return SignedMessage(
        content=content,
        certificate=certificate.dump(),
        other_certificates=tuple(c.dump() for c in certificates if c is not certificate),
        key_info=certificate["tbs_certificate"]["subject_public_key_info"].dump(),
        signature_oid=signer["signature_algorithm"]["algorithm"].dotted,
        digest_oid=signer["digest_algorithm"]["algorithm"].dotted,
        message_digest=bytes(_single(attributes, "message_digest")),
        signed_attributes=_attribute_bytes(attributes),
        signature=bytes(signer["signature"].native),
        claimed_time=_claimed_time(attributes),
    )


def _certificate_of(signer: Any, certificates: list[Any]) -> Any:  # noqa: ANN401 - asn1crypto values
    found = [certificate for certificate in certificates if _is_named(signer["sid"], certificate)]
    if len({certificate.dump() for certificate in found}) != 1:
        raise RefusedError("unreadable", f"{len(found)} certificates of the signer")
    return found[0]


def _is_named(sid: Any, certificate: Any) -> bool:  # noqa: ANN401 - asn1crypto values
    """Whether a signer is named so: RFC 5652 section 5.3.

    Some software copies the issuer's name in other string types, or in another order: which
    certificate it is, the serial number and in the end the signature tell.
    """
    if sid.name == "subject_key_identifier":
        identifier = certificate.key_identifier_value
        return identifier is not None and identifier.native == sid.native
    inside = certificate["tbs_certificate"]
    if inside["serial_number"].native != sid.chosen["serial_number"].native:
        return False
    named, issuer = sid.chosen["issuer"], inside["issuer"]
    return named.dump() == issuer.dump() or _parts(named) == _parts(issuer)


def _parts(name: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - an asn1crypto value
    return sorted(
        (pair["type"].dotted, str(pair["value"].native))
        for relative in name.chosen
        for pair in relative
    )


def _claimed_time(attributes: Any) -> datetime | None:  # noqa: ANN401 - an asn1crypto value
    for attribute in attributes:
        if attribute["type"].native == "signing_time" and len(attribute["values"]) == 1:
            time = attribute["values"][0].native
            return time if isinstance(time, datetime) and time.tzinfo else None
    return None


def _single(attributes: Any, kind: str) -> Any:  # noqa: ANN401 - asn1crypto values
    """The one value of the one attribute `kind`: RFC 5652 sections 11.1 and 11.2."""
    found = [attribute for attribute in attributes if attribute["type"].native == kind]
    if len(found) != 1 or len(found[0]["values"]) != 1:
        raise RefusedError("unreadable", f"not one signed {kind}")
    return found[0]["values"][0].native


def _attribute_bytes(attributes: Any) -> tuple[bytes, ...]:  # noqa: ANN401 - an asn1crypto value
    """Attributes under the tag of a SET OF: RFC 5652 section 5.4.

    What is signed is the DER form, whatever form travels; but not all software sorts, and then
    some sign what they send.
    """
    parts = [attribute.dump() for attribute in attributes]
    in_order = b"".join(sorted(parts))
    length = len(in_order)
    size = length.to_bytes((length.bit_length() + 7) // 8 or 1)
    head = size if length < _INDEFINITE else bytes([_INDEFINITE | len(size)]) + size
    as_der = _SET_OF + head + in_order
    written: bytes = attributes.dump()
    if written[1] == _INDEFINITE:
        return (as_der,)
    as_sent = _SET_OF + written[1:]
    return (as_der,) if as_sent == as_der else (as_sent, as_der)
