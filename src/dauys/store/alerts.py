"""Keeps alerts (`response/alerts.py` asks for it)."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import msgspec
from django.db.models import Max

from dauys.core.errors import RefusedError
from dauys.core.ids import ElectionId
from dauys.response.alerts import Alert
from dauys.store.locks import exclusive
from dauys.store.models import AlertRow


@dataclass(frozen=True, slots=True)
class DatabaseAlerts:
    """Alerts of one election."""

    election: ElectionId

    def locked(self) -> AbstractContextManager[None]:
        """One writer at a time."""
        return exclusive(f"alerts {self.election}")

    def next_number(self) -> int:
        """One more than the largest number, from 1."""
        rows = AlertRow.objects.filter(election_id=self.election)
        highest: int | None = rows.aggregate(Max("number"))["number__max"]
        return (highest or 0) + 1

    def put(self, alert: Alert) -> None:
        """Keep `alert`, in the place of an older one of its number."""
        AlertRow.objects.update_or_create(
            election_id=self.election,
            number=alert.number,
            defaults={
                "subject": alert.subject,
                "seen": alert.seen is not None,
                "record": msgspec.to_builtins(alert),
            },
        )

    def get(self, number: int) -> Alert:
        """The alert as last put. Raises RefusedError `unknown_alert`."""
        row = AlertRow.objects.filter(election_id=self.election, number=number).first()
        if row is None:
            raise RefusedError("unknown_alert", str(number))
        return msgspec.convert(row.record, Alert)

    def find(self, *, seen: bool | None = None, subject: str | None = None) -> tuple[Alert, ...]:
        """Alerts, newest first: all, or those seen or not yet, or about `subject`."""
        where: dict[str, Any] = {"seen": seen, "subject": subject}
        rows = AlertRow.objects.filter(
            election_id=self.election, **{k: v for k, v in where.items() if v is not None}
        )
        return tuple(msgspec.convert(row.record, Alert) for row in rows)
