"""Signals are made pseudonymous and deleted, on both databases, all or nothing."""

import os
from collections import defaultdict
from datetime import UTC, datetime, timedelta

import pytest

from dauys.core.ids import ElectionId
from dauys.monitor.network import block_of
from dauys.monitor.retention import Form
from dauys.store.signals.keeping import SignalKeeping
from dauys.store.signals.models import SignalRow

ENDED, OTHER = ElectionId("1" * 22), ElectionId("2" * 22)
NOW = datetime(2026, 12, 1, tzinfo=UTC)
FIRST = datetime(2026, 9, 1, 4, 0, 17, 250_000, tzinfo=UTC)
NAMED = ("signal_id", "ip", "device", "tls", "household", "precinct", "phone")


def vote(election: ElectionId, number: int, ip: str, device: str) -> SignalRow:
    return SignalRow.objects.create(
        signal_id=f"{election[:1]}-{number}",
        election=election,
        time=FIRST + timedelta(seconds=61 * number),
        kind="cast",
        contest="karaganda",
        register_number=1000 + number,
        method="sms",
        ip=ip,
        asn="AS64500 Example",
        ip_class="mobile",
        region="Karaganda",
        precinct=f"school {number % 3}",
        household=f"Mira 10-{number % 5}",
        device=device,
        ua_family="Chrome",
        tls=f"t13d15{number % 2}",
        phone=f"+7701000{number:04}",
        code_latency_s=14.5,
        dwell_s=90.0,
        leaf_index=20 + number,
    )


@pytest.fixture
def keeping(database: str) -> SignalKeeping:
    for number in range(30):
        vote(ENDED, number, f"198.51.{number % 3}.{number}", f"device {number % 7}")
    vote(ENDED, 30, "2001:db8:1:200::1", "device 1")
    SignalRow.objects.filter(register_number=1003).update(register_number=0, phone="")
    vote(OTHER, 0, "203.0.113.9", "device 1")
    return SignalKeeping(ENDED, os.urandom)


def rows(election: ElectionId) -> list[SignalRow]:
    return list(SignalRow.objects.filter(election=election).order_by("time", "id"))


def together(found: list[SignalRow], column: str) -> set[frozenset[float]]:
    """Which signals share a value, each signal known by its place in time."""
    groups = defaultdict(set)
    for place, row in enumerate(found):
        groups[getattr(row, column)].add(place)
    return {frozenset(group) for group in groups.values()}


def test_nothing_that_leads_to_a_person_is_left_and_patterns_are(keeping: SignalKeeping) -> None:
    before = rows(ENDED)
    assert keeping.bring_to(Form.PSEUDONYMOUS, NOW)
    after = rows(ENDED)
    kept = keeping.now_kept()
    assert (kept.form, kept.since, kept.signals) == (Form.PSEUDONYMOUS, NOW, 31)
    for column in NAMED:
        old = {getattr(row, column) for row in before} - {""}
        assert not old & {getattr(row, column) for row in after}, column
        assert together(before, column) == together(after, column), column
    blocks = [[block_of(row.ip) for row in found] for found in (before, after)]
    assert len(set(blocks[0])) == len(set(blocks[1])) == 4
    assert not {row.pk for row in before} & {row.pk for row in after}
    assert all(row.leaf_index is None for row in after)
    assert all(row.time.second == row.time.microsecond == 0 for row in after)
    numbers = [row.register_number for row in after]
    assert sorted(numbers) == list(range(31))  # 0 stays the stranger's
    assert [row.code_latency_s for row in after] == [14.5] * 31
    assert {row.asn for row in after} == {"AS64500 Example"}


def test_the_next_election_keeps_its_signals(keeping: SignalKeeping) -> None:
    keeping.bring_to(Form.GONE, NOW)
    assert rows(ENDED) == []
    assert [row.ip for row in rows(OTHER)] == ["203.0.113.9"]
    assert SignalKeeping(OTHER, os.urandom).now_kept().form is Form.WHOLE


def test_a_step_is_done_once_and_never_undone(keeping: SignalKeeping) -> None:
    assert keeping.bring_to(Form.PSEUDONYMOUS, NOW)
    first = [row.signal_id for row in rows(ENDED)]
    assert not keeping.bring_to(Form.PSEUDONYMOUS, NOW + timedelta(days=1))
    assert not keeping.bring_to(Form.WHOLE, NOW + timedelta(days=1))
    assert [row.signal_id for row in rows(ENDED)] == first
    assert keeping.bring_to(Form.GONE, NOW + timedelta(days=2))
    assert not keeping.bring_to(Form.PSEUDONYMOUS, NOW + timedelta(days=3))


def test_power_fails_in_the_middle_and_everything_is_as_before(keeping: SignalKeeping) -> None:
    before = [(row.pk, row.ip, row.phone) for row in rows(ENDED)]
    draws = 0

    def failing(size: int) -> bytes:
        nonlocal draws
        draws += 1
        if draws > 120:
            raise OSError("the lights went out")
        return os.urandom(size)

    with pytest.raises(OSError, match="lights"):
        SignalKeeping(ENDED, failing).bring_to(Form.PSEUDONYMOUS, NOW)
    assert [(row.pk, row.ip, row.phone) for row in rows(ENDED)] == before
    assert keeping.now_kept().form is Form.WHOLE
    assert keeping.bring_to(Form.PSEUDONYMOUS, NOW)
