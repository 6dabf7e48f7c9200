"""Cases: what the commission is asked to decide, with the evidence.

The monitor opens them for clusters, voters by saying "this was not me", staff by hand.
A case never touches the count; a decision in force does.
"""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from dauys.core.entries import Decision
from dauys.core.errors import RefusedError
from dauys.core.forms import Text
from dauys.core.ids import CaseId, ContestId, DecisionNumber, LeafIndex
from dauys.core.ports import Clock
from dauys.core.remedies import Annul, Dismiss, Zero
from dauys.core.state import BallotRecord, ElectionState


class Origin(StrEnum):
    """Who brought a case, or a line of its evidence."""

    MONITOR = "monitor"
    VOTER = "voter"
    STAFF = "staff"


class CaseStatus(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    DECIDED = "decided"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One fact, in words that may be published: no address, phone or name."""

    at: datetime
    origin: Origin
    text: Text


@dataclass(frozen=True, slots=True)
class Case:
    """A question to the commission about `ballots`, ascending.

    `disputed` are those of them that their voters say are not theirs. `cluster` is the
    monitor's name for what it found. `decision` is the one in force that settled it.
    """

    number: CaseId
    contest: ContestId
    opened: datetime
    origin: Origin
    title: Text
    evidence: tuple[EvidenceLine, ...]
    ballots: tuple[LeafIndex, ...]
    disputed: tuple[LeafIndex, ...] = ()
    status: CaseStatus = CaseStatus.OPEN
    cluster: str | None = None
    decision: DecisionNumber | None = None


class CaseStore(Protocol):
    """Where cases are kept."""

    def locked(self) -> AbstractContextManager[None]:
        """One writer at a time, across processes.

        What is put inside is durable on leaving, or gone on an exception.
        """
        ...

    def next_number(self) -> CaseId:
        """One more than the largest number put, from 1. Inside `locked` only."""
        ...

    def put(self, case: Case) -> None:
        """Keep `case`, in the place of an older one of its number. Inside `locked` only."""
        ...

    def get(self, number: CaseId) -> Case:
        """The case as last put. Raises RefusedError `unknown_case`."""
        ...

    def find(
        self, *, contest: ContestId | None = None, status: CaseStatus | None = None
    ) -> tuple[Case, ...]:
        """Cases of the contest and of the status, by number."""
        ...


@dataclass(frozen=True, slots=True)
class Finding:
    """What a case is opened with."""

    contest: ContestId
    title: Text
    evidence: tuple[Text, ...]
    ballots: tuple[LeafIndex, ...]


class CaseDesk:
    """Opens cases, adds evidence to them, and closes them by the decisions in force."""

    def __init__(self, store: CaseStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def get(self, number: CaseId) -> Case:
        """The case. Raises RefusedError `unknown_case`."""
        return self._store.get(number)

    def find(
        self, *, contest: ContestId | None = None, status: CaseStatus | None = None
    ) -> tuple[Case, ...]:
        """Cases of the contest and of the status, by number."""
        return self._store.find(contest=contest, status=status)

    def open_case(self, finding: Finding, origin: Origin) -> Case:
        """A new case."""
        with self._store.locked():
            return self._open(finding, origin)

    def open_by_monitor(self, finding: Finding, cluster: str) -> Case:
        """The case of the monitor's `cluster`: opened, or grown by what is new in `finding`.

        A cluster may come back under another name as it spreads (an address becomes a
        block): an open case of the monitor that shares half of the smaller's ballots is its
        case. Found again after its case was closed, it opens a new one only if it holds
        ballots that the closed one did not.
        """
        with self._store.locked():
            known = self._store.find(contest=finding.contest)
            still_open = [
                case
                for case in known
                if case.status is CaseStatus.OPEN
                and case.origin is Origin.MONITOR
                and (case.cluster == cluster or _overlap(case.ballots, finding.ballots))
            ]
            if still_open:
                return self._renew(still_open[0], finding, cluster)
            same = [case for case in known if case.cluster == cluster]
            if same and {b for case in same for b in case.ballots}.issuperset(finding.ballots):
                return same[-1]
            return self._open(finding, Origin.MONITOR, cluster=cluster)

    def report_by_voter(self, ballot: BallotRecord, title: Text, words: Text) -> Case:
        """The case in which a voter's "this was not me" about `ballot` is kept.

        It joins an open case that holds the ballot (the monitor's rather than another)
        and is a case of its own otherwise. Reporting again adds nothing.
        """
        with self._store.locked():
            cases = [
                case
                for case in self._store.find(contest=ballot.contest, status=CaseStatus.OPEN)
                if ballot.index in case.ballots
            ]
            if not cases:
                finding = Finding(ballot.contest, title, (words,), (ballot.index,))
                return self._open(finding, Origin.VOTER, disputed=(ballot.index,))
            case = next((c for c in cases if c.origin is Origin.MONITOR), cases[0])
            if ballot.index in case.disputed:
                return case
            case = replace(case, disputed=tuple(sorted({*case.disputed, ballot.index})))
            return self._put(case, (self._line(words, Origin.VOTER),))

    def add_evidence(self, number: CaseId, words: Text, ballots: Iterable[LeafIndex] = ()) -> Case:
        """The case with a line and ballots added by staff. Raises RefusedError `case_closed`."""
        with self._store.locked():
            case = self._store.get(number)
            if case.status is not CaseStatus.OPEN:
                raise RefusedError("case_closed", str(number))
            return self._grow(case, (words,), ballots, Origin.STAFF)

    def settle(self, in_force: Iterable[Decision]) -> None:
        """Give every case the status that the decisions `in_force`, in order, give it.

        An annulment or a zeroing decides a case, a dismissal dismisses it; an extension,
        a restriction or a restoration leaves it as it was. May be repeated.
        """
        settled = {
            CaseId(decision.case): decision
            for decision in in_force
            if decision.case is not None and isinstance(decision.remedy, Annul | Zero | Dismiss)
        }
        with self._store.locked():
            for case in self._store.find():
                if case.number not in settled:
                    continue
                decision = settled[case.number]
                dismissed = isinstance(decision.remedy, Dismiss)
                status = CaseStatus.DISMISSED if dismissed else CaseStatus.DECIDED
                number = DecisionNumber(decision.number)
                if (case.status, case.decision) != (status, number):
                    self._store.put(replace(case, status=status, decision=number))

    def flagged(self, contest: ContestId) -> frozenset[LeafIndex]:
        """Ballots of the monitor's cases that nobody has decided yet."""
        cases = self._store.find(contest=contest, status=CaseStatus.OPEN)
        return frozenset(b for c in cases if c.origin is Origin.MONITOR for b in c.ballots)

    def contested(self, contest: ContestId) -> frozenset[LeafIndex]:
        """Ballots that voters say are not theirs, in cases that were not dismissed."""
        cases = self._store.find(contest=contest)
        return frozenset(
            b for c in cases if c.status is not CaseStatus.DISMISSED for b in c.disputed
        )

    def _open(
        self,
        finding: Finding,
        origin: Origin,
        *,
        disputed: tuple[LeafIndex, ...] = (),
        cluster: str | None = None,
    ) -> Case:
        case = Case(
            number=self._store.next_number(),
            contest=finding.contest,
            opened=self._clock.now(),
            origin=origin,
            title=finding.title,
            evidence=tuple(self._line(words, origin) for words in finding.evidence),
            ballots=tuple(sorted(set(finding.ballots))),
            disputed=disputed,
            cluster=cluster,
        )
        self._store.put(case)
        return case

    def _grow(
        self, case: Case, words: Iterable[Text], ballots: Iterable[LeafIndex], origin: Origin
    ) -> Case:
        known = {line.text for line in case.evidence}
        lines = tuple(self._line(text, origin) for text in words if text not in known)
        grown = replace(case, ballots=tuple(sorted({*case.ballots, *ballots})))
        return self._put(grown, lines) if lines or grown != case else case

    def _renew(self, case: Case, finding: Finding, cluster: str) -> Case:
        """The monitor's words of today in the place of those of yesterday; ballots only join."""
        kept = tuple(
            line
            for line in case.evidence
            if line.origin is not Origin.MONITOR or line.text in finding.evidence
        )
        known = {line.text for line in kept}
        lines = tuple(
            self._line(words, Origin.MONITOR) for words in finding.evidence if words not in known
        )
        ballots = tuple(sorted({*case.ballots, *finding.ballots}))
        renewed = replace(
            case, title=finding.title, cluster=cluster, ballots=ballots, evidence=kept + lines
        )
        if renewed != case:
            self._store.put(renewed)
        return renewed

    def _put(self, case: Case, lines: tuple[EvidenceLine, ...]) -> Case:
        case = replace(case, evidence=case.evidence + lines)
        self._store.put(case)
        return case

    def _line(self, words: Text, origin: Origin) -> EvidenceLine:
        return EvidenceLine(self._clock.now(), origin, words)


def decisions_in_force(state: ElectionState) -> tuple[Decision, ...]:
    """Decisions in force, in the order in which they came into force."""
    found = [(r.in_force, r.decision) for r in state.decisions.values() if r.in_force is not None]
    return tuple(decision for _, decision in sorted(found, key=lambda one: one[0]))


def _overlap(one: Iterable[LeafIndex], other: Iterable[LeafIndex]) -> bool:
    """Whether half of the smaller is in the other."""
    a, b = set(one), set(other)
    return 2 * len(a & b) >= min(len(a), len(b)) > 0
