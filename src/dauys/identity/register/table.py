"""A register file as rows of text: CSV as spreadsheets write it, or a spreadsheet itself.

Cells are text, trimmed, as a person sees them; what they mean is `importing`'s.
Errors are `MalformedError("register file", code)`: `empty`, `too_large`, `bad_encoding`,
`unclosed_quote`, `unreadable`, `no_header` (data where the column names should be).
"""

import codecs
import csv
import io
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from dauys.core.errors import MalformedError
from dauys.identity.register import spreadsheet

_WHAT: Final = "register file"
MAX_BYTES: Final = 64 * 2**20
MAX_ROWS: Final = 1_000_000
_HEADER_WITHIN: Final = 20  # a title and a date often stand above the column names
_SEPARATORS: Final = ";,\t|"
_SPREADSHEETS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # zip; the old Excel's container

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Column names and all rows below them, empty ones too, so that places stay."""

    columns: Row
    """No name twice; a column without a name has its letter, as in a spreadsheet."""
    rows: tuple[Row, ...]
    """As many cells each as there are columns."""
    header_line: int
    """Where the column names stand, as a spreadsheet counts; row 1 is the line after it."""


def read_table(data: bytes, filename: str) -> Table:
    """Read a register; the content decides what it is, and `filename` must not deny it.

    CSV may be UTF-8, UTF-16 with its mark, or the 8-bit Cyrillic of Windows, separated by
    `;`, `,`, tab or `|`. Raises MalformedError.
    """
    if len(data) > MAX_BYTES:
        raise MalformedError(_WHAT, "too_large")
    if not data.strip(b"\x00\t\r\n \xef\xbb\xbf"):
        raise MalformedError(_WHAT, "empty")
    spreadsheet = data.startswith(_SPREADSHEETS)
    if not spreadsheet and filename.lower().endswith((".xlsx", ".xls", ".ods")):
        raise MalformedError(_WHAT, "unreadable")
    lines = _read_spreadsheet(data) if spreadsheet else _read_csv(_decode(data))
    return _with_header(lines)


def _decode(data: bytes) -> str:
    if data.startswith(codecs.BOM_UTF8):
        encodings: tuple[str, ...] = ("utf-8-sig",)
    elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ("utf-16",)
    else:
        # KZ-1048 is Windows-1251 with Kazakh letters in place of Serbian and Macedonian ones:
        # Russian reads the same in both.
        encodings = ("utf-8", "kz1048")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise MalformedError(_WHAT, "bad_encoding")


def _read_csv(text: str) -> list[Row]:
    separator = _separator_of(text)
    rows: list[Row] = []
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            rows.append(tuple(cell.strip() for cell in cells))
            if len(rows) > MAX_ROWS:
                raise MalformedError(_WHAT, "too_large")
    except csv.Error as error:  # a cell of more than 131,072 characters
        raise MalformedError(_WHAT, "unclosed_quote") from error
    return rows


def _separator_of(text: str) -> str:
    """Whichever cuts the first lines into most cells."""
    head = "\n".join(text.splitlines()[:_HEADER_WITHIN])

    def cells(separator: str) -> int:
        try:
            return sum(len(row) for row in csv.reader(head.split("\n"), delimiter=separator))
        except csv.Error:
            return 0

    return max(_SEPARATORS, key=cells)


def _read_spreadsheet(data: bytes) -> list[Row]:
    """Read the first sheet in a process of its own: see `spreadsheet.py`."""
    command = (sys.executable, "-I", spreadsheet.__file__, str(MAX_ROWS))
    done = subprocess.run(command, input=data, capture_output=True, check=False)  # noqa: S603 -- ours
    if done.returncode == spreadsheet.UNREADABLE:
        raise MalformedError(_WHAT, "unreadable")
    if done.returncode != 0:  # it says so itself, or was ended where memory or time ran out
        raise MalformedError(_WHAT, "too_large")
    return [tuple(msgspec.json.decode(line, type=list[str])) for line in done.stdout.splitlines()]


def _with_header(lines: Sequence[Row]) -> Table:
    filled = (place for place, cells in enumerate(lines) if sum(map(bool, cells)) > 1)
    place = next(filled, None)
    if place is None:
        raise MalformedError(_WHAT, "no_header" if any(map(any, lines)) else "empty")
    cells = lines[place]
    if place >= _HEADER_WITHIN or any(len(cell) >= 9 and cell.isdigit() for cell in cells):
        raise MalformedError(_WHAT, "no_header")
    body = lines[place + 1 :]
    while body and not any(body[-1]):
        body = body[:-1]
    if not body:
        raise MalformedError(_WHAT, "empty")
    columns = _column_names(cells, max(map(len, body)))
    return Table(columns, tuple(_padded(body, len(columns))), place + 1)


def _column_names(cells: Row, width: int) -> Row:
    names: list[str] = []
    for place in range(max(width, len(cells))):
        written = " ".join(cells[place].split()) if place < len(cells) else ""
        name = written or _letters(place)
        count = 2
        while name in names:
            name, count = f"{written or _letters(place)} ({count})", count + 1
        names.append(name)
    return tuple(names)


def _letters(place: int) -> str:
    """Name of column `place` (from 0) in a spreadsheet: A to Z, then AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _padded(rows: Iterable[Row], width: int) -> Iterable[Row]:
    return (row if len(row) == width else row + ("",) * (width - len(row)) for row in rows)
