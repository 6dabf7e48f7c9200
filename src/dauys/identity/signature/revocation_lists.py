"""Lists of revoked certificates (CRL, RFC 5280 section 5), signed by the issuer.

Lists that speak for other issuers are refused. A list of changes (delta, section 5.2.4) counts
only together with the whole list that it changes. The national list has 20 MB: entries are
walked, not parsed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from asn1crypto import crl, x509

from dauys.core.errors import RefusedError
from dauys.identity.signature.algorithms import Algorithms
from dauys.identity.signature.asn1 import load_certificate, reading
from dauys.identity.signature.trust import SKEW

_NUMBER: Final = "2.5.29.20"
_BASE: Final = "2.5.29.27"
_ISSUING_POINT: Final = "2.5.29.28"
_CHANGES: Final = "2.5.29.46"
# Number, key identifier of the issuer, where changes are found: they change nothing.
_HARMLESS: Final = (_NUMBER, "2.5.29.35", _CHANGES)
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
    """Serial numbers that its issuer revoked, as known from `this_update` to `next_update`.

    `base` is None for a whole list, else the number of the list that this one changes;
    `removed` is what a list of changes takes off. `changes_at` are addresses of such a list.
    """

    this_update: datetime
    next_update: datetime
    serials: frozenset[int]
    number: int | None = None
    base: int | None = None
    removed: frozenset[int] = frozenset()
    changes_at: tuple[str, ...] = ()
    entries: bytes = field(default=b"", repr=False)

    def revoked_at(self, serial: int) -> datetime | None:
        """Since when `serial`, one of `serials`, is revoked; None where that cannot be read."""
        for found, start, end in _walk(self.entries):
            if found == serial:
                _, first = _element(self.entries, start, end, _INTEGER)
                with reading("revocation date"):
                    time = x509.Time.load(self.entries[first:end]).native
                    return time if isinstance(time, datetime) and time.tzinfo else None
        return None

    def changed_by(self, changes: "RevocationList") -> "RevocationList":
        """Make `changes` to this list. Raises RefusedError("wrong_content") for changes to another.

        RFC 5280 section 5.2.4: the changes are to this list or an older one, and are not older.
        """
        fits = (
            self.base is None
            and self.number is not None
            and changes.base is not None
            and changes.number is not None
            and changes.base <= self.number <= changes.number
        )
        if not fits:
            raise RefusedError("wrong_content", "changes of another revocation list")
        return replace(
            self,
            this_update=changes.this_update,
            next_update=changes.next_update,
            serials=(self.serials - changes.removed) | changes.serials,
            entries=self.entries + changes.entries,
        )


def read_list(data: bytes, issuer: bytes, algorithms: Algorithms) -> RevocationList:
    """Parse a list (DER) and check that `issuer` (certificate, DER) signed it.

    Raises RefusedError: `unreadable`, `untrusted` (of another issuer), `bad_signature`,
    `old_gost` and its like. Whether it is current, and whole, is for the caller to see.
    """
    with reading("revocation list"):
        signed = crl.CertificateList.load(data, strict=True)
        unsigned = signed["tbs_cert_list"]
        oid = signed["signature_algorithm"]["algorithm"].dotted
        if unsigned["signature"]["algorithm"].dotted != oid:
            raise RefusedError("unreadable", "revocation list of two algorithms")
        key_info = _key_of_issuer(issuer, unsigned["issuer"])
        algorithms.of_certificate(oid).verify(
            key_info, unsigned.dump(), bytes(signed["signature"].native)
        )
        extensions = {one["extn_id"].dotted: one for one in unsigned["crl_extensions"]}
        _require_plain(extensions)
        times = unsigned["this_update"].native, unsigned["next_update"].native
        if any(time is None or time.tzinfo is None for time in times):
            raise RefusedError("unreadable", "revocation list without an end")
        base = _integer(extensions, _BASE)
        removed = _removed(unsigned) if base is not None else frozenset()
        entries = unsigned["revoked_certificates"].contents or b""
        return RevocationList(
            *times,
            frozenset(serial for serial, _, _ in _walk(entries)) - removed,
            _integer(extensions, _NUMBER),
            base,
            removed,
            _addresses(extensions),
            entries,
        )


def require_current(listed: RevocationList, moment: datetime) -> None:
    """Raise RefusedError, `expired` or `not_yet_valid`, unless `listed` counts at `moment`."""
    if listed.this_update > moment + SKEW:
        raise RefusedError("not_yet_valid", "revocation list")
    if listed.next_update <= moment:
        raise RefusedError("expired", "revocation list")


def require_whole(listed: RevocationList) -> None:
    """Raise RefusedError("unreadable") for a list of changes."""
    if listed.base is not None:
        raise RefusedError("unreadable", "changes without the revocation list")


def _key_of_issuer(issuer: bytes, name: Any) -> bytes:  # noqa: ANN401 - an asn1crypto value
    certificate = load_certificate(issuer)
    usage = certificate.key_usage_value
    if certificate.subject != name:
        raise RefusedError("untrusted", "revocation list of another issuer")
    if usage is not None and "crl_sign" not in usage.native:
        raise RefusedError("untrusted", "revocation list of one that signs none")
    key_info: bytes = certificate.public_key.dump()
    return key_info


def _require_plain(extensions: dict[str, Any]) -> None:
    for oid, extension in extensions.items():
        if oid == _ISSUING_POINT:
            point = extension["extn_value"].parsed
            if any(point[limit].native for limit in _LIMITING):
                raise RefusedError("unreadable", "part of a revocation list")
        elif oid not in (*_HARMLESS, _BASE) and extension["critical"].native:
            raise RefusedError("unreadable", f"revocation list with {oid}")


def _integer(extensions: dict[str, Any], oid: str) -> int | None:
    return int(extensions[oid]["extn_value"].parsed.native) if oid in extensions else None


def _addresses(extensions: dict[str, Any]) -> tuple[str, ...]:
    points = extensions[_CHANGES]["extn_value"].parsed if _CHANGES in extensions else ()
    return tuple(
        name.native
        for point in points
        if point["distribution_point"].name == "full_name"
        for name in point["distribution_point"].chosen
        if name.name == "uniform_resource_identifier"
    )


def _removed(unsigned: Any) -> frozenset[int]:  # noqa: ANN401 - an asn1crypto value
    return frozenset(
        entry["user_certificate"].native
        for entry in unsigned["revoked_certificates"]
        if entry.crl_reason_value is not None and entry.crl_reason_value.native == "remove_from_crl"
    )


def _walk(entries: bytes) -> Iterator[tuple[int, int, int]]:
    """Serial number, the first field, and place of the contents of each entry. ValueError."""
    place = 0
    while place < len(entries):
        start, end = _element(entries, place, len(entries), _SEQUENCE)
        first, last = _element(entries, start, end, _INTEGER)
        yield int.from_bytes(entries[first:last], signed=True), start, end
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
