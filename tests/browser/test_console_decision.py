"""A case from the queue to a decision on the board, in a real Chromium."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from dauys.core.entries import Approval, Decision
from dauys.core.remedies import Annul
from tests.integration.played import demonstration
from tests.web.console_site import ConsoleSite, serving

DESKTOP = {"viewport": {"width": 1280, "height": 900}, "is_mobile": False, "has_touch": False}
Contexts = Callable[..., BrowserContext]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[ConsoleSite]:
    with serving(demonstration(tmp_path_factory, worker_id)) as site:
        yield site


def sign(page: Page, key_file: str, passphrase: str) -> None:
    page.set_input_files("#key-file", key_file)
    page.fill("#passphrase", passphrase)
    page.get_by_role("button", name="Подписать решение").click()


def test_two_of_three_members_annul_the_ballots_of_a_case(
    site: ConsoleSite, new_context: Contexts, axe: Callable[[Page], list[str]]
) -> None:
    passphrase = site.guide["passphrase"]
    analyst = new_context(**DESKTOP).new_page()
    site.sign_in(analyst, "analyst")
    analyst.goto(site.desk("cases/"))
    analyst.locator("table a").first.click()
    expect(analyst.get_by_role("heading", name="Чего монитор не видит")).to_be_visible()
    expect(analyst.locator("main")).to_contain_text("•••")
    ballots = int(analyst.locator(".d-figures b").first.inner_text())

    # The consequences stand before anything can be proposed.
    analyst.get_by_role("link", name="Аннулировать бюллетени дела").click()
    expect(analyst.get_by_role("button", name="Вынести на комиссию")).to_have_count(0)
    analyst.get_by_role("button", name="Показать последствия").click()
    preview = analyst.locator("section.d-card")
    expect(preview).to_contain_text(f"Названо бюллетеней: {ballots}.")
    assert axe(analyst) == []
    analyst.get_by_role("button", name="Вынести на комиссию").click()
    expect(analyst.locator("main")).to_contain_text("ждёт подписей")
    address = analyst.url
    expect(analyst.locator("#key-file")).to_have_count(0)
    before = len(site.entries(site.slug))

    # The analyst cannot sign, whatever they post.
    token = analyst.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    answer = analyst.request.post(
        f"{address}approve/",
        form={"signature": "00" * 64, "csrfmiddlewaretoken": token},
        headers={"Referer": address},
    )
    assert answer.status == 403

    chair = new_context(**DESKTOP).new_page()
    site.sign_in(chair, "chair")
    chair.goto(address)
    expect(chair.locator("[data-entry]")).to_contain_text('"kind": "decision"')
    sign(chair, site.key_file("chair"), "wrong passphrase")
    expect(chair.locator("[data-status]")).to_contain_text("Парольная фраза не открывает")
    sign(chair, site.key_file("member"), passphrase)
    expect(chair.locator("[data-status]")).to_contain_text("Это не ключ вашего места")
    assert axe(chair) == []
    sign(chair, site.key_file("chair"), passphrase)
    expect(chair.locator("main")).to_contain_text("Вы подписали.")
    expect(chair.locator("main")).to_contain_text("ждёт подписей")
    assert len(site.entries(site.slug)) == before

    secretary = new_context(**DESKTOP).new_page()
    site.sign_in(secretary, "secretary")
    secretary.goto(address)
    sign(secretary, site.key_file("secretary"), passphrase)
    expect(secretary.locator("main")).to_contain_text("действует, стоит в журнале")

    added = site.entries(site.slug)[before:]
    decision, *approvals = [e for e in added if isinstance(e, Decision | Approval)]
    assert isinstance(decision, Decision)
    assert isinstance(decision.remedy, Annul)
    assert len(decision.remedy.ballots) == ballots
    assert [a.member for a in approvals if isinstance(a, Approval)] == ["chair", "secretary"]

    analyst.goto(site.desk("cases/"))
    expect(analyst.locator("table")).to_contain_text("решено")


def test_a_server_that_shows_one_decision_and_names_another_gets_no_signature(
    site: ConsoleSite, new_context: Contexts
) -> None:
    analyst = new_context(**DESKTOP).new_page()
    site.sign_in(analyst, "analyst")
    analyst.goto(site.desk("decisions/propose/extend/"))
    analyst.fill("#id_closes", "2099-01-01T10:00")
    analyst.get_by_role("button", name="Показать последствия").click()
    analyst.get_by_role("button", name="Вынести на комиссию").click()
    expect(analyst.locator("main")).to_contain_text("ждёт подписей")

    member = new_context(**DESKTOP).new_page()
    site.sign_in(member, "member")
    address = analyst.url

    def change(route: object) -> None:
        answer = route.fetch()  # type: ignore[attr-defined]  # Playwright's Route
        body = re.sub(r"(data-text=\"[^\"]*)2099", r"\g<1>2098", answer.text())
        route.fulfill(response=answer, body=body)  # type: ignore[attr-defined]

    member.route(address, change)
    member.goto(address)
    expect(member.locator("[data-status]")).to_contain_text("Не подписывайте")
    expect(member.get_by_role("button", name="Подписать решение")).to_be_disabled()


def test_addresses_are_shown_in_full_only_once_the_reason_is_logged(
    site: ConsoleSite, new_context: Contexts
) -> None:
    analyst = new_context(**DESKTOP).new_page()
    site.sign_in(analyst, "analyst")
    analyst.goto(site.desk("cases/1/"))
    masked = analyst.get_by_role("region", name="Откуда пришли бюллетени")
    expect(masked).to_contain_text(".•••.•••")
    analyst.get_by_text("Показать адреса полностью").click()
    analyst.fill("#id_reason", "мало")
    analyst.get_by_role("button", name="Записать и показать").click()
    expect(masked).to_contain_text(".•••.•••")
    analyst.fill("#id_reason", "Сверка с письмом оператора связи")
    analyst.get_by_role("button", name="Записать и показать").click()
    expect(masked).not_to_contain_text("•")
    assert re.search(r"\d+\.\d+\.\d+\.\d+", masked.inner_text())

    auditor = new_context(**DESKTOP).new_page()
    site.sign_in(auditor, "auditor")
    auditor.goto(site.desk("audit/"))
    expect(auditor.locator("main")).to_contain_text("Сверка с письмом оператора связи")
    with auditor.expect_download() as download:
        auditor.get_by_role("link", name="Просмотры личных данных (CSV)").click()
    assert "Сверка с письмом" in Path(download.value.path()).read_text(encoding="utf-8")
