"""The monitor reads only what is new, and notices when the past is no longer what it was."""

import os
from datetime import UTC, datetime, timedelta

import pytest

from dauys.core.ids import ElectionId, LeafIndex
from dauys.monitor.network import FileAddressBook
from dauys.monitor.retention import Form
from dauys.monitor.table import SCHEMA
from dauys.store.signals.keeping import SignalKeeping
from dauys.store.signals.models import SignalRow
from dauys.store.signals.reading import SETTLED, SignalReader
from dauys.store.signals.repository import DatabaseSignals

ELECTION, OTHER = ElectionId("1" * 22), ElectionId("2" * 22)
OPENS = datetime(2026, 9, 1, 4, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
MANY = 40_000


def vote(
    number: int, at: datetime, election: ElectionId = ELECTION, voter: int | None = None
) -> None:
    SignalRow.objects.create(
        signal_id=f"{election[:1]}-{number}",
        election=election,
        time=at,
        kind="cast",
        contest="ulytau",
        register_number=1 + number if voter is None else voter,
        method="sms",
        ip="198.51.100.7",
        automation=False,
        dwell_s=61.5,
        leaf_index=20 + number,
    )


def names(reader: SignalReader, stop: datetime) -> list[str]:
    return reader.read(stop)["signal_id"].to_list()


@pytest.fixture
def reader(database: str) -> SignalReader:
    assert database
    for number in range(4):
        vote(number, OPENS + number * MINUTE)
    vote(7, OPENS, OTHER)
    vote(8, OPENS, voter=0)  # a stranger's
    return SignalReader(ELECTION)


def test_signals_are_read_in_the_columns_of_a_table(reader: SignalReader) -> None:
    table = reader.read(OPENS + 3 * MINUTE)
    assert dict(table.schema) == dict(SCHEMA)
    assert table["signal_id"].to_list() == ["1-0", "1-1", "1-2"]
    row = table.row(1, named=True)
    assert (row["time"], row["ip"], row["automation"]) == (OPENS + MINUTE, "198.51.100.7", False)
    assert (row["dwell_s"], row["tls"], row["code_latency_s"]) == (61.5, None, None)


def test_the_second_time_only_what_is_new_is_read(reader: SignalReader) -> None:
    now = OPENS + SETTLED + 3 * MINUTE
    assert len(names(reader, now)) == 4
    SignalRow.objects.filter(election=ELECTION).update(ua_family="Edge")  # shows what is read
    vote(4, now)
    table = reader.read(now + MINUTE)
    assert table["signal_id"].to_list() == [f"1-{n}" for n in range(5)]
    assert table["ua_family"].to_list() == [None, None, None, "Edge", None]


def test_a_signal_that_was_written_late_is_not_missed(reader: SignalReader) -> None:
    now = OPENS + timedelta(days=1)
    names(reader, now)
    vote(4, OPENS + MINUTE)
    assert names(reader, now + MINUTE) == ["1-0", "1-1", "1-4", "1-2", "1-3"]


def test_a_clock_that_was_set_back_is_followed(reader: SignalReader) -> None:
    names(reader, OPENS + timedelta(days=1))
    assert names(reader, OPENS + MINUTE) == ["1-0"]


def test_signals_that_were_made_pseudonymous_are_no_longer_known(reader: SignalReader) -> None:
    now = OPENS + timedelta(days=60)
    before = reader.read(now)
    keeping = SignalKeeping(ELECTION, os.urandom)
    keeping.bring_to(Form.PSEUDONYMOUS, now)
    after = reader.read(now)
    assert len(after) == len(before)
    assert set(after["ip"]).isdisjoint(before["ip"])
    keeping.bring_to(Form.GONE, now)
    assert reader.read(now).is_empty()


def test_a_cluster_may_hold_more_ballots_than_a_database_takes_in_one_question(
    reader: SignalReader,
) -> None:
    signals = DatabaseSignals(reader.election, FileAddressBook(["prefix,asn,name,class,region"]))
    asked = [f"1-{number}" for number in range(MANY)]
    assert signals.ballots_of([*asked, "2-7"]) == (20, 21, 22, 23, 28)
    assert signals.casts_of([LeafIndex(number) for number in range(MANY)]) == {
        "1-0", "1-1", "1-2", "1-3", "1-8",
    }  # fmt: skip
