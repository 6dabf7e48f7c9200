"""What a certificate of the national CA says of its holder.

Subject fields are read by object identifier, since their order varies: 2.5.4.3 surname and
name, 2.5.4.42 the *patronymic* (elsewhere a given name), 2.5.4.5 `IIN` and twelve digits,
2.5.4.11 `BIN` and twelve digits, 2.5.4.10 the organisation. The extended key usage tells what
the key is for and which role its holder has.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from dauys.core.errors import MalformedError, RefusedError
from dauys.identity.numbers import parse_bin, parse_iin
from dauys.identity.signature.asn1 import load_certificate, reading

COMMON_NAME: Final = "2.5.4.3"
SURNAME: Final = "2.5.4.4"
SERIAL_NUMBER: Final = "2.5.4.5"
COUNTRY: Final = "2.5.4.6"
ORGANISATION: Final = "2.5.4.10"
UNIT: Final = "2.5.4.11"
PATRONYMIC: Final = "2.5.4.42"

FOR_SIGNING: Final = "1.3.6.1.5.5.7.3.4"
FOR_AUTHENTICATION: Final = "1.3.6.1.5.5.7.3.2"
INDIVIDUAL: Final = "1.2.398.3.3.4.1.1"
LEGAL_ENTITY: Final = "1.2.398.3.3.4.1.2"
FIRST_HEAD: Final = "1.2.398.3.3.4.1.2.1"
RIGHT_TO_SIGN: Final = "1.2.398.3.3.4.1.2.2"

PURPOSES: Final = {
    FOR_SIGNING: "signing",
    FOR_AUTHENTICATION: "authentication",
    INDIVIDUAL: "individual",
    LEGAL_ENTITY: "legal entity",
    FIRST_HEAD: "first head",
    RIGHT_TO_SIGN: "right to sign",
    "1.2.398.3.3.4.1.2.3": "right to sign for finance",
    "1.2.398.3.3.4.1.2.4": "staff officer",
    "1.2.398.3.3.4.1.2.5": "employee",
}
"""What the object identifiers of the extended key usage mean."""

_KEY_USAGE: Final = {"digital_signature", "non_repudiation"}


class Role(StrEnum):
    """As whom the holder signs."""

    INDIVIDUAL = "individual"
    FIRST_HEAD = "first_head"
    RIGHT_TO_SIGN = "right_to_sign"


@dataclass(frozen=True, slots=True)
class Certificate:
    """The fields of a certificate that matter here, as written; see `holder_of`."""

    subject: tuple[tuple[str, str], ...]
    """Object identifier and text of each subject field, in order."""
    key_usage: frozenset[str]
    purposes: frozenset[str]
    """Object identifiers of the extended key usage."""
    not_before: datetime
    not_after: datetime


@dataclass(frozen=True, slots=True)
class Holder:
    """Who signs: a person, and for whom. `bin` and `organisation` are None for oneself."""

    iin: str
    bin: str | None
    name: str
    organisation: str | None
    role: Role


def read_certificate(data: bytes) -> Certificate:
    """Parse a certificate, DER or PEM. Raises RefusedError("unreadable")."""
    certificate = load_certificate(data)
    with reading("certificate"):
        usage = certificate.key_usage_value
        purposes = certificate.extended_key_usage_value
        return Certificate(
            subject=tuple(_fields(certificate.subject)),
            key_usage=frozenset(usage.native) if usage else frozenset(),
            purposes=frozenset(purpose.dotted for purpose in purposes or ()),
            not_before=certificate.not_valid_before,
            not_after=certificate.not_valid_after,
        )


def require_for_signing(certificate: Certificate) -> None:
    """Raise RefusedError("not_for_signing") unless the key is for signing documents."""
    if FOR_SIGNING not in certificate.purposes or not certificate.key_usage >= _KEY_USAGE:
        raise RefusedError("not_for_signing")


def holder_of(certificate: Certificate, *, right_to_sign: bool, strict: bool) -> Holder:
    """Person, organisation and role of the certificate's holder.

    An organisation is spoken for by its first head, and where `right_to_sign` is set by whoever
    has that right. `strict` checks dates and check digits of the numbers. Raises RefusedError:
    `wrong_role`, `no_number`.
    """
    iin = _number(certificate, SERIAL_NUMBER, "IIN", strict=strict)
    if iin is None:
        raise RefusedError("no_number", "IIN")
    organisation = _number(certificate, UNIT, "BIN", strict=strict)
    role = _role(certificate.purposes, organisation is not None, right_to_sign=right_to_sign)
    name = " ".join((*_values(certificate, COMMON_NAME)[:1], *_values(certificate, PATRONYMIC)[:1]))
    titles = _values(certificate, ORGANISATION)
    return Holder(
        iin=iin,
        bin=organisation,
        name=name,
        organisation=titles[0] if organisation and titles else None,
        role=role,
    )


def _fields(subject: Any) -> Iterable[tuple[str, str]]:  # noqa: ANN401 - an asn1crypto value
    for relative_name in subject.chosen:
        for pair in relative_name:
            yield pair["type"].dotted, str(pair["value"].native)


def _values(certificate: Certificate, oid: str) -> list[str]:
    return [text for field, text in certificate.subject if field == oid]


def _number(certificate: Certificate, oid: str, prefix: str, *, strict: bool) -> str | None:
    found = [text for text in _values(certificate, oid) if text.startswith(prefix)]
    if not found:
        return None
    if len(found) > 1:
        raise RefusedError("no_number", f"two of {prefix}")
    parse = parse_iin if prefix == "IIN" else parse_bin
    try:
        return parse(found[0].removeprefix(prefix), strict=strict).digits
    except MalformedError as error:
        raise RefusedError("no_number", f"{prefix}: {error.why}") from error


def _role(purposes: frozenset[str], for_organisation: bool, *, right_to_sign: bool) -> Role:  # noqa: FBT001 - a private two-way switch
    if not for_organisation:
        if INDIVIDUAL in purposes and LEGAL_ENTITY not in purposes:
            return Role.INDIVIDUAL
        raise RefusedError("wrong_role", "not an individual's certificate")
    if FIRST_HEAD in purposes:
        return Role.FIRST_HEAD
    if RIGHT_TO_SIGN in purposes and right_to_sign:
        return Role.RIGHT_TO_SIGN
    raise RefusedError("wrong_role", "not the first head of the organisation")
