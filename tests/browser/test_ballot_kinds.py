"""A ballot of three questions, the last on lists, whose voters' votes weigh 1, 2 or 3."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from dauys.crypto.ballot import parse_ballot
from dauys.crypto.lists_answer import ListsAnswer
from tests.browser.test_opened_ballots import check, open_ballot
from tests.languages import ONE_NOW_THE_REST_SLOWLY
from tests.web.portal_site import Site, serving
from tests.web.portal_steps import MAX_BYTES, Journey

CHAIR, AUDIT, COUNCIL = 1, 2, 3


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving(tmp_path_factory.mktemp("kinds"), several=True) as running:
        yield running


@pytest.fixture
def journey(site: Site, page: Page, axe: Callable[[Page], list[str]]) -> Callable[[str], Journey]:
    return lambda language: Journey(site, page, language, axe)


def mark(one: Journey, question: int, place: int) -> None:
    one.tap(one.page.locator(f"#question-{question} .p-card__target:visible").nth(place))


def answer_all(one: Journey) -> None:
    """Second chair, first and third auditor, second list and both of its first candidates."""
    mark(one, CHAIR, 1)
    mark(one, AUDIT, 0)
    mark(one, AUDIT, 2)
    mark(one, COUNCIL, 1)
    mark(one, COUNCIL, 2)
    mark(one, COUNCIL, 3)


def review(one: Journey) -> list[str]:
    """Go on to the check; what it says of each question."""
    one.tap("[data-check]:enabled")
    one.page.wait_for_selector("[data-step=review] [data-heading]:focus")
    one.page.wait_for_selector("[data-code]:visible")
    return one.page.locator("[data-chosen] > *").all_inner_texts()


def weight_of(site: Site, number: str) -> int:
    """As `portal_site` weighs the register."""
    place = next(i for i, voter in enumerate(site.voters) if voter["number"] == number)
    return 1 + place % 3


def voter_of_weight(site: Site, weight: int) -> dict[str, Any]:
    while weight_of(site, (voter := site.fresh_voter("ulytau"))["number"]) != weight:
        pass
    return voter


@pytest.mark.parametrize("language", ONE_NOW_THE_REST_SLOWLY)
def test_voter_answers_every_question_and_sees_all_before_casting(
    site: Site, journey: Callable[[str], Journey], language: str
) -> None:
    voter = voter_of_weight(site, 3)
    one = journey(language)
    one.identify_by_sms(voter)
    expect(one.page.locator("[data-check]")).to_be_enabled()
    assert one.page.locator("fieldset[data-question] > legend h2").count() == 3
    assert "3" in one.page.locator("[data-step=choose] .p-weight").inner_text()
    answer_all(one)
    one.look()
    told = review(one)
    names = one.page.locator("[data-chosen] li").all_text_contents()
    assert len(told) == 3
    assert [len(part.splitlines()) for part in told] >= [2, 3, 4]
    assert "Өрлеу" in told[2]
    assert "3" in one.page.locator("[data-step=review] .p-weight").inner_text()
    one.look()
    tracker = one.cast()
    assert sum(one.weight().values()) < MAX_BYTES
    shown = one.page.locator("[data-step=receipt]").inner_text()
    assert not [name for name in names if name in shown]
    address = f"{site.url}/api/v1/elections/{site.election}/receipt"
    receipt = one.page.context.request.get(address, params={"tracker": tracker}).json()
    entry = json.loads(receipt["entry"])
    assert entry["permit"]["statement"]["weight"] == 3
    answers = parse_ballot(entry["ballot"]).answers
    assert isinstance(answers[2], ListsAnswer)


def test_each_unanswered_question_says_so_and_the_first_gets_the_focus(
    site: Site, journey: Callable[[str], Journey]
) -> None:
    one = journey("ru")
    one.identify_by_sms(voter_of_weight(site, 1))
    assert one.page.locator(".p-weight").count() == 0, "one vote is nothing to say"
    one.tap("[data-check]:enabled")
    expect(one.page.locator("#none-1")).to_be_focused()
    assert one.page.locator("[data-none]:visible").count() == 2, "nobody may audit"
    one.look()
    mark(one, CHAIR, 0)
    expect(one.page.locator("#none-1")).to_be_hidden()
    one.tap("[data-check]")
    expect(one.page.locator("#none-3")).to_be_focused()
    mark(one, COUNCIL, 0)
    one.tap("[data-check]")
    expect(one.page.locator("#none-3")).to_be_focused()
    expect(one.page.locator("#none-3")).to_contain_text("хотя бы одного")
    mark(one, COUNCIL, 1)
    told = review(one)
    assert "никого не выбрали" in told[1]
    assert len(one.cast()) == 43


def test_voter_who_picks_another_list_starts_anew_in_it(
    site: Site, journey: Callable[[str], Journey]
) -> None:
    one = journey("kk")
    one.identify_by_sms(site.fresh_voter("ulytau"))
    expect(one.page.locator("[data-check]")).to_be_enabled()
    count = one.page.locator("#question-3 [data-count]")
    expect(count).to_have_attribute("role", "status")
    mark(one, COUNCIL, 0)
    mark(one, COUNCIL, 1)
    expect(count).to_contain_text("Бірлік: таңдалғаны 1")
    mark(one, COUNCIL, 3)  # the second list, below the first with its two candidates
    expect(count).to_contain_text("Өрлеу: таңдалғаны 0")
    assert one.page.locator("#question-3 [type=checkbox]:checked").count() == 0
    assert one.page.locator("#question-3 [data-members]:visible").count() == 1
    mark(one, AUDIT, 0)
    mark(one, AUDIT, 1)
    assert one.page.locator("#question-2 [data-mark]:disabled").count() > 0


def test_keyboard_answers_lists_and_comes_back_to_the_question_it_changes(
    site: Site, journey: Callable[[str], Journey]
) -> None:
    one = journey("en")
    one.identify_by_sms(site.fresh_voter("ulytau"))
    expect(one.page.locator("[data-check]")).to_be_enabled()
    keys = one.page.keyboard
    one.page.locator("#question-1 [data-mark]").first.focus()
    keys.press("Space")
    one.page.locator("#question-3 [data-list-mark]").first.focus()
    keys.press("Space")
    keys.press("ArrowDown")
    keys.press("Tab")
    keys.press("Space")
    expect(one.page.locator("#question-3 [data-count]")).to_contain_text("Өрлеу: chosen 1")
    one.page.locator("[data-check]").focus()
    keys.press("Enter")
    one.page.wait_for_selector("[data-step=review] [data-heading]:focus")
    change = one.page.locator("[data-change]").nth(2)
    assert "Members of the council" in change.inner_text()
    change.focus()
    keys.press("Enter")
    assert one.page.evaluate("document.activeElement.closest('.p-question').id") == "question-3"


def test_opened_ballot_of_three_questions_is_told_whole(
    site: Site, journey: Callable[[str], Journey], tmp_path: Any
) -> None:
    one = journey("en")
    one.identify_by_sms(site.fresh_voter("ulytau"))
    answer_all(one)
    review(one)
    names = one.page.locator("[data-chosen] li").all_text_contents()
    code, file = open_ballot(one, tmp_path)
    found = check(one, file)
    assert found == {"code": code, "said": names, "failed": [], "verdict": "ok"}
    assert one.page.locator(".b-said__list:visible").all_text_contents() == ["Өрлеу"]
