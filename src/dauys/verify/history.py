"""What the log has said up to a place: filled by `replay`, read by the checks after it."""

from dataclasses import dataclass, field
from enum import IntEnum

from dauys.core.contests import Contest
from dauys.core.entries import Booth, Candidates, Decision, Manifest, Result, Tally, Trustees
from dauys.core.ids import (
    CandidateId,
    ContestId,
    Credential,
    MethodId,
    Pseudonym,
    QuestionId,
    Serial,
    Tracker,
)
from dauys.core.remedies import Restrict, Zero


class Stage(IntEnum):
    """docs/protocol.md, section 4."""

    SEALED = 0
    OPEN = 1
    CLOSED = 2
    TALLIED = 3
    FINAL = 4


@dataclass(frozen=True, slots=True)
class CastBallot:
    """What the rules need of a ballot on the board; the ballot itself stays in its file."""

    entry: int
    contest: ContestId
    pseudonym: Pseudonym
    method: MethodId
    credential: Credential
    serial: Serial
    weight: int
    tracker: Tracker
    reclaims: Tracker | None


@dataclass(slots=True)
class PublishedDecision:
    """A decision and whose approvals of it hold."""

    entry: int
    digest: str
    decision: Decision
    members: set[str] = field(default_factory=set)
    in_force: bool = False


@dataclass(frozen=True, slots=True)
class PublishedDecryption:
    """The texts of a partial decryption and of what binds it, and the number of its entry."""

    entry: int
    text: str
    binding: str


DecryptionKey = tuple[ContestId, str, int]
"""Contest, stratum and trustee (from 1)."""


@dataclass(slots=True)
class History:
    """The election as the entries so far tell it."""

    manifest: Manifest
    stage: Stage = Stage.SEALED
    time: str | None = None
    """`at` of the last timed entry."""
    closes: str = ""
    papers: dict[tuple[ContestId, QuestionId], Candidates] = field(default_factory=dict)
    trustees: Trustees | None = None
    trustees_entry: int = 0
    booth: Booth | None = None
    ballots: list[CastBallot] = field(default_factory=list)
    ballot_entries: set[int] = field(default_factory=set)
    decisions: dict[int, PublishedDecision] = field(default_factory=dict)
    restrictions: list[Restrict] = field(default_factory=list)
    zeros: dict[int, Zero] = field(default_factory=dict)
    """In force, by the decision's number."""
    annulled: set[int] = field(default_factory=set)
    restored: set[int] = field(default_factory=set)
    permits: int | None = None
    """As the last `close` has it."""
    highest_serial: int = 0
    tallies: dict[ContestId, tuple[int, Tally]] = field(default_factory=dict)
    """With the number of the entry."""
    decryptions: dict[DecryptionKey, PublishedDecryption] = field(default_factory=dict)
    results: dict[ContestId, tuple[int, Result]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Voting closes when the manifest says, until a decision extends it."""
        self.closes = self.manifest.closes

    def contest(self, name: ContestId) -> Contest | None:
        """The manifest's contest of that name, if it has one."""
        return next((c for c in self.manifest.contests if c.id == name), None)

    def strength(self, method: MethodId) -> int:
        """Place of `method` from the weakest, 0; -1 for one the manifest does not know."""
        methods = self.manifest.methods
        return methods.index(method) if method in methods else -1

    def paper(self, contest: ContestId, question: QuestionId) -> Candidates | None:
        """Who stands in the question, if it is published."""
        return self.papers.get((contest, question))

    def names(self, contest: ContestId) -> list[str]:
        """Ids of all candidates and lists published of the contest so far."""
        papers = (paper for (of, _), paper in self.papers.items() if of == contest)
        return [name for paper in papers for name in paper.names]

    def stands(self, contest: ContestId, candidate: CandidateId) -> bool:
        """Whether the candidate stands in some question of the contest."""
        return any(
            candidate in (one.id for one in paper.people)
            for (of, _), paper in self.papers.items()
            if of == contest
        )
