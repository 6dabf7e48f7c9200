"""Tables of signals are read strictly, and every fault names its row and column."""

import io
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauys.core.ids import ContestId, MethodId, RegisterNumber
from dauys.monitor.signals import (
    COLUMNS,
    Kind,
    Signal,
    SignalTableError,
    parse_signals,
    write_signals,
)

HEADER = "signal_id,time,kind,contest,register_number,ip,code_latency_s,ip_class,phone,automation\n"
ROW = "s1,2026-08-05T04:00:00.25Z,cast,karaganda,17,100.64.0.1,6.5,fixed,+77010000001,0\n"


def test_row_is_read_into_types() -> None:
    (signal,) = parse_signals([HEADER, ROW])
    assert signal == Signal(
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


def test_what_leads_to_a_person_stays_out_of_logs() -> None:
    (signal,) = parse_signals([HEADER, ROW])
    assert "+7701" not in repr(signal)
    assert "100.64" not in repr(signal)


@pytest.mark.parametrize(
    ("good", "bad", "column"),
    [
        ("2026-08-05T04:00:00.25Z", "2026-08-05T04:00:00+05:00", "time"),
        ("2026-08-05T04:00:00.25Z", "2026-08-05 04:00:00Z", "time"),
        ("2026-08-05T04:00:00.25Z", "2026-13-05T04:00:00Z", "time"),
        ("2026-08-05T04:00:00.25Z", "2026-08-05T04:00:00", "time"),
        (",cast,", ",voted,", "kind"),
        (",17,", ",017,", "register_number"),
        (",17,", ",١٧,", "register_number"),
        (",17,", ",-1,", "register_number"),
        (",17,", ",,", "register_number"),
        ("s1,", ",", "signal_id"),
        ("100.64.0.1", "100.64.0.256", "ip"),
        ("100.64.0.1", "2001:DB8::1", "ip"),
        (",6.5,", ",nan,", "code_latency_s"),
        (",6.5,", ",6_5,", "code_latency_s"),
        (",6.5,", ',"6,5",', "code_latency_s"),
        (",fixed,", ",home,", "ip_class"),
        (",karaganda,", ",Karaganda,", "contest"),
        ("+77010000001", "87010000001", "phone"),
        (",0\n", ",yes\n", "automation"),
    ],
)
def test_fault_names_its_row_and_column(good: str, bad: str, column: str) -> None:
    second = ROW.replace("s1", "s2")
    assert good.replace("s1", "s2") in second
    with pytest.raises(SignalTableError) as caught:
        list(parse_signals([HEADER, ROW, second.replace(good.replace("s1", "s2"), bad)]))
    assert (caught.value.row, caught.value.column) == (3, column)


@pytest.mark.parametrize(
    ("table", "row", "column"),
    [
        ([], 1, "-"),
        (["signal_id,time,kind,contest\n"], 1, "register_number"),
        ([HEADER.replace("ip_class", "colour")], 1, "colour"),
        ([HEADER.replace("ip_class", "ip")], 1, "ip"),
        ([HEADER, ROW, ROW], 3, "signal_id"),
        ([HEADER, ROW.replace(",0\n", "\n")], 2, "-"),
        ([HEADER, ROW, '"s2'], 3, "-"),
    ],
)
def test_broken_table_is_refused(table: list[str], row: int, column: str) -> None:
    with pytest.raises(SignalTableError) as caught:
        list(parse_signals(table))
    assert (caught.value.row, caught.value.column) == (row, column)


WORD = st.none() | st.text("abcKазақ,\"' -", min_size=1, max_size=9)
SIGNALS = st.builds(
    Signal,
    signal_id=st.uuids().map(str),
    time=st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis adds the zone
    kind=st.sampled_from(Kind),
    contest=st.just(ContestId("ulytau")),
    register_number=st.integers(1, 10**9).map(RegisterNumber),
    method=st.none() | st.just(MethodId("sms")),
    ip=st.none() | st.ip_addresses().map(str),
    household=WORD,
    phone=st.none() | st.integers(10**9, 10**10).map(lambda number: f"+{number}"),
    device=WORD,
    automation=st.none() | st.booleans(),
    code_attempts=st.none() | st.integers(1, 3),
    dwell_s=st.none() | st.integers(0, 10**6).map(lambda ms: ms / 1000),
)


@given(st.lists(SIGNALS, max_size=4, unique_by=lambda signal: signal.signal_id))
def test_what_is_written_reads_back_the_same(signals: list[Signal]) -> None:
    table = io.StringIO(newline="")
    write_signals(signals, table)
    text = table.getvalue()
    assert text.startswith(",".join(COLUMNS))
    assert list(parse_signals(io.StringIO(text, newline=""))) == signals
