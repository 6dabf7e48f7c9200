"""Nobody who is not identified learns whether a number is on the register or has voted."""

import re
import sqlite3
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

from tests.web.portal_site import Site, serving

STRANGER = "900101300017"
MASKED = re.compile(r"\+7 \d{2}• ••• •• \d{2}")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving(tmp_path_factory.mktemp("portal")) as running:
        yield running


class Visitor:
    """A browser without a window: cookies, forms, redirects."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._open = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(CookieJar())
        ).open

    def get(self, path: str) -> tuple[str, str]:
        return self._read(self.site.page("ru", path), None)

    def post(self, path: str, **fields: str) -> tuple[str, str]:
        _, page = self.get("identify/")
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert token is not None
        form = {**fields, "csrfmiddlewaretoken": token[1]}
        body = urllib.parse.urlencode(form).encode()
        return self._read(self.site.page("ru", path), body)

    def _read(self, url: str, body: bytes | None) -> tuple[str, str]:
        with self._open(url, body, timeout=20) as answer:
            return answer.url, answer.read().decode()


def plain(page: str) -> str:
    """The page without what differs from visit to visit."""
    page = re.sub(r'value="\w{64}"', "", page)
    page = re.sub(r'data-wait="\d+"', "", page)
    return MASKED.sub("PHONE", page)


def answers(site: Site, number: str) -> list[tuple[str, str]]:
    """All that somebody sees who types `number`, asks for codes and guesses."""
    visitor = Visitor(site)
    seen = [visitor.post("identify/", number=number, method="sms")]
    seen += [visitor.post("identify/code/", code=code) for code in ("1", *["000000"] * 4)]
    seen.append(visitor.post("identify/code/again/"))
    again = Visitor(site)
    seen.append(again.post("identify/", number=number, method="sms"))
    seen.append(again.post("identify/", number=number, method="eds"))
    seen.append(again.get("already/"))
    seen.append(again.get("mine/"))
    return [(url, plain(page).replace(number, "NUMBER")) for url, page in seen]


def test_stranger_and_voter_see_the_same_pages(site: Site) -> None:
    voter = site.fresh_voter()["number"]
    for known, unknown in zip(answers(site, voter), answers(site, STRANGER), strict=True):
        assert without_seconds(known) == without_seconds(unknown)


def test_wrong_codes_of_voters_and_of_strangers_are_noted_alike(site: Site) -> None:
    voter, stranger = site.fresh_voter(), "850514350097"
    for number in (voter["number"], stranger):
        visitor = Visitor(site)
        visitor.post("identify/", number=number, method="sms")
        for code in ("1", *["000000"] * 4):  # the first is no code, and the last one comes too late
            visitor.post("identify/code/", code=code)
    with closing(sqlite3.connect(site.data / "signals.sqlite3", timeout=20)) as signals:
        noted = signals.execute(
            "SELECT register_number, contest, code_attempts, ua_family FROM signals_signalrow"
            " WHERE kind = 'code_wrong' ORDER BY id DESC LIMIT 6"
        ).fetchall()
    assert noted[:3] == [(0, "", None, "other")] * 3
    line = noted[-1][0]
    assert line > 0
    assert noted[3:] == [(line, voter["contest"], attempt, "other") for attempt in (3, 2, 1)]


def without_seconds(answer: tuple[str, str]) -> tuple[str, str]:
    url, page = answer
    return url, re.sub(r"\d+ секунд", "N секунд", page)


def test_stranger_always_gets_the_same_masked_phone(site: Site) -> None:
    masks = set()
    for _ in range(2):
        _, page = Visitor(site).post("identify/", number="850514350077", method="sms")
        masks |= set(MASKED.findall(page))
        site.age_codes("850514350077")
    assert len(masks) == 1


def test_pages_of_voters_are_closed_to_others(site: Site) -> None:
    for path in ("ballot/", "already/", "mine/", "report/"):
        url, _ = Visitor(site).get(path)
        assert url.endswith("/identify/")


def test_demonstration_is_absent_without_its_switch(tmp_path: Path) -> None:
    with serving(tmp_path, demo=False) as real:
        for path in ("outbox/", "outbox/list/", "voters/"):
            with pytest.raises(urllib.error.HTTPError, match="404"):
                Visitor(real).get(f"../../demo/{path}")
        _, page = Visitor(real).get("identify/signature/")
        assert "data-demo" not in page
