"""Lists of revoked certificates (CRL, RFC 5280 section 5), read whole and signed by the issuer.

Lists of changes (delta) and lists that speak for other issuers are refused. The national
list has 20 MB: entries are walked, not parsed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from asn1crypto import crl

from dauys.core.errors import RefusedError
from dauys.identity.signature.algorithms import certificate_algorithm
from dauys.identity.signature.asn1 import load_certificate, reading
from dauys.identity.signature.trust import SKEW

# Number, key identifier of the issuer, where changes are found: they change nothing.
_HARMLESS: Final = ("2.5.29.20", "2.5.29.35", "2.5.29.46")
_ISSUING_POINT: Final = "2.5.29.28"
_LIMITING: Final = (
    "only_contains_user_certs",
    "only_contains_ca_certs",
    "only_some_reasons",
    "indirect_crl",
    "only_contains_attribute_certs",
)
_SEQUENCE: Final = 0x30
_INTEGER: Final = 0x02


@dataclass(frozen=True, slots=True)
class RevocationList:
    """Serial numbers that its issuer revoked, as known from `this_update` to `next_update`."""

    this_update: datetime
    next_update: datetime
    serials: frozenset[int]


def read_list(data: bytes, issuer: bytes) -> RevocationList:
    """Parse a list (DER) and check that `issuer` (certificate, DER) signed it.

    Raises RefusedError: `unreadable`, `untrusted` (of another issuer), `bad_signature`,
    `old_gost`. Whether it is current is for the caller to see.
    """
    with reading("revocation list"):
        signed = crl.CertificateList.load(data, strict=True)
        unsigned = signed["tbs_cert_list"]
        algorithm = signed["signature_algorithm"]["algorithm"].dotted
        if unsigned["signature"]["algorithm"].dotted != algorithm:
            raise RefusedError("unreadable", "revocation list of two algorithms")
        key_info = _key_of_issuer(issuer, unsigned["issuer"].dump())
        signature = bytes(signed["signature"].native)
        certificate_algorithm(algorithm).verify(key_info, unsigned.dump(), signature)
        _require_whole(unsigned["crl_extensions"])
        times = unsigned["this_update"].native, unsigned["next_update"].native
        if any(time is None or time.tzinfo is None for time in times):
            raise RefusedError("unreadable", "revocation list without an end")
        serials = frozenset(_serials(unsigned["revoked_certificates"].contents or b""))
        return RevocationList(*times, serials)


def require_current(listed: RevocationList, moment: datetime) -> None:
    """Raise RefusedError, `expired` or `not_yet_valid`, unless `listed` counts at `moment`."""
    if listed.this_update > moment + SKEW:
        raise RefusedError("not_yet_valid", "revocation list")
    if listed.next_update <= moment:
        raise RefusedError("expired", "revocation list")


def _key_of_issuer(issuer: bytes, name: bytes) -> bytes:
    certificate = load_certificate(issuer)
    usage = certificate.key_usage_value
    if certificate.subject.dump() != name:
        raise RefusedError("untrusted", "revocation list of another issuer")
    if usage is not None and "crl_sign" not in usage.native:
        raise RefusedError("untrusted", "revocation list of one that signs none")
    key_info: bytes = certificate.public_key.dump()
    return key_info


def _require_whole(extensions: Any) -> None:  # noqa: ANN401 - an asn1crypto value
    for extension in extensions:
        oid = extension["extn_id"].dotted
        if oid == _ISSUING_POINT:
            point = extension["extn_value"].parsed
            if any(point[field].native for field in _LIMITING):
                raise RefusedError("unreadable", "part of a revocation list")
        elif oid not in _HARMLESS and extension["critical"].native:
            # 2.5.29.27, the mark of a list of changes, is one of these.
            raise RefusedError("unreadable", f"revocation list with {oid}")


def _serials(entries: bytes) -> Iterator[int]:
    """Serial number, the first field, of each entry. Raises ValueError."""
    place = 0
    while place < len(entries):
        start, end = _element(entries, place, len(entries), _SEQUENCE)
        first, last = _element(entries, start, end, _INTEGER)
        yield int.from_bytes(entries[first:last], signed=True)
        place = end


def _element(data: bytes, place: int, limit: int, tag: int) -> tuple[int, int]:
    """Where the contents of the element at `place` start and end: X.690 section 8.1.3."""
    if place + 2 > limit or data[place] != tag:
        raise ValueError("not the element expected")
    length, start = data[place + 1], place + 2
    if length >= 0x80:
        count = length - 0x80
        if not 1 <= count <= 3:
            raise ValueError("length of an unknown form")
        length = int.from_bytes(data[start : start + count])
        start += count
    if not length or start + length > limit:
        raise ValueError("element of a wrong length")
    return start, start + length
