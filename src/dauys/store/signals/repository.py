"""Takes note of signals, and hands them to the monitor."""

import logging
import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from typing import Final, TypeVar

import polars as pl
from django.db import Error, InterfaceError, OperationalError, connections

from dauys.conduct.people import CastSignal, Use, Visit, Voter
from dauys.conduct.watching import ScanTask
from dauys.core.errors import MalformedError
from dauys.core.ids import ElectionId, LeafIndex, MethodId
from dauys.monitor.network import UNKNOWN, AddressBook
from dauys.monitor.report import ScanReport
from dauys.store.router import SIGNALS
from dauys.store.signals.models import SignalRow
from dauys.store.signals.reading import SignalReader

log = logging.getLogger("dauys.signals")
T = TypeVar("T")


_ASKED_AT_ONCE: Final = 500
PAUSE_S: Final = 10
"""After a failure nothing is written for so long: a batch must not wait for each ballot."""


@dataclass(slots=True)
class DatabaseSignals:
    """Signals of one election. `book` tells whose address it is, from a local file."""

    election: ElectionId
    book: AddressBook
    _pause_until: float = 0.0
    _reader: SignalReader = field(init=False)

    def __post_init__(self) -> None:
        """One reader, which keeps what it has read."""
        self._reader = SignalReader(self.election)

    def note(  # noqa: PLR0913 -- one signal has many columns
        self,
        kind: str,
        voter: Voter,
        method: MethodId,
        at: datetime,
        visit: Visit,
        *,
        phone: str | None = None,
        code_latency_s: float | None = None,
        code_attempts: int | None = None,
        leaf_index: LeafIndex | None = None,
    ) -> None:
        """Keep one signal. Losing it is logged and never stops the voter."""
        self._keep(
            [
                self._row(
                    visit,
                    **_of(voter),
                    time=at,
                    kind=kind,
                    method=method,
                    phone=phone or "",
                    code_latency_s=code_latency_s,
                    code_attempts=code_attempts,
                    leaf_index=leaf_index,
                )
            ]
        )

    def note_casts(self, casts: Sequence[CastSignal], at: datetime) -> None:
        """Keep the signals of a batch in one transaction. Losing them is logged."""
        self._keep(
            [
                self._row(
                    cast.visit,
                    **_of(cast.voter),
                    time=at,
                    kind="cast",
                    method=cast.method,
                    leaf_index=cast.index,
                )
                for cast in casts
            ]
        )

    def note_stranger(
        self, method: MethodId, at: datetime, visit: Visit, kind: str = "code_requested"
    ) -> None:
        """Keep that a code was asked for, or tried, for a number that is not on the register."""
        row = self._row(visit, time=at, kind=kind, contest="", register_number=0, method=method)
        self._keep([row])

    def _row(self, visit: Visit, **columns: object) -> SignalRow:
        try:
            found = self.book.find(visit.address)
        except MalformedError:
            found = UNKNOWN
        return SignalRow(
            signal_id=uuid.uuid4().hex,
            election=self.election,
            ip=visit.address,
            asn=found.label if found.asn else "",
            ip_class=found.kind,
            ip_region=found.region,
            device=visit.device,
            ua_family=visit.browser,
            tls=visit.tls,
            automation=visit.automation,
            dwell_s=visit.dwell_s,
            **columns,
        )

    def _keep(self, rows: Sequence[SignalRow]) -> None:
        """Write the rows, all of them or, if one cannot be written, each that can."""
        if not rows or monotonic() < self._pause_until:
            return
        try:
            connections[SIGNALS].close_if_unusable_or_obsolete()  # its server was restarted
            SignalRow.objects.bulk_create(rows)
        except (InterfaceError, OperationalError) as error:
            self._pause_until = monotonic() + PAUSE_S
            log.error("signals are lost for %d seconds: %s", PAUSE_S, type(error).__name__)  # noqa: TRY400 -- a trace holds addresses
        except (Error, ValueError) as error:
            if len(rows) == 1:
                log.error("a signal was lost: %s", type(error).__name__)  # noqa: TRY400 -- likewise
            else:
                for row in rows:
                    self._keep([row])

    def uses_of(self, register_number: int, most: int = 200) -> tuple[Use, ...]:
        """What was done under a voter's identity, the newest first; for the voter alone."""
        rows = SignalRow.objects.filter(election=self.election, register_number=register_number)
        return tuple(
            Use(row.time, row.kind, row.method, row.phone, row.ip_region, row.ua_family)
            for row in rows.order_by("-time", "-id")[:most]
        )

    def table(self, stop: datetime) -> pl.DataFrame:
        """Signals of voters before `stop`, as the monitor scans them; quick the second time."""
        return self._reader.read(stop)

    def scan(self, task: ScanTask) -> ScanReport:
        """Scan in this process; a server has a `ScanProcess` for it."""
        from dauys.monitor.scan import scan  # noqa: PLC0415 -- SciPy is slow to load

        return scan(self.table(task.stop), task.policy, task.reported)

    def ballots_of(self, signal_ids: Collection[str]) -> tuple[LeafIndex, ...]:
        """Places on the board of the ballots that these signals brought, ascending."""
        places: set[LeafIndex] = set()
        for some in _some_at_a_time(signal_ids):
            rows = SignalRow.objects.filter(signal_id__in=some)
            for election, place in rows.values_list("election", "leaf_index"):
                if election == self.election and place is not None:  # no other index is as quick
                    places.add(LeafIndex(place))
        return tuple(sorted(places))

    def casts_of(self, ballots: Collection[LeafIndex]) -> frozenset[str]:
        """Signals that brought these ballots."""
        found: set[str] = set()
        for some in _some_at_a_time(ballots):
            rows = SignalRow.objects.filter(election=self.election, leaf_index__in=some)
            found.update(rows.values_list("signal_id", flat=True))
        return frozenset(found)


def _some_at_a_time(names: Collection[T]) -> Iterator[Sequence[T]]:
    """A few for each question: databases take only so many, and a cluster may hold thousands."""
    every = list(names)
    return (every[first : first + _ASKED_AT_ONCE] for first in range(0, len(every), _ASKED_AT_ONCE))


def _of(voter: Voter) -> dict[str, object]:
    """The columns that come from the register."""
    return {
        "contest": voter.contest,
        "register_number": voter.register_number,
        "region": voter.region,
        "precinct": voter.precinct,
        "household": voter.household,
    }
