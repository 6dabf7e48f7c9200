"""A voter in Chromium whose code comes through a gateway; one without a phone comes by a link."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page

from tests.browser.shots import shot
from tests.gateways.stand_ins import ENVIRONMENT, StandIn, section, standing_in
from tests.languages import ONE_NOW_THE_REST_SLOWLY
from tests.web.portal_site import Site, serving
from tests.web.portal_steps import Journey


@pytest.fixture(scope="module")
def gateway() -> Iterator[StandIn]:
    with standing_in("smsc") as stand_in:
        yield stand_in


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, gateway: StandIn) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("gateway")
    (folder / "messages.toml").write_text(section(gateway))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        with serving(folder, demo=False, methods="desk,sms,eds") as running:
            yield running


@pytest.mark.parametrize("language", ONE_NOW_THE_REST_SLOWLY)
def test_a_voter_votes_with_a_code_from_a_gateway(
    site: Site,
    gateway: StandIn,
    page: Page,
    axe: Callable[[Page], list[str]],
    language: str,
) -> None:
    voter, journey = site.fresh_voter(), Journey(site, page, language, axe)
    gateway.mood = "ok"
    journey.open("identify/")
    page.fill("#number", voter["number"])
    journey.tap("button[value=sms]")
    page.wait_for_selector("#code")
    journey.look()
    page.fill("#code", "000000")
    journey.tap("form:has(#code) button")
    page.wait_for_selector(".govuk-error-summary")
    journey.look()
    shot(page, f"code-wrong-{language}")
    page.fill("#code", gateway.code_for(voter["phone"]))
    journey.tap("form:has(#code) button")
    page.wait_for_url(lambda url: "/identify/" not in url)
    journey.choose()
    assert journey.cast()


@pytest.mark.parametrize("language", ONE_NOW_THE_REST_SLOWLY)
def test_a_voter_is_told_that_messages_are_delayed(
    site: Site, gateway: StandIn, page: Page, axe: Callable[[Page], list[str]], language: str
) -> None:
    voter, journey = site.fresh_voter(), Journey(site, page, language, axe)
    gateway.mood = "http:404"
    try:
        journey.open("identify/")
        page.fill("#number", voter["number"])
        journey.tap("button[value=sms]")
        page.wait_for_selector("#code")
        with closing(sqlite3.connect(site.data / "dauys.sqlite3", timeout=20)) as database:
            database.execute(
                "UPDATE store_messagerow SET created_at = datetime(created_at, '-20 seconds')"
            )
            database.commit()
        page.reload()
        page.wait_for_selector(".p-delayed")
        journey.look()
        shot(page, f"code-delayed-{language}")
    finally:
        gateway.mood = "ok"


@pytest.mark.parametrize("language", ONE_NOW_THE_REST_SLOWLY)
def test_a_voter_without_a_phone_votes_by_a_one_time_link(
    site: Site, page: Page, axe: Callable[[Page], list[str]], language: str
) -> None:
    voter, journey = site.fresh_voter(), Journey(site, page, language, axe)
    token = subprocess.run(
        [sys.executable, "-m", "tests.web.portal_link", voter["number"]],
        env={**os.environ, "DAUYS_DATA": str(site.data)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    journey.open("identify/link/")
    page.fill("#link", "wrong")
    journey.tap("form:has(#link) button")
    page.wait_for_selector(".govuk-error-summary:visible")
    journey.look()
    shot(page, f"link-wrong-{language}")
    journey.open()
    page.goto(site.page(language, "identify/link/") + "#" + token)
    page.wait_for_function("document.getElementById('link').value !== ''")
    assert token not in page.url, "the secret has left the address"
    journey.look()
    journey.tap("form:has(#link) button")
    page.wait_for_url(lambda url: "/identify/" not in url)
    journey.choose()
    assert journey.cast()
    journey.open("mine/")
    journey.look()
    shot(page, f"mine-by-link-{language}")
    journey.open("identify/link/")
    page.fill("#link", token)
    journey.tap("form:has(#link) button")
    page.wait_for_selector(".govuk-error-summary:visible")
    shot(page, f"link-used-{language}")


@pytest.mark.parametrize("language", ONE_NOW_THE_REST_SLOWLY)
def test_a_voter_who_signs_sees_every_use_of_their_identity(
    site: Site, gateway: StandIn, page: Page, axe: Callable[[Page], list[str]], language: str
) -> None:
    voter, journey = site.fresh_voter(), Journey(site, page, language, axe)
    journey.open("identify/")
    page.fill("#number", voter["number"])
    journey.tap("button[value=sms]")
    page.wait_for_selector("#code")
    page.fill("#code", gateway.code_for(voter["phone"]))
    journey.tap("form:has(#code) button")
    page.wait_for_url(lambda url: "/identify/" not in url)
    journey.open("mine/")
    assert page.locator(".p-uses").count() == 0, "a code is not enough"
    journey.open("identify/signature/")
    sign(site, page, voter["number"])
    journey.open("mine/")
    assert page.locator(".p-uses li").count() == 3  # a code, and confirmed twice
    assert "127.0.0.1" not in page.content()
    journey.look()
    shot(page, f"mine-signed-{language}")
    journey.open("phone/")
    journey.look()
    shot(page, f"phone-frozen-{language}")


def sign(site: Site, page: Page, number: str) -> None:
    """Sign the file of the signature page in another program, as it were."""
    page.locator("details:has(#cms)").evaluate("place => { place.open = true; }")
    with page.expect_download() as download:
        page.click("[data-sign=file]:enabled")
    content = Path(download.value.path()).read_bytes()
    signed = FilePayload(
        name="signed.cms", mimeType="application/pkcs7-mime", buffer=site.sign(number, content)
    )
    page.set_input_files("#cms", [signed])
    page.click("[data-send-file]:enabled")
    page.wait_for_url(lambda url: "/signature/" not in url)
