"""How long each page takes at the true size: console, portal and board, with real sessions.

    python -m benchmarks.pages [VOTERS | FOLDER]

plays the demonstration with so many voters (20,000), or takes a FOLDER in which `dauys demo`
has played one, serves it, signs in as everybody, and follows every link; of each kind of page
the first two that are met. `first` is the very first time after the server began, `again` the
second time: what is shown meanwhile may be kept.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any, Final

from benchmarks.rows import Row
from tests.server import Server, serving
from tests.web.console_site import totp

VOTERS: Final = 20_000
OF_A_KIND: Final = 2
SHOWN: Final = 12
"""Of the slowest pages, in the table of all benchmarks."""
LINK: Final = re.compile(r'(?:href|hx-get)="(/ru/[^"#]*)"')
TOKEN: Final = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
NEVER: Final = re.compile(r"/(?:logout|leave|staff)/|/(?:kk|en)/")


@dataclass(frozen=True, slots=True)
class Timed:
    """One page to one person, in seconds; `size` in bytes."""

    who: str
    path: str
    status: int
    first: float
    again: float
    size: int


@dataclass(slots=True)
class Visitor:
    """A browser without a window."""

    server: Server
    who: str
    _opener: urllib.request.OpenerDirector = field(init=False)

    def __post_init__(self) -> None:
        """Begin without cookies."""
        jar = urllib.request.HTTPCookieProcessor(CookieJar())
        self._opener = urllib.request.build_opener(jar)

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body of a page."""
        return self._open(self._request(path))

    def post(self, path: str, on: str, **fields: str) -> tuple[int, bytes]:
        """Send the form on the page `on` to `path`."""
        token = TOKEN.search(self.get(on)[1].decode())
        form = {**fields, "csrfmiddlewaretoken": token[1] if token else ""}
        request = self._request(path)
        request.data = urllib.parse.urlencode(form).encode()
        request.add_header("referer", self.server.url + on)
        return self._open(request)

    def sign_in(self, account: dict[str, Any]) -> None:
        """Password and second factor."""
        login = "/ru/staff/login/"
        self.post(login, login, login=account["username"], password=account["password"])
        check = "/ru/staff/second-factor/check/"
        code = totp(account["totp_secret"], int(time.time()) // 30)
        self.post(check, check, code=code)

    def crawl(self, start: str) -> Iterator[Timed]:
        """Every kind of page that can be reached from `start` by links."""
        waiting, seen = deque([start]), {start}
        kinds: Counter[str] = Counter()
        while waiting:
            path = waiting.popleft()
            kind = re.sub(r"(?<=/)(?:[0-9][^/]*|[0-9a-z]+-?[0-9a-f]{6,})(?=/|$)", "#", path)
            kinds[kind] += 1
            if kinds[kind] > OF_A_KIND or NEVER.search(path):
                continue
            timed, body = self.timed(path)
            yield timed
            for link in LINK.findall(body.decode(errors="replace")):
                link = link.replace("&amp;", "&")  # noqa: PLW2901 -- as a browser reads it
                if link not in seen:
                    seen.add(link)
                    waiting.append(link)

    def timed(self, path: str) -> tuple[Timed, bytes]:
        """A page, twice."""
        begun = time.perf_counter()
        status, body = self.get(path)
        between = time.perf_counter()
        self.get(path)
        end = time.perf_counter()
        return Timed(self.who, path, status, between - begun, end - between, len(body)), body

    def _request(self, path: str) -> urllib.request.Request:
        return urllib.request.Request(self.server.url + path)  # noqa: S310 -- our own server

    def _open(self, request: urllib.request.Request) -> tuple[int, bytes]:
        try:
            with self._opener.open(request, timeout=120) as response:
                return response.status, response.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()


def walk(folder: Path) -> list[Timed]:
    """Every page of the demonstration in `folder`, the slowest first."""
    guide = json.loads((folder / "demo.json").read_bytes())
    environment = {"DAUYS_DEMO": "1", "DAUYS_DEMO_NCALAYER": "0"}
    found: list[Timed] = []
    with serving(folder, environment) as server:
        public = Visitor(server, "public")
        found += public.crawl(f"/ru/b/{guide['slug']}/")
        found += public.crawl(f"/ru/e/{guide['slug']}/")
        for account in guide["accounts"]:
            person = Visitor(server, account["username"])
            person.sign_in(account)
            found += person.crawl("/ru/console/")
    return sorted(found, key=lambda one: -max(one.first, one.again))


def run(voters: int = VOTERS) -> list[Row]:
    """Play the demonstration, and time its pages."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "demo"
        command = [sys.executable, "-m", "dauys.cli.main", "demo", "--no-serve"]
        subprocess.run([*command, "--voters", str(voters), "--data", str(folder)], check=True)
        return rows(walk(folder))


def rows(pages: list[Timed]) -> list[Row]:
    """The slowest, each path once: both times, and how many pages were met in all."""
    slowest = {one.path: one for one in reversed(pages)}
    ordered = sorted(slowest.values(), key=lambda one: -max(one.first, one.again))[:SHOWN]
    times = [
        Row(f"{one.path} ({one.who}), {which} time", seconds * 1000, "ms", "", None)
        for one in ordered
        for which, seconds in (("first", one.first), ("second", one.again))
    ]
    return [Row("pages met, by somebody", len(pages), "", "", None), *times]


def main(argument: str) -> None:
    """Print every page of a folder, or the table of a demonstration that is played first."""
    if not argument.isdecimal() and argument:
        for one in walk(Path(argument)):
            print(
                f"{one.first:8.3f} s {one.again:8.3f} s {one.size:9,} B "
                f"{one.status} {one.who:10} {one.path}"
            )
        return
    from benchmarks.table import show

    show(run(int(argument or VOTERS)))


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    main(sys.argv[1] if len(sys.argv) > 1 else "")
