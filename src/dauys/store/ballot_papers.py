"""Reads the questions of a draft and who stands in them, from their tables."""

from django.db.models import QuerySet

from dauys.board.draft import QuestionDraft
from dauys.core.contests import Candidate, CandidateList, QuestionKind
from dauys.core.forms import Text
from dauys.core.ids import CandidateId, ListId, QuestionId
from dauys.store.models import (
    BallotQuestionRow,
    CandidateListRow,
    CandidateRow,
    ContestRow,
    ElectionRow,
)


def contests_of(election: ElectionRow) -> QuerySet[ContestRow]:
    """The contests, with all that `question_of` reads at hand."""
    return election.contests.prefetch_related(
        "questions__candidates", "questions__lists__candidates"
    )


def question_of(row: BallotQuestionRow) -> QuestionDraft:
    """The question as sealing wants it."""
    return QuestionDraft(
        id=QuestionId(row.word),
        text=text_of(row, "text"),
        kind=QuestionKind(row.kind),
        seats=row.seats,
        minimum=row.minimum,
        maximum=row.maximum,
        blank=row.blank,
        candidates=tuple(_candidate(one) for one in row.candidates.all() if one.group_id is None),
        lists=tuple(map(_list, row.lists.all())),
    )


def text_of(row: object, field: str) -> Text:
    """The three columns of a text."""
    return Text(**{code: getattr(row, f"{field}_{code}") for code in ("kk", "ru", "en")})


def _list(row: CandidateListRow) -> CandidateList:
    candidates = tuple(map(_candidate, row.candidates.all()))
    return CandidateList(id=ListId(row.word), name=row.name, candidates=candidates)


def _candidate(row: CandidateRow) -> Candidate:
    return Candidate(
        id=CandidateId(row.word),
        name=row.name,
        occupation=text_of(row, "occupation"),
        programme=text_of(row, "programme"),
    )
