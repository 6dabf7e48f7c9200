"""What the board says so far: the state of an election, and who may still cast.

`replay.py` builds it entry by entry; the ballot box, the commission and the tally read
it. Which ballots count is not decided here: `tally/countable.py` does.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from dauys.core.contests import Candidate, Contest
from dauys.core.entries import (
    Booth,
    Candidates,
    Decision,
    Decryption,
    Manifest,
    Notice,
    Result,
    RevotePolicy,
    Tally,
    Trustees,
)
from dauys.core.errors import RefusedError, VerificationError
from dauys.core.ids import (
    CandidateId,
    ContestId,
    Credential,
    DecisionNumber,
    LeafIndex,
    MethodId,
    Pseudonym,
    QuestionId,
    Serial,
    Tracker,
)
from dauys.core.remedies import Restrict, Zero


class Phase(StrEnum):
    """Where the election stands."""

    DRAFT = "draft"
    SEALED = "sealed"
    OPEN = "open"
    CLOSED = "closed"
    TALLIED = "tallied"
    FINAL = "final"


@dataclass(frozen=True, slots=True)
class BallotRecord:
    """What counting needs to know of a ballot entry, without the ballot."""

    index: LeafIndex
    contest: ContestId
    pseudonym: Pseudonym
    credential: Credential
    method: MethodId
    serial: Serial
    weight: int
    reclaims: Tracker | None
    tracker: Tracker


@dataclass(slots=True)
class DecisionRecord:
    """A decision and who approved it; `in_force` is the place that completed the quorum."""

    index: LeafIndex
    decision: Decision
    digest: str
    approved_by: list[str] = field(default_factory=list)
    in_force: LeafIndex | None = None


@dataclass(slots=True)
class ElectionState:
    """Everything that replaying the entries so far established.

    Only `replay.Replay` writes to it. `now` is the time of the last timed entry,
    `closes` the closing time after extensions in force; `annulled` and `restored` map
    places of ballots to the decision that did it; `permits` is what the last `close` says.
    `heard` is the weight of all voters of a contest who have a ballot, counting or not.
    """

    size: int = 0
    phase: Phase = Phase.DRAFT
    now: str = ""
    closes: str = ""
    rules: Manifest | None = None
    candidates: dict[tuple[ContestId, QuestionId], Candidates] = field(default_factory=dict)
    elections: dict[ContestId, str] = field(default_factory=dict)
    trustees: Trustees | None = None
    booth: Booth | None = None
    decisions: dict[DecisionNumber, DecisionRecord] = field(default_factory=dict)
    restrictions: list[Restrict] = field(default_factory=list)
    zeroed: list[tuple[DecisionNumber, Zero]] = field(default_factory=list)
    annulled: dict[LeafIndex, DecisionNumber] = field(default_factory=dict)
    restored: dict[LeafIndex, DecisionNumber] = field(default_factory=dict)
    ballots: dict[LeafIndex, BallotRecord] = field(default_factory=dict)
    by_tracker: dict[Tracker, LeafIndex] = field(default_factory=dict)
    by_pseudonym: dict[tuple[ContestId, Pseudonym], list[BallotRecord]] = field(
        default_factory=dict
    )
    credentials: set[Credential] = field(default_factory=set)
    serials: set[Serial] = field(default_factory=set)
    evidence: set[str] = field(default_factory=set)
    contest_of: dict[Pseudonym, ContestId] = field(default_factory=dict)
    retuned: str = ""
    notices: dict[LeafIndex, Notice] = field(default_factory=dict)
    weight_of: dict[Pseudonym, int] = field(default_factory=dict)
    heard: dict[ContestId, int] = field(default_factory=dict)
    permits: int = 0
    tallies: dict[ContestId, Tally] = field(default_factory=dict)
    decryptions: dict[tuple[ContestId, str, int], Decryption] = field(default_factory=dict)
    results: dict[ContestId, Result] = field(default_factory=dict)

    @property
    def manifest(self) -> Manifest:
        """The rules. Raises VerificationError before entry 0 was applied."""
        if self.rules is None:
            raise VerificationError("the manifest comes first")
        return self.rules

    def contest(self, contest: ContestId) -> Contest:
        """The contest named `contest`. Raises VerificationError when there is none."""
        for one in self.manifest.contests:
            if one.id == contest:
                return one
        raise VerificationError("contest exists", contest)

    def papers(self, contest: ContestId) -> tuple[Candidates, ...]:
        """Who stands in each question of the contest, in order, as far as named."""
        found = (self.candidates.get((contest, q.id)) for q in self.contest(contest).questions)
        return tuple(paper for paper in found if paper is not None)

    def candidate(self, contest: ContestId, candidate: CandidateId) -> Candidate:
        """Who stands under that id. Raises VerificationError when nobody does."""
        for paper in self.papers(contest):
            for one in paper.people:
                if one.id == candidate:
                    return one
        raise VerificationError("a decision names a candidate of the contest", candidate)

    @property
    def monitor(self) -> str:
        """SHA-256 of the monitor's policy: the manifest's, or that of the last decision on it."""
        return self.retuned or self.manifest.monitor

    def strength(self, method: MethodId) -> int:
        """Rank of a method, 0 for the weakest. Raises VerificationError for a stranger."""
        if method not in self.manifest.methods:
            raise VerificationError("method is one of the manifest's", method)
        return self.manifest.methods.index(method)

    def methods_at(self, instant: str) -> tuple[MethodId, ...]:
        """Methods that admit a ballot at `instant`, by the decisions in force so far."""
        allowed = self.manifest.methods
        for restriction in self.restrictions:
            if restriction.since <= instant:
                allowed = tuple(m for m in allowed if m in restriction.methods)
        return allowed

    def ballots_of(self, contest: ContestId, pseudonym: Pseudonym) -> tuple[BallotRecord, ...]:
        """All ballots of a voter, in log order, counting or not."""
        return tuple(self.by_pseudonym.get((contest, pseudonym), ()))

    def votes(self, ballots: Iterable[LeafIndex]) -> int:
        """How many votes the ballots at these entries are, counting or not. Raises KeyError."""
        return sum(self.ballots[index].weight for index in ballots)

    def is_fallen(self, ballot: BallotRecord) -> bool:
        """Whether a decision annulled the ballot, or its own voter reclaimed it.

        A reclaim needs a stronger method; it holds whatever becomes of the ballot it
        came with.
        """
        strength = self.strength(ballot.method)
        return ballot.index in self.annulled or any(
            other.reclaims == ballot.tracker and self.strength(other.method) > strength
            for other in self.ballots_of(ballot.contest, ballot.pseudonym)
        )

    def check_admits(self, method: MethodId, instant: str) -> None:
        """Check that ballots by `method` are taken at `instant`, from whomever.

        Raises RefusedError with the code `not_open`, `closed` or `method_not_allowed`.
        """
        if self.phase in {Phase.DRAFT, Phase.SEALED}:
            raise RefusedError("not_open")
        if self.phase is not Phase.OPEN or instant >= self.closes:
            raise RefusedError("closed")
        if method not in self.methods_at(instant):
            raise RefusedError("method_not_allowed", method)

    def check_may_cast(
        self,
        contest: ContestId,
        pseudonym: Pseudonym,
        method: MethodId,
        reclaims: Tracker | None,
        instant: str,
    ) -> None:
        """Check that a ballot by `method` could count now: for permits and for admission.

        Raises RefusedError as `check_admits`, or with the code `already_voted`,
        `nothing_to_reclaim`, or `stronger_needed`: who was annulled or reclaimed comes back
        by a stronger method only.
        """
        self.check_admits(method, instant)
        if reclaims is not None:
            self.check_reclaim(contest, pseudonym, method, reclaims)
        strength = self.strength(method)
        ballots = self.ballots_of(contest, pseudonym)
        # docs/protocol.md section 6, step 3, as it will be with this ballot on the board.
        fallen = (b for b in ballots if b.tracker == reclaims or self.is_fallen(b))
        floor = max((self.strength(b.method) for b in fallen), default=-1)
        if strength <= floor:
            raise RefusedError("stronger_needed")
        standing = [s for b in ballots if (s := self.strength(b.method)) > floor]
        if standing and not self._may_replace(max(standing), strength):
            raise RefusedError("already_voted")

    def check_reclaim(
        self, contest: ContestId, pseudonym: Pseudonym, method: MethodId, tracker: Tracker
    ) -> None:
        """Check that the voter has a ballot `tracker` by a weaker method than `method`.

        Raises RefusedError `nothing_to_reclaim`.
        """
        strength = self.strength(method)
        if not any(
            b.tracker == tracker and self.strength(b.method) < strength
            for b in self.ballots_of(contest, pseudonym)
        ):
            raise RefusedError("nothing_to_reclaim")

    def _may_replace(self, standing: int, strength: int) -> bool:
        match self.manifest.policy:
            case RevotePolicy.ONCE:
                return False
            case RevotePolicy.STRONGER:
                return strength > standing
            case RevotePolicy.LAST:
                return strength >= standing
