"""Signing in with two factors, and every page of every desk, in a real Chromium."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import watch
from tests.integration.played import demonstration
from tests.web.console_site import ConsoleSite, serving

DESKTOP: dict[str, Any] = {
    "viewport": {"width": 1280, "height": 900},
    "is_mobile": False,
    "has_touch": False,
}
Contexts = Callable[..., BrowserContext]

PAGES = {
    "organiser": (
        "set-up",
        "set-up/texts",
        "set-up/times",
        "set-up/rules",
        "set-up/contests",
        "set-up/contests/karaganda",
        "set-up/register",
        "set-up/trustees",
        "set-up/commission",
        "set-up/seal",
        "steps",
        "running",
        "messages",
        "results",
    ),
    "helpdesk": ("help-desk",),
    "analyst": (
        "monitor",
        "monitor/offered",
        "reports",
        "step-ups",
        "cases",
        "cases/1",
        "cases/new",
        "decisions",
        "decisions/propose/annul",
        "decisions/propose/extend",
        "decisions/propose/restrict",
        "decisions/propose/zero",
        "decisions/propose/restore",
    ),
    "chair": ("my-key", "decisions", "cases"),
    "trustee": ("trustee", "results"),
    "auditor": ("audit",),
}


OFFER = """
from collections import Counter
from itertools import islice
from dauys.core.forms import Text
from dauys.response.queue import Proposed
from dauys.wiring import office

services = office().by_slug("karaganda")
ballots = services.journal.state().ballots
((contest, _),) = Counter(b.contest for b in ballots.values()).most_common(1)
some = tuple(islice((i for i, b in ballots.items() if b.contest == contest), 24))
line = {"kk": "Бір мекенжай", "ru": "Один адрес", "en": "One address"}
cluster = {
    "id": "offered", "contest": contest, "scope": "address", "value": "192.0.2.7",
    "network": "AS64500", "score": 31.5, "chance": 1e-7, "ballots": len(some), "expected": 1.5,
    "signal_ids": [], "evidence": [line],
    "families": [{"family": "colocation", "count": 24, "observed": 24.0, "expected": 1.5,
                  "score": 31.5}],
    "innocent": [{"explanation": line, "fits": False, "why": line}],
}
services.queue.take([Proposed("offered", contest, 31.5, len(some), 1.5, some, cluster)])
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[ConsoleSite]:
    with serving(demonstration(tmp_path_factory, worker_id)) as site:
        site.script(OFFER)
        yield site


@pytest.mark.parametrize("name", PAGES)
def test_no_page_of_a_desk_has_a_barrier_or_runs_off_a_narrow_screen(
    site: ConsoleSite,
    new_context: Contexts,
    axe: Callable[[Page], list[str]],
    page_problems: list[str],
    name: str,
) -> None:
    page = new_context(**DESKTOP).new_page()
    watch(page, page_problems)
    site.sign_in(page, name)
    for path in PAGES[name]:
        page.set_viewport_size({"width": 1280, "height": 900})
        answer = page.goto(site.desk(f"{path}/"))
        assert answer is not None, path
        assert answer.status == 200, path
        page.locator("main details").evaluate_all("all => all.forEach(one => one.open = true)")
        assert axe(page) == [], path
        page.set_viewport_size({"width": 320, "height": 700})
        beyond = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert beyond <= 0, path
    assert page_problems == []


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_desk_speaks_the_language_of_the_address(
    site: ConsoleSite, new_context: Contexts, language: str
) -> None:
    page = new_context(**DESKTOP).new_page()
    site.sign_in(page, "analyst")
    page.goto(site.desk("cases/", language))
    heading = {"kk": "Істер", "ru": "Дела", "en": "Cases"}[language]
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


def test_a_wrong_second_factor_opens_nothing(site: ConsoleSite, page: Page) -> None:
    account = next(a for a in site.guide["accounts"] if a["username"] == "member")
    site.give_password(page, "member", "not the password")
    expect(page.get_by_role("alert")).to_contain_text("Имя или пароль не подходят")
    site.give_password(page, "member", account["password"])
    page.fill("#id_code", "000000")
    page.click("main button[type=submit]")
    expect(page.get_by_role("alert")).to_contain_text("Код неверен")
    page.goto(site.at())
    expect(page.get_by_role("heading", level=1)).to_have_text("Второй фактор")


