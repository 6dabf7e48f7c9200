"""Keeps what the help desk asked for and decided (`conduct/helping.py` asks for it)."""

from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass

from django.db.models import Max

from dauys.conduct.helping import Deed, HelpRequest
from dauys.core.errors import RefusedError
from dauys.core.ids import ElectionId, RegisterNumber
from dauys.store.locks import exclusive
from dauys.store.models import HelpRow


@dataclass(frozen=True, slots=True)
class DatabaseHelp:
    """Requests of one election."""

    election: ElectionId

    def locked(self) -> AbstractContextManager[None]:
        """One writer at a time."""
        return exclusive(f"help {self.election}")

    def next_number(self) -> int:
        """One more than the largest number, from 1."""
        rows = HelpRow.objects.filter(election=self.election)
        return int(rows.aggregate(Max("number"))["number__max"] or 0) + 1

    def put(self, request: HelpRequest) -> None:
        """Keep `request`, in the place of an older one of its number."""
        values = asdict(request)
        number = values.pop("number")
        HelpRow.objects.update_or_create(election=self.election, number=number, defaults=values)

    def get(self, number: int) -> HelpRequest:
        """The request as last put. Raises RefusedError `unknown_request`."""
        row = HelpRow.objects.filter(election=self.election, number=number).first()
        if row is None:
            raise RefusedError("unknown_request")
        return _request(row)

    def by_token(self, token: str) -> HelpRequest:
        """The link with this hash. Raises RefusedError `link_unknown`."""
        row = HelpRow.objects.filter(election=self.election, token=token).first()
        if row is None or not token:
            raise RefusedError("link_unknown")
        return _request(row)

    def find(self, *, decided: bool | None = None) -> tuple[HelpRequest, ...]:
        """Requests, newest first: all, or those decided or not yet."""
        rows = HelpRow.objects.filter(election=self.election)
        if decided is not None:
            rows = rows.filter(approved__isnull=not decided)
        return tuple(map(_request, rows.order_by("-number")))


def _request(row: HelpRow) -> HelpRequest:
    return HelpRequest(
        number=row.number,
        deed=Deed(row.deed),
        register_number=RegisterNumber(row.register_number),
        reason=row.reason,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        phone_before=row.phone_before,
        phone_after=row.phone_after,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        approved=row.approved,
        token=row.token,
        expires=row.expires,
        used_at=row.used_at,
    )
