"""Decisions by quorum: proposed by staff, signed by members elsewhere, put on the board.

The desk never holds a member's key: members sign `core.entries.approval_bytes` in their
browser or with `dauys commission approve`. Signatures are kept as they come; when the
quorum is there, the decision and its approvals go on the board together.
"""

import hashlib
import re
from dataclasses import replace
from typing import Final

import msgspec

from dauys.core.canonical import encode
from dauys.core.entries import Approval, Decision, Manifest, Member, approval_bytes
from dauys.core.errors import RefusedError, VerificationError
from dauys.core.forms import Text, format_instant
from dauys.core.ids import CaseId, DecisionNumber
from dauys.core.ports import Clock, VerifySignature
from dauys.core.remedies import Remedy
from dauys.core.state import ElectionState
from dauys.response.cases import CaseDesk, decisions_in_force
from dauys.response.journal import Journal
from dauys.response.proposals import (
    Proposal,
    ProposalStatus,
    ProposalStore,
    SignedApproval,
)
from dauys.response.remedy_rules import check_decision, check_time_for_decisions

_SIGNATURE: Final = re.compile(r"[0-9a-f]{128}")
_LARGEST: Final = 2**53 - 1
"""Stands for the number not yet allotted, so that the entry can only get shorter."""


class DecisionDesk:
    """Takes proposals and signatures, and publishes what the quorum has signed."""

    def __init__(
        self,
        store: ProposalStore,
        cases: CaseDesk,
        journal: Journal,
        clock: Clock,
        verify_signature: VerifySignature,
    ) -> None:
        self._store = store
        self._cases = cases
        self._journal = journal
        self._clock = clock
        self._verify_signature = verify_signature

    def propose(self, remedy: Remedy, reason: Text, case: CaseId | None, proposer: str) -> Proposal:
        """Put `remedy` to the commission, for `case` if it answers one.

        Raises RefusedError `unknown_case`, or as `remedy_rules.check_decision` does.
        """
        if case is not None:
            self._cases.get(case)
        now = format_instant(self._clock.now())
        draft = Decision(number=_LARGEST, proposed=now, case=case, remedy=remedy, reason=reason)
        with self._journal.reading() as state:
            check_decision(state, draft, now)
            on_board = max(state.decisions, default=0)
        with self._store.locked():
            number = max(self._store.next_number(), on_board + 1)
            decision = msgspec.structs.replace(draft, number=number)
            digest = hashlib.sha256(encode(decision)).hexdigest()
            proposal = Proposal(decision, digest, proposer)
            self._store.put(proposal)
        return proposal

    def get(self, number: DecisionNumber) -> Proposal:
        """The proposal. Raises RefusedError `unknown_proposal`."""
        return self._store.get(number)

    def find(self, *, status: ProposalStatus | None = None) -> tuple[Proposal, ...]:
        """Proposals of the status, by number."""
        return self._store.find(status=status)

    def bytes_to_sign(self, number: DecisionNumber) -> bytes:
        """What a member signs to approve. Raises RefusedError `unknown_proposal`."""
        return approval_bytes(self._rules().election, self._store.get(number).digest)

    def approve(self, number: DecisionNumber, member: str, signature_hex: str) -> Proposal:
        """Keep a member's signature; publish when it completes the quorum, or comes after.

        On return with status `published` the decision is on the board, in force. Raises
        RefusedError `unknown_proposal`, `withdrawn`, `not_a_member`, `already_approved`,
        `bad_signature`, `number_taken`, or, if the decision has come too late, as
        `remedy_rules.check_decision` does; then nothing is kept.
        """
        rules, now = self._rules(), self._clock.now()
        proposal = self._store.get(number)
        self._check_signature(rules, proposal, member, signature_hex)
        with self._journal.reading() as state:
            if _is_on(state, proposal):
                check_time_for_decisions(state)
            else:
                check_decision(state, proposal.decision, format_instant(now))
        with self._store.locked():
            proposal = self._store.get(number)
            if proposal.status is ProposalStatus.WITHDRAWN:
                raise RefusedError("withdrawn", str(number))
            if proposal.approved_by(member):
                raise RefusedError("already_approved", member)
            proposal = proposal.with_approval(SignedApproval(member, signature_hex, now))
            self._store.put(proposal)
        # Outside the store's transaction: what the board made durable must not be undone.
        if len(proposal.approvals) >= rules.quorum:
            return self._publish(number)
        return proposal

    def withdraw(self, number: DecisionNumber, member: str) -> Proposal:
        """Take back a proposal that the quorum has not signed.

        Raises RefusedError `unknown_proposal`, `withdrawn`, `not_the_proposer`, or
        `quorum_reached`.
        """
        quorum = self._rules().quorum
        with self._store.locked():
            proposal = self._store.get(number)
            if proposal.status is ProposalStatus.WITHDRAWN:
                raise RefusedError("withdrawn", str(number))
            if member != proposal.proposer:
                raise RefusedError("not_the_proposer")
            if len(proposal.approvals) >= quorum:
                raise RefusedError("quorum_reached", str(number))
            withdrawn = replace(proposal, status=ProposalStatus.WITHDRAWN)
            self._store.put(withdrawn)
        return withdrawn

    def resume(self) -> tuple[Proposal, ...]:
        """Publish what the quorum had signed before a crash. Call at start; may be repeated.

        Returns the proposals that can no longer be published, for staff to see.
        """
        quorum, stuck = self._rules().quorum, []
        for proposal in self._store.find(status=ProposalStatus.WAITING):
            if len(proposal.approvals) < quorum:
                continue
            try:
                self._publish(proposal.number)
            except RefusedError:
                stuck.append(proposal)
        self._settle_cases()
        return tuple(stuck)

    def _rules(self) -> Manifest:
        with self._journal.reading() as state:
            return state.manifest

    def _settle_cases(self) -> None:
        with self._journal.reading() as state:
            in_force = decisions_in_force(state)
        self._cases.settle(in_force)

    def _check_signature(
        self, rules: Manifest, proposal: Proposal, member: str, signature_hex: str
    ) -> None:
        key = _member(rules, member).key
        if not _SIGNATURE.fullmatch(signature_hex):
            raise RefusedError("bad_signature", "not 128 lower-case hex digits")
        message = approval_bytes(rules.election, proposal.digest)
        try:
            self._verify_signature(key, message, bytes.fromhex(signature_hex))
        except VerificationError as error:
            raise RefusedError("bad_signature") from error

    def _publish(self, number: DecisionNumber) -> Proposal:
        """Bring the board up to the store: it may already have some of it, or all."""
        proposal = self._store.get(number)
        with self._journal.writing() as writer:
            check_time_for_decisions(writer.state)
            if not _is_on(writer.state, proposal):
                writer.append(proposal.decision)
            for approval in proposal.approvals:
                if approval.member not in writer.state.decisions[number].approved_by:
                    # Clocks of two processes differ; times on the board never go back.
                    at = max(format_instant(approval.at), writer.state.now)
                    writer.append(_entry(proposal, approval, at))
        with self._store.locked():
            published = replace(self._store.get(number), status=ProposalStatus.PUBLISHED)
            self._store.put(published)
        self._settle_cases()
        return published


def _is_on(state: ElectionState, proposal: Proposal) -> bool:
    """Whether the decision is on the board. Raises RefusedError `number_taken` if another is."""
    record = state.decisions.get(proposal.number)
    if record is not None and record.digest != proposal.digest:
        raise RefusedError("number_taken", str(proposal.number))
    return record is not None


def _member(rules: Manifest, name: str) -> Member:
    for member in rules.commission:
        if member.id == name:
            return member
    raise RefusedError("not_a_member", name)


def _entry(proposal: Proposal, approval: SignedApproval, at: str) -> Approval:
    return Approval(
        at=at,
        decision=proposal.number,
        digest=proposal.digest,
        member=approval.member,
        signature=approval.signature,
    )
