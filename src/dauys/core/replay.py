"""Replays the board: takes entries in order and builds the state of the election.

It checks what decides whether an entry may follow: order of kinds, times, references,
signatures of permits and approvals. It does not look inside ballots (the ballot box
did) and does not count (`tally/` does). `verify/` repeats all of it independently.
"""

import base64
import hashlib
from functools import singledispatchmethod

from dauys.core.contests import QuestionKind, all_different, check_contest
from dauys.core.entries import (
    AnyEntry,
    Approval,
    BallotEntry,
    Booth,
    Candidates,
    ClockTick,
    Close,
    Decision,
    Decryption,
    Entry,
    Final,
    Manifest,
    Notice,
    Open,
    Result,
    Tally,
    Trustees,
    approval_bytes,
    encode_entry,
)
from dauys.core.errors import MalformedError, RefusedError, VerificationError
from dauys.core.forms import parse_instant
from dauys.core.ids import DecisionNumber, LeafIndex, Serial, Tracker
from dauys.core.ports import VerifySignature
from dauys.core.remedies import Annul, Extend, Restore, Restrict, Retune, Zero
from dauys.core.state import BallotRecord, DecisionRecord, ElectionState, Phase

_TIMED = (Open, ClockTick, Approval, Notice, Close, Final)

TOTAL = "total"
"""Name of the stratum that holds all countable ballots of a contest."""


def tracker_of(ballot: str) -> Tracker:
    """SHA-256 of the whole ballot, base64 without padding (Belenios 3.0, section 4.15)."""
    digest = hashlib.sha256(ballot.encode()).digest()
    return Tracker(base64.b64encode(digest).decode().rstrip("="))


def _check_instants(entry: AnyEntry) -> None:
    """Raise VerificationError for a time that no clock shows, such as 31 February."""
    found: list[str] = [entry.at] if isinstance(entry, _TIMED) else []
    match entry:
        case Manifest():
            found += [entry.opens, entry.closes]
        case Decision(remedy=Extend(closes=closes)):
            found += [entry.proposed, closes]
        case Decision(remedy=Restrict(since=since)):
            found += [entry.proposed, since]
        case Decision():
            found += [entry.proposed]
        case Notice():
            found += [entry.until]
        case _:
            pass
    for text in found:
        try:
            parse_instant(text)
        except MalformedError as error:
            raise VerificationError("times are real", text) from error


