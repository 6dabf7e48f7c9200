"""A store of entries in one SQLite file, and a program that casts until it is killed.

    python -m tests.faults.sqlite_entries FILE FIRST STEP

casts ballots FIRST, FIRST + STEP, … and prints each number once its ballot is durable.
"""

import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from dauys.board.journal import ConflictError, Journal
from dauys.crypto.signing import verify_signature
from tests.unit.board.elections import LOG, ballot

SCHEMA = """
CREATE TABLE IF NOT EXISTS entries (place INTEGER PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS head (id INTEGER PRIMARY KEY CHECK (id = 0), checkpoint TEXT NOT NULL);
"""


class SqliteEntryStore:
    """Entries and checkpoint of one board in the file `path`."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None, timeout=30)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.executescript(SCHEMA)

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def locked(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")
            raise

    def size(self) -> int:
        (size,) = self._db.execute("SELECT count(*) FROM entries").fetchone()
        return int(size)

    def read(self, start: int, stop: int | None) -> Iterator[bytes]:
        query = "SELECT data FROM entries WHERE place >= ? AND place < ? ORDER BY place"
        for (data,) in self._db.execute(query, (start, 2**62 if stop is None else stop)):
            yield bytes(data)

    def write(self, start: int, entries: Sequence[bytes], checkpoint: str) -> None:
        if start != self.size():
            raise ConflictError(start, self.size())
        self._db.executemany("INSERT INTO entries VALUES (?, ?)", enumerate(entries, start))
        self._db.execute("INSERT OR REPLACE INTO head VALUES (0, ?)", (checkpoint,))

    def checkpoint(self) -> str | None:
        row = self._db.execute("SELECT checkpoint FROM head").fetchone()
        return None if row is None else str(row[0])


def main() -> None:
    """Cast until killed."""
    path, first, step = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    journal = Journal(SqliteEntryStore(path), LOG, verify_signature)
    for serial in count(first, step):
        with journal.writing() as writer:
            writer.append(ballot(serial))
        sys.stdout.write(f"{serial}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
