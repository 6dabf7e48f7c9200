"""Two elections behind the real server, for tests of the public board.

One is over: 400 voters, ballots annulled and taken back. In the other, voting is open.
"""

import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any

import pytest

from dauys.board.tiles import tiles_of
from tests.integration.played import copied, karaganda
from tests.server import pages

SLUG = "karaganda"
LANGUAGES = ("kk", "ru", "en")
PAGES = (
    "",
    "look-up/",
    "turnout/",
    "turnout/?contest=ulytau",
    "results/",
    "decisions/",
    "taken-back/",
    "candidates/",
    "rules/",
    "booth/",
    "check/",
    "entries/",
    "entries/?show=milestones",
    "entries/0/",
    "entries/20/",
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class BoardSite:
    """A running server with one election."""

    url: str
    data: Path

    def page(self, path: str = "", language: str = "en") -> str:
        return f"{self.url}/{language}/b/{SLUG}/{path}"

    def get(self, path: str, language: str = "en") -> Answer:
        """A page of the board."""
        return fetch(self.page(path, language))

    def log(self, path: str) -> Answer:
        """A file of the log."""
        return fetch(f"{self.url}/log/{SLUG}/{path}")

    def entries(self) -> list[dict[str, Any]]:
        """The whole log, from its published bundles."""
        tiles = tiles_of(int(self.log("checkpoint").text.splitlines()[1]))
        data = b"".join(self.log(tile.path).body for tile in tiles if tile.level is None)
        found = []
        while data:
            end = 2 + int.from_bytes(data[:2], "big")
            found.append(json.loads(data[2:end]))
            data = data[end:]
        return found


def fetch(url: str) -> Answer:
    try:
        with urllib.request.urlopen(url, timeout=60) as response:  # noqa: S310 -- our own
            return Answer(response.status, _lower(response.headers), response.read())
    except urllib.error.HTTPError as error:
        return Answer(error.code, _lower(error.headers), error.read())


def _lower(headers: Message) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def finished(factory: pytest.TempPathFactory, worker: str) -> Path:
    """Data of the election that is over: a copy."""
    return copied(factory, karaganda(factory, worker, 400, 7).folder) / "private"


@contextmanager
def serving(data: Path) -> Iterator[BoardSite]:
    """Serve the election in `data` on a free port until the board is published."""
    (data / "static").mkdir(exist_ok=True)  # WhiteNoise warns without it
    environment = {**os.environ, "DAUYS_DATA": str(data), "DAUYS_HOSTS": "127.0.0.1"}
    with pages(data, environment) as url:
        site = BoardSite(url, data)
        _wait_for_board(site)
        yield site


def _wait_for_board(site: BoardSite) -> None:
    for _ in range(300):
        if site.log("checkpoint").status == 200:
            return
        time.sleep(0.1)
    raise RuntimeError("the board is not published")
