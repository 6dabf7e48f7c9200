"""Keeps proposals (`response/proposals.py` asks for it)."""

from contextlib import AbstractContextManager
from dataclasses import dataclass

import msgspec
from django.db.models import Max

from dauys.core.errors import RefusedError
from dauys.core.ids import DecisionNumber, ElectionId
from dauys.response.proposals import Proposal, ProposalStatus
from dauys.store.locks import exclusive
from dauys.store.models import ProposalRow


@dataclass(frozen=True, slots=True)
class DatabaseProposals:
    """Proposals of one election."""

    election: ElectionId

    def locked(self) -> AbstractContextManager[None]:
        """One writer at a time."""
        return exclusive(f"proposals {self.election}")

    def next_number(self) -> DecisionNumber:
        """One more than the largest number, from 1."""
        rows = ProposalRow.objects.filter(election_id=self.election)
        highest: int | None = rows.aggregate(Max("number"))["number__max"]
        return DecisionNumber((highest or 0) + 1)

    def put(self, proposal: Proposal) -> None:
        """Keep `proposal`, in the place of an older one."""
        ProposalRow.objects.update_or_create(
            election_id=self.election,
            number=proposal.number,
            defaults={
                "status": proposal.status.value,
                "record": msgspec.to_builtins(proposal),
            },
        )

    def get(self, number: DecisionNumber) -> Proposal:
        """The proposal as last put. Raises RefusedError `unknown_proposal`."""
        row = ProposalRow.objects.filter(election_id=self.election, number=number).first()
        if row is None:
            raise RefusedError("unknown_proposal", str(number))
        return msgspec.convert(row.record, Proposal)

    def find(self, *, status: ProposalStatus | None = None) -> tuple[Proposal, ...]:
        """Proposals of the status, by number."""
        rows = ProposalRow.objects.filter(election_id=self.election)
        if status is not None:
            rows = rows.filter(status=status.value)
        return tuple(msgspec.convert(row.record, Proposal) for row in rows)
