"""A union votes, in a real Chromium: its own membership numbers, keys of its own authority."""

import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from dauys.core.canonical import encode
from dauys.crypto.ballot import CredentialKey
from dauys.scenario.test_ca import Profile
from tests.web.portal_site import SLUG, Site, serving
from tests.web.portal_steps import Journey
from tests.web.walk import national, pages

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
    folder = tmp_path_factory.mktemp("members")
    with serving(folder, identity=IDENTITY, methods="desk,email,sms,eds") as running:
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
    assert not any(found_in(site, page, path, "kk") for path in ("mine/", "already/", "phone/"))


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


def test_a_code_by_email_is_on_the_page_of_messages_in_a_demonstration(
    site: Site, page: Page, axe: Callable[[Page], list[str]]
) -> None:
    voter = site.fresh_voter()
    page.goto(site.page("en", "identify/"))
    page.locator("#number").fill(voter["number"])
    page.locator("button[value=email]").click()
    one = Journey(site, page, "en", axe)
    page.locator("#code").fill(one.code_at(voter["email"]))
    page.locator("form:has(#code) button").first.click()
    page.wait_for_url("**/ballot/")
    for path, language in (("ballot/", "kk"), ("mine/", "ru"), ("report/", "en")):
        assert found_in(site, page, path, language) == [], path


def found_in(site: Site, page: Page, path: str, language: str) -> list[str]:
    """Words of Kazakhstan on a page of the voter who is in the browser."""
    page.goto(site.page(language, path))
    return national(page.content())


@pytest.fixture(scope="module")
def staff(site: Site) -> dict[str, str]:
    """Cookies of somebody with every role."""
    told = subprocess.run(
        [sys.executable, "-m", "tests.web.staff_session"],
        env={**os.environ, "DAUYS_DATA": str(site.data), "DAUYS_HOSTS": "127.0.0.1"},
        capture_output=True,
        text=True,
        check=True,
    )
    return {"dauys_session": told.stdout.strip()}


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_nothing_of_kazakhstan_is_on_any_page(
    site: Site, staff: dict[str, str], language: str
) -> None:
    voters = (f"/{language}/", f"/{language}/e/{SLUG}/identify/link/", f"/{language}/demo/voters/")
    console = [f"/{language}/console/", f"/{language}/console/{SLUG}/rules/"]
    signature = f"/{language}/e/{SLUG}/identify/signature/"
    within = (f"/{language}/", f"/public/{SLUG}")
    found = pages(site.url, (*voters, signature, *console), staff, within=within)
    paths = {address.removeprefix(site.url) for address in found}
    assert {
        f"/{language}/console/{SLUG}/help-desk/",
        f"/{language}/console/{SLUG}/messages/",
    } <= paths
    assert sum(f"/b/{SLUG}/" in path for path in paths) > 15
    assert len(found) > 50
    assert not any("13579" in page for page in found.values()), "the port of its signing agent"
    assert {path: words for path, page in found.items() if (words := national(page))} == {}


def test_the_programs_of_kazakhstan_have_no_address_here(site: Site) -> None:
    token = "t" * 32
    headers = {"Cookie": f"dauys_csrf={token}", "X-CSRFToken": token}
    credential = CredentialKey.generate(os.urandom).public
    for path, body in (
        (f"api/v1/elections/{site.election}/mobile", encode({"credential": credential})),
        (f"api/v1/elections/{site.election}/mobile/1", None),
        (f"api/v1/elections/{site.election}/mobile/1/document", None),
        ("en/demo/phone/", None),
    ):
        request = urllib.request.Request(f"{site.url}/{path}", body, headers)  # noqa: S310 -- ours
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=10)  # noqa: S310 -- likewise
        assert refused.value.code == 404, path
        assert not national(refused.value.read().decode())
