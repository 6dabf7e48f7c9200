"""What the page of results shows, once there are any; before that there is nothing to show."""

from collections.abc import Mapping
from dataclasses import dataclass

from dauys.conduct.reading import stratum_votes
from dauys.core.contests import Candidate, CandidateList, Contest, QuestionRule
from dauys.core.entries import QuestionResult
from dauys.core.ids import CandidateId
from dauys.core.replay import TOTAL
from dauys.tally.how_sure import HowSure
from dauys.tally.results import Numbers
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
class GroupLine:
    """A list with its votes, seats and candidates; without a name, all candidates there are."""

    name: str
    votes: int
    share: str
    seats: int
    strata: tuple[int, ...]
    candidates: tuple[CandidateLine, ...]


@dataclass(frozen=True, slots=True)
class ZeroedLine:
    """Votes taken away by a decision; None where they were not known by themselves."""

    decision: int
    candidate: str
    method: str
    votes: int | None


@dataclass(frozen=True, slots=True)
class QuestionLines:
    """A question's result, the most votes first. `text` is empty where it repeats the contest."""

    id: str
    text: str
    seats: int
    groups: tuple[GroupLine, ...]
    blank: int | None
    zeroed: tuple[ZeroedLine, ...]
    elected: tuple[str, ...]
    tied: tuple[str, ...]
    how_sure: HowSure | None


@dataclass(frozen=True, slots=True)
class ContestResult:
    """A contest's result. `weight` is what all votes counted add up to, of `weight_of_all`."""

    id: str
    name: str
    registered: int
    counted: int
    percent: float
    weighted: bool
    weight: int
    weight_of_all: int
    strata: tuple[str, ...]
    questions: tuple[QuestionLines, ...]


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
        _contest(board, contest)
        for contest in state.manifest.contests
        if contest.id in state.results
    )
    waiting = len(state.manifest.contests) - len(found)
    return Results(state.manifest.stratum_minimum, found, waiting)


def _contest(board: Board, contest: Contest) -> ContestResult:
    tally, result = board.state.tallies[contest.id], board.state.results[contest.id]
    total = tally.strata[0]
    return ContestResult(
        id=contest.id,
        name=board.reader.text(contest.name),
        registered=contest.voters,
        counted=total.ballots,
        percent=100 * total.ballots / contest.voters if contest.voters else 0.0,
        weighted=contest.weighted,
        weight=total.weight,
        weight_of_all=contest.weight,
        strata=tuple(
            words.stratum(stratum.name, stratum.methods)
            for stratum in tally.strata
            if stratum.name != TOTAL
        ),
        questions=tuple(
            _question(board, contest, rule, found)
            for rule, found in zip(contest.questions, result.questions, strict=True)
        ),
    )


def _question(
    board: Board, contest: Contest, rule: QuestionRule, result: QuestionResult
) -> QuestionLines:
    paper = board.state.candidates[contest.id, rule.id]
    names = {one.id: one.name for one in paper.people}
    sure = {one.question: one for one in board.figures.contest(contest.id).how_sure}
    return QuestionLines(
        id=rule.id,
        text=board.question_text(contest, rule),
        seats=rule.seats,
        groups=_Lines(board, contest, result).groups(paper.candidates, paper.lists),
        blank=result.blank,
        zeroed=tuple(
            ZeroedLine(z.decision, names[z.candidate], words.method(z.method), z.votes)
            for z in result.zeroed
        ),
        elected=tuple(names[c] for c in result.elected),
        tied=tuple(names[c] for c in result.tied),
        how_sure=sure.get(rule.id),
    )


class _Lines:
    """Lays out the numbers of one question."""

    def __init__(self, board: Board, contest: Contest, result: QuestionResult) -> None:
        self._result = result
        self._votes: Mapping[CandidateId, int] = {c.candidate: c.votes for c in result.counts}
        self._lists = {one.list: one.votes for one in result.lists}
        by_stratum = stratum_votes(board.state, contest.id, result.question)
        self._strata: list[Numbers] = [v for name, v in by_stratum.items() if name != TOTAL]
        self._most = max((*self._votes.values(), *self._lists.values()), default=0)

    def groups(
        self, candidates: tuple[Candidate, ...], lists: tuple[CandidateList, ...]
    ) -> tuple[GroupLine, ...]:
        """All candidates, or list by list."""
        if not lists:
            return (GroupLine("", 0, "", 0, (), self._candidates(candidates)),)
        return tuple(
            GroupLine(
                name=group.name,
                votes=self._lists[group.id],
                share=share(self._lists[group.id], self._most),
                seats=len({one.id for one in group.candidates} & set(self._result.elected)),
                strata=tuple(numbers.lists[group.id] for numbers in self._strata),
                candidates=self._candidates(group.candidates),
            )
            for group in sorted(lists, key=lambda group: -self._lists[group.id])
        )

    def _candidates(self, candidates: tuple[Candidate, ...]) -> tuple[CandidateLine, ...]:
        return tuple(
            CandidateLine(
                name=one.name,
                votes=self._votes[one.id],
                share=share(self._votes[one.id], self._most),
                elected=one.id in self._result.elected,
                tied=one.id in self._result.tied,
                strata=tuple(numbers.candidates[one.id] for numbers in self._strata),
            )
            for one in sorted(candidates, key=lambda one: -self._votes[one.id])
        )
