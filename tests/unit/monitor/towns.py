"""Towns to scan: simulated electorates, with offices, crowds and thieves put into them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from dauys.core.ids import RegisterNumber
from dauys.monitor.network import FileAddressBook
from dauys.monitor.policy import Policy
from dauys.monitor.report import ScanReport
from dauys.monitor.scan import scan
from dauys.monitor.signals import Kind, Signal
from dauys.monitor.table import table_of
from dauys.scenario.electorate import make_electorate
from dauys.scenario.network import address_book_csv
from dauys.scenario.people import KARAGANDA, SMS
from dauys.scenario.thief import plan_theft
from dauys.scenario.trace import Trace, trace

START = datetime(2026, 8, 5, 4, tzinfo=UTC)
END = datetime(2026, 8, 20, 13, tzinfo=UTC)
BOOK = FileAddressBook(address_book_csv().splitlines())
POLICY = Policy()


def town(voters: int, seed: int, *, robbed: bool) -> Trace:
    """Signals of an election, with or without a thief."""
    electorate = make_electorate(voters, seed, START, END)
    theft = plan_theft(electorate, seed) if robbed else ()
    return trace(electorate, (*electorate.visits, *theft), BOOK)


def scanned(signals: Iterable[Signal], reported: frozenset[str] = frozenset()) -> ScanReport:
    """Scan with the standard policy."""
    return scan(table_of(signals), POLICY, reported)


def crowd(
    size: int,
    *,
    address: str = "100.64.200.7",
    device: str | None = "0ff1ce0000000000",
    hours: float = 2,
    in_order: bool = False,
    first_line: int = 90_001,
    latency_s: float = 18,
    dwell_s: float = 55,
) -> list[Signal]:
    """Casts of `size` strangers from one address; `device` None gives each their own."""
    random = Random(size)
    network = BOOK.find(address)
    start = START + timedelta(days=5, hours=3)
    minutes = sorted(random.uniform(0, hours * 60) for _ in range(size))
    lines = [first_line + 3 * number for number in range(size)]
    if not in_order:
        random.shuffle(lines)
    return [
        Signal(
            signal_id=f"crowd-{address}-{line}",
            time=start + timedelta(minutes=minute),
            kind=Kind.CAST,
            contest=KARAGANDA,
            register_number=RegisterNumber(line),
            method=SMS,
            ip=address,
            asn=network.label,
            ip_class=network.kind,
            device=device or f"{line:016x}",
            code_latency_s=latency_s * random.lognormvariate(0, 0.6),
            dwell_s=dwell_s * random.lognormvariate(0, 0.7),
        )
        for minute, line in zip(minutes, lines, strict=True)
    ]


def complaint(cast: Signal) -> Signal:
    """The voter of `cast` comes from a phone, the day after, and is told "already voted"."""
    return replace(
        cast,
        signal_id=f"{cast.signal_id}-refused",
        kind=Kind.REFUSED_VOTED,
        time=cast.time + timedelta(days=1),
        ip="198.18.0.10",
        ip_class="mobile",
        device=f"ffff{cast.register_number:012x}",
        dwell_s=None,
    )