class Replay:
    """Builds `state` from entries, one `apply` each."""

    def __init__(self, verify_signature: VerifySignature) -> None:
        """Start before entry 0."""
        self.state = ElectionState()
        self._verify_signature = verify_signature

    def apply(self, entry: AnyEntry) -> LeafIndex:
        """Take in the next entry and return its place.

        Raises VerificationError, with the state unchanged, when it may not follow.
        """
        state = self.state
        index = LeafIndex(state.size)
        if (state.rules is None) != isinstance(entry, Manifest):
            raise VerificationError("the manifest comes first, once")
        at = entry.at if isinstance(entry, _TIMED) else state.now
        _check_instants(entry)
        if at < state.now:
            raise VerificationError("times do not go backwards", f"{at} after {state.now}")
        self._take(entry, index)
        state.now = at
        state.size += 1
        return index

    def _require(self, *phases: Phase) -> None:
        if self.state.phase not in phases:
            raise VerificationError("entry fits the phase", f"not while {self.state.phase}")

    @singledispatchmethod
    def _take(self, entry: Entry, index: LeafIndex) -> None:
        raise VerificationError("entry is of a known kind", f"{type(entry).__name__} at {index}")

    @_take.register
    def _(self, entry: Manifest, index: LeafIndex) -> None:  # noqa: ARG002 -- dispatch
        if not all_different(c.id for c in entry.contests):
            raise VerificationError("contests have different names")
        for contest in entry.contests:
            check_contest(contest)
        if len(set(entry.methods)) != len(entry.methods):
            raise VerificationError("methods are different")
        if not set(entry.signed) <= set(entry.methods) or len(set(entry.signed)) != len(
            entry.signed
        ):
            raise VerificationError("signed methods are some of the methods, in their order")
        members = {m.id for m in entry.commission}
        keys = {m.key for m in entry.commission}
        if not len(members) == len(keys) == len(entry.commission) >= entry.quorum:
            raise VerificationError("a quorum of different members with different keys")
        if entry.opens >= entry.closes:
            raise VerificationError("voting opens before it closes")
        self.state.rules = entry
        self.state.closes = entry.closes
        self.state.phase = Phase.SEALED

    @_take.register
    def _(self, entry: Candidates, index: LeafIndex) -> None:  # noqa: ARG002 -- dispatch
        self._require(Phase.SEALED)
        state, question = self.state, self.state.contest(entry.contest).question(entry.question)
        if (entry.contest, question.id) in state.candidates or state.trustees is not None:
            raise VerificationError("candidates are named once, before the trustees")
        lists = question.kind is QuestionKind.LISTS
        if bool(entry.lists) != lists or bool(entry.candidates) == lists:
            raise VerificationError("candidates stand on lists where the question has lists")
        papers = (*state.papers(entry.contest), entry)
        if not all_different(name for paper in papers for name in paper.names):
            raise VerificationError("candidates and lists have different names")
        state.candidates[entry.contest, question.id] = entry

    @_take.register
    def _(self, entry: Trustees, index: LeafIndex) -> None:  # noqa: ARG002 -- dispatch
        self._require(Phase.SEALED)
        elections = {e.contest: e.election for e in entry.elections}
        if self.state.trustees is not None or len(elections) != len(entry.elections):
            raise VerificationError("trustees are named once")
        contests = self.state.manifest.contests
        asked = {(c.id, question.id) for c in contests for question in c.questions}
        if {c.id for c in contests} != set(elections) or asked != set(self.state.candidates):
            raise VerificationError("every contest has candidates and an election")
        self.state.trustees = entry
        self.state.elections = elections

    @_take.register
    def _(self, entry: Booth, index: LeafIndex) -> None:  # noqa: ARG002 -- dispatch
        self._require(Phase.SEALED)
        if self.state.booth is not None:
            raise VerificationError("the booth is named once")
        self.state.booth = entry

    @_take.register
    def _(self, entry: Open, index: LeafIndex) -> None:  # noqa: ARG002 -- dispatch
        self._require(Phase.SEALED, Phase.CLOSED)
        state = self.state
        if state.trustees is None or state.booth is None:
            raise VerificationError("trustees and booth stand before voting opens")
        if not state.manifest.opens <= entry.at < state.closes or state.tallies:
            raise VerificationError("voting opens within its hours")
        state.phase = Phase.OPEN

    @_take.register
    def _(self, entry: ClockTick, index: LeafIndex) -> None:  # noqa: ARG002 -- dispatch
        self._require(Phase.OPEN, Phase.CLOSED)

    @_take.register
    def _(self, entry: BallotEntry, index: LeafIndex) -> None:
        self._require(Phase.OPEN)
        state, statement = self.state, entry.permit.statement
        state.contest(statement.contest)
        if statement.election != state.manifest.election:
            raise VerificationError("permit is for this election")
        signature = bytes.fromhex(entry.permit.signature)
        self._verify_signature(state.manifest.registrar, statement.signed_bytes(), signature)
        if state.now >= state.closes or statement.method not in state.methods_at(state.now):
            raise VerificationError("ballot comes in time, by an allowed method")
        record = BallotRecord(
            index,
            statement.contest,
            statement.pseudonym,
            statement.credential,
            statement.method,
            Serial(statement.serial),
            statement.weight,
            statement.reclaims,
            tracker_of(entry.ballot),
        )
        if statement.evidence is None and statement.method in state.manifest.signed:
            raise VerificationError("a permit by a signed method names the voter's signature")
        if statement.evidence is not None and statement.evidence in state.evidence:
            raise VerificationError("a voter's signature makes one permit")
        self._check_fresh(record)
        self._check_weight(record)
        if statement.evidence is not None:
            state.evidence.add(statement.evidence)
        state.credentials.add(record.credential)
        state.serials.add(record.serial)
        if record.pseudonym not in state.weight_of:
            state.heard[record.contest] = state.heard.get(record.contest, 0) + record.weight
        state.weight_of[record.pseudonym] = record.weight
        state.contest_of[record.pseudonym] = record.contest
        state.ballots[index] = record
        state.by_tracker[record.tracker] = index
        state.by_pseudonym.setdefault((record.contest, record.pseudonym), []).append(record)

    def _check_fresh(self, ballot: BallotRecord) -> None:
        state = self.state
        if ballot.credential in state.credentials or ballot.serial in state.serials:
            raise VerificationError("permit is used once")
        if ballot.tracker in state.by_tracker:
            raise VerificationError("ballot stands once")
        if state.contest_of.get(ballot.pseudonym, ballot.contest) != ballot.contest:
            raise VerificationError("a pseudonym is of one voter and contest")
        if ballot.reclaims is None:
            return
        try:
            state.check_reclaim(ballot.contest, ballot.pseudonym, ballot.method, ballot.reclaims)
        except RefusedError as error:
            raise VerificationError("reclaimed ballot is the voter's and weaker") from error

    def _check_weight(self, ballot: BallotRecord) -> None:
        state = self.state
        known = state.weight_of.get(ballot.pseudonym)
        if known is not None and known != ballot.weight:
            raise VerificationError("a voter's weight does not change", f"{known}")
        heard = state.heard.get(ballot.contest, 0) + (ballot.weight if known is None else 0)
        if heard > state.contest(ballot.contest).weight:
            raise VerificationError("weights add up to no more than is registered", f"{heard}")

    @_take.register
    def _(self, entry: Decision, index: LeafIndex) -> None:
        self._require(Phase.OPEN, Phase.CLOSED)
        number = DecisionNumber(entry.number)
        if self.state.tallies:
            raise VerificationError("decisions come before the tally")
        if number in self.state.decisions:
            raise VerificationError("decisions have different numbers")
        self._check_remedy(entry)
        digest = hashlib.sha256(encode_entry(entry)).hexdigest()
        self.state.decisions[number] = DecisionRecord(index, entry, digest)

    def _check_remedy(self, entry: Decision) -> None:
        state = self.state
        match entry.remedy:
            case Annul(ballots=leaves) | Restore(ballots=leaves):
                if list(leaves) != sorted(set(leaves)):
                    raise VerificationError("ballots of a decision ascend, none twice")
                if not all(leaf in state.ballots for leaf in leaves):
                    raise VerificationError("a decision names ballots on the board")
            case Restrict(methods=methods):
                if len(set(methods)) != len(methods):
                    raise VerificationError("a restriction names different methods")
                for method in methods:
                    state.strength(method)
            case Zero(contest=contest, candidate=candidate, method=method):
                state.candidate(contest, candidate)
                state.strength(method)
            case _:
                pass

    @_take.register
    def _(self, entry: Approval, index: LeafIndex) -> None:
        self._require(Phase.OPEN, Phase.CLOSED)
        manifest = self.state.manifest
        record = self.state.decisions.get(DecisionNumber(entry.decision))
        member = next((m for m in manifest.commission if m.id == entry.member), None)
        if record is None or member is None or self.state.tallies:
            raise VerificationError("an approval names a decision and a member, before the tally")
        if entry.digest != record.digest:
            raise VerificationError("an approval is of the decision on the board")
        if member.id in record.approved_by:
            raise VerificationError("a member approves once")
        message = approval_bytes(manifest.election, entry.digest)
        self._verify_signature(member.key, message, bytes.fromhex(entry.signature))
        record.approved_by.append(member.id)
        if len(record.approved_by) == manifest.quorum:
            record.in_force = index
            self._enforce(record.decision)

    def _enforce(self, decision: Decision) -> None:
        state, number = self.state, DecisionNumber(decision.number)
        match decision.remedy:
            case Extend(closes=closes):
                state.closes = max(state.closes, closes)
            case Restrict() as restriction:
                state.restrictions.append(restriction)
            case Annul(ballots=leaves):
                for leaf in map(LeafIndex, leaves):
                    state.annulled.setdefault(leaf, number)
            case Restore(ballots=leaves):
                for leaf in map(LeafIndex, leaves):
                    if state.annulled.pop(leaf, None) is not None:
                        state.restored[leaf] = number
            case Zero() as zero:
                state.zeroed.append((number, zero))
            case Retune(policy=policy):
                state.retuned = policy
            case _:
                pass

    @_take.register
    def _(self, entry: Notice, index: LeafIndex) -> None:
        self._require(Phase.OPEN, Phase.CLOSED)
        if entry.until <= entry.at or self.state.tallies:
            raise VerificationError("a notice ends later, and comes before the tally")
        self.state.notices[index] = entry

    @_take.register
    def _(self, entry: Close, index: LeafIndex) -> None:  # noqa: ARG002 -- dispatch
        self._require(Phase.OPEN)
        if entry.at < self.state.closes:
            raise VerificationError("voting closes no earlier than announced")
        if entry.permits < max(self.state.serials, default=0):
            raise VerificationError("every ballot's permit is among those issued")
        if entry.permits < self.state.permits:
            raise VerificationError("permits issued do not become fewer")
        self.state.permits = entry.permits
        self.state.phase = Phase.CLOSED

    @_take.register
    def _(self, entry: Tally, index: LeafIndex) -> None:  # noqa: ARG002 -- dispatch
        self._require(Phase.CLOSED)
        names = [s.name for s in entry.strata]
        self.state.contest(entry.contest)
        if entry.contest in self.state.tallies:
            raise VerificationError("a contest is tallied once")
        if self.state.now < self.state.closes:
            raise VerificationError("a tally comes after the closing time")
        if names[0] != TOTAL or len(set(names)) != len(names):
            raise VerificationError("strata have different names, the total first")
        self.state.tallies[entry.contest] = entry

    @_take.register
    def _(self, entry: Decryption, index: LeafIndex) -> None:  # noqa: ARG002 -- dispatch
        self._require(Phase.CLOSED)
        tally = self.state.tallies.get(entry.contest)
        if tally is None or entry.stratum not in {s.name for s in tally.strata}:
            raise VerificationError("a decryption is of a stratum on the board")
        key = (entry.contest, entry.stratum, entry.trustee)
        if key in self.state.decryptions or entry.contest in self.state.results:
            raise VerificationError("a trustee decrypts a stratum once, before the result")
        self.state.decryptions[key] = entry

    @_take.register
    def _(self, entry: Result, index: LeafIndex) -> None:  # noqa: ARG002 -- dispatch
        self._require(Phase.CLOSED)
        if entry.contest not in self.state.tallies or entry.contest in self.state.results:
            raise VerificationError("a contest has one result, after its tally")
        self.state.results[entry.contest] = entry
        if len(self.state.results) == len(self.state.manifest.contests):
            self.state.phase = Phase.TALLIED

    @_take.register
    def _(self, entry: Final, index: LeafIndex) -> None:  # noqa: ARG002 -- dispatch
        self._require(Phase.TALLIED)
        self.state.phase = Phase.FINAL
