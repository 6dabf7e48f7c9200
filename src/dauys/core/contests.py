"""What is asked: contests, their questions, and who stands on the ballot paper."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Final

from msgspec import Meta

from dauys.core.canonical import Record
from dauys.core.errors import VerificationError
from dauys.core.forms import (
    CandidateWord,
    ContestWord,
    Count,
    ListWord,
    Number,
    QuestionWord,
    Text,
    Word,
)
from dauys.core.ids import QuestionId

MAX_WEIGHT: Final = 10_000_000
"""Of all voters of a contest together: what a sum is may have to be tried out."""

CandidateName = Annotated[str, Meta(min_length=1)]


class QuestionKind(StrEnum):
    """How voters answer, and how seats are filled. docs/protocol.md, section 8."""

    CHOICE = "choice"
    """`minimum..maximum` of the candidates; seats go to those with most votes."""
    LISTS = "lists"
    """One list, and candidates of it; seats go to the lists by highest averages."""


class QuestionRule(Record, frozen=True, kw_only=True):
    """One question: `seats` to fill. Of lists a voter chooses one, and a blank is not known."""

    id: QuestionWord
    text: Text
    kind: QuestionKind
    seats: Number
    minimum: Count
    maximum: Number
    blank: bool


class CategoryCount(Record, frozen=True, kw_only=True):
    """How many voters of a category the register holds for a contest, and their weight."""

    category: Word
    voters: Count
    weight: Count


class Contest(Record, frozen=True, kw_only=True):
    """Questions to one electorate, answered on one ballot."""

    id: ContestWord
    name: Text
    questions: Annotated[tuple[QuestionRule, ...], Meta(min_length=1)]
    registered: tuple[CategoryCount, ...]

    @property
    def voters(self) -> int:
        """How many the register holds."""
        return sum(count.voters for count in self.registered)

    @property
    def weight(self) -> int:
        """Of all its voters together; as many as they are, where votes are not weighted."""
        return sum(count.weight for count in self.registered)

    @property
    def weighted(self) -> bool:
        """Whether some voter has more than one vote."""
        return self.weight > self.voters

    def question(self, question: QuestionId) -> QuestionRule:
        """The question of that name. Raises VerificationError when there is none."""
        for one in self.questions:
            if one.id == question:
                return one
        raise VerificationError("question exists", question)


class Candidate(Record, frozen=True, kw_only=True):
    """A candidate as shown to voters. `name` is written as on the nomination."""

    id: CandidateWord
    name: CandidateName
    occupation: Text
    programme: Text


class CandidateList(Record, frozen=True, kw_only=True):
    """A list with its candidates, in the order of the ballot paper."""

    id: ListWord
    name: CandidateName
    candidates: Annotated[tuple[Candidate, ...], Meta(min_length=1)]


def check_contest(contest: Contest) -> None:
    """Raise VerificationError unless the rules of `contest` fit together."""
    if len({question.id for question in contest.questions}) != len(contest.questions):
        raise VerificationError("questions of a contest have different names")
    for question in contest.questions:
        if question.minimum > question.maximum:
            raise VerificationError("no more choices are required than allowed", question.id)
        choices = question.minimum, question.maximum, question.blank
        if question.kind is QuestionKind.LISTS and choices != (1, 1, False):
            raise VerificationError("of lists one is chosen", question.id)
    if any(count.weight < count.voters for count in contest.registered):
        raise VerificationError("every voter has a weight of 1 or more", contest.id)
    if contest.weight > MAX_WEIGHT:
        why = f"{contest.id}: {contest.weight}"
        raise VerificationError(f"the weights of a contest add up to {MAX_WEIGHT} at most", why)


def all_different(names: Iterable[str]) -> bool:
    """Whether no name stands twice."""
    listed = list(names)
    return len(set(listed)) == len(listed)
