"""A program that `table.py` runs: a spreadsheet comes in, the cells of its first sheet go out.

What reads spreadsheets is compiled and keeps a whole sheet in memory, from its first cell to its
last. One stray cell in the corner of a file of a kilobyte is asked 400 GB for, and ends the
process. That must never be the process that takes ballots.

Standard input is the file; standard output a JSON array of texts a row, one on a line. The exit
status is 0, `UNREADABLE` or `TOO_LARGE`; a process that ends by a signal ran out of what it may
use.
"""

import io
import json
import resource
import sys
from collections.abc import Sequence
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook, ZipError

UNREADABLE: Final = 3
TOO_LARGE: Final = 4
MEMORY: Final = 4 * 2**30
"""Bytes of address space; a register of a million rows and twelve columns takes 1.6 GB."""
SECONDS: Final = 60
"""Of one core."""
LONGEST: Final = 256 * 2**20
"""Characters of output: a text that a million cells share is short in the file."""


def main(most_rows: int) -> int:
    """Read one spreadsheet of at most `most_rows` rows; returns the exit status."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # no file of voters' numbers is left behind
    try:
        file = io.BytesIO(sys.stdin.buffer.read())
        sheet = CalamineWorkbook.from_filelike(file).get_sheet_by_index(0)
        if sheet.total_height > most_rows:
            return TOO_LARGE
        return _write(sheet.to_python(skip_empty_area=False))
    except MemoryError:
        return TOO_LARGE
    except (CalamineError, ZipError, ValueError, IndexError, OSError):
        return UNREADABLE


def _write(rows: Sequence[Sequence[object]]) -> int:
    written = 0
    for row in rows:
        texts = [_text(value) for value in row]
        written += sum(map(len, texts))
        if written > LONGEST:
            return TOO_LARGE
        sys.stdout.buffer.write(json.dumps(texts, ensure_ascii=False).encode() + b"\n")
    return 0


def _text(value: object) -> str:
    # Spreadsheets keep a number typed without an apostrophe as a floating one.
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
