"""Members of a union vote with codes by e-mail: a real server, a real mailbox, a real Chromium."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.shots import SHOTS, shot
from tests.letterbox import PASSWORD, MailServer, mail_server
from tests.web.portal_site import Site, serving
from tests.web.portal_steps import Journey

NUMBERS = '[numbers]\npattern = "M-[0-9]{6}"\n'
MASK = "m•••@m•••.org"


@pytest.fixture(scope="module")
def mailbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailServer]:
    with mail_server("smtp", tmp_path_factory.mktemp("mail")) as running:
        yield running


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, mailbox: MailServer) -> Iterator[Site]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MAIL_PASSWORD", PASSWORD)
        with serving(
            tmp_path_factory.mktemp("union"),
            demo=False,
            methods="email",
            identity=NUMBERS + mailbox.settings(),
        ) as running:
            yield running


def ask(journey: Journey, number: str) -> None:
    """From the landing page to the page that wants the code."""
    journey.open("identify/")
    journey.page.fill("#number", number.lower())
    journey.tap("button[value=email]")
    journey.page.wait_for_selector("#code")


def enter(journey: Journey, code: str) -> None:
    journey.page.fill("#code", code)
    journey.tap("form:has(#code) button")


@pytest.mark.parametrize(
    "language",
    ["kk", *(pytest.param(other, marks=pytest.mark.slow) for other in ("ru", "en"))],
)
def test_a_member_votes_with_a_code_from_a_letter(
    site: Site,
    mailbox: MailServer,
    page: Page,
    axe: Callable[[Page], list[str]],
    language: str,
) -> None:
    voter, one = site.fresh_voter(), Journey(site, page, language, axe)
    if SHOTS:
        one.open()
        shot(page, f"email-landing-{language}")
        one.open("identify/")
        shot(page, f"email-identify-{language}")
    ask(one, voter["number"])
    expect(page.locator("#code-hint")).to_contain_text(MASK)
    enter(one, "000000")
    page.wait_for_selector(".govuk-error-summary")
    page.locator("details").evaluate("details => { details.open = true; }")
    one.look()
    shot(page, f"email-code-wrong-{language}")
    enter(one, mailbox.code_for(voter["email"]))
    page.wait_for_url("**/ballot/")
    one.choose()
    assert one.cast()
    one.open("mine/")
    expect(page.locator(".p-how")).to_contain_text(MASK)
    one.look()
    shot(page, f"email-mine-{language}")


def test_a_stranger_sees_what_a_member_sees_and_gets_no_letter(
    site: Site, mailbox: MailServer, page: Page, axe: Callable[[Page], list[str]]
) -> None:
    before = len(mailbox.letters)
    seen = []
    for number in (site.fresh_voter()["number"], "M-999999"):
        one = Journey(site, page, "en", axe)
        ask(one, number)
        shown = page.locator("main").inner_text()
        enter(one, "000000")
        page.wait_for_selector(".govuk-error-summary")
        seen.append((shown.splitlines()[:4], page.locator("main").inner_text().splitlines()[:6]))
        page.context.clear_cookies()
    assert seen[0] == seen[1]
    assert len(mailbox.letters) == before + 1


def test_no_password_code_or_address_is_in_the_servers_log(site: Site, mailbox: MailServer) -> None:
    log = (site.data / "server.log").read_text()
    assert "M-" not in log
    for letter in mailbox.letters:
        for secret in (PASSWORD, letter["To"], letter.get_content()[:6]):
            assert secret not in log
    assert mailbox.plain == 0


def test_a_letter_is_kept_until_it_is_sent_and_no_longer(
    site: Site, mailbox: MailServer, page: Page, axe: Callable[[Page], list[str]]
) -> None:
    voter = site.fresh_voter()
    ask(Journey(site, page, "kk", axe), voter["number"])
    mailbox.code_for(voter["email"])
    page.wait_for_timeout(500)  # the server notes what the mail server has just said
    with closing(sqlite3.connect(site.data / "dauys.sqlite3")) as database:
        rows: list[Any] = database.execute(
            "SELECT channel, state, sealed FROM store_messagerow WHERE address <> ''"
        ).fetchall()
        (methods,) = database.execute("SELECT methods FROM store_electionrow").fetchone()
    assert {(channel, state) for channel, state, _ in rows} == {("email", "sent")}
    assert {bytes(sealed) for *_, sealed in rows} == {b""}
    assert methods == '["email"]'
    assert len(mailbox.letters) == len(rows)
