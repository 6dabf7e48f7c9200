"""The page that stands in for telephones shows a new message by itself."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.web.portal_site import Site, serving
from tests.web.portal_steps import Journey


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving(tmp_path_factory.mktemp("outbox")) as running:
        yield running


def test_a_message_appears_while_somebody_looks(
    site: Site,
    page: Page,
    axe: Callable[[Page], list[str]],
    new_context: Callable[..., BrowserContext],
) -> None:
    voter = site.fresh_voter()
    outbox = new_context().new_page()
    outbox.goto(f"{site.url}/en/demo/outbox/")
    expect(outbox.get_by_role("log")).not_to_contain_text(voter["phone"])
    journey = Journey(site, page, "en", axe)
    journey.open()
    journey.tap(".p-big")
    journey.tap("#number")
    page.keyboard.type(voter["number"])
    journey.tap("button[value=sms]")
    expect(outbox.get_by_role("log")).to_contain_text(voter["phone"], timeout=15_000)
    assert axe(outbox) == []


def test_a_voter_signs_with_the_phone_that_stands_in(
    site: Site,
    page: Page,
    axe: Callable[[Page], list[str]],
    new_context: Callable[..., BrowserContext],
) -> None:
    """And the keys of whoever identifies are put into the stand-in for NCALayer."""
    voter = site.fresh_voter()
    journey = Journey(site, page, "ru", axe)
    journey.open()
    journey.tap(".p-big")
    journey.tap("#number")
    page.keyboard.type(voter["number"])
    journey.tap("button[value=eds]")
    expect(page.locator("[data-mobile-begin]")).to_be_enabled()
    assert (site.data / "demo-ca" / "chosen").read_text() == voter["number"]
    journey.tap("[data-mobile-begin]")
    expect(page.locator("[data-mobile]")).to_be_visible()
    address = page.locator("[data-mobile-demo]").get_attribute("href")
    phone = new_context().new_page()
    phone.goto(f"{site.url}{address}")
    code = page.locator("[data-mobile-code]").inner_text()
    assert axe(phone) == []
    phone.locator("form .p-wide").click()
    expect(phone.get_by_role("status")).to_contain_text(code)
    page.wait_for_url("**/ballot/")
    phone.goto(f"{site.url}/ru/demo/phone/?link=https://elsewhere.example/&number=1")
    phone.locator("form .p-wide").click()
    expect(phone.get_by_role("alert")).to_be_visible()
    if folder := os.environ.get("DAUYS_PICTURES"):
        phone.screenshot(path=Path(folder) / "ru-demo-phone-360.png", full_page=True)
        page.goto(site.page("kk", "identify/signature/"))
        expect(page.locator("[data-mobile-begin]")).to_be_enabled()
        page.locator("[data-mobile-begin]").click()
        expect(page.locator("[data-mobile]")).to_be_visible()
        page.screenshot(path=Path(folder) / "kk-demo-waiting-phone.png")
