"""Keeps cases (`response/cases.py` asks for it)."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import msgspec
from django.db.models import Max

from dauys.core.errors import RefusedError
from dauys.core.ids import CaseId, ContestId, ElectionId
from dauys.response.cases import Case, CaseStatus
from dauys.store.locks import exclusive
from dauys.store.models import CaseRow


@dataclass(frozen=True, slots=True)
class DatabaseCases:
    """Cases of one election."""

    election: ElectionId

    def locked(self) -> AbstractContextManager[None]:
        """One writer at a time."""
        return exclusive(f"cases {self.election}")

    def next_number(self) -> CaseId:
        """One more than the largest number, from 1."""
        rows = CaseRow.objects.filter(election_id=self.election)
        highest: int | None = rows.aggregate(Max("number"))["number__max"]
        return CaseId((highest or 0) + 1)

    def put(self, case: Case) -> None:
        """Keep `case`, in the place of an older one of its number."""
        CaseRow.objects.update_or_create(
            election_id=self.election,
            number=case.number,
            defaults={
                "contest": case.contest,
                "status": case.status.value,
                "record": msgspec.to_builtins(case),
            },
        )

    def get(self, number: CaseId) -> Case:
        """The case as last put. Raises RefusedError `unknown_case`."""
        row = CaseRow.objects.filter(election_id=self.election, number=number).first()
        if row is None:
            raise RefusedError("unknown_case", str(number))
        return msgspec.convert(row.record, Case)

    def find(
        self, *, contest: ContestId | None = None, status: CaseStatus | None = None
    ) -> tuple[Case, ...]:
        """Cases of the contest and of the status, by number."""
        where: dict[str, Any] = {"contest": contest, "status": status and status.value}
        rows = CaseRow.objects.filter(
            election_id=self.election, **{k: v for k, v in where.items() if v is not None}
        )
        return tuple(msgspec.convert(row.record, Case) for row in rows)
