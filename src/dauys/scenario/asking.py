"""What a simulated election asks, and how those who would choose a candidate answer it all.

The story needs one wish of each voter: a candidate. Everything else on the ballot follows from
it, so that whoever knows the wishes knows every sum.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from dauys.core.contests import Candidate, CandidateList, QuestionKind, QuestionRule
from dauys.core.forms import Text
from dauys.core.ids import CandidateId, ListId, QuestionId
from dauys.scenario.people import Category, ContestPlan

if TYPE_CHECKING:
    from dauys.crypto.ballot import Choices

QUESTION = QuestionId("council")
"""The question in which candidates are chosen who have their support in the plan."""

AUDIT = Text(kk="Тексеру комиссиясы", ru="Ревизионная комиссия", en="Audit commission")
CHARTER = Text(
    kk="Жарғының жаңа редакциясын қабылдайсыз ба?",
    ru="Принять новую редакцию устава?",
    en="Adopt the new charter?",
)
LIST_NAMES = ("«Дала»", "«Көктем»")
NOTHING = Text(kk="-", ru="-", en="-")
MOST_NAMES = 3
"""Whom a voter may choose at most, where there may be several."""

WEIGHTS = {
    Category.ENTREPRENEUR: 1,
    Category.COMPANY: 5,
    Category.SELF_REGULATED: 20,
    Category.ASSOCIATION: 50,
}
"""Votes of a voter, where votes are weighted."""


class Ask(StrEnum):
    """What the ballot asks."""

    ONE = "one"
    """One of the candidates."""
    SOME = "some"
    """Up to three of them, or a blank vote."""
    LISTS = "lists"
    """A list of candidates, and whom of it."""
    SEVERAL = "several"
    """Three questions: up to three or blank; a list; yes, no or blank."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked, and whether the register gives voters several votes."""

    ask: Ask = Ask.ONE
    weighted: bool = False


AS_IN_2020 = Asked()


@dataclass(frozen=True, slots=True)
class Paper:
    """A question, and who stands in it: candidates, or lists of them."""

    rule: QuestionRule
    candidates: tuple[Candidate, ...] = ()
    lists: tuple[CandidateList, ...] = ()


Marks = frozenset[CandidateId | ListId]
"""What is marked on a paper; nothing: a blank vote."""


def papers(plan: ContestPlan, ask: Ask) -> tuple[Paper, ...]:
    """What the ballot of a contest asks, in order; the first asks for the plan's candidates."""
    match ask:
        case Ask.ONE:
            return (_choose(QUESTION, plan.name, plan.candidates, seats=plan.seats),)
        case Ask.SOME:
            return (_council(plan),)
        case Ask.LISTS:
            return (_of_lists(QUESTION, plan.name, plan.candidates, plan.seats),)
        case Ask.SEVERAL:
            audit = tuple(_again(candidate, "audit") for candidate in plan.candidates)
            answers = (_answer("yes", "Иә / Да / Yes"), _answer("no", "Жоқ / Нет / No"))
            return (
                _council(plan),
                _of_lists(QuestionId("audit"), AUDIT, audit, plan.seats),
                _choose(QuestionId("charter"), CHARTER, answers, blank=True),
            )


def marks(paper: Paper, place: int, of: int) -> Marks:
    """What those mark who would choose the candidate at `place`, from 0, of the `of` there are.

    A list with its candidate and those after it; or the candidate and up to two who follow. Where
    blank votes are known, those give one who would choose the last but one.
    """
    for group in paper.lists:
        names = [candidate.id for candidate in group.candidates]
        first = _standing(paper)[place]
        if first in names:
            return frozenset({group.id, *names[names.index(first) :]})
    if paper.rule.blank and place == of - 2:
        return frozenset()
    standing, most = _standing(paper), paper.rule.maximum
    return frozenset(standing[(place + i) % len(standing)] for i in range(1 + place % most))


def choices(paper: Paper, marked: Marks) -> "Choices":
    """The same as 0s and 1s, in the shape that a ballot has them."""
    if paper.lists:
        names = [[group.id, *(c.id for c in group.candidates)] for group in paper.lists]
        return [[int(name in marked) for name in row] for row in names]
    bits = [int(candidate.id in marked) for candidate in paper.candidates]
    return [int(not marked), *bits] if paper.rule.blank else bits


def answers(plan: ContestPlan, ask: Ask) -> dict[CandidateId, "tuple[Choices, ...]"]:
    """By candidate: the whole ballot of those who would choose them."""
    asked, size = papers(plan, ask), len(plan.candidates)
    return {
        candidate.id: tuple(choices(paper, marks(paper, place, size)) for paper in asked)
        for place, candidate in enumerate(plan.candidates)
    }


def marked_first(plan: ContestPlan, ask: Ask) -> dict[CandidateId, Marks]:
    """By candidate: what those mark in the first question who would choose them."""
    first, size = papers(plan, ask)[0], len(plan.candidates)
    return {one.id: marks(first, place, size) for place, one in enumerate(plan.candidates)}


def _standing(paper: Paper) -> list[CandidateId]:
    """Candidates in the plan's order; those of lists were dealt out in turn."""
    if not paper.lists:
        return [candidate.id for candidate in paper.candidates]
    dealt: dict[int, CandidateId] = {}
    for offset, group in enumerate(paper.lists):
        for i, candidate in enumerate(group.candidates):
            dealt[offset + i * len(paper.lists)] = candidate.id
    return [dealt[place] for place in sorted(dealt)]


def _council(plan: ContestPlan) -> Paper:
    most = min(MOST_NAMES, len(plan.candidates) - 1)
    return _choose(QUESTION, plan.name, plan.candidates, seats=plan.seats, maximum=most, blank=True)


def _choose(
    word: QuestionId,
    text: Text,
    candidates: tuple[Candidate, ...],
    *,
    seats: int = 1,
    maximum: int = 1,
    blank: bool = False,
) -> Paper:
    kind = QuestionKind.CHOICE
    rule = QuestionRule(
        id=word, text=text, kind=kind, seats=seats, minimum=1, maximum=maximum, blank=blank
    )
    return Paper(rule, candidates)


def _of_lists(word: QuestionId, text: Text, people: tuple[Candidate, ...], seats: int) -> Paper:
    rule = QuestionRule(
        id=word,
        text=text,
        kind=QuestionKind.LISTS,
        seats=seats,
        minimum=1,
        maximum=1,
        blank=False,
    )
    lists = tuple(
        CandidateList(
            id=ListId(f"{word}-{i + 1}"), name=name, candidates=people[i :: len(LIST_NAMES)]
        )
        for i, name in enumerate(LIST_NAMES)
    )
    return Paper(rule, lists=lists)


def _again(candidate: Candidate, body: str) -> Candidate:
    """The same person standing for another body."""
    return Candidate(
        id=CandidateId(f"{body}-{candidate.id}"),
        name=candidate.name,
        occupation=candidate.occupation,
        programme=candidate.programme,
    )


def _answer(word: str, name: str) -> Candidate:
    return Candidate(id=CandidateId(word), name=name, occupation=NOTHING, programme=NOTHING)
