"""What the auditor of an archive hands back: every check, and the election in numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

from dauys.crypto.question import AnyQuestion, ListsQuestion
from dauys.crypto.rows import grouped
from dauys.crypto.tally import Result, ResultRow, flat
from dauys.crypto.threshold import ThresholdTrustees
from dauys.crypto.trustees import TrusteePublicKey
from dauys.verify.archive.ballots import Poll
from dauys.verify.archive.counting import Count
from dauys.verify.archive.setup import Setup
from dauys.verify.checks import Check


@dataclass(frozen=True, slots=True)
class AnswerSummary:
    """An answer with its votes, each times its voter's weight; None before the result."""

    answer: str
    votes: int | None


@dataclass(frozen=True, slots=True)
class ListSummary:
    """A list with its own votes and its candidates'."""

    list: str
    votes: int | None
    candidates: tuple[AnswerSummary, ...]


@dataclass(frozen=True, slots=True)
class QuestionSummary:
    """A question with its answers, or its lists, in the order of the ballot."""

    kind: str
    """Homomorphic or Lists."""
    question: str
    answers: tuple[AnswerSummary, ...]
    lists: tuple[ListSummary, ...]
    blank: int | None
    """Blank votes, where they are allowed."""


@dataclass(frozen=True, slots=True)
class TrusteesSummary:
    """A trustee (of one, who is needed), or a group of which `needed` members are."""

    names: tuple[str | None, ...]
    needed: int


@dataclass(frozen=True, slots=True)
class ArchiveSummary:
    """The election in numbers. `stage` is open, closed, tallied or counted."""

    uuid: str
    name: str
    description: str
    administrator: str | None
    credential_authority: str | None
    group: str
    fingerprint: str
    """Base64 of the SHA-256 of the election, as Belenios shows it."""
    stage: str
    credentials: int
    ballots: int
    """All that were cast."""
    replaced: int
    """By a later one with the same credential."""
    counted: int
    weight: int
    """Of the ballots that count."""
    weighted: bool
    """Whether some voter's weight is not 1."""
    trustees: tuple[TrusteesSummary, ...]
    decryptions: tuple[int, ...]
    """Trustees whose partial decryption holds, from 1."""
    questions: tuple[QuestionSummary, ...]
    result: Result | None
    """As Belenios writes it: a row for each question, blank votes first."""


@dataclass(frozen=True, slots=True)
class ArchiveReport:
    """Every check by name. `summary` is None if the archive's setup or ballots are not whole.

    What the summary says is verified only if `ok`.
    """

    checks: tuple[Check, ...]
    summary: ArchiveSummary | None

    @property
    def ok(self) -> bool:
        """Whether nothing speaks against the election."""
        return all(check.ok for check in self.checks)

    def failed(self) -> tuple[str, ...]:
        """Names of the checks that do not hold or could not be run."""
        return tuple(check.name for check in self.checks if not check.ok)


def summarise(setup: Setup, poll: Poll, count: Count, stage: str) -> ArchiveSummary:
    """Sum up the whole archive."""
    election = setup.election
    fitting = count.result if _fits(setup, count.result) else None
    return ArchiveSummary(
        uuid=election.uuid,
        name=election.name,
        description=election.description,
        administrator=election.administrator,
        credential_authority=election.credential_authority,
        group=election.group.name,
        fingerprint=election.fingerprint,
        stage=stage,
        credentials=len(setup.weights),
        ballots=poll.cast,
        replaced=len(poll.replaced),
        counted=len(poll.last),
        weight=sum(setup.weights[credential] for credential in poll.last),
        weighted=any(weight != 1 for weight in setup.weights.values()),
        trustees=tuple(map(_trustees, setup.trustees)),
        decryptions=tuple(sorted(count.parts)),
        questions=tuple(
            _question(question, None if fitting is None else fitting[i])
            for i, question in enumerate(election.questions)
        ),
        result=fitting,
    )


def _fits(setup: Setup, result: Result | None) -> bool:
    widths = [question.width for question in setup.election.questions]
    return result is not None and [len(flat(row)) for row in result] == widths


def _trustees(item: TrusteePublicKey | ThresholdTrustees) -> TrusteesSummary:
    if isinstance(item, ThresholdTrustees):
        return TrusteesSummary(tuple(m.key.name for m in item.members), item.threshold)
    return TrusteesSummary((item.name,), 1)


def _question(question: AnyQuestion, row: ResultRow | None) -> QuestionSummary:
    votes: tuple[int | None, ...] = (None,) * question.width if row is None else flat(row)
    if isinstance(question, ListsQuestion):
        rows = zip(question.answers, grouped(votes, question.sizes), strict=True)
        lists = tuple(
            ListSummary(
                names[0] if names else "",
                numbers[0] if numbers else None,
                _answers(names[1:], numbers[1:]),
            )
            for names, numbers in rows
        )
        return QuestionSummary("Lists", question.text, (), lists, None)
    answers = _answers(question.answers, votes[question.blank :])
    blank = votes[0] if question.blank else None
    return QuestionSummary("Homomorphic", question.text, answers, (), blank)


def _answers(names: Sequence[str], votes: Sequence[int | None]) -> tuple[AnswerSummary, ...]:
    return tuple(AnswerSummary(name, number) for name, number in zip(names, votes, strict=True))
