"""Rows of a register imported per second on one core, beside merely reading them.

    python -m benchmarks.register

The peer is `csv.DictReader` of the standard library walking over the same file and checking
nothing: the ratio says what numbers, phones, categories, regions and duplicates cost. The
same rows as a spreadsheet are read beside openpyxl.
"""

import csv
import io
import random
import time
from collections.abc import Callable

from openpyxl import Workbook, load_workbook

from benchmarks.rows import Row
from dauys.core.ids import ContestId
from dauys.identity.kazakhstan.numbering import NationalNumbers
from dauys.identity.kazakhstan.numbers import check_digit
from dauys.identity.register import (
    RegisterRules,
    import_register,
    read_table,
    register_commitment,
    suggest_mapping,
)

ROWS = 100_000
SPREADSHEET_ROWS = 20_000
HEADER = ("ИИН/БИН", "Наименование", "Категория", "Регион", "Телефон", "Район")
REGION = "Карагандинская область"
RULES = RegisterRules({REGION: ContestId("karaganda")}, NationalNumbers())
CSV_PEER = "csv.DictReader"
SPREADSHEET_PEER = "openpyxl"


def run() -> list[Row]:
    """Import 100,000 rows of CSV and 20,000 of a spreadsheet, all of them good."""
    rows = _rows(ROWS)
    data = _csv(rows)
    ours = _seconds(lambda: _import(data, "register.csv", ROWS))
    peer = _seconds(lambda: _walk(data))
    workbook = _workbook(rows[:SPREADSHEET_ROWS])
    our_sheet = _seconds(lambda: _import(workbook, "register.xlsx", SPREADSHEET_ROWS))
    peer_sheet = _seconds(lambda: _walk_workbook(workbook))
    table = read_table(data, "register.csv")
    voters = import_register(table, suggest_mapping(table.columns), RULES).voters
    committed = _seconds(lambda: register_commitment(voters, b"s" * 32))
    unit = "rows/s"
    return [
        Row("register imported, CSV", ROWS / ours, unit, CSV_PEER, peer / ours),
        Row(f"the same, only read by {CSV_PEER}", ROWS / peer, unit, "", None),
        Row(
            "register imported, XLSX",
            SPREADSHEET_ROWS / our_sheet,
            unit,
            SPREADSHEET_PEER,
            peer_sheet / our_sheet,
        ),
        Row(
            f"the same, only read by {SPREADSHEET_PEER}",
            SPREADSHEET_ROWS / peer_sheet,
            unit,
            "",
            None,
        ),
        Row("register committed to", ROWS / committed, "voters/s", "", None),
    ]


def _rows(count: int) -> list[tuple[str, ...]]:
    random_source = random.Random(2020)
    numbers: set[str] = set()
    while len(numbers) < count:
        year, month = random_source.randrange(50, 100), random_source.randrange(1, 13)
        rest = random_source.randrange(10_000)
        eleven = f"{year}{month:02d}{random_source.randrange(1, 29):02d}3{rest:04d}"
        last = check_digit(eleven)
        if last is not None:
            numbers.add(f"{eleven}{last}")
    return [
        (number, "Сынақов Сынақ", "ИП", REGION, f"8 (70{place % 3}) {place:07d}", "Бұқар жырау")
        for place, number in enumerate(sorted(numbers))
    ]


def _csv(rows: list[tuple[str, ...]]) -> bytes:
    target = io.StringIO()
    csv.writer(target, delimiter=";").writerows((HEADER, *rows))
    return target.getvalue().encode()


def _workbook(rows: list[tuple[str, ...]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in (HEADER, *rows):
        sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _import(data: bytes, filename: str, expected: int) -> None:
    table = read_table(data, filename)
    report = import_register(table, suggest_mapping(table.columns), RULES)
    if len(report.voters) != expected:
        raise RuntimeError(f"{len(report.voters)} voters of {expected}")


def _walk(data: bytes) -> None:
    for _ in csv.DictReader(io.StringIO(data.decode()), delimiter=";"):
        pass


def _walk_workbook(data: bytes) -> None:
    book = load_workbook(io.BytesIO(data), read_only=True)
    for sheet in book.worksheets:
        for _ in sheet.iter_rows(values_only=True):
            pass
    book.close()


def _seconds(work: Callable[[], object]) -> float:
    """Processor time: the machine may be busy with others."""
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    for row in run():
        print(f"{row.name:45} {row.value:12,.0f} {row.unit:10} {row.peer} {row.ratio or ''}")
