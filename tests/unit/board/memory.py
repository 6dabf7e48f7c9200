"""Stores in memory that keep the promises of the ports, for tests of the stages."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import RLock

from dauys.ballotbox.box import PermitState
from dauys.board.journal import ConflictError
from dauys.core.ids import LeafIndex, Serial


class MemoryEntryStore:
    """Entries and checkpoint of one board; `locked` rolls back on exception."""

    def __init__(self) -> None:
        self.rows: list[bytes] = []
        self.head: str | None = None
        self.fail_commit = False
        self.lose_answer = False
        self._lock = RLock()

    @contextmanager
    def locked(self) -> Iterator[None]:
        with self._lock:
            rows, head = list(self.rows), self.head
            try:
                yield
                self._commit()
            except BaseException:
                self.rows, self.head = rows, head
                raise
            if self.lose_answer:
                raise OSError("connection lost after the commit")

    def _commit(self) -> None:
        if self.fail_commit:
            raise OSError("disk full")

    def size(self) -> int:
        return len(self.rows)

    def read(self, start: int, stop: int | None) -> Iterator[bytes]:
        return iter(self.rows[start:stop])

    def write(self, start: int, entries: Sequence[bytes], checkpoint: str) -> None:
        if start != len(self.rows):
            raise ConflictError(start, len(self.rows))
        self.rows.extend(entries)
        self.head = checkpoint

    def checkpoint(self) -> str | None:
        return self.head


class MemoryPermitDesk:
    """Permits by serial; `places` is what the ballot box noted."""

    def __init__(self) -> None:
        self.permits: dict[Serial, PermitState] = {}
        self.places: dict[Serial, LeafIndex] = {}

    def states(self, serials: Collection[Serial]) -> Mapping[Serial, PermitState]:
        return {s: self.permits.get(s, PermitState.UNKNOWN) for s in serials}

    def spent(self, places: Mapping[Serial, LeafIndex]) -> None:
        self.places.update(places)
