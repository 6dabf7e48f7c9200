"""Goes through a site by its links, and looks for words that have no place there."""

import html
import re
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Mapping, Sequence
from urllib.parse import urljoin, urlsplit

OF_THE_COUNTRY = re.compile(
    r"ИИН|БИН\b|ЖСН|БСН|\b[IB]IN\b|ЭЦП|ЭЦҚ|NCALayer|egov|Kazakhstan|Казахстан|Қазақстан"
    r"|National Certification|Национальн\w+ удостоверяющ|Ұлттық куәландырушы|\bGOST\b|ГОСТ",
    re.IGNORECASE,
)
"""Numbers, keys, programs and authorities of Kazakhstan, as its pages speak of them."""

# A board lists the scripts that every installation has, by their files.
_FILES = re.compile(r"[\w./-]+\.(?:js|css|toml)\b")
_LINKS = re.compile(r'href="([^"#]+)')
_UNSEEN = re.compile(r"<style.*?</style>", re.DOTALL)


def pages(
    url: str,
    starts: Sequence[str],
    cookies: Mapping[str, str],
    *,
    within: Sequence[str],
    most: int = 400,
) -> dict[str, str]:
    """Every page that `starts` lead to by links that begin with one of `within`, by address."""
    waiting = deque(urljoin(url, start) for start in starts)
    found: dict[str, str] = {}
    head = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    while waiting:
        address = waiting.popleft()
        if address in found:
            continue
        assert len(found) < most, "the site has no end"
        request = urllib.request.Request(address, headers=head)  # noqa: S310 -- our own server
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 -- likewise
                page = (
                    answer.read().decode()
                    if "html" in answer.headers["Content-Type"]
                    or "json" in answer.headers["Content-Type"]
                    else ""
                )
                policy = answer.headers.get("Content-Security-Policy", "")
        except urllib.error.HTTPError as error:
            page, policy = error.read().decode(), ""
        found[address] = page + policy
        for link in _LINKS.findall(page):
            there = urljoin(address, html.unescape(link))
            if urlsplit(there).path.startswith(tuple(within)) and there.startswith(url):
                waiting.append(there)
    return found


def national(text: str) -> list[str]:
    """Words of Kazakhstan in a page, with what stands around them."""
    seen = _FILES.sub("", _UNSEEN.sub("", html.unescape(text)))
    return [
        seen[max(0, match.start() - 40) : match.end() + 20]
        for match in OF_THE_COUNTRY.finditer(seen)
    ]
