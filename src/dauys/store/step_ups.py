"""Keeps step-ups (`response/step_up.py` asks for it)."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

import msgspec
from django.db.models import Max

from dauys.core.errors import RefusedError
from dauys.core.ids import ElectionId
from dauys.response.step_up import StepUp
from dauys.store.locks import exclusive
from dauys.store.models import StepUpRow


@dataclass(frozen=True, slots=True)
class DatabaseStepUps:
    """Step-ups of one election."""

    election: ElectionId

    def locked(self) -> AbstractContextManager[None]:
        """One writer at a time."""
        return exclusive(f"step-ups {self.election}")

    def next_number(self) -> int:
        """One more than the largest number, from 1."""
        rows = StepUpRow.objects.filter(election_id=self.election)
        highest: int | None = rows.aggregate(Max("number"))["number__max"]
        return (highest or 0) + 1

    def put(self, step_up: StepUp) -> None:
        """Keep `step_up`, in the place of an older one of its number."""
        StepUpRow.objects.update_or_create(
            election_id=self.election,
            number=step_up.number,
            defaults={"ends": step_up.ends, "record": msgspec.to_builtins(step_up)},
        )

    def get(self, number: int) -> StepUp:
        """As last put. Raises RefusedError `unknown_step_up`."""
        row = StepUpRow.objects.filter(election_id=self.election, number=number).first()
        if row is None:
            raise RefusedError("unknown_step_up", str(number))
        return msgspec.convert(row.record, StepUp)

    def find(self, *, ending_after: datetime | None = None) -> Sequence[StepUp]:
        """All, newest first; or only those confirmed that end after a moment."""
        rows = StepUpRow.objects.filter(election_id=self.election)
        if ending_after is not None:
            rows = rows.filter(ends__gt=ending_after)
        return [msgspec.convert(row.record, StepUp) for row in rows]
