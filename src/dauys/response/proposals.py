"""Proposals: decisions on their way to the quorum, with the signatures so far."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from dauys.core.entries import Decision
from dauys.core.ids import DecisionNumber


class ProposalStatus(StrEnum):
    """Where a proposal stands."""

    WAITING = "waiting"
    """For signatures."""
    PUBLISHED = "published"
    """On the board, in force."""
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class SignedApproval:
    """A member's signature over `core.entries.approval_bytes`, 128 hex digits."""

    member: str
    signature: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Proposal:
    """A `decision` entry as it will stand on the board.

    `digest` is the SHA-256 (hex) of its bytes, which members sign; `proposer` is the
    staff account that put it forward and alone may withdraw it.
    """

    decision: Decision
    digest: str
    proposer: str
    approvals: tuple[SignedApproval, ...] = ()
    status: ProposalStatus = ProposalStatus.WAITING

    @property
    def number(self) -> DecisionNumber:
        """Number of the decision."""
        return DecisionNumber(self.decision.number)

    def approved_by(self, member: str) -> bool:
        """Whether `member` has signed."""
        return any(approval.member == member for approval in self.approvals)

    def with_approval(self, approval: SignedApproval) -> "Proposal":
        """The proposal with one more signature."""
        return replace(self, approvals=(*self.approvals, approval))


class ProposalStore(Protocol):
    """Where proposals are kept. Published ones stand on the board as well."""

    def locked(self) -> AbstractContextManager[None]:
        """One writer at a time, across processes.

        What is put inside is durable on leaving, or gone on an exception.
        """
        ...

    def next_number(self) -> DecisionNumber:
        """One more than the largest number put, from 1. Inside `locked` only."""
        ...

    def put(self, proposal: Proposal) -> None:
        """Keep `proposal`, in the place of an older one. Inside `locked` only."""
        ...

    def get(self, number: DecisionNumber) -> Proposal:
        """The proposal as last put. Raises RefusedError `unknown_proposal`."""
        ...

    def find(self, *, status: ProposalStatus | None = None) -> tuple[Proposal, ...]:
        """Proposals of the status, by number."""
        ...
