"""What a certificate says of its holder, as written; a `profile` says what it means.

Subject fields are read by object identifier, since their order varies.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from dauys.identity.signature.asn1 import load_certificate, reading

COMMON_NAME: Final = "2.5.4.3"
SURNAME: Final = "2.5.4.4"
SERIAL_NUMBER: Final = "2.5.4.5"
COUNTRY: Final = "2.5.4.6"
ORGANISATION: Final = "2.5.4.10"
UNIT: Final = "2.5.4.11"
GIVEN_NAME: Final = "2.5.4.42"

FOR_SIGNING: Final = "1.3.6.1.5.5.7.3.4"  # e-mail protection: what it is called in X.509
FOR_AUTHENTICATION: Final = "1.3.6.1.5.5.7.3.2"


@dataclass(frozen=True, slots=True)
class Certificate:
    """The fields of a certificate that matter here."""

    subject: tuple[tuple[str, str], ...]
    """Object identifier and text of each subject field, in order."""
    key_usage: frozenset[str]
    purposes: frozenset[str]
    """Object identifiers of the extended key usage."""
    not_before: datetime
    not_after: datetime

    def values(self, oid: str) -> tuple[str, ...]:
        """Texts of the subject fields with this identifier."""
        return tuple(text for field, text in self.subject if field == oid)


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


def _fields(subject: Any) -> Iterable[tuple[str, str]]:  # noqa: ANN401 - an asn1crypto value
    for relative_name in subject.chosen:
        for pair in relative_name:
            yield pair["type"].dotted, str(pair["value"].native)
