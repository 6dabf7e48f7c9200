"""Reads tables of signals, CSV or Parquet, and says which row and column is wrong.

Every column is checked before anything is computed: a table is read whole and right, or not at all.
"""

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from types import MappingProxyType

import polars as pl
from polars.exceptions import PolarsError

from dauys.monitor.network import NETWORK_CLASSES
from dauys.monitor.signals import COLUMNS, REQUIRED, Kind, Signal, SignalTableError

SCHEMA = MappingProxyType(
    {
        name: {
            "time": pl.Datetime("us", "UTC"),
            "register_number": pl.Int64(),
            "code_attempts": pl.Int64(),
            "code_latency_s": pl.Float64(),
            "dwell_s": pl.Float64(),
            "automation": pl.Boolean(),
        }.get(name, pl.String())
        for name in COLUMNS
    }
)
"""Types of a checked table's columns, in their order."""

_TIME = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}"
    r"(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})$"
)
_WHOLE = r"^(0|[1-9][0-9]{0,14})(\.0+)?$"
_SECONDS = r"^[0-9]{1,9}(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?$"
_PHONE = r"^\+?[1-9][0-9]{6,14}(\.0)?$"
_FLAGS = MappingProxyType(
    {"0": False, "1": True, "0.0": False, "1.0": True, "false": False, "true": True}
)


_PRIVATE = frozenset({"ip", "phone", "device", "household", "tls"})
"""Columns of which an error shows the ends of a cell only: it may be on paper the next minute."""
_LONG = 12
_START = 4096
_QUOTES = "quotation marks that are not in pairs"


@dataclass(frozen=True, slots=True)
class SignalTable:
    """A checked table, and the columns of the file that are not signals and were left out."""

    signals: pl.DataFrame
    left_out: tuple[str, ...]


def read_table(path: Path) -> SignalTable:
    """Read a table; `.parquet` files as Parquet, all others as CSV in UTF-8 with a header.

    Columns may stand in any order; optional ones may be missing, which is as if they were
    empty. Times carry their zone and are turned to UTC. Raises SignalTableError, OSError.
    """
    if path.suffix.lower() == ".parquet":
        return check_table(_parquet(path), first_row=1)
    return check_table(_csv(path), first_row=2)


def table_of(signals: Iterable[Signal]) -> pl.DataFrame:
    """Arrange signals that the service itself took down; they are checked already."""
    rows = [tuple(getattr(signal, name) for name in COLUMNS) for signal in signals]
    return pl.DataFrame(rows, schema=dict(SCHEMA), orient="row")


def check_table(raw: pl.DataFrame, first_row: int) -> SignalTable:
    """Check and convert columns of any type. Raises SignalTableError."""
    for column in REQUIRED:
        if column not in raw.columns:
            raise SignalTableError(1, column, "the column is missing")
    columns = []
    for name in COLUMNS:
        if name in raw.columns:
            columns.append(_column(raw[name], name, first_row).alias(name))
        else:
            columns.append(pl.Series(name, [None] * len(raw), SCHEMA[name]))
    table = pl.DataFrame(columns)
    again = table["signal_id"].is_first_distinct().not_()
    _refuse(again, table["signal_id"], "signal_id", first_row, "is there twice")
    return SignalTable(table, tuple(c for c in raw.columns if c not in COLUMNS))


def _csv(path: Path) -> pl.DataFrame:
    with path.open("rb") as file:
        _require_plain(file.read(_START))
    row = 0
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.reader(lines, strict=True)
        try:
            header = [cell.strip() for cell in next(rows, [])]
            _require_header(header)
            row = 1
            for row, cells in enumerate(rows, start=2):
                if len(cells) != len(header):
                    found = f"{len(cells)} cells" if cells else "an empty line"
                    raise SignalTableError(row, "-", f"{found}, {len(header)} columns")
        except csv.Error as error:
            raise SignalTableError(row + 1, "-", str(error)) from error
        except UnicodeDecodeError as error:
            raise SignalTableError(_undecodable_row(path), "-", "not UTF-8") from error
    try:
        table = pl.read_csv(path, infer_schema=False, new_columns=header)
    except PolarsError as error:
        raise SignalTableError(_quoted_row(path), "-", _QUOTES) from error
    if len(table) != max(0, row - 1):
        raise SignalTableError(_quoted_row(path), "-", _QUOTES)
    return table


def _require_plain(start: bytes) -> None:
    """Refuse what is no table of this form by its first bytes, and say what it is."""
    if start[:2] in {b"\xff\xfe", b"\xfe\xff"} or start[1:2] == b"\0":
        raise SignalTableError(1, "-", "in UTF-16; save it as UTF-8")
    if start.startswith(b"PAR1"):
        raise SignalTableError(1, "-", "Parquet; its name must end in .parquet")
    if b"\r" in start and b"\n" not in start:
        raise SignalTableError(1, "-", "lines must end in a line feed")


def _require_header(header: list[str]) -> None:
    if not header:
        raise SignalTableError(1, "-", "the table is empty")
    for mark, name in ((";", "semicolons"), ("\t", "tabs")):
        if len(header) == 1 and mark in header[0]:
            raise SignalTableError(1, "-", f"cells are split by {name}; they must be by commas")
    for column in header:
        if header.count(column) > 1:
            raise SignalTableError(1, column, "the column is there twice")


def _undecodable_row(path: Path) -> int:
    """Row of the first bytes that are no UTF-8, where no cell holds a line end."""
    with path.open("rb") as lines:
        for row, line in enumerate(lines, start=1):
            try:
                line.decode()
            except UnicodeDecodeError:
                return row
    return 1


