"""A tab with the harness in it, for a test to call."""

from typing import Any

from playwright.sync_api import Page

from tests.browser.booth.harness.server import BoothServer

Verdict = str | tuple[str, Any]


class Booth:
    """The harness in a tab: calls its functions and keeps what went wrong unseen."""

    def __init__(self, page: Page, site: BoothServer, problems: list[str]) -> None:
        self.page = page
        self.problems = problems
        self._site = site

    def open(self, query: str = "") -> None:
        """Load the harness page."""
        self.page.goto(f"{self._site.url}/{query}")
        self.page.wait_for_function("globalThis.booth !== undefined")

    def __call__(self, name: str, **argument: Any) -> dict[str, Any]:
        """Call `name` of harness.js; the answer is {result} or {error, what, why}."""
        made: dict[str, Any] = self.page.evaluate("([name, a]) => booth(name, a)", [name, argument])
        return made

    def verdict(self, name: str, **argument: Any) -> Verdict:
        """Call `name`; "accepted", or the error's name and its `what`."""
        made = self(name, **argument)
        return "accepted" if "error" not in made else (made["error"], made["what"])
