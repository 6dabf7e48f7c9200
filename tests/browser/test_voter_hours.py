"""Before voting opens, and after it ended."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.web.portal_site import serving
from tests.web.portal_steps import Journey


@pytest.mark.parametrize(("hours", "language"), [(24, "kk"), (-24 * 4, "ru")])
def test_nobody_votes_outside_the_hours(
    page: Page, axe: Callable[[Page], list[str]], tmp_path: Path, hours: int, language: str
) -> None:
    with serving(tmp_path, hours=hours) as site:
        one = Journey(site, page, language, axe)
        one.open()
        one.look()
        assert one.page.locator(f".p-big[href='/{language}/e/chamber/identify/']").count() == 0
        one.open("identify/")
        one.look()
        assert one.page.locator("button[value=sms]").count() == 0, "no SMS is promised"
        one.open("identify/signature/")
        one.page.locator("#demo-number").fill(site.fresh_voter()["number"])
        one.tap("[data-sign=demo]:enabled")
        one.page.wait_for_url("**/ballot/")
        assert one.page.locator("[data-ballot]").count() == 0
        one.look()
        one.tap(".p-session button")
        page.wait_for_url(lambda url: url.endswith("/chamber/"))
