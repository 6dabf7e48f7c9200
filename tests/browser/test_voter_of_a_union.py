"""A union votes, in a real Chromium: its own membership numbers, keys of its own authority."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from dauys.scenario.test_ca import Profile
from tests.web.portal_site import Site, serving
from tests.web.portal_steps import Journey

UID = "0.9.2342.19200300.100.1.1"
MAIL, CLIENT = "1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.2"
COMMON_NAME = "2.5.4.3"
IDENTITY = f"""
[numbers]
pattern = "M-[0-9]{{6}}"
label = {{ kk = "Одақ билетінің нөмірі", ru = "Номер профсоюзного билета", en = "Union card" }}

[certificates]
number = "{UID}"
purposes = ["{MAIL}"]
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving(tmp_path_factory.mktemp("members"), identity=IDENTITY) as running:
        yield running


def signed(site: Site, number: str, content: bytes, purpose: str = MAIL) -> bytes:
    leaf = site.authority.issue([(COMMON_NAME, "Member"), (UID, number)], Profile((purpose,)))
    return site.authority.sign_cms(leaf, content)


def hand_in(site: Site, page: Page, language: str, number: str, purpose: str = MAIL) -> None:
    page.goto(site.page(language, "identify/signature/"))
    page.locator("details").first.evaluate("details => { details.open = true; }")
    with page.expect_download() as download:
        page.locator("[data-sign=file]:enabled").click()
    cms = signed(site, number, download.value.path().read_bytes(), purpose)
    file = {"name": "vote.cms", "mimeType": "application/octet-stream", "buffer": cms}
    page.locator("#cms").set_input_files(file)  # type: ignore[arg-type]  # a file's payload
    page.locator("[data-send-file]").click()


def test_a_member_votes_with_a_key_of_the_unions_authority(
    site: Site, page: Page, axe: Callable[[Page], list[str]]
) -> None:
    voter = site.fresh_voter()
    hand_in(site, page, "kk", voter["number"].lower())
    page.wait_for_selector("[data-check]:enabled")
    one = Journey(site, page, "kk", axe)
    one.choose()
    one.cast()
    page.goto(site.page("kk", "mine/"))
    expect(page.locator("main")).to_contain_text("сіздің нөміріңіз бойынша")


def test_a_key_for_something_else_and_a_stranger_do_not_vote(site: Site, page: Page) -> None:
    voter = site.fresh_voter()
    hand_in(site, page, "en", voter["number"], CLIENT)
    expect(page.get_by_role("alert")).to_be_visible()
    hand_in(site, page, "en", "M-999999")
    expect(page.get_by_role("alert")).to_contain_text("You are not on the register")
    hand_in(site, page, "en", "940101300012")
    expect(page.get_by_role("alert")).to_contain_text("no number of a voter")


def test_a_membership_number_is_asked_for_and_gets_a_code(
    site: Site, page: Page, axe: Callable[[Page], list[str]]
) -> None:
    voter = site.fresh_voter()
    page.goto(site.page("ru", "identify/"))
    assert axe(page) == []
    expect(page.get_by_label("Номер профсоюзного билета")).to_have_attribute("maxlength", "40")
    expect(page.locator("main")).not_to_contain_text("ИИН")
    page.locator("#number").fill("940101300012")
    page.locator("button[value=sms]").click()
    expect(page.get_by_role("alert")).to_contain_text("Номер пишется иначе")
    page.locator("#number").fill(voter["number"].lower())
    page.locator("button[value=sms]").click()
    one = Journey(site, page, "ru", axe)
    page.locator("#code").fill(one.sms_code(voter))
    page.locator("form:has(#code) button").first.click()
    page.wait_for_url("**/ballot/")
