"""Keeps codes that were asked for (`identity/code_ports.py` says what is asked of it)."""

import hashlib
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connections
from django.db.models import Count as CountOf
from django.db.models import Q

from dauys.conduct.code_watch import Conversion
from dauys.core.errors import RefusedError
from dauys.core.ids import ElectionId
from dauys.core.ports import Clock
from dauys.identity.code_limits import Asked, Count, Key, Origin, Usage
from dauys.identity.code_ports import CodeRecord, CodeStatus
from dauys.store.locks import exclusive
from dauys.store.models import CodeRow, KnownDevice, OutboxMessage


@dataclass(frozen=True, slots=True)
class DatabaseCodes:
    """Codes of one election."""

    election: ElectionId

    def locked(self, number: str) -> AbstractContextManager[None]:
        """One caller at a time works on the codes of `number`."""
        return exclusive(f"codes {self.election} {number}")

    def add(self, record: CodeRecord) -> None:
        """Keep a new record."""
        CodeRow.objects.create(request_id=record.request_id, **self._columns(record))

    def get(self, request_id: str) -> CodeRecord:
        """The record as last written. Raises RefusedError("unknown_request")."""
        row = CodeRow.objects.filter(pk=request_id, election=self.election).first()
        if row is None:
            raise RefusedError("unknown_request")
        return _record(row)

    def update(self, record: CodeRecord) -> None:
        """Replace the record of the same `request_id`."""
        CodeRow.objects.filter(pk=record.request_id).update(**self._columns(record))

    def remember(self, number: str, device: str, now: datetime) -> None:
        """Know that the voter identified on this device."""
        known = KnownDevice(
            election=self.election, number=number, device=_hash(device), seen_at=now
        )
        KnownDevice.objects.bulk_create(
            [known],
            update_conflicts=True,
            unique_fields=["election", "number", "device"],
            update_fields=["seen_at"],
        )

    def knows(self, number: str, device: str) -> bool:
        """Whether the voter has identified on this device before."""
        rows = KnownDevice.objects.filter(election=self.election, number=number)
        return rows.filter(device=_hash(device)).exists()

    def asked_for(self, number: str, since: datetime) -> tuple[Asked, ...]:
        """Codes for this voter asked for after `since`, oldest first."""
        rows = CodeRow.objects.filter(election=self.election, number=number, sent_at__gt=since)
        columns = rows.order_by("sent_at").values_list("sent_at", "address", "device")
        return tuple(Asked(at, Origin(address, device)) for at, address, device in columns)

    def usage(self, counts: Sequence[Count]) -> tuple[Usage, ...]:
        """Answers, in the order of the questions: one query for all of them."""
        connection = connections["default"]
        table = CodeRow._meta.db_table  # noqa: SLF001 -- public by convention
        parts, values = [], []
        for place, count in enumerate(counts):
            own = "" if count.key is Key.ALL else f" AND {count.key} = %s"
            parts.append(
                f"SELECT {place} AS place, COUNT(*),"  # noqa: S608 -- names of columns are ours
                f" COALESCE(SUM(CASE WHEN entered THEN 1 ELSE 0 END), 0)"
                f" FROM {table} WHERE election = %s AND sent_at > %s{own}"
            )
            since = connection.ops.adapt_datetimefield_value(count.since)
            values += [self.election, since, *([] if count.key is Key.ALL else [count.value])]
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts) + " ORDER BY place", values)
            return tuple(Usage(asked, int(entered)) for _place, asked, entered in cursor.fetchall())

    def conversions(self, start: datetime, end: datetime) -> list[Conversion]:
        """Codes asked for between `start` and `end`, by block of phones and by network."""
        rows = CodeRow.objects.filter(election=self.election, sent_at__gte=start, sent_at__lt=end)
        found = []
        for key, some in ((Key.BLOCK, rows.exclude(sent_to="")), (Key.NETWORK, rows)):
            counts = some.values(key.value).annotate(
                codes=CountOf("pk"), right=CountOf("pk", filter=Q(entered=True))
            )
            columns = counts.order_by(key.value).values_list(key.value, "codes", "right")
            found += [Conversion(key, *row) for row in columns]
        return found

    def forget(self, before: datetime) -> int:
        """Delete codes asked for before `before`; returns how many."""
        rows = CodeRow.objects.filter(election=self.election, sent_at__lt=before)
        return rows.delete()[0]

    def _columns(self, record: CodeRecord) -> dict[str, Any]:
        return {
            "election": self.election,
            "channel": record.channel,
            "number": record.number,
            "sent_to": record.sent_to or "",
            "block": record.block,
            "address": record.origin.address,
            "network": record.origin.network,
            "device": record.origin.device,
            "entered": record.status is CodeStatus.ENTERED,
            "sent_at": record.sent_at,
            "record": {
                "salt": record.salt.hex(),
                "digest": record.digest.hex(),
                "message_id": record.message_id,
                "expires": record.expires.isoformat(),
                "attempts": record.attempts,
                "status": record.status.value,
                "entered_at": record.entered_at.isoformat() if record.entered_at else None,
                "entered_from": [record.entered_from.address, record.entered_from.device]
                if record.entered_from
                else None,
            },
        }


def _record(row: CodeRow) -> CodeRecord:
    kept = row.record
    entered_at, entered_from = kept["entered_at"], kept["entered_from"]
    return CodeRecord(
        request_id=row.request_id,
        channel=row.channel,
        number=row.number,
        sent_to=row.sent_to or None,
        block=row.block,
        origin=Origin(row.address, row.device),
        salt=bytes.fromhex(kept["salt"]),
        digest=bytes.fromhex(kept["digest"]),
        message_id=kept["message_id"],
        sent_at=row.sent_at,
        expires=datetime.fromisoformat(kept["expires"]),
        attempts=kept["attempts"],
        status=CodeStatus(kept["status"]),
        entered_at=datetime.fromisoformat(entered_at) if entered_at else None,
        entered_from=Origin(*entered_from) if entered_from else None,
    )


@dataclass(frozen=True, slots=True)
class DemonstrationOutbox:
    """Shows messages on a page instead of sending them. For development only."""

    clock: Clock

    def send(self, address: str | None, text: str, expires: datetime) -> str:
        """Keep the message; a decoy is kept under no address and never shown."""
        del expires
        message = OutboxMessage.objects.create(
            address=address or "", text=text if address else "", sent_at=self.clock.now()
        )
        return f"outbox-{message.pk}"

    def latest(self, address: str) -> str:
        """Text of the newest message to `address`. Raises LookupError when there is none."""
        message = OutboxMessage.objects.filter(address=address).first()
        if message is None:
            raise LookupError(address)
        return message.text


def _hash(device: str) -> str:
    return hashlib.sha256(device.encode()).hexdigest()
