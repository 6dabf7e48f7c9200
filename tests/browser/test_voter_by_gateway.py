"""A voter in Chromium whose code comes through a gateway; one without a phone comes by a link."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.gateways.stand_ins import ENVIRONMENT, StandIn, section, standing_in
from tests.web.portal_site import Site, serving
from tests.web.portal_steps import Journey

SHOTS = os.environ.get("DAUYS_SHOTS")


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
        with serving(folder, demo=False) as running:
            yield running


def shot(page: Page, name: str) -> None:
    """Keep pictures where somebody wants to look at them ($DAUYS_SHOTS)."""
    if SHOTS:
        for width in (360, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)
        page.set_viewport_size({"width": 360, "height": 740})


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
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


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
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
        page.wait_for_timeout(16_000 if language == "kk" else 0)  # the first message waits on
        page.reload()
        page.wait_for_selector(".p-delayed")
        journey.look()
        shot(page, f"code-delayed-{language}")
    finally:
        gateway.mood = "ok"
