"""Keeps permits: for the registrar who issues them and the ballot box that spends them."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.db import connections
from django.db.models import Max

from dauys.ballotbox.box import PermitState
from dauys.conduct.people import CastRecord
from dauys.core.canonical import decode, encode
from dauys.core.ids import ContestId, ElectionId, LeafIndex, MethodId, Pseudonym, Serial
from dauys.core.permit import Permit
from dauys.core.ports import Clock
from dauys.identity.permits import PermitRequest, repeated
from dauys.store.locks import exclusive
from dauys.store.models import PermitRow

_SPENT: Final = """
UPDATE store_permitrow SET leaf_index = %s, cast_at = %s
WHERE election_id = %s AND serial = %s
"""


@dataclass(frozen=True, slots=True)
class DatabasePermits:
    """Permits of one election."""

    election: ElectionId
    clock: Clock

    def issue(self, request: PermitRequest, make: Callable[[Serial], Permit]) -> Permit:
        """Allot the next serial and keep the permit (see `identity.permits.PermitStore`)."""
        with exclusive(f"permits {self.election}"):
            rows = PermitRow.objects.filter(election_id=self.election)
            known = rows.filter(credential=request.credential).first()
            if known is not None:
                return repeated(decode(known.permit.encode(), Permit, "permit"), request)
            permit = make(Serial(self.issued() + 1))
            rows.filter(
                contest=request.contest,
                pseudonym=request.pseudonym,
                method=request.method,
                leaf_index=None,
            ).update(cancelled=True)
            PermitRow.objects.create(
                election_id=self.election,
                serial=permit.statement.serial,
                contest=request.contest,
                pseudonym=request.pseudonym,
                credential=request.credential,
                method=request.method,
                permit=encode(permit).decode(),
                issued_at=self.clock.now(),
            )
            return permit

    def issued(self) -> int:
        """How many permits were issued so far: the highest serial."""
        rows = PermitRow.objects.filter(election_id=self.election)
        highest: int | None = rows.aggregate(Max("serial"))["serial__max"]
        return highest or 0

    def all(self) -> Iterator[Permit]:
        """Every permit issued, by serial."""
        rows = PermitRow.objects.filter(election_id=self.election).order_by("serial")
        for text in rows.values_list("permit", flat=True).iterator(1000):
            yield decode(text.encode(), Permit, "permit")

    def cancel_by_evidence(self, evidence: str) -> bool:
        """Cancel the unused permit that rests on this signature; whether there was one."""
        rows = PermitRow.objects.filter(
            election_id=self.election, leaf_index=None, cancelled=False, permit__contains=evidence
        )
        return rows.update(cancelled=True) > 0

    def note_sent_to(self, serial: Serial, address: str | None) -> None:
        """Keep where the code behind the permit went."""
        rows = PermitRow.objects.filter(election_id=self.election, serial=serial)
        rows.update(sent_to=address or "")

    def states(self, serials: Collection[Serial]) -> Mapping[Serial, PermitState]:
        """The state of each permit, held still until the transaction ends."""
        rows = PermitRow.objects.select_for_update().filter(
            election_id=self.election, serial__in=serials
        )
        found = {
            Serial(serial): PermitState.CANCELLED if cancelled else PermitState.LIVE
            for serial, cancelled in rows.values_list("serial", "cancelled")
        }
        return {serial: found.get(serial, PermitState.UNKNOWN) for serial in serials}

    def spent(self, places: Mapping[Serial, LeafIndex]) -> None:
        """Note where the permits' ballots stand on the board."""
        connection = connections["default"]
        now = connection.ops.adapt_datetimefield_value(self.clock.now())
        with connection.cursor() as cursor:
            # One prepared statement: bulk_update's CASE takes a millisecond of Python a permit.
            cursor.executemany(
                _SPENT, [(place, now, self.election, serial) for serial, place in places.items()]
            )

    def cast_records(self, contest: ContestId, pseudonym: Pseudonym) -> dict[LeafIndex, CastRecord]:
        """The voter's ballots on the board, by place."""
        rows = PermitRow.objects.filter(
            election_id=self.election,
            contest=contest,
            pseudonym=pseudonym,
            leaf_index__isnull=False,
        )
        return {
            LeafIndex(row.leaf_index): CastRecord(
                LeafIndex(row.leaf_index), row.cast_at, MethodId(row.method), row.sent_to or None
            )
            for row in rows
            if row.leaf_index is not None and row.cast_at is not None
        }
