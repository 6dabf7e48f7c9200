"""What the page of results shows, once there are any; before that there is nothing to show."""

from dataclasses import dataclass

from dauys.conduct.reading import stratum_votes
from dauys.core.entries import Contest, Result
from dauys.core.ids import CandidateId
from dauys.core.replay import TOTAL
from dauys.core.state import ElectionState
from dauys.tally.how_sure import HowSure
from dauys.web.board import words
from dauys.web.board.charts import share
from dauys.web.board.doors import Board


@dataclass(frozen=True, slots=True)
class CandidateLine:
    """A candidate's votes; `strata` are those in each sum by method, before zeroing."""

    name: str
    votes: int
    share: str
    elected: bool
    tied: bool
    strata: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ZeroedLine:
    """Votes taken away by a decision; None where they were not known by themselves."""

    decision: int
    candidate: str
    method: str
    votes: int | None


@dataclass(frozen=True, slots=True)
class ContestResult:
    """A contest's result, the most votes first."""

    id: str
    name: str
    seats: int
    registered: int
    counted: int
    percent: float
    candidates: tuple[CandidateLine, ...]
    strata: tuple[str, ...]
    blank: int | None
    zeroed: tuple[ZeroedLine, ...]
    elected: tuple[str, ...]
    tied: tuple[str, ...]
    how_sure: HowSure | None


@dataclass(frozen=True, slots=True)
class Results:
    """All contests that have their result. `minimum` ballots make a sum of their own."""

    minimum: int
    contests: tuple[ContestResult, ...]
    waiting: int
    """Contests without a result yet."""


def results(board: Board) -> Results:
    """Results as the log has them."""
    state = board.state
    found = tuple(
        _contest(board, state, contest)
        for contest in state.manifest.contests
        if contest.id in state.results
    )
    waiting = len(state.manifest.contests) - len(found)
    return Results(state.manifest.stratum_minimum, found, waiting)


def _contest(board: Board, state: ElectionState, contest: Contest) -> ContestResult:
    result = state.results[contest.id]
    figures = board.figures.contest(contest.id)
    names = {c.id: c.name for c in state.candidates[contest.id].candidates}
    counted = state.tallies[contest.id].strata[0].ballots
    return ContestResult(
        id=contest.id,
        name=board.reader.text(contest.name),
        seats=contest.seats,
        registered=figures.registered,
        counted=counted,
        percent=100 * counted / figures.registered if figures.registered else 0.0,
        candidates=_candidates(state, contest, result, names),
        strata=tuple(
            words.stratum(stratum.name, stratum.methods)
            for stratum in state.tallies[contest.id].strata
            if stratum.name != TOTAL
        ),
        blank=result.blank,
        zeroed=tuple(
            ZeroedLine(z.decision, names[z.candidate], words.method(z.method), z.votes)
            for z in result.zeroed
        ),
        elected=tuple(names[c] for c in result.elected),
        tied=tuple(names[c] for c in result.tied),
        how_sure=figures.how_sure,
    )


def _candidates(
    state: ElectionState, contest: Contest, result: Result, names: dict[CandidateId, str]
) -> tuple[CandidateLine, ...]:
    by_stratum = [v for name, v in stratum_votes(state, contest.id).items() if name != TOTAL]
    most = max((count.votes for count in result.counts), default=0)
    return tuple(
        CandidateLine(
            name=names[count.candidate],
            votes=count.votes,
            share=share(count.votes, most),
            elected=count.candidate in result.elected,
            tied=count.candidate in result.tied,
            strata=tuple(votes[count.candidate] for votes in by_stratum),
        )
        for count in sorted(result.counts, key=lambda count: -count.votes)
    )