def test_a_person_without_a_second_factor_reaches_nothing_but_its_set_up(
    site: ConsoleSite, page: Page, axe: Callable[[Page], list[str]]
) -> None:
    told = site.command("staff", "add", "newcomer", "--role", "auditor")
    password = told.split("password: ")[1].split()[0]
    site.give_password(page, "newcomer", password)
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Подтвердите, что это вы")
    page.goto(site.desk("audit/"))
    expect(heading).to_have_text("Подтвердите, что это вы")
    page.fill("#id_password", password)
    page.get_by_role("button", name="Дальше").click()
    expect(heading).to_have_text("Настройка второго фактора")
    page.goto(site.at())
    expect(heading).to_have_text("Настройка второго фактора")
    assert axe(page) == []
    page.fill("#id_code", site.code(page.locator("[data-secret]").inner_text().strip()))
    page.get_by_role("button", name="Настроить").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Запасные коды")
    expect(page.locator(".c-codes li")).to_have_count(10)
    assert axe(page) == []
    page.get_by_role("button", name="Я их сохранил(а): дальше").click()
    expect(page.get_by_role("link", name="Аудит")).to_be_visible()


def test_a_group_goes_from_the_queue_to_voters_and_to_the_commission(
    site: ConsoleSite, page: Page, new_context: Contexts
) -> None:
    site.sign_in(page, "analyst")
    page.goto(site.desk("monitor/"))
    page.get_by_role("link", name="Бюллетени, связанные").click()
    expect(page.locator(".c-short dt")).to_have_text(
        [
            "В чём подозрение",
            "Насколько это убедительно",
            "Что говорит против",
            "Что будет дальше",
        ]
    )
    expect(page.get_by_text("больше обычного в 16,0 раза")).to_be_visible()
    expect(page.get_by_role("table").last).to_contain_text("•••")
    expect(page.locator("svg.c-plot")).to_have_count(3)
    page.get_by_text("Ничего подозрительного: закрыть без последствий").click()
    page.get_by_role("button", name="Закрыть без последствий").click()
    expect(page.get_by_role("alert")).to_contain_text("Почему это не подозрительно")
    page.get_by_role("button", name="Беру себе").click()
    expect(page.get_by_text("занимается: analyst")).to_be_visible()
    page.get_by_role("button", name="Опросить избирателей").click()
    expect(page.get_by_text("Случайно выбрано избирателей для опроса: 20.")).to_be_visible()

    desk = new_context(**DESKTOP).new_page()
    site.sign_in(desk, "helpdesk")
    desk.goto(site.desk("help-desk/"))
    expect(desk.locator(".c-desks a")).to_have_count(20)
    desk.get_by_role("link", name="Избиратель 1", exact=True).click()
    desk.get_by_label("Нет, я не голосовал").check()
    desk.get_by_role("button", name="Записать").click()
    expect(desk.locator(".c-desks a")).to_have_count(19)

    page.get_by_role("button", name="Вынести на комиссию").click()
    expect(page.get_by_text("что не голосовали: 1,")).to_be_visible()
    page.locator("main").get_by_role("link", name="Дело №").click()
    expect(page.get_by_role("listitem").filter(has_text="Один адрес")).to_be_visible()


def test_the_help_desk_sees_states_and_masked_data_and_is_logged(
    site: ConsoleSite, page: Page, new_context: Contexts
) -> None:
    site.sign_in(page, "helpdesk")
    page.goto(site.desk("help-desk/"))
    voter = site.guide["voters"][0]
    page.fill("#id_number", voter["number"])
    page.fill("#id_reason", "Не приходит код")
    page.get_by_role("button", name="Найти").click()
    found = page.locator("section.d-card")
    expect(found).to_contain_text("•••")
    expect(found).not_to_contain_text(voter["phone"])
    expect(found).not_to_contain_text(voter["name"]["ru"])
    assert voter["number"] not in page.url

    auditor = new_context(**DESKTOP).new_page()
    site.sign_in(auditor, "auditor")
    auditor.goto(site.desk("audit/"))
    log = auditor.get_by_role("region", name="Просмотры личных данных")
    expect(log).to_contain_text("Не приходит код")
    expect(log).not_to_contain_text(voter["number"])


def test_the_turnout_page_renews_its_numbers(site: ConsoleSite, page: Page) -> None:
    site.sign_in(page, "organiser")
    page.clock.install()
    page.goto(site.desk("running/"))
    numbers = page.request.get(site.desk("running/numbers/"))
    assert numbers.headers["content-security-policy"].count("nonce-") == 0
    later = numbers.text().replace("</table>", "<caption>12345</caption></table>", 1)
    page.route("**/running/numbers/", lambda route: route.fulfill(body=later))
    page.clock.run_for(16_000)
    expect(page.get_by_text("12345")).to_be_visible()
