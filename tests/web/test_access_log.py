"""The log of looks at private data, as auditors open it in a spreadsheet."""

import csv
import io
from datetime import UTC, datetime

import pytest

from dauys.store.accounts import Access
from dauys.web.console.pages.audit import access_csv


@pytest.mark.parametrize("mark", ["=", "+", "-", "@", "\t", "\r", "\n"])
@pytest.mark.parametrize("place", ["who", "what", "reason"])
def test_the_log_runs_no_formula_of_whoever_looked(place: str, mark: str) -> None:
    cells = {"who": "analyst", "what": "c1", "reason": "why"} | {place: f"{mark}HYPERLINK(0)"}
    text = access_csv([Access(datetime(2026, 8, 17, tzinfo=UTC), **cells)])
    (_, row) = csv.reader(io.StringIO(text, newline=""))
    assert row[1 + list(cells).index(place)] == f"'{cells[place]}"
