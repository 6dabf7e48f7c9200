"""Keeps permits: for the registrar who issues them and the ballot box that spends them."""

from collections.abc import Callable
from dataclasses import dataclass

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

    def note_phone(self, serial: Serial, phone: str | None) -> None:
        """Keep which phone received the code behind the permit."""
        PermitRow.objects.filter(election_id=self.election, serial=serial).update(
            phone=phone or ""
        )

    def state(self, serial: Serial) -> PermitState:
        """Whether the permit may still be spent (see `ballotbox.box.PermitDesk`)."""
        row = (
            PermitRow.objects.filter(election_id=self.election, serial=serial)
            .only("cancelled", "leaf_index")
            .first()
        )
        if row is None:
            return PermitState.UNKNOWN
        return PermitState.CANCELLED if row.cancelled else PermitState.LIVE

    def spent(self, serial: Serial, index: LeafIndex) -> None:
        """Note where the permit's ballot stands on the board."""
        PermitRow.objects.filter(election_id=self.election, serial=serial).update(
            leaf_index=index, cast_at=self.clock.now()
        )

    def cast_records(
        self, contest: ContestId, pseudonym: Pseudonym
    ) -> dict[LeafIndex, CastRecord]:
        """The voter's ballots on the board, by place."""
        rows = PermitRow.objects.filter(
            election_id=self.election,
            contest=contest,
            pseudonym=pseudonym,
            leaf_index__isnull=False,
        )
        return {
            LeafIndex(row.leaf_index): CastRecord(
                LeafIndex(row.leaf_index), row.cast_at, MethodId(row.method), row.phone or None
            )
            for row in rows
            if row.leaf_index is not None and row.cast_at is not None
        }
