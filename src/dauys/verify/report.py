"""What the auditor hands back: every check, and the election as the files tell it."""

from collections import Counter
from dataclasses import dataclass

from dauys.core.contests import Candidate, Contest, QuestionKind, QuestionRule
from dauys.core.entries import Candidates, QuestionResult
from dauys.core.forms import Text
from dauys.core.ids import CandidateId, ContestId, ListId, QuestionId
from dauys.verify.checks import Check
from dauys.verify.countable import reclaimed
from dauys.verify.history import CastBallot, History
from dauys.verify.manifest import voters_of, weight_of


@dataclass(frozen=True, slots=True)
class CandidateSummary:
    """A candidate with the published votes; `None` before the result. `list` is theirs, if any."""

    id: CandidateId
    name: str
    list: ListId | None
    votes: int | None
    elected: bool
    tied: bool


@dataclass(frozen=True, slots=True)
class ListSummary:
    """A list with the published votes; `None` before the result."""

    id: ListId
    name: str
    votes: int | None


@dataclass(frozen=True, slots=True)
class QuestionSummary:
    """A question and, once published, its result."""

    id: QuestionId
    text: Text
    kind: QuestionKind
    seats: int
    candidates: tuple[CandidateSummary, ...]
    """In the order of the ballot paper, list after list."""
    lists: tuple[ListSummary, ...]
    blank: int | None
    zeroed: int


@dataclass(frozen=True, slots=True)
class ContestSummary:
    """A contest with its ballots and, once published, its result."""

    id: ContestId
    name: Text
    registered: int
    registered_weight: int
    counted: int
    """Ballots that count: one for each voter who has one."""
    counted_weight: int
    questions: tuple[QuestionSummary, ...]
    has_result: bool
    small: bool
    """Fewer ballots count than a stratum is to have; the total is decrypted all the same."""

    @property
    def weighted(self) -> bool:
        """Whether some voter has more than one vote."""
        return self.registered_weight != self.registered


@dataclass(frozen=True, slots=True)
class Summary:
    """The election in numbers. `annulled` ballots stand annulled at the end of the log."""

    election: str
    name: Text
    organiser: Text
    fingerprint: str
    log_key: str
    stage: str
    time: str | None
    entries: int
    ballots: int
    counted: int
    annulled: int
    reclaimed: int
    decisions: int
    permits: int | None
    """Issued in all; known once voting closed."""
    warnings: tuple[Text, ...]
    contests: tuple[ContestSummary, ...]

    @property
    def has_results(self) -> bool:
        """Whether every contest has its result."""
        return all(contest.has_result for contest in self.contests)


@dataclass(frozen=True, slots=True)
class Report:
    """Every check by name. `summary` is None if entry 0 is no readable manifest.

    What the summary says is verified only if `ok`.
    """

    checks: tuple[Check, ...]
    summary: Summary | None

    @property
    def ok(self) -> bool:
        """Whether nothing speaks against the election."""
        return all(check.ok for check in self.checks)

    def failed(self) -> tuple[str, ...]:
        """Names of the checks that do not hold or could not be run."""
        return tuple(check.name for check in self.checks if not check.ok)


def summarise(
    history: History,
    counted: dict[ContestId, tuple[CastBallot, ...]],
    fingerprint: str,
    entries: int,
) -> Summary:
    """Sum up the whole log."""
    manifest = history.manifest
    return Summary(
        election=manifest.election,
        name=manifest.name,
        organiser=manifest.organiser,
        fingerprint=fingerprint,
        log_key=manifest.log_key,
        stage=history.stage.name.lower(),
        time=history.time,
        entries=entries,
        ballots=len(history.ballots),
        counted=sum(map(len, counted.values())),
        annulled=len(history.annulled & history.ballot_entries),
        reclaimed=_reclaimed(history),
        decisions=len(history.decisions),
        permits=history.permits,
        warnings=manifest.warnings,
        contests=tuple(_contest(history, c, counted[c.id]) for c in manifest.contests),
    )


def _contest(history: History, contest: Contest, counted: tuple[CastBallot, ...]) -> ContestSummary:
    published = history.results.get(contest.id)
    results = () if published is None else published[1].questions
    by_question = {result.question: result for result in results}
    return ContestSummary(
        id=contest.id,
        name=contest.name,
        registered=voters_of(contest),
        registered_weight=weight_of(contest),
        counted=len(counted),
        counted_weight=sum(ballot.weight for ballot in counted),
        questions=tuple(
            _question(rule, history.paper(contest.id, rule.id), by_question.get(rule.id))
            for rule in contest.questions
        ),
        has_result=published is not None,
        small=len(counted) < history.manifest.stratum_minimum,
    )


def _question(
    rule: QuestionRule, paper: Candidates | None, result: QuestionResult | None
) -> QuestionSummary:
    votes = {} if result is None else {item.candidate: item.votes for item in result.counts}
    of_lists = {} if result is None else {item.list: item.votes for item in result.lists}
    elected, tied = ((), ()) if result is None else (result.elected, result.tied)
    standing: list[tuple[ListId | None, Candidate]] = []
    if paper is not None:
        standing += ((None, one) for one in paper.candidates)
        standing += ((group.id, one) for group in paper.lists for one in group.candidates)
    return QuestionSummary(
        id=rule.id,
        text=rule.text,
        kind=rule.kind,
        seats=rule.seats,
        candidates=tuple(
            CandidateSummary(
                one.id, one.name, group, votes.get(one.id), one.id in elected, one.id in tied
            )
            for group, one in standing
        ),
        lists=tuple(
            ListSummary(group.id, group.name, of_lists.get(group.id))
            for group in (() if paper is None else paper.lists)
        ),
        blank=None if result is None else result.blank,
        zeroed=0 if result is None else sum(item.votes or 0 for item in result.zeroed),
    )


def _reclaimed(history: History) -> int:
    """Ballots that their voters took back."""
    several = Counter((b.contest, b.pseudonym) for b in history.ballots)
    voters: dict[tuple[str, str], list[CastBallot]] = {}
    for ballot in history.ballots:
        voter = (ballot.contest, ballot.pseudonym)
        if several[voter] > 1:
            voters.setdefault(voter, []).append(ballot)
    return sum(len(reclaimed(history, ballots)) for ballots in voters.values())
