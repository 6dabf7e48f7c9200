"""The draft of an election: what an organiser has chosen, and what may be wrong with it."""

from dataclasses import dataclass
from datetime import datetime

from dauys.core.contests import Candidate, CandidateList, CategoryCount, QuestionKind
from dauys.core.entries import BoothFile, Member, RevotePolicy
from dauys.core.errors import DauysError
from dauys.core.forms import Text
from dauys.core.ids import ContestId, ElectionId, MethodId, QuestionId
from dauys.crypto.threshold import AnyTrustees


@dataclass(frozen=True, slots=True)
class QuestionDraft:
    """One question. Who stands is in `lists` if its kind is that, else in `candidates`.

    Both are in the order of the ballot paper.
    """

    id: QuestionId
    text: Text
    kind: QuestionKind
    seats: int
    minimum: int
    maximum: int
    blank: bool
    candidates: tuple[Candidate, ...] = ()
    lists: tuple[CandidateList, ...] = ()


@dataclass(frozen=True, slots=True)
class ContestDraft:
    """Questions to one electorate. `uuid` is the Belenios election's (`new_uuid`)."""

    id: ContestId
    name: Text
    questions: tuple[QuestionDraft, ...]
    registered: tuple[CategoryCount, ...]
    uuid: ElectionId


@dataclass(frozen=True, slots=True)
class ElectionDraft:
    """Everything that is fixed when the election is sealed.

    `methods` runs from the weakest to the strongest; `registrar` and `log_key` are public
    keys in hex; `register` and `monitor` are SHA-256 in hex; `opens` and `closes` carry a
    zone; `zone` is the IANA name in which times are shown; `clock_step` is in seconds.
    """

    election: ElectionId
    name: Text
    organiser: Text
    contests: tuple[ContestDraft, ...]
    methods: tuple[MethodId, ...]
    policy: RevotePolicy
    stratum_minimum: int
    quorum: int
    commission: tuple[Member, ...]
    registrar: str
    log_origin: str
    log_key: str
    opens: datetime
    closes: datetime
    zone: str
    clock_step: int
    register: str
    monitor: str
    warnings: tuple[Text, ...]
    trustees: AnyTrustees
    booth: tuple[BoothFile, ...]
    signed: tuple[MethodId, ...] = ()
    """Methods whose permits name the voter's own signature."""
    unfinished: tuple[str, ...] = ()
    """Groups of trustees whose key ceremony has not come to its end, by their members."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to mend: `field` is its path in the draft (`contests[0].maximum`).

    `code` is a stable word that the faces translate; the codes are in `draft_rules.py`.
    `detail` is for staff: the figure or value that is wrong.
    """

    field: str
    code: str
    detail: str = ""


class DraftError(DauysError):
    """The draft cannot be sealed; `problems` names everything to mend."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """`problems` has at least one."""
        super().__init__("; ".join(f"{p.field}: {p.code} {p.detail}".rstrip() for p in problems))
        self.problems = problems
