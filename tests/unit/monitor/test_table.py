"""Tables of signals are read strictly, and every fault names its row and column."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dauys.core.ids import ContestId, MethodId, RegisterNumber
from dauys.monitor.signals import COLUMNS, Kind, Signal, SignalTableError, write_signals
from dauys.monitor.table import check_table, read_table, table_of

HEADER = "signal_id,time,kind,contest,register_number,ip,code_latency_s,ip_class,phone,automation\n"
ROW = "s1,2026-08-05T04:00:00.25Z,cast,karaganda,17,100.64.0.1,6.5,fixed,+77010000001,0\n"

Read = Callable[[str], pl.DataFrame]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(text: str) -> pl.DataFrame:
        table = tmp_path / "signals.csv"
        table.write_text(text, "utf-8")
        return read_table(table).signals

    return read


def test_row_is_read_into_types(read: Read) -> None:
    signal = Signal(
        signal_id="s1",
        time=datetime(2026, 8, 5, 4, 0, 0, 250_000, tzinfo=UTC),
        kind=Kind.CAST,
        contest=ContestId("karaganda"),
        register_number=RegisterNumber(17),
        ip="100.64.0.1",
        code_latency_s=6.5,
        ip_class="fixed",
        phone="+77010000001",
        automation=False,
    )
    assert read(HEADER + ROW).equals(table_of([signal]))
    assert "+7701" not in repr(signal)
    assert "100.64" not in repr(signal)


@pytest.mark.parametrize(
    ("good", "bad", "column"),
    [
        ("2026-08-05T04:00:00.25Z", "2026-13-05T04:00:00Z", "time"),
        ("2026-08-05T04:00:00.25Z", "2026-08-05T04:00:00", "time"),
        ("2026-08-05T04:00:00.25Z", "05.08.2026 04:00", "time"),
        (",cast,", ",voted,", "kind"),
        (",17,", ",017,", "register_number"),
        (",17,", ",١٧,", "register_number"),
        (",17,", ",-1,", "register_number"),
        (",17,", ",,", "register_number"),
        ("s1,", ",", "signal_id"),
        ("100.64.0.1", "100.64.0.256", "ip"),
        (",6.5,", ",fast,", "code_latency_s"),
        (",6.5,", ",6_5,", "code_latency_s"),
        (",6.5,", ",-6.5,", "code_latency_s"),
        (",6.5,", ',"6,5",', "code_latency_s"),
        (",fixed,", ",home,", "ip_class"),
        ("+77010000001", "0701", "phone"),
        (",0\n", ",yes\n", "automation"),
    ],
)
def test_fault_names_its_row_and_column(read: Read, good: str, bad: str, column: str) -> None:
    second = ROW.replace("s1", "s2")
    good = good.replace("s1", "s2")
    assert good in second
    with pytest.raises(SignalTableError) as caught:
        read(HEADER + ROW + second.replace(good, bad))
    assert (caught.value.row, caught.value.column) == (3, column)


@pytest.mark.parametrize(
    ("table", "row", "column"),
    [
        ("", 1, "-"),
        ("signal_id,time,kind,contest\n", 1, "register_number"),
        (HEADER.replace("ip_class", "ip"), 1, "ip"),
        (HEADER + ROW + ROW, 3, "signal_id"),
        (HEADER + ROW.replace(",0\n", "\n"), 2, "-"),
        (HEADER + ROW + '"s2', 3, "-"),
    ],
)
def test_broken_table_is_refused(read: Read, table: str, row: int, column: str) -> None:
    with pytest.raises(SignalTableError) as caught:
        read(table)
    assert (caught.value.row, caught.value.column) == (row, column)


PLAIN = (HEADER + ROW + ROW.replace("s1", "s2")).replace("6.5", "7")


@pytest.mark.parametrize(
    ("data", "row", "why"),
    [
        (PLAIN.encode("utf-16"), 1, "UTF-16"),
        (PLAIN.encode("utf-16-le"), 1, "UTF-16"),
        (PLAIN.replace("s2", "сигнал").encode("cp1251"), 3, "not UTF-8"),
        (PLAIN.replace(",", ";").encode("utf-8-sig"), 1, "split by semicolons"),
        (PLAIN.replace(",", "\t").encode(), 1, "split by tabs"),
        (PLAIN.replace("\n", "\r").encode(), 1, "line feed"),
        (PLAIN.replace("s2", "s\x002").encode(), 3, "NUL"),
        (PLAIN.replace("s2", 's"2').encode(), 3, "quotation marks"),
        (PLAIN.replace("\ns2", "\n\ns2").encode(), 3, "an empty line"),
        (b"PAR1" + bytes(100), 1, "Parquet"),
    ],
)
def test_a_file_of_another_form_is_named_for_what_it_is(
    tmp_path: Path, data: bytes, row: int, why: str
) -> None:
    path = tmp_path / "signals.csv"
    path.write_bytes(data)
    with pytest.raises(SignalTableError, match=why) as caught:
        read_table(path)
    assert caught.value.row == row


def test_spreadsheets_begin_with_a_mark_and_end_lines_in_two_characters(tmp_path: Path) -> None:
    path = tmp_path / "signals.csv"
    path.write_bytes(PLAIN.replace("\n", "\r\n").encode("utf-8-sig"))
    assert len(read_table(path).signals) == 2


def test_a_line_end_inside_a_cell_is_no_row(read: Read) -> None:
    table = PLAIN.replace(",karaganda,", ',"kara\nganda",', 1)
    assert read(table)["contest"].to_list() == ["kara\nganda", "karaganda"]
    with pytest.raises(SignalTableError, match="row 3, column time"):
        read(table.replace("s2,2026", "s2,x2026"))


def test_an_election_without_signals_is_empty(read: Read) -> None:
    assert read(HEADER).is_empty()


def test_times_of_several_zones_are_turned_to_utc(read: Read) -> None:
    other = ROW.replace("s1", "s2").replace("04:00:00.25Z", "09:00:00.25+05:00")
    table = read(HEADER + ROW + other)
    assert table["time"][0] == table["time"][1]


def test_numbers_that_another_program_rounded_to_floats_are_read(read: Read) -> None:
    table = read(HEADER + ROW.replace(",17,", ",17.0,").replace(",0\n", ",1.0\n"))
    assert (table["register_number"][0], table["automation"][0]) == (17, True)


def test_two_spellings_of_an_address_are_one(read: Read) -> None:
    long = ROW.replace("100.64.0.1", "2001:0DB8::0001")
    short = ROW.replace("s1", "s2").replace("100.64.0.1", "2001:db8::1")
    assert read(HEADER + long + short)["ip"].n_unique() == 1


def test_missing_optional_columns_are_as_if_empty(read: Read) -> None:
    table = read("register_number,kind,contest,time,signal_id\n1,cast,c,2026-08-05T04:00:00Z,s\n")
    assert table.columns == list(COLUMNS)
    assert table["ip"][0] is None


def test_unknown_columns_are_named_and_left_out(tmp_path: Path) -> None:
    path = tmp_path / "signals.csv"
    path.write_text(HEADER.replace("ip_class", "colour") + ROW, "utf-8")
    assert read_table(path).left_out == ("colour",)


def test_parquet_with_times_without_zone_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "signals.parquet"
    naive = pl.DataFrame(
        {
            "signal_id": ["s"],
            "time": [datetime(2026, 8, 5)],  # noqa: DTZ001 -- the fault
            "kind": ["cast"],
            "contest": ["c"],
            "register_number": [1],
        }
    )
    naive.write_parquet(path)
    with pytest.raises(SignalTableError, match="row 1, column time"):
        read_table(path)


def test_wrong_type_in_parquet_is_named_with_its_row() -> None:
    table = table_of([]).with_columns(pl.lit(None, pl.String).alias("dwell_s"))
    row = {"signal_id": "s", "kind": "cast", "contest": "c", "register_number": 1}
    row |= {"time": datetime(2026, 8, 5, tzinfo=UTC)}
    bad = pl.DataFrame([row, {**row, "signal_id": "t", "dwell_s": "long"}], strict=False)
    assert not len(table)
    with pytest.raises(SignalTableError, match="row 2, column dwell_s"):
        check_table(bad, first_row=1)


ONE = {"signal_id": "s", "kind": "cast", "contest": "c", "register_number": 1}
THEN = datetime(2026, 8, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("column", "cells", "why"),
    [
        ("time", pl.Series([1_785_902_400] * 2), "row 1, column time"),
        ("time", pl.Series([THEN.date()] * 2), "row 1, column time"),
        ("time", pl.Series([THEN, None]), "row 2, column time.*empty"),
        ("device", pl.Series([["a"], ["b"]]), "row 1, column device.*List"),
        ("device", pl.Series([{"a": 1}, {"a": 2}]), "row 1, column device.*Struct"),
        ("device", pl.Series([b"a", b"\xff"]), "row 1, column device.*Binary"),
        ("dwell_s", pl.Series([1.0, float("inf")]), "row 2, column dwell_s"),
        ("register_number", pl.Series([1.0, 2.5]), "row 2, column register_number"),
        ("register_number", pl.Series([1.0, float("nan")]), "row 2.*register_number.*empty"),
        ("ip", pl.Series(["fe80::1%eth0", None]), "row 1, column ip"),
    ],
)
def test_a_column_of_another_type_is_refused_by_its_name(
    column: str, cells: pl.Series, why: str
) -> None:
    table = pl.DataFrame([ONE, {**ONE, "signal_id": "t"}]).with_columns(time=pl.lit(THEN))
    with pytest.raises(SignalTableError, match=why):
        check_table(table.with_columns(cells.alias(column)), first_row=1)


@pytest.mark.parametrize(
    ("column", "cells", "meant"),
    [
        ("time", pl.Series([THEN] * 2).dt.convert_time_zone("Asia/Almaty"), THEN),
        ("time", pl.Series([THEN] * 2).dt.cast_time_unit("ns"), THEN),
        ("contest", pl.Series(["c", "c"], dtype=pl.Categorical), "c"),
        ("kind", pl.Series(["cast"] * 2, dtype=pl.Enum(["cast"])), "cast"),
        ("register_number", pl.Series([1.0, 2.0]), 1),
        ("dwell_s", pl.Series(["1.25", "2"]).cast(pl.Decimal(9, 2)), 1.25),
        ("code_attempts", pl.Series([1.0, float("nan")]), 1),
        ("phone", pl.Series([77_010_000_001.0, float("nan")]), "+77010000001"),
        ("phone", pl.Series([77_010_000_001, None]), "+77010000001"),
        ("automation", pl.Series([1.0, float("nan")]), True),
        ("ip", pl.Series(["::ffff:192.0.2.1", "192.0.2.1"]), "192.0.2.1"),
    ],
)
def test_what_other_programs_write_for_the_same_thing_is_read(
    column: str, cells: pl.Series, meant: object
) -> None:
    table = pl.DataFrame([ONE, {**ONE, "signal_id": "t"}]).with_columns(time=pl.lit(THEN))
    checked = check_table(table.with_columns(cells.alias(column)), first_row=1).signals
    assert checked[column][0] == meant


WORD = st.none() | st.text("abcKазақ,\"' -", min_size=1, max_size=9)
ADDRESS = st.ip_addresses().filter(  # the service writes IPv4 inside IPv6 as IPv4
    lambda address: not getattr(address, "ipv4_mapped", None)
)
SIGNALS = st.builds(
    Signal,
    signal_id=st.uuids().map(str),
    time=st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis adds the zone
    kind=st.sampled_from(Kind),
    contest=st.just(ContestId("ulytau")),
    register_number=st.integers(1, 10**9).map(RegisterNumber),
    method=st.none() | st.just(MethodId("sms")),
    ip=st.none() | ADDRESS.map(str),
    household=WORD,
    phone=st.none() | st.integers(10**9, 10**10).map(lambda number: f"+{number}"),
    device=WORD,
    automation=st.none() | st.booleans(),
    code_attempts=st.none() | st.integers(1, 3),
    dwell_s=st.none() | st.integers(0, 10**6).map(lambda ms: ms / 1000),
)


@settings(max_examples=40)
@given(signals=st.lists(SIGNALS, max_size=4, unique_by=lambda signal: signal.signal_id))
def test_what_is_written_reads_back_the_same(
    signals: list[Signal], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("tables") / "signals.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        write_signals(signals, file)
    assert read_table(path).signals.equals(table_of(signals))
    parquet = path.with_suffix(".parquet")
    table_of(signals).write_parquet(parquet)
    assert read_table(parquet).signals.equals(table_of(signals))


@pytest.mark.parametrize(
    ("good", "bad", "column"),
    [
        ("+77010000001", "+7701000000O", "phone"),
        ("100.64.0.1", "192.0.2.256", "ip"),
        ("100.64.0.1", "2001:db8::77:1:2:3:4:5:6:7", "ip"),
        ("+77010000001", "123-45", "phone"),
    ],
)
def test_a_fault_shows_the_ends_of_a_phone_or_address_only(
    good: str, bad: str, column: str, read: Read
) -> None:
    with pytest.raises(SignalTableError, match=column) as caught:
        read(HEADER + ROW.replace(good, bad))
    said = str(caught.value)
    assert "row 2" in said
    assert bad not in said
    assert "…" in said


def test_a_fault_shows_other_cells_whole(read: Read) -> None:
    with pytest.raises(SignalTableError, match="'2026-13-05T04:00:00Z'"):
        read(HEADER + ROW.replace("2026-08-05T04:00:00.25Z", "2026-13-05T04:00:00Z"))
