"""Keeps text-message codes and the development outbox (`identity/codes.py` asks for both)."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.db.models.aggregates import Count

from dauys.core.errors import RefusedError
from dauys.core.ids import ElectionId
from dauys.core.ports import Clock
from dauys.identity.codes import CodeRecord, CodeStatus, Origin, Recent
from dauys.store.locks import exclusive
from dauys.store.models import CodeRow, OutboxMessage


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

    def recent(
        self,
        *,
        since: datetime,
        number: str | None = None,
        phone: str | None = None,
        address: str | None = None,
    ) -> Recent:
        """Count records with `sent_at > since`, of the number, phone or address given."""
        where = {"number": number, "phone": phone, "address": address}
        found = CodeRow.objects.filter(
            election=self.election,
            sent_at__gt=since,
            **{name: value for name, value in where.items() if value is not None},
        ).aggregate(count=Count("pk"), latest=Max("sent_at"))
        return Recent(found["count"], found["latest"])

    def _columns(self, record: CodeRecord) -> dict[str, Any]:
        return {
            "election": self.election,
            "number": record.number,
            "phone": record.phone or "",
            "address": record.origin.address,
            "sent_at": record.sent_at,
            "record": {
                "device": record.origin.device,
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
        number=row.number,
        phone=row.phone or None,
        origin=Origin(row.address, kept["device"]),
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
class OutboxGateway:
    """Shows messages on a page instead of sending them. For development only."""

    clock: Clock

    def send(self, phone: str | None, text: str) -> str:
        """Keep the message; a decoy is kept under no phone and never shown."""
        message = OutboxMessage.objects.create(
            phone=phone or "", text=text if phone else "", sent_at=self.clock.now()
        )
        return f"outbox-{message.pk}"

    def latest(self, phone: str) -> str:
        """Text of the newest message to `phone`. Raises LookupError when there is none."""
        message = OutboxMessage.objects.filter(phone=phone).first()
        if message is None:
            raise LookupError(phone)
        return message.text
