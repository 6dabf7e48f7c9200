"""What the auditor hands back: every check, and the election as the files tell it."""

from collections import Counter
from dataclasses import dataclass

from dauys.core.entries import Contest, Result
from dauys.core.forms import Text
from dauys.core.ids import CandidateId, ContestId
from dauys.verify.checks import Check
from dauys.verify.countable import reclaimed
from dauys.verify.history import CastBallot, History
from dauys.verify.manifest import voters_of


@dataclass(frozen=True, slots=True)
class CandidateSummary:
    """A candidate with the published votes; `None` before the result."""

    id: CandidateId
    name: str
    votes: int | None
    elected: bool
    tied: bool


@dataclass(frozen=True, slots=True)
class ContestSummary:
    """A contest with its ballots and, once published, its result."""

    id: ContestId
    name: Text
    seats: int
    registered: int
    counted: int
    """Ballots that count: one for each voter who has one."""
    candidates: tuple[CandidateSummary, ...]
    blank: int | None
    zeroed: int
    has_result: bool
    small: bool
    """Fewer ballots count than a stratum is to have; the total is decrypted all the same."""


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
        contests=tuple(_contest(history, c, len(counted[c.id])) for c in manifest.contests),
    )


def _contest(history: History, contest: Contest, counted: int) -> ContestSummary:
    published = history.results.get(contest.id)
    result = None if published is None else published[1]
    paper = history.candidates.get(contest.id)
    return ContestSummary(
        id=contest.id,
        name=contest.name,
        seats=contest.seats,
        registered=voters_of(contest),
        counted=counted,
        candidates=tuple(
            _candidate(result, candidate.id, candidate.name)
            for candidate in (() if paper is None else paper.candidates)
        ),
        blank=None if result is None else result.blank,
        zeroed=0 if result is None else sum(item.votes or 0 for item in result.zeroed),
        has_result=result is not None,
        small=counted < history.manifest.stratum_minimum,
    )


def _candidate(result: Result | None, candidate: CandidateId, name: str) -> CandidateSummary:
    if result is None:
        return CandidateSummary(candidate, name, None, elected=False, tied=False)
    votes = {item.candidate: item.votes for item in result.counts}
    return CandidateSummary(
        candidate,
        name,
        votes.get(candidate),
        elected=candidate in result.elected,
        tied=candidate in result.tied,
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
