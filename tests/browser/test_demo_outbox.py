"""The page that stands in for telephones shows a new message by itself."""

from collections.abc import Callable, Iterator

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
