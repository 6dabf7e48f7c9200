"""Reads the signals of an election into the table that the monitor scans.

A large election has a million of them, and the monitor looks every few minutes; so what was
read once is kept, and only what came since is read again.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from threading import Lock
from typing import Final

import polars as pl
from django.db.models import Count, Max, QuerySet

from dauys.core.ids import ElectionId
from dauys.monitor.table import SCHEMA
from dauys.store.signals.models import SignalRow

SETTLED: Final = timedelta(minutes=10)
"""Signals are written sooner than so long after their time. One that was not is noticed."""
_CHUNK: Final = 20_000


_COLUMNS: Final = {"id": pl.Int64(), **SCHEMA}


@dataclass(slots=True)
class SignalReader:
    """Signals of one election, as a table. Threads may share a reader."""

    election: ElectionId
    _kept: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_COLUMNS))
    _until: datetime | None = None
    """All signals before it are kept."""
    _lock: Lock = field(default_factory=Lock)

    def read(self, stop: datetime) -> pl.DataFrame:
        """Signals of voters before `stop`, by time, in the columns of `monitor.table.SCHEMA`."""
        with self._lock:
            if self._until is None or self._until > stop or self._has_changed(self._until):
                self._until, self._kept = None, self._kept.clear()
            rows = self._rows(stop)
            fresh = _table(rows.filter(time__gte=self._until) if self._until else rows)
            whole = pl.concat([self._kept, fresh])
            if self._until is None or stop - SETTLED > self._until:
                self._until = stop - SETTLED
                self._kept = whole.filter(pl.col("time") < self._until)
        return whole.filter(pl.col("register_number") > 0).drop("id")

    def _has_changed(self, until: datetime) -> bool:
        """Whether the past is no longer what was read: signals came late, or were rewritten."""
        found = self._rows(until).aggregate(count=Count("id"), last=Max("id"))
        return found != {"count": len(self._kept), "last": self._kept["id"].max()}

    def _rows(self, stop: datetime) -> QuerySet[SignalRow]:
        return SignalRow.objects.filter(election=self.election, time__lt=stop)


def _table(rows: QuerySet[SignalRow]) -> pl.DataFrame:
    cells = rows.order_by("time", "id").values_list(*_COLUMNS).iterator(_CHUNK)
    chunks = [pl.DataFrame(schema=_COLUMNS)]
    while chunk := list(islice(cells, _CHUNK)):
        chunks.append(pl.DataFrame(chunk, schema=_COLUMNS, orient="row"))
    return pl.concat(chunks).with_columns(pl.col(pl.String).replace("", None))
