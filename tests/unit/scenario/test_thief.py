"""The thief steals enough to matter, leaves what thieves leave, and robs people who notice."""

from collections import Counter
from datetime import UTC, datetime
from ipaddress import ip_network

import pytest

from dauys.monitor.network import FileAddressBook
from dauys.monitor.signals import Kind
from dauys.scenario.electorate import make_electorate
from dauys.scenario.people import KARAGANDA, SMS, Actor, Electorate
from dauys.scenario.thief import CANDIDATES, plan_theft
from dauys.scenario.trace import Trace, trace

START = datetime(2026, 8, 5, 4, tzinfo=UTC)
END = datetime(2026, 8, 20, 13, tzinfo=UTC)


def played(voters: int, seed: int) -> tuple[Electorate, Trace]:
    electorate = make_electorate(voters, seed, START, END)
    book = FileAddressBook(electorate.address_book.splitlines())
    return electorate, trace(electorate, (*electorate.visits, *plan_theft(electorate, seed)), book)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("voters", [300, 400, 2_000])
def test_theft_is_six_to_ten_percent_and_at_least_25_ballots(voters: int, seed: int) -> None:
    _, signals = played(voters, seed)
    casts = sum(signal.kind == Kind.CAST for signal in signals.signals)
    assert len(signals.stolen) >= 25
    if voters >= 2_000:
        assert 0.06 < len(signals.stolen) / casts < 0.1


def test_thief_needs_only_codes_and_works_for_two_candidates() -> None:
    electorate = make_electorate(2_000, 1, START, END)
    theft = plan_theft(electorate, 1)
    assert theft == plan_theft(electorate, 1)
    assert {visit.candidate for visit in theft} == set(CANDIDATES)
    assert all(visit.method == SMS and visit.by == Actor.THIEF for visit in theft)
    robbed = [electorate.voter(visit.register_number) for visit in theft]
    assert {voter.contest for voter in robbed} == {KARAGANDA}
    assert len({voter.register_number for voter in robbed}) == len(robbed)
    assert set(CANDIDATES) < {c.id for c in electorate.contest(KARAGANDA).candidates}


def test_thief_bursts_from_one_address_and_rotates_in_one_block_apart_from_the_honest() -> None:
    electorate = make_electorate(2_000, 2, START, END)
    theft = plan_theft(electorate, 2)
    honest = {visit.terminal.address for visit in electorate.visits}
    sizes = Counter(visit.terminal.address for visit in theft)
    (burst, most), *rotation = sizes.most_common()
    assert most > 0.4 * len(theft)
    assert len({ip_network(f"{address}/24", strict=False) for address, _ in rotation}) == 1
    assert len(rotation) >= 5
    assert not honest & set(sizes)
    assert len({visit.time.date() for visit in theft if visit.terminal.address != burst}) >= 3


def test_each_machine_walks_the_register_in_order() -> None:
    electorate = make_electorate(2_000, 3, START, END)
    lines: dict[str, list[int]] = {}
    for visit in plan_theft(electorate, 3):
        lines.setdefault(visit.terminal.device, []).append(visit.register_number)
    assert len(lines) == 2
    assert all(walked == sorted(walked) for walked in lines.values())


def test_some_of_the_robbed_come_to_vote_and_some_take_their_vote_back() -> None:
    electorate, signals = played(2_000, 4)
    stolen = {s.register_number for s in signals.signals if s.signal_id in signals.stolen}
    coming = {visit.register_number for visit in electorate.visits}
    assert 0.1 < len(stolen & coming) / len(stolen) < 0.3
    refused = {s.register_number for s in signals.signals if s.kind == Kind.REFUSED_VOTED}
    reclaimed = {s.register_number for s in signals.signals if s.kind == Kind.RECLAIMED}
    assert reclaimed
    assert reclaimed <= refused & stolen
    assert signals.reported <= signals.stolen


def test_trace_casts_once_for_each_voter_but_for_reclaims() -> None:
    _, signals = played(400, 5)
    casts = Counter(s.register_number for s in signals.signals if s.kind == Kind.CAST)
    reclaimed = {s.register_number for s in signals.signals if s.kind == Kind.RECLAIMED}
    assert {line for line, count in casts.items() if count > 1} == reclaimed
    assert max(casts.values()) <= 2
    names = [signal.signal_id for signal in signals.signals]
    assert len(set(names)) == len(names)
    assert list(signals.signals) == sorted(
        signals.signals, key=lambda signal: (signal.time, signal.signal_id)
    )
