"""Decisions of the commission: what they may name, their approvals, what they do in force.

docs/protocol.md, section 5.
"""

from itertools import pairwise

from dauys.core.entries import Approval, Decision, approval_bytes
from dauys.core.errors import DauysError
from dauys.core.remedies import Annul, Dismiss, Extend, Restore, Restrict, Retune, Zero
from dauys.crypto.signing import verify_signature
from dauys.verify.checks import Findings
from dauys.verify.history import History, PublishedDecision

REMEDY = "decision-remedy"
SIGNATURE = "decision-signature"
QUORUM = "decision-quorum"


def take_decision(
    history: History, entry: int, digest: str, decision: Decision, findings: Findings
) -> None:
    """Enter a decision whose entry has the SHA-256 `digest`."""
    if decision.number in history.decisions:
        findings.fault_at(REMEDY, entry, f"decision {decision.number} is there already")
        return
    for fault in _remedy_faults(history, decision):
        findings.fault_at(REMEDY, entry, fault)
    history.decisions[decision.number] = PublishedDecision(entry, digest, decision)


def take_approval(history: History, entry: int, approval: Approval, findings: Findings) -> None:
    """Check an approval; the one that makes the quorum puts the decision in force."""
    published = history.decisions.get(approval.decision)
    if published is None:
        findings.fault_at(SIGNATURE, entry, f"there is no decision {approval.decision} before it")
        return
    if approval.digest != published.digest:
        findings.fault_at(SIGNATURE, entry, "the digest is not the decision's")
        return
    key = next((m.key for m in history.manifest.commission if m.id == approval.member), None)
    if key is None:
        findings.fault_at(SIGNATURE, entry, f"{approval.member} is not of the commission")
        return
    message = approval_bytes(history.manifest.election, approval.digest)
    try:
        verify_signature(key, message, bytes.fromhex(approval.signature))
    except DauysError as error:
        findings.fault_at(SIGNATURE, entry, str(error))
        return
    if approval.member in published.members:
        findings.fault_at(QUORUM, entry, f"{approval.member} approves a second time")
        return
    published.members.add(approval.member)
    if len(published.members) == history.manifest.quorum:
        published.in_force = True
        _put_in_force(history, published.decision)


def check_quorums(history: History, findings: Findings) -> None:
    """At the end of the log: a decision is published with its approvals."""
    for number, published in history.decisions.items():
        if not published.in_force:
            have, need = len(published.members), history.manifest.quorum
            findings.fault_at(
                QUORUM, published.entry, f"decision {number} has {have} of {need} approvals"
            )


def _put_in_force(history: History, decision: Decision) -> None:
    match decision.remedy:
        case Extend(closes=closes):
            history.closes = max(history.closes, closes)
        case Restrict() as restriction:
            history.restrictions.append(restriction)
        case Annul(ballots=ballots):
            history.annulled.update(ballots)
        case Zero() as zero:
            history.zeros[decision.number] = zero
        case Restore(ballots=ballots):
            again = history.annulled.intersection(ballots)
            history.annulled -= again
            history.restored |= again
        case Dismiss() | Retune():
            pass


def _remedy_faults(history: History, decision: Decision) -> list[str]:
    match decision.remedy:
        case Restrict(methods=methods):
            unknown = set(methods) - set(history.manifest.methods)
            faults = [f"there is no method {method}" for method in sorted(unknown)]
            if len(set(methods)) != len(methods):
                faults.append("a method is named twice")
            return faults
        case Annul(ballots=ballots) | Restore(ballots=ballots):
            return _ballot_faults(history, ballots)
        case Zero() as zero:
            return _zero_faults(history, zero)
        case _:
            return []


def _ballot_faults(history: History, entries: tuple[int, ...]) -> list[str]:
    unknown = [entry for entry in entries if entry not in history.ballot_entries]
    faults = [f"entry {entry} is no earlier ballot" for entry in unknown]
    if any(first >= second for first, second in pairwise(entries)):
        faults.append("the ballots are not ascending")
    return faults


def _zero_faults(history: History, zero: Zero) -> list[str]:
    faults = []
    if history.contest(zero.contest) is None:
        faults.append(f"there is no contest {zero.contest}")
    elif not history.stands(zero.contest, zero.candidate):
        faults.append(f"{zero.candidate} is no candidate in {zero.contest}")
    if zero.method not in history.manifest.methods:
        faults.append(f"there is no method {zero.method}")
    return faults
