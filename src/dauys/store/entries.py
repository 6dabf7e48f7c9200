"""Keeps the board's entries: the `EntryStore` that `board/journal.py` asks for."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from django.db import connections, transaction

from dauys.board.journal import ConflictError
from dauys.core.ids import ElectionId
from dauys.store.models import LogEntry, LogHead

CHUNK = 2000
# Asked some six times a cast: building the question would take ten times as long as the answer.
_CHECKPOINT: Final = "SELECT checkpoint FROM store_loghead WHERE election_id = %s"


@dataclass(frozen=True, slots=True)
class DatabaseEntries:
    """Entries of one election. The row of `LogHead` is the lock of all writers.

    On SQLite the transaction itself is (BEGIN IMMEDIATE); on PostgreSQL the row is held
    FOR UPDATE until the transaction ends.
    """

    election: ElectionId

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One writer at a time; what is written inside is durable on leaving, or gone."""
        connections["default"].close_if_unusable_or_obsolete()  # its server may have been restarted
        with transaction.atomic(durable=True):
            LogHead.objects.select_for_update().get(pk=self.election)
            yield

    def size(self) -> int:
        """Number of entries."""
        return LogHead.objects.values_list("size", flat=True).get(pk=self.election)

    def checkpoint(self) -> str | None:
        """The newest checkpoint, or None before the first entry."""
        with connections["default"].cursor() as cursor:
            cursor.execute(_CHECKPOINT, [self.election])
            row = cursor.fetchone()
        if row is None:
            raise LogHead.DoesNotExist
        return row[0] or None

    def read(self, start: int, stop: int | None) -> Iterator[bytes]:
        """Entries from `start` to before `stop` (None: all), in order."""
        while stop is None or start < stop:
            end = start + CHUNK if stop is None else min(start + CHUNK, stop)
            rows = LogEntry.objects.filter(
                election_id=self.election, index__gte=start, index__lt=end
            ).order_by("index")
            entries = [bytes(data) for data in rows.values_list("data", flat=True)]
            yield from entries
            if len(entries) < end - start:
                return
            start = end

    def write(self, start: int, entries: Sequence[bytes], checkpoint: str) -> None:
        """Add `entries` at `start`. Raises ConflictError if the log does not end there."""
        head = LogHead.objects.filter(pk=self.election, size=start)
        if not head.update(size=start + len(entries), checkpoint=checkpoint):
            raise ConflictError(start, self.size())
        LogEntry.objects.bulk_create(
            LogEntry(election_id=self.election, index=start + place, data=data)
            for place, data in enumerate(entries)
        )
