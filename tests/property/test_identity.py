"""Whatever is thrown at numbers, phones and registers: a value in one form, or our error."""

import csv
import io
from collections.abc import Iterable

from hypothesis import given, settings
from hypothesis import strategies as st

from dauys.core.errors import MalformedError
from dauys.core.ids import ContestId
from dauys.identity.kazakhstan import phones
from dauys.identity.kazakhstan.numbering import NationalNumbers
from dauys.identity.kazakhstan.numbers import check_digit, parse_number
from dauys.identity.kazakhstan.phones import decoy_mask, mask_phone, normalise_phone
from dauys.identity.register import (
    RegisterRules,
    Table,
    import_register,
    read_table,
    report_csv,
    suggest_mapping,
)

RULES = RegisterRules({"Караганда": ContestId("karaganda")}, NationalNumbers())
DIGITS = st.text("0123456789", min_size=11, max_size=11)


@given(st.text(max_size=14) | st.from_regex(r"\A[0-9]{12}\Z"))
def test_a_number_is_read_as_it_stands_or_refused(text: str) -> None:
    try:
        number = parse_number(text)
    except MalformedError:
        return
    assert number.digits == text
    assert int(text[11]) == check_digit(text[:11])


@given(DIGITS, st.integers(0, 9), st.integers(1, 9))
def test_no_single_slip_keeps_the_check_digit(eleven: str, place: int, shift: int) -> None:
    # The eleventh digit has the weight 11 and so none; elsewhere only a change into or out of
    # the second pass can hide a slip.
    slipped = list(eleven)
    slipped[place] = str((int(slipped[place]) + shift) % 10)
    other = "".join(slipped)
    sums = [
        sum(weight * int(digit) for weight, digit in enumerate(text, 1)) % 11
        for text in (eleven, other)
    ]
    if 10 not in sums:
        assert check_digit(eleven) != check_digit(other)


@given(st.text(max_size=24) | st.from_regex(r"\A\+?[78]?7[0-9]{8,10}\Z"))
def test_a_phone_has_one_form(text: str) -> None:
    try:
        phone = normalise_phone(text)
    except MalformedError:
        return
    assert normalise_phone(phone) == phone
    assert len(phone) == 12
    assert mask_phone(phone)[-2:] == phone[-2:]


@given(
    st.sampled_from(["", "7", "8", "+7", "+", "+8"]),
    st.sampled_from(["701", "747", "777", "785", "760", "709", "717", "916", "800"]),
    st.text("0123456789", min_size=6, max_size=8),
)
def test_the_fast_way_to_read_a_phone_agrees_with_the_library(
    start: str, prefix: str, rest: str
) -> None:
    def read(parse: object, text: str) -> str:
        assert callable(parse)
        try:
            return str(parse(text))
        except MalformedError as fault:
            return fault.why

    text = start + prefix + rest
    assert read(normalise_phone, text) == read(phones._parse, text)


@given(st.text(max_size=12), st.binary(min_size=32, max_size=32))
def test_a_decoy_is_always_a_plausible_mask(number: str, key: bytes) -> None:
    mask = decoy_mask(number, key)
    assert mask == decoy_mask(number, key)
    assert mask[:5] in {"+7 70", "+7 74", "+7 77"}


@given(st.binary(max_size=400), st.sampled_from(["a.csv", "a.xlsx"]))
def test_no_file_crashes_the_reader(data: bytes, filename: str) -> None:
    reads(data, filename, (b"", b"\xef\xbb\xbf", b"\xff\xfe"))


@settings(max_examples=10)  # each takes a process of its own
@given(st.binary(max_size=400), st.sampled_from(["a.csv", "a.xlsx"]))
def test_no_spreadsheet_crashes_the_reader(data: bytes, filename: str) -> None:
    reads(data, filename, (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))


def reads(data: bytes, filename: str, starts: Iterable[bytes]) -> None:
    """A file that begins in one of these ways is a table, or is refused."""
    for start in starts:
        try:
            table = read_table(start + data, filename)
        except MalformedError:
            continue
        assert len(set(table.columns)) == len(table.columns)
        assert {len(row) for row in table.rows} == {len(table.columns)}
        suggest_mapping(table.columns)


CELLS = st.text(max_size=20) | st.sampled_from(
    ["900101300017", "080540010396", "ИП", "ТОО", "Караганда", "87012345678", ""]
)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS, CELLS), max_size=8))
def test_every_row_is_a_voter_or_named_with_a_reason(
    rows: list[tuple[str, str, str, str, str]],
) -> None:
    table = Table(("ИИН", "ФИО", "Категория", "Регион", "Телефон"), tuple(rows), header_line=1)
    report = import_register(table, suggest_mapping(table.columns), RULES)
    voters = {voter.register_number + 1 for voter in report.voters}
    named = {problem.row for problem in report.problems}
    filled = {line for line, row in enumerate(rows, start=2) if any(row)}
    assert voters | named == filled
    assert not voters & named
    assert len({voter.number for voter in report.voters}) == len(report.voters)
    phones_of = [voter.phone for voter in report.voters if voter.phone]
    assert len(set(phones_of)) == len(phones_of)
    assert sum(count.voters for count in report.counts) == len(report.voters)
    for locale in ("kk", "ru", "en"):
        lines = list(csv.reader(io.StringIO(report_csv(report.problems, locale)), delimiter=";"))
        assert len(lines) == len(report.problems) + 1