def _quoted_row(path: Path) -> int:
    """The first row in which a cell holds a quotation mark: whatever is wrong begins there."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for row, cells in enumerate(csv.reader(lines), start=1):
            if any('"' in cell for cell in cells):
                return row
    return 1


def _parquet(path: Path) -> pl.DataFrame:
    try:
        return pl.read_parquet(path)
    except PolarsError as error:
        raise SignalTableError(1, "-", f"not Parquet: {error}") from error


def _column(raw: pl.Series, name: str, first_row: int) -> pl.Series:
    """Convert one column and refuse what does not convert."""
    if name == "time" and raw.dtype.base_type() == pl.Datetime:
        if getattr(raw.dtype, "time_zone", None) is None:
            raise SignalTableError(first_row, name, "times without a zone")
        return _required(raw.dt.convert_time_zone("UTC").dt.cast_time_unit("us"), name, first_row)
    if name == "automation" and raw.dtype == pl.Boolean:
        return raw
    if raw.dtype.is_nested():
        raise SignalTableError(first_row, name, f"cells of the type {raw.dtype}")
    if raw.dtype.is_float():  # NaN is how some programs write an empty cell
        raw = raw.fill_nan(None)
    try:
        text = raw.cast(pl.String).replace("", None)
    except PolarsError as error:
        raise SignalTableError(first_row, name, f"cells of the type {raw.dtype}") from error
    if SCHEMA[name].is_float():
        text = text.replace(["NaN", "nan"], None)
    _required(text, name, first_row)
    found = _CONVERT.get(name, _as_text)(text)
    wrong = found.is_null() & text.is_not_null()
    _refuse(wrong, text, name, first_row, _MEANT.get(name, "not text: it holds a NUL"))
    return found


def _required(column: pl.Series, name: str, first_row: int) -> pl.Series:
    if name in REQUIRED:
        empty = column.is_null()
        if empty.any():
            raise SignalTableError(first_row + int(empty.arg_max() or 0), name, "the cell is empty")
    return column


def _refuse(wrong: pl.Series, text: pl.Series, name: str, first_row: int, why: str) -> None:
    if wrong.any():
        place = int(wrong.arg_max() or 0)
        raise SignalTableError(first_row + place, name, f"{_shown(text[place], name)!r}: {why}")


def _shown(cell: str, name: str) -> str:
    """A cell for the analyst's terminal: enough to find it by, not enough to call or trace."""
    if name not in _PRIVATE:
        return cell[:60]
    ends = len(cell) // 4 if len(cell) < _LONG else 3
    return f"{cell[:ends]}…{cell[len(cell) - ends :]}"


def _as_text(text: pl.Series) -> pl.Series:
    return text.set(text.str.contains("\0", literal=True), None)


def _time(text: pl.Series) -> pl.Series:
    fits = text.str.contains(_TIME)
    plain = text.set(~fits, None).str.replace("Z$", "+00:00").str.replace(" ", "T", literal=True)
    return plain.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%:z", time_unit="us", strict=False)


def _whole(text: pl.Series) -> pl.Series:
    fits = text.str.contains(_WHOLE)
    return text.set(~fits, None).str.split(".").list.first().cast(pl.Int64, strict=False)


def _seconds(text: pl.Series) -> pl.Series:
    return text.set(~text.str.contains(_SECONDS), None).cast(pl.Float64, strict=False)


def _among(words: Iterable[str]) -> Callable[[pl.Series], pl.Series]:
    allowed = list(words)
    return lambda text: text.set(~text.is_in(allowed), None)


def _flag(text: pl.Series) -> pl.Series:
    lower = text.str.to_lowercase()
    return lower.replace_strict(dict(_FLAGS), default=None, return_dtype=pl.Boolean)


def _phone(text: pl.Series) -> pl.Series:
    fits = text.set(~text.str.contains(_PHONE), None).str.strip_suffix(".0")
    return pl.select(pl.lit("+") + fits.str.strip_chars_start("+")).to_series()


def _address(text: pl.Series) -> pl.Series:
    """Give the shortest form of each address; two spellings are one address.

    IPv4 written inside IPv6 (`::ffff:192.0.2.1`) is the IPv4 address.
    """
    shortest: dict[str, str] = {}
    for cell in text.unique().drop_nulls().to_list():
        try:
            address = ip_address(cell)
        except ValueError:
            continue
        if getattr(address, "scope_id", None) is None:  # a zone is a matter of one machine
            shortest[cell] = str(getattr(address, "ipv4_mapped", None) or address)
    return text.replace_strict(shortest, default=None, return_dtype=pl.String)


_CONVERT: MappingProxyType[str, Callable[[pl.Series], pl.Series]] = MappingProxyType(
    {
        "time": _time,
        "kind": _among(Kind),
        "register_number": _whole,
        "code_attempts": _whole,
        "code_latency_s": _seconds,
        "dwell_s": _seconds,
        "ip": _address,
        "ip_class": _among(NETWORK_CLASSES),
        "automation": _flag,
        "phone": _phone,
    }
)
_MEANT = MappingProxyType(
    {
        "time": "not an ISO 8601 time with its zone, like 2026-08-05T04:00:00.25Z",
        "kind": f"not one of {', '.join(Kind)}",
        "register_number": "not a whole number",
        "code_attempts": "not a whole number",
        "code_latency_s": "not a number of seconds",
        "dwell_s": "not a number of seconds",
        "ip": "not an address",
        "ip_class": f"not one of {', '.join(NETWORK_CLASSES)}",
        "automation": "not 0 or 1",
        "phone": "not a phone number in E.164, like +77010000000",
    }
)
