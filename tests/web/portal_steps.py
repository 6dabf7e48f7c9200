"""A voter in a browser: the steps of the journeys, and eyes for what is wrong on a page."""

import gettext
import gzip
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Locator, Page, Request, Response

from tests.web.outbox import code_for
from tests.web.portal_site import Site

WEB = Path(__file__).parents[2] / "src" / "dauys" / "web"
LANGUAGES = ("kk", "ru", "en")
MAX_BYTES = 200_000
KAZAKH = re.compile("[әғқңөұүһі]", re.IGNORECASE)

# Names that are written alike in all three languages.
LATIN = {
    *("SMS", "NCALayer", "AUTH", "RSA", "GOST", "CMS", "QR", "UTC", "Dauys", "cookie"),
    *("JavaScript", "Chrome", "Firefox", "Safari", "Edge"),
    *("egov", "kz", "eGov", "Mobile", "SHA", "ncl", "pki", "gov"),
}

VISIBLE_TEXTS = """language => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (!parent || !parent.checkVisibility() || !node.data.trim()) continue;
    if (parent.closest('[translate=no], script, style, noscript')) continue;
    if (parent.closest('[lang]').lang !== language) continue;
    found.push(node.data.replace(/\\s+/g, ' ').trim());
  }
  for (const place of document.querySelectorAll('[aria-label], img[alt]')) {
    found.push(place.getAttribute('aria-label') || place.alt);
  }
  found.push(document.title.split(' · ')[0]);
  return found;
}"""

INLINE = """() => [
  ...[...document.scripts].filter(script => !script.src).map(script => script.outerHTML),
  ...[...document.querySelectorAll('style, [style]')].map(place => place.outerHTML),
  ...[...document.querySelectorAll('*')].filter(place =>
    [...place.attributes].some(({ name }) => name.startsWith('on'))).map(place => place.outerHTML),
]"""


@dataclass
class Journey:
    """One voter's tab; every page they come to is looked at."""

    site: Site
    page: Page
    language: str
    axe: Callable[[Page], list[str]]
    taps: int = 0
    responses: list[Response] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Watch what is sent and fetched."""
        self.page.on("request", self._watch)
        self.page.on("response", self._keep)

    def _watch(self, request: Request) -> None:
        if not request.url.startswith((self.site.url, "data:", "blob:")):
            self.strangers.append(request.url)

    def _keep(self, response: Response) -> None:
        self.responses.append(response)

    def weight(self) -> dict[str, int]:
        """Bytes of each address; static files compressed, as they are where a site is installed."""
        found: dict[str, int] = {}
        for response in self.responses:
            path = urlsplit(response.url).path
            if path.startswith("/static/"):
                file = WEB / path.removeprefix("/")
                found[path] = len(gzip.compress(file.read_bytes(), 6))
            elif response.url.startswith(self.site.url):
                found[path] = response.request.sizes()["responseBodySize"]
        return found

    def open(self, path: str = "") -> None:
        """Go to a page of the election."""
        self.page.goto(self.site.page(self.language, path))

    def tap(self, place: str | Locator) -> None:
        """One touch of a finger."""
        self.taps += 1
        (self.page.locator(place) if isinstance(place, str) else place).tap()

    def look(self) -> None:
        """Fail on barriers, words of another language, inline code and sideways scrolling."""
        for scheme in ("dark", "light"):
            self.page.emulate_media(color_scheme=scheme)
            barriers = self.axe(self.page)
            assert barriers == [], f"{scheme}: {barriers}"
        words = wrong_words(self.page, self.language)
        assert words == [], words
        inline = self.page.evaluate(INLINE)
        assert inline == [], inline
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        for width in (320, 360):
            self.page.set_viewport_size({"width": width, "height": 740})
            assert not self.page.evaluate(wide), f"the page scrolls sideways at {width} pixels"
        assert self.strangers == [], self.strangers

    def sms_code(self, voter: dict[str, Any]) -> str:
        """The code in the newest message to the voter, read without the browser's tab."""
        return self.code_at(voter["phone"])

    def code_at(self, address: str) -> str:
        """The code in the newest message to a phone or mailbox."""
        outbox = f"{self.site.url}/{self.language}/demo/outbox/list/"
        return code_for(address, self.page.context.request.get(outbox).text())

    def identify_by_sms(self, voter: dict[str, Any]) -> None:
        """From the landing page to whatever follows the right code."""
        self.open()
        self.tap(".p-big")
        self.tap("#number")
        self.page.keyboard.type(voter["number"])
        self.tap("button[value=sms]")
        self.page.wait_for_selector("#code")
        self.tap("#code")
        self.page.keyboard.type(self.sms_code(voter))
        self.tap("form:has(#code) button")
        self.page.wait_for_url(lambda url: "/identify/" not in url)

    def identify_by_signature(self, voter: dict[str, Any]) -> None:
        """The same with a demonstration key."""
        self.open()
        self.tap(".p-big")
        self.tap("#number")
        self.page.keyboard.type(voter["number"])
        self.tap("button[value=eds]")
        self.tap("[data-sign=demo]:enabled")
        self.page.wait_for_url(lambda url: "/identify/" not in url)

    def choose(self, place: int = 0) -> None:
        """Mark a candidate and go on to the check."""
        self.tap(self.page.locator(".p-card__target").nth(place))
        self.tap("[data-check]:enabled")
        self.page.wait_for_selector("[data-cast]:visible")

    def cast(self) -> str:
        """Press the button; the tracker from the receipt."""
        self.tap("[data-cast]")
        return self.receipt()

    def receipt(self) -> str:
        """Wait for the receipt; its tracker."""
        self.page.wait_for_selector("[data-proof]:not(:empty):visible")
        return "".join(self.page.locator("[data-tracker] span").all_text_contents())


def wrong_words(page: Page, language: str) -> list[str]:
    """Texts on the page that are not in `language`."""
    texts: list[str] = page.evaluate(VISIBLE_TEXTS, language)
    foreign = {text for other in LANGUAGES if other != language for text in catalogue(other)}
    own = catalogue(language)
    return [text for text in texts if _is_wrong(text, language, own, foreign)]


def _is_wrong(text: str, language: str, own: set[str], foreign: set[str]) -> bool:
    if language == "en":
        return re.search(r"[\u0400-\u04ff]", text) is not None
    latin = {word for word in re.findall(r"[A-Za-z]{2,}", text) if word not in LATIN}
    kazakh_in_russian = language == "ru" and bool(KAZAKH.search(text))
    return bool(latin) or kazakh_in_russian or (text in foreign and text not in own)


@cache
def catalogue(language: str) -> set[str]:
    """All sentences of a language that the voter's pages have."""
    found: set[str] = set()
    for part in ("locale", "portal/locale"):
        with (WEB / part / language / "LC_MESSAGES" / "django.mo").open("rb") as stream:
            words = gettext.GNUTranslations(stream)._catalog  # type: ignore[attr-defined]  # as it is
        found |= {text for text in words.values() if isinstance(text, str)}
    return found


def other_tab(context: BrowserContext, journey: Journey) -> Journey:
    """The same person's second window."""
    return Journey(journey.site, context.new_page(), journey.language, journey.axe)
