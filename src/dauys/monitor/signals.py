"""Signals: how ballots and attempts came, never what they say; and their table in CSV.

The table is for people and other programs too, so the reader takes columns in any order and
times with or without fractions; `write_signals` prints one form. Every fault names its row.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from typing import Protocol, TextIO

from dauys.core.errors import MalformedError
from dauys.core.ids import ContestId, MethodId, RegisterNumber
from dauys.monitor.network import NETWORK_CLASSES, NetworkClass


class Kind(StrEnum):
    """What happened."""

    CODE_REQUESTED = "code_requested"
    CODE_WRONG = "code_wrong"
    IDENTIFIED = "identified"
    CAST = "cast"
    REFUSED_VOTED = "refused_voted"
    RECLAIMED = "reclaimed"
    CHECKED = "checked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """One event as the service saw it; None where it saw nothing.

    `time` is aware UTC, of receiving; `asn` number or name of the network; `household` groups
    voters of one postal address; `device` a stable hash; `code_latency_s` seconds from sending
    to entering the code; `dwell_s` seconds on the ballot page. What leads to a person is not
    in its repr, and so in no log.
    """

    signal_id: str
    time: datetime
    kind: Kind
    contest: ContestId
    register_number: RegisterNumber
    method: MethodId | None = None
    ip: str | None = field(default=None, repr=False)
    asn: str | None = None
    ip_class: NetworkClass | None = None
    ip_region: str | None = None
    region: str | None = None
    precinct: str | None = None
    household: str | None = None
    device: str | None = field(default=None, repr=False)
    ua_family: str | None = None
    tls: str | None = None
    automation: bool | None = None
    phone: str | None = field(default=None, repr=False)
    code_latency_s: float | None = None
    code_attempts: int | None = None
    dwell_s: float | None = None


class SignalStore(Protocol):
    """Where signals are kept, apart from ballots, until they are deleted on schedule."""

    def add(self, signal: Signal) -> None:
        """Durable on return. A `signal_id` that is there already is refused."""
        ...

    def between(self, start: datetime, stop: datetime) -> Iterator[Signal]:
        """Yield the signals with `start <= time < stop`, by time."""
        ...


class SignalTableError(MalformedError):
    """A table of signals has a fault in `row` (the header is row 1), `column`."""

    def __init__(self, row: int, column: str, why: str) -> None:
        super().__init__(f"signals, row {row}, column {column}", why)
        self.row = row
        self.column = column


COLUMNS = tuple(column.name for column in fields(Signal))
REQUIRED = COLUMNS[:5]

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|\+00:00)", re.ASCII)
_WORD = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
_WHOLE = re.compile(r"[1-9][0-9]{0,14}")
_SECONDS = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")


def read_signals(path: Path) -> Iterator[Signal]:
    """Yield the signals of a CSV file in UTF-8. Raises SignalTableError, OSError."""
    with path.open(encoding="utf-8", newline="") as table:
        yield from parse_signals(table)


def parse_signals(table: Iterable[str]) -> Iterator[Signal]:
    """Yield the signals of CSV lines, the first of them the header. Raises SignalTableError."""
    rows = csv.reader(table, strict=True)
    row = 0
    seen: set[str] = set()
    header: tuple[str, ...] = ()
    try:
        for row, cells in enumerate(rows, start=1):
            if row == 1:
                header = _header(cells)
                continue
            signal = _signal(header, cells, row)
            if signal.signal_id in seen:
                raise SignalTableError(row, "signal_id", f"{signal.signal_id!r} is there twice")
            seen.add(signal.signal_id)
            yield signal
    except csv.Error as error:
        raise SignalTableError(row + 1, "-", str(error)) from error
    except UnicodeDecodeError as error:
        raise SignalTableError(row + 1, "-", "not UTF-8") from error
    if not header:
        raise SignalTableError(1, "-", "the table is empty")


def write_signals(signals: Iterable[Signal], table: TextIO) -> None:
    """Print signals as CSV with every column."""
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(COLUMNS)
    for signal in signals:
        writer.writerow([_print(getattr(signal, column)) for column in COLUMNS])


def _print(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(int(value))
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case _:
            return str(value)


def _header(cells: list[str]) -> tuple[str, ...]:
    header = tuple(cell.removeprefix("\ufeff").strip() for cell in cells)
    for column in REQUIRED:
        if column not in header:
            raise SignalTableError(1, column, "the column is missing")
    for column in header:
        if column not in COLUMNS:
            raise SignalTableError(1, column, "no such column")
        if header.count(column) > 1:
            raise SignalTableError(1, column, "the column is there twice")
    return header


def _signal(header: tuple[str, ...], cells: list[str], row: int) -> Signal:
    if len(cells) != len(header):
        raise SignalTableError(row, "-", f"{len(cells)} cells, {len(header)} columns")
    values: dict[str, object] = {}
    for column, cell in zip(header, cells, strict=True):
        if not cell:
            if column in REQUIRED:
                raise SignalTableError(row, column, "the cell is empty")
            continue
        try:
            values[column] = _PARSERS.get(column, str)(cell)
        except ValueError as error:
            raise SignalTableError(row, column, f"{cell[:60]!r}: {error}") from error
    return Signal(**values)  # type: ignore[arg-type]  # _PARSERS give each column its type


def _time(cell: str) -> datetime:
    if not _TIME.fullmatch(cell):
        raise ValueError("not an ISO 8601 time in UTC, like 2026-08-05T04:00:00.25Z")
    return datetime.fromisoformat(cell)


def _whole(cell: str) -> int:
    if not _WHOLE.fullmatch(cell):
        raise ValueError("not a whole number from 1")
    return int(cell)


def _seconds(cell: str) -> float:
    if not _SECONDS.fullmatch(cell):
        raise ValueError("not a number of seconds")
    return float(cell)


def _network_class(cell: str) -> str:
    if cell not in NETWORK_CLASSES:
        raise ValueError(f"not one of {', '.join(NETWORK_CLASSES)}")
    return cell


def _word(cell: str) -> str:
    if not _WORD.fullmatch(cell):
        raise ValueError("not a short lower-case name")
    return cell


def _phone(cell: str) -> str:
    if not _PHONE.fullmatch(cell):
        raise ValueError("not a phone number in E.164, like +77010000000")
    return cell


def _flag(cell: str) -> bool:
    if cell not in {"0", "1"}:
        raise ValueError("not 0 or 1")
    return cell == "1"


@lru_cache(maxsize=65_536)
def _address(cell: str) -> str:
    if str(ip_address(cell)) != cell:
        raise ValueError("not the shortest form of an address")
    return cell


_PARSERS: dict[str, Callable[[str], object]] = {
    "time": _time,
    "kind": Kind,
    "contest": _word,
    "method": _word,
    "phone": _phone,
    "register_number": _whole,
    "code_attempts": _whole,
    "code_latency_s": _seconds,
    "dwell_s": _seconds,
    "ip": _address,
    "ip_class": _network_class,
    "automation": _flag,
}
