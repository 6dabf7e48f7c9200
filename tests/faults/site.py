"""An open election, everybody with a ballot in hand, and the real server before them.

The office works in processes of its own (`office.py`), since Django knows one database for
each; here is what a voter and an auditor can see.
"""

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

import msgspec

from dauys.board.checkpoint import Checkpoint
from dauys.board.merkle import Tree, leaf_hash
from dauys.board.receipt import Receipt, check_receipt, parse_receipt
from dauys.core.entries import BallotEntry, decode_entry
from dauys.verify.audit import verify
from tests.databases import Databases
from tests.faults.kept import Kept
from tests.server import Server, serving

TOP = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Office:
    """The process that founded the election, and goes on working beside the server."""

    process: "subprocess.Popen[bytes]"

    def do(self, deed: str) -> bytes:
        """One of `DEEDS` in `office.py`; what it answered."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(deed.encode() + b"\n")
        self.process.stdin.flush()
        return self.process.stdout.read(int(self.process.stdout.readline()))


@dataclass(slots=True)
class Site:
    """One election on one kind of database."""

    folder: Path
    databases: Databases
    office: Office
    kept: Kept
    _left: Iterator[str] = field(init=False)

    def __post_init__(self) -> None:
        self._left = iter(self.kept.bodies)

    @property
    def path(self) -> str:
        """Where ballots are posted to."""
        return f"/api/v1/elections/{self.kept.election}/cast"

    def take(self, number: int) -> tuple[bytes, ...]:
        """Cast requests that nobody has posted yet."""
        taken = tuple(body.encode() for _, body in zip(range(number), self._left, strict=False))
        assert len(taken) == number, "found the election with more voters"
        return taken

    def serving(self, **settings: str) -> AbstractContextManager[Server]:
        """The server, on the election, for the length of a test."""
        return serving(self.folder, self.databases.environment | settings)

    def board(self) -> "Board":
        """The board as the database has it, published."""
        entries = self.office.do("publish").splitlines()
        return Board(self, tuple(entries))

    def signals(self) -> list[dict[str, object]]:
        """What was noted of casts, the oldest first."""
        return msgspec.json.decode(self.office.do("signals"), type=list[dict[str, object]])

    def signal_of(self, index: int) -> dict[str, object]:
        """What was noted of the ballot at `index`, which comes soon after its receipt."""
        deadline = monotonic() + 10
        while monotonic() < deadline:
            for signal in self.signals():
                if signal["leaf_index"] == index:
                    return signal
        raise AssertionError(f"no signal of ballot {index}")

    def receipt(self, answer: tuple[int, bytes]) -> Receipt:
        """The receipt in an answer, checked with what the manifest pins; fails if there is none."""
        status, body = answer
        assert status == 200, body
        receipt = parse_receipt(body)
        self.checkpoint(receipt)
        return receipt

    def checkpoint(self, receipt: Receipt) -> Checkpoint:
        """The checkpoint that covers the receipt's ballot. Raises if it does not."""
        return check_receipt(receipt, self.kept.origin, self.kept.log_key)


@dataclass(frozen=True, slots=True)
class Board:
    """Entries of a site, at some moment."""

    site: Site
    entries: tuple[bytes, ...]

    def ballots(self) -> dict[str, int]:
        """Ballots and their places; fails if one is there twice."""
        found = [
            (entry.ballot, place)
            for place, entry in enumerate(map(decode_entry, self.entries))
            if isinstance(entry, BallotEntry)
        ]
        assert len(dict(found)) == len(found), "a ballot is on the board twice"
        return dict(found)

    def check(self, receipts: Iterable[Receipt]) -> None:
        """Fail unless the board verifies and keeps every promise that `receipts` made."""
        tree = Tree()
        for entry in self.entries:
            tree.append(leaf_hash(entry))
        for receipt in receipts:
            promised = self.site.checkpoint(receipt)
            assert self.entries[receipt.index] == receipt.entry.encode()
            assert tree.root(promised.size) == promised.root, "the board was rewritten"
        report = verify(self.site.folder / "published", log_key=self.site.kept.log_key)
        assert report.failed() == ()
        assert report.summary is not None
        assert report.summary.entries == len(self.entries)


def ballot_of(body: bytes) -> str:
    """The ballot in a cast request."""
    text: str = msgspec.json.decode(body)["ballot"]
    return text


@contextmanager
def founded(folder: Path, databases: Databases, ballots: int) -> Iterator[Site]:
    """An open election in `folder` where `ballots` voters are about to cast."""
    settings = {"DAUYS_DATA": str(folder), "BALLOTS": str(ballots), **databases.environment}
    settings["DAUYS_SQLITE_SYNC"] = "off"  # founding need not survive what is done to the server
    with subprocess.Popen(
        [sys.executable, "-m", "tests.faults.office"],
        env={**os.environ, **settings, "PYTHONPATH": str(TOP)},
        cwd=TOP,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        office = Office(process)
        yield Site(folder, databases, office, msgspec.json.decode(office.do("prepare"), type=Kept))
