"""What must hold for a contest of a draft and its questions."""

from collections.abc import Hashable, Iterator, Sequence

from dauys.board.draft import ContestDraft, Problem, QuestionDraft
from dauys.board.problems import (
    at_least,
    at_most,
    different,
    some_and_different,
    text_problems,
)
from dauys.core.contests import MAX_WEIGHT, Candidate, CandidateList, QuestionKind
from dauys.core.errors import MalformedError
from dauys.crypto.election import parse_uuid


def contest_problems(contest: ContestDraft) -> Iterator[Problem]:
    """All problems of one contest; fields are paths inside it."""
    yield from text_problems("name", contest.name)
    try:
        parse_uuid(contest.uuid)
    except MalformedError as error:
        yield Problem("uuid", "bad_uuid", error.why)
    yield from some_and_different("questions", [question.id for question in contest.questions])
    for i, question in enumerate(contest.questions):
        for problem in _question(question):
            yield Problem(f"questions[{i}].{problem.field}", problem.code, problem.detail)
    yield from different(_names_of_papers(contest))
    yield from some_and_different("registered", [count.category for count in contest.registered])
    for i, count in enumerate(contest.registered):
        yield from at_least(f"registered[{i}].voters", count.voters, 0)
        yield from at_least(f"registered[{i}].weight", count.weight, count.voters)
    weight = sum(count.weight for count in contest.registered)
    if weight > MAX_WEIGHT:
        yield Problem("registered", "too_heavy", f"{weight} > {MAX_WEIGHT}")


def _names_of_papers(contest: ContestDraft) -> Iterator[tuple[str, Hashable]]:
    """Ids of candidates and lists, which differ in the whole contest."""
    for i, question in enumerate(contest.questions):
        for field, one in _on_paper(question):
            yield f"questions[{i}].{field}", one.id


def _on_paper(question: QuestionDraft) -> Iterator[tuple[str, Candidate | CandidateList]]:
    """Candidates and lists of a question, each with its field."""
    for i, candidate in enumerate(question.candidates):
        yield f"candidates[{i}]", candidate
    for i, group in enumerate(question.lists):
        yield f"lists[{i}]", group
        for j, candidate in enumerate(group.candidates):
            yield f"lists[{i}].candidates[{j}]", candidate


def _named_alike(field: str, names: Sequence[str]) -> Iterator[Problem]:
    yield from different((f"{field}[{i}].name", name) for i, name in enumerate(names))


def _question(question: QuestionDraft) -> Iterator[Problem]:
    yield from text_problems("text", question.text)
    lists = question.kind is QuestionKind.LISTS
    if not (question.lists if lists else question.candidates):
        yield Problem("lists" if lists else "candidates", "missing")
    # Voters tell lists apart by their names alone, and candidates beside one another.
    yield from _named_alike("candidates", [one.name for one in question.candidates])
    yield from _named_alike("lists", [group.name for group in question.lists])
    for i, group in enumerate(question.lists):
        within = f"lists[{i}].candidates"
        if not group.candidates:
            yield Problem(within, "missing")
        yield from _named_alike(within, [one.name for one in group.candidates])
    people = 0
    for place, one in _on_paper(question):
        if not one.name.strip():
            yield Problem(f"{place}.name", "missing_text")
        if isinstance(one, Candidate):
            people += 1
            yield from text_problems(f"{place}.occupation", one.occupation)
            yield from text_problems(f"{place}.programme", one.programme)
    if question.candidates if lists else question.lists:
        yield Problem("kind", "other_kind")
    yield from at_least("seats", question.seats, 1)
    yield from at_most("seats", question.seats, people)
    if lists:
        if (question.minimum, question.maximum, question.blank) != (1, 1, False):
            yield Problem("maximum", "lists_take_one")
        return
    yield from at_least("minimum", question.minimum, 0)
    yield from at_least("maximum", question.maximum, max(1, question.minimum))
    yield from at_most("maximum", question.maximum, people)
