"""Signals: how ballots and attempts came, never what they say. `table` reads many of them."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from typing import TextIO

from dauys.core.errors import MalformedError
from dauys.core.ids import ContestId, MethodId, RegisterNumber
from dauys.monitor.network import NetworkClass


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


class SignalTableError(MalformedError):
    """A table of signals has a fault in `row` (the header is row 1), `column`."""

    def __init__(self, row: int, column: str, why: str) -> None:
        super().__init__(f"signals, row {row}, column {column}", why)
        self.row = row
        self.column = column


COLUMNS = tuple(column.name for column in fields(Signal))
REQUIRED = COLUMNS[:5]


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
