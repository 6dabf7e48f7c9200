"""One tab with the harness, shared by the tests of a module: opening it takes longer than most."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.booth.harness.server import BoothServer, booth_server
from tests.browser.booth.harness.tab import Booth
from tests.browser.conftest import watch


@pytest.fixture(scope="module")
def booth_site() -> Iterator[BoothServer]:
    """The booth's files, served under the policy of the real pages."""
    with booth_server() as running:
        yield running


@pytest.fixture(scope="module")
def booth_tab(browser: Browser, booth_site: BoothServer) -> Iterator[Booth]:
    """The tab that the tests of a module share."""
    context = browser.new_context()
    booth = Booth(context.new_page(), booth_site, [])
    watch(booth.page, booth.problems)
    booth.open()
    yield booth
    context.close()


@pytest.fixture
def booth(booth_tab: Booth) -> Iterator[Booth]:
    """The shared tab; fails the test on uncaught errors and breaches of the policy."""
    booth_tab.problems.clear()
    yield booth_tab
    assert booth_tab.problems == []


@pytest.fixture
def own_booth(page: Page, page_problems: list[str], booth_site: BoothServer) -> Booth:
    """A tab of the test's own, not yet opened."""
    return Booth(page, booth_site, page_problems)
