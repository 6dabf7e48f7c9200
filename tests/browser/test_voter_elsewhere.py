"""Voters of a union sign in at its own identity provider, in a real Chromium."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.web.issuer_site import SECRET, Issuer, issuing
from tests.web.portal_site import Site, serving
from tests.web.portal_steps import Journey


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with issuing() as running:
        yield running


@pytest.fixture(scope="module")
def site(issuer: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder: Path = tmp_path_factory.mktemp("union")
    (folder / "oidc-secret").write_text(SECRET)
    with serving(folder, methods="oidc", identity=issuer.settings) as running:
        yield running


def go_there(site: Site, page: Page, language: str = "ru") -> None:
    page.goto(site.page(language, "identify/"))
    assert page.locator("#number").count() == 0
    page.locator(".p-method").click()
    page.wait_for_url("**/authorize?**")


def test_a_member_votes_with_the_account_of_the_union(
    site: Site, page: Page, axe: Callable[[Page], list[str]]
) -> None:
    voter = site.fresh_voter()
    page.goto(site.page("kk", "identify/"))
    assert axe(page) == []
    expect(page.locator(".p-method__name")).to_have_text("Кіру: Одақ есептік жазбасы")
    go_there(site, page, "kk")
    page.get_by_label("Member").fill(voter["number"])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/ballot/")
    one = Journey(site, page, "kk", axe)
    one.choose(1)
    one.cast()
    page.goto(site.page("kk", "mine/"))
    expect(page.locator("main")).to_contain_text("ұйымның есептік жазбасымен")


def test_who_changes_their_mind_there_or_is_not_on_the_register_is_told_so(
    site: Site, page: Page, axe: Callable[[Page], list[str]]
) -> None:
    go_there(site, page)
    page.get_by_role("button", name="Not now").click()
    expect(page.get_by_role("alert")).to_contain_text("Вы не вошли")
    assert axe(page) == []
    go_there(site, page)
    page.get_by_label("Member").fill("123456789013")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("Вас нет в списке избирателей")


def test_an_answer_is_worth_something_once_and_in_one_browser(
    site: Site, page: Page, new_context: Callable[..., object]
) -> None:
    voter = site.fresh_voter()
    go_there(site, page)
    with page.expect_request("**/back/?code=*") as sent:
        page.get_by_label("Member").fill(voter["number"])
        page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/ballot/")
    page.goto(sent.value.url)
    expect(page.get_by_role("alert")).to_contain_text("Этот вход больше не действует")


def test_a_provider_that_is_down_is_not_the_voters_fault(
    site: Site, issuer: Issuer, page: Page, tmp_path: Path
) -> None:
    with issuing() as other:
        other.down = True
        (tmp_path / "oidc-secret").write_text(SECRET)
        with serving(
            tmp_path / "down", methods="oidc", identity=_elsewhere(other, tmp_path)
        ) as down:
            page.goto(down.page("en", "identify/"))
            page.locator(".p-method").click()
            expect(page.get_by_role("alert")).to_contain_text("does not answer")


def _elsewhere(issuer: Issuer, folder: Path) -> str:
    return issuer.settings.replace("oidc-secret", f"{folder}/oidc-secret")
