"""What a simulated ballot asks; everybody's answers are permitted, and tell whom they meant."""

import pytest

from dauys.core.contests import Contest as Rules
from dauys.core.contests import QuestionKind, check_contest
from dauys.crypto.ballot import may_choose
from dauys.crypto.question import AnyQuestion, ListsQuestion, Question
from dauys.scenario.asking import QUESTION, Ask, Paper, answers, marked_first, papers
from dauys.scenario.candidates import CONTESTS
from dauys.scenario.people import ContestPlan

EVERY = [(plan, ask) for plan in CONTESTS for ask in Ask]


def question(paper: Paper) -> AnyQuestion:
    if paper.rule.kind is QuestionKind.LISTS:
        named = ((group.name, *(c.name for c in group.candidates)) for group in paper.lists)
        return ListsQuestion(tuple(named), paper.rule.text.en)
    names = tuple(candidate.name for candidate in paper.candidates)
    rule = paper.rule
    return Question(names, rule.minimum, rule.maximum, rule.text.en, blank=rule.blank)


@pytest.mark.parametrize(("plan", "ask"), EVERY)
def test_every_answer_is_permitted(plan: ContestPlan, ask: Ask) -> None:
    asked = papers(plan, ask)
    check_contest(
        Rules(id=plan.id, name=plan.name, questions=tuple(p.rule for p in asked), registered=())
    )
    made = answers(plan, ask)
    assert list(made) == [candidate.id for candidate in plan.candidates]
    for choices in made.values():
        for paper, choice in zip(asked, choices, strict=True):
            assert may_choose(question(paper), choice), (paper.rule.id, choice)


@pytest.mark.parametrize(("plan", "ask"), EVERY)
def test_a_ballot_names_the_candidate_who_was_meant_or_nobody(plan: ContestPlan, ask: Ask) -> None:
    first = papers(plan, ask)[0]
    assert first.rule.id == QUESTION
    blank = [c for c, marked in marked_first(plan, ask).items() if not marked]
    assert len(blank) == first.rule.blank
    for candidate, marked in marked_first(plan, ask).items():
        assert candidate in marked or candidate in blank


def test_there_are_ballots_with_one_name_with_several_and_of_every_list() -> None:
    for plan in CONTESTS:
        sizes = {len(marked) for marked in marked_first(plan, Ask.SOME).values()}
        assert sizes >= {0, 1, 2}
        chosen = frozenset[str]().union(*marked_first(plan, Ask.LISTS).values())
        assert {group.id for group in papers(plan, Ask.LISTS)[0].lists} <= chosen
