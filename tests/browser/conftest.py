"""A real Chromium on a telephone's screen, driven by Playwright, and axe-core's eye for barriers.

def test_voter_finds_the_candidates(page, live_server, axe):
    page.goto(live_server.url)
    assert axe(page) == []
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.web.portal_site import Site, serving
from tests.web.portal_steps import Journey

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
# What the law of most places asks for: WCAG 2.2, levels A and AA.
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

# The sandbox needs kernel rights that containers withhold; the rest keeps Chromium from
# calling home and from opening connections that a test did not ask for.
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TELEPHONE = {"width": 360, "height": 740}
TIMEOUT_MILLISECONDS = 15_000


# One browser a module, not a session: Playwright keeps an event loop running, and a test
# elsewhere that calls asyncio.run() in the same process would be refused.
@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    """A headless Chromium."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Django takes that loop for a sign that its ORM is called from a coroutine.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=chromium_path, args=CHROMIUM_ARGS)
        yield browser
        browser.close()


@pytest.fixture
def new_context(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Make a person's own browser profile; takes what `Browser.new_context` takes."""
    made: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
        telephone: dict[str, Any] = {"viewport": TELEPHONE, "has_touch": True, "is_mobile": True}
        context = browser.new_context(**{**telephone, **options})
        context.set_default_timeout(TIMEOUT_MILLISECONDS)
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()


@pytest.fixture
def page_problems() -> list[str]:
    """What went wrong inside `page` unseen. A test that provokes something empties the list."""
    return []


@pytest.fixture
def page(new_context: Callable[..., BrowserContext], page_problems: list[str]) -> Iterator[Page]:
    """An empty tab on a telephone; fails the test on uncaught errors and refused scripts."""
    page = new_context().new_page()
    watch(page, page_problems)
    yield page
    assert page_problems == []


def watch(page: Page, problems: list[str]) -> None:
    """Add to `problems` each uncaught error of the page and each breach of its policies."""

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            problems.append(message.text)

    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", on_console)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An open election behind the real server; to found it takes longer than most tests."""
    with serving(tmp_path_factory.mktemp("portal")) as running:
        yield running


@pytest.fixture
def journey(site: Site, page: Page, axe: Callable[[Page], list[str]]) -> Callable[[str], Journey]:
    """A voter who reads the given language."""
    return lambda language: Journey(site, page, language, axe)


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], list[str]]:
    """Look for barriers in the page as it is now; one line for each, empty when there is none."""
    source = AXE.read_text(encoding="utf-8")
    options = json.dumps({"runOnly": {"type": "tag", "values": AXE_TAGS}})

    def barriers(page: Page) -> list[str]:
        page.evaluate(source)
        found = page.evaluate(f"axe.run(document, {options}).then(result => result.violations)")
        return [
            f"{rule['id']}: {rule['help']}: {' '.join(map(str, node['target']))}"
            for rule in found
            for node in rule["nodes"]
        ]

    return barriers
