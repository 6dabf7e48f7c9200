"""The signals that a plan would leave, without any service: for tests of the monitor.

Plays the simplest rules: a voter's first ballot counts; whoever comes later meets "already
voted", and a robbed voter with a digital signature may take the vote back.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dauys.monitor.network import AddressBook
from dauys.monitor.signals import Kind, Signal
from dauys.scenario.people import EDS, Actor, Electorate, OnRefusal, Visit, Voter

_THINKS_IT_OVER = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class Trace:
    """Signals by time; the casts among them that a thief made; the casts that voters reported."""

    signals: tuple[Signal, ...]
    stolen: frozenset[str]
    reported: frozenset[str]


def trace(electorate: Electorate, visits: Iterable[Visit], book: AddressBook) -> Trace:
    """Render visits, of voters and thieves alike, to the signals the services would record."""
    signals: list[Signal] = []
    first: dict[int, tuple[Visit, str]] = {}
    reported: set[str] = set()
    for number, visit in enumerate(sorted(visits, key=lambda visit: visit.cast_at), start=1):
        voter = electorate.voter(visit.register_number)
        earlier = first.get(voter.register_number)
        signals.extend(_arrival(visit, voter, number, book))
        if earlier is None:
            cast = _signal(visit, voter, f"{number}-cast", Kind.CAST, visit.cast_at, book)
            signals.append(replace(cast, dwell_s=visit.dwell.total_seconds()))
            first[voter.register_number] = (visit, cast.signal_id)
            continue
        refused_at = visit.identified_at
        signals.append(
            _signal(visit, voter, f"{number}-refused", Kind.REFUSED_VOTED, refused_at, book)
        )
        robbed = earlier[0].by == Actor.THIEF and visit.by == Actor.VOTER
        if robbed and voter.on_refusal == OnRefusal.RECLAIM:
            signals.extend(_reclaim(visit, voter, number, book))
        elif robbed and voter.on_refusal == OnRefusal.REPORT:
            reported.add(earlier[1])
    signals.sort(key=lambda signal: (signal.time, signal.signal_id))
    stolen = frozenset(cast for visit, cast in first.values() if visit.by == Actor.THIEF)
    return Trace(tuple(signals), stolen, frozenset(reported))


def _arrival(visit: Visit, voter: Voter, number: int, book: AddressBook) -> Iterator[Signal]:
    if visit.method != EDS:
        yield _signal(visit, voter, f"{number}-code", Kind.CODE_REQUESTED, visit.time, book)
        for wrong in range(visit.wrong_codes):
            when = visit.time + visit.code_latency * (wrong + 1) / (visit.wrong_codes + 1)
            yield _signal(visit, voter, f"{number}-wrong{wrong}", Kind.CODE_WRONG, when, book)
    yield _signal(visit, voter, f"{number}-identified", Kind.IDENTIFIED, visit.identified_at, book)


def _reclaim(visit: Visit, voter: Voter, number: int, book: AddressBook) -> Iterator[Signal]:
    again = replace(visit, method=EDS, code_latency=timedelta(0))
    when = visit.identified_at + _THINKS_IT_OVER
    for word, kind in (("reclaimed", Kind.RECLAIMED), ("reclaiming-cast", Kind.CAST)):
        yield _signal(again, voter, f"{number}-{word}", kind, when, book)


def _signal(
    visit: Visit, voter: Voter, signal_id: str, kind: Kind, time: datetime, book: AddressBook
) -> Signal:
    network = book.find(visit.terminal.address)
    by_sms = visit.method != EDS
    return Signal(
        signal_id=signal_id,
        time=time,
        kind=kind,
        contest=voter.contest,
        register_number=voter.register_number,
        method=visit.method,
        ip=visit.terminal.address,
        asn=network.label,
        ip_class=network.kind,
        ip_region=network.region or None,
        region=voter.region,
        precinct=voter.precinct,
        household=voter.household,
        device=visit.terminal.device,
        ua_family=visit.terminal.browser,
        tls=visit.terminal.tls,
        phone=voter.phone,
        code_latency_s=visit.code_latency.total_seconds() if by_sms else None,
        code_attempts=visit.wrong_codes + 1 if by_sms else None,
    )
