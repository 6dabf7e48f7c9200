"""Takes note of signals, and hands them to the monitor."""

import logging
import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Final, cast

from django.db import Error, InterfaceError, OperationalError, connections

from dauys.conduct.people import CastSignal, Use, Visit, Voter
from dauys.core.errors import MalformedError
from dauys.core.ids import ContestId, ElectionId, LeafIndex, MethodId, RegisterNumber
from dauys.monitor.network import UNKNOWN, AddressBook, NetworkClass
from dauys.monitor.signals import Kind, Signal
from dauys.store.router import SIGNALS
from dauys.store.signals.models import SignalRow

log = logging.getLogger("dauys.signals")


PAUSE_S: Final = 10
"""After a failure nothing is written for so long: a batch must not wait for each ballot."""


@dataclass(slots=True)
class DatabaseSignals:
    """Signals of one election. `book` tells whose address it is, from a local file."""

    election: ElectionId
    book: AddressBook
    _pause_until: float = 0.0

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

    def note_stranger(self, method: MethodId, at: datetime, visit: Visit) -> None:
        """Keep that a code was asked for a number that is not on the register."""
        row = self._row(
            visit, time=at, kind="code_requested", contest="", register_number=0, method=method
        )
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

    def between(self, start: datetime, stop: datetime) -> Iterator[Signal]:
        """Signals with `start <= time < stop`, by time (see `monitor.signals.SignalStore`)."""
        rows = SignalRow.objects.filter(
            election=self.election, time__gte=start, time__lt=stop, register_number__gt=0
        ).order_by("time", "id")
        return map(_signal, rows.iterator(5000))

    def ballots_of(self, signal_ids: Collection[str]) -> tuple[LeafIndex, ...]:
        """Places on the board of the ballots that these signals brought, ascending."""
        rows = SignalRow.objects.filter(
            election=self.election, signal_id__in=signal_ids, leaf_index__isnull=False
        )
        places = rows.values_list("leaf_index", flat=True).distinct().order_by("leaf_index")
        return tuple(LeafIndex(place) for place in places if place is not None)

    def casts_of(self, ballots: Collection[LeafIndex]) -> frozenset[str]:
        """Signals that brought these ballots."""
        rows = SignalRow.objects.filter(election=self.election, leaf_index__in=ballots)
        return frozenset(rows.values_list("signal_id", flat=True))


def _of(voter: Voter) -> dict[str, object]:
    """The columns that come from the register."""
    return {
        "contest": voter.contest,
        "register_number": voter.register_number,
        "region": voter.region,
        "precinct": voter.precinct,
        "household": voter.household,
    }


def _signal(row: SignalRow) -> Signal:
    return Signal(
        signal_id=row.signal_id,
        time=row.time,
        kind=Kind(row.kind),
        contest=ContestId(row.contest),
        register_number=RegisterNumber(row.register_number),
        method=MethodId(row.method) if row.method else None,
        ip=row.ip or None,
        asn=row.asn or None,
        ip_class=cast("NetworkClass", row.ip_class) if row.ip_class else None,
        ip_region=row.ip_region or None,
        region=row.region or None,
        precinct=row.precinct or None,
        household=row.household or None,
        device=row.device or None,
        ua_family=row.ua_family or None,
        tls=row.tls or None,
        automation=row.automation,
        phone=row.phone or None,
        code_latency_s=row.code_latency_s,
        code_attempts=row.code_attempts,
        dwell_s=row.dwell_s,
    )
