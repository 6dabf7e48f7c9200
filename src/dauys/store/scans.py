"""The log of the monitor's looks, and whose turn it is to look."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from dauys.core.ids import ElectionId
from dauys.store.locks import exclusive
from dauys.store.models import ScanRow


@dataclass(frozen=True, slots=True)
class Scan:
    """One look: `seconds` it took, None while it goes on; `failure` names what went wrong."""

    number: int
    started: datetime
    seconds: float | None
    failure: str
    report: dict[str, object]


@dataclass(frozen=True, slots=True)
class DatabaseScans:
    """Looks at the signals of one election."""

    election: ElectionId

    def turn(self, now: datetime, every: timedelta) -> int | None:
        """Number of the look that begins now; None if another began less than `every` ago.

        Of several processes that ask at once, one gets a number.
        """
        with exclusive(f"scans {self.election}"):
            recent = ScanRow.objects.filter(election_id=self.election, started__gt=now - every)
            if recent.exists():
                return None
            return ScanRow.objects.create(election_id=self.election, started=now).pk

    def done(self, number: int, now: datetime, report: dict[str, object]) -> None:
        """Note that look `number` ended well."""
        ScanRow.objects.filter(pk=number).update(ended=now, report=report)

    def failed(self, number: int, now: datetime, failure: str) -> None:
        """Note that look `number` ended in `failure`."""
        ScanRow.objects.filter(pk=number).update(ended=now, failure=failure[:80])

    def withdraw(self, number: int) -> None:
        """Forget that look `number` began: the next server looks at once."""
        ScanRow.objects.filter(pk=number).delete()

    def last_good(self) -> datetime | None:
        """When the newest look that ended well began."""
        rows = ScanRow.objects.filter(election_id=self.election, ended__isnull=False, failure="")
        return rows.values_list("started", flat=True).first()

    def latest(self, most: int = 20) -> tuple[Scan, ...]:
        """The newest looks, newest first."""
        rows = ScanRow.objects.filter(election_id=self.election)[:most]
        return tuple(
            Scan(
                row.pk,
                row.started,
                (row.ended - row.started).total_seconds() if row.ended else None,
                row.failure,
                row.report,
            )
            for row in rows
        )
