"""The demonstration behind the real server, for tests of the staff console."""

import base64
import hmac
import json
import os
import sqlite3
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from dauys.core.entries import AnyEntry, decode_entry
from tests.server import pages

PERIOD_S = 30


@dataclass(slots=True)
class ConsoleSite:
    """The running server, and what `demo.json` says of its accounts and key files."""

    url: str
    data: Path
    guide: dict[str, Any]
    used_codes: set[str] = field(default_factory=set)
    cookies: dict[str, list[Any]] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        """Short name of the demonstration's election."""
        return str(self.guide["slug"])

    def at(self, path: str = "", language: str = "ru") -> str:
        """Address of a page of the console."""
        return f"{self.url}/{language}/console/{path}"

    def desk(self, path: str, language: str = "ru") -> str:
        """Address of a page about the demonstration's election."""
        return self.at(f"{self.slug}/{path}", language)

    def sign_in(self, page: Page, name: str, language: str = "ru") -> None:
        """Sign in as one of the demonstration's people, with both factors, or as before."""
        if name in self.cookies:
            page.context.add_cookies(self.cookies[name])
            return
        account = next(a for a in self.guide["accounts"] if a["username"] == name)
        self.give_password(page, name, account["password"], language)
        page.fill("#id_code", self.code(account["totp_secret"]))
        page.click("main button[type=submit]")
        page.wait_for_url("**/console/")
        self.cookies[name] = list(page.context.cookies())

    def give_password(self, page: Page, name: str, password: str, language: str = "ru") -> None:
        """The first factor alone."""
        page.goto(f"{self.url}/{language}/staff/login/")
        page.fill("#id_login", name)
        page.fill("#id_password", password)
        page.click("main button[type=submit]")

    def code(self, secret: str) -> str:
        """What an authenticator app shows (RFC 6238): fresh, since a code works only once."""
        while True:
            left = PERIOD_S - time.time() % PERIOD_S
            code = totp(secret, int(time.time()) // PERIOD_S)
            if left > 3 and secret + code not in self.used_codes:
                self.used_codes.add(secret + code)
                return code
            time.sleep(min(left, 1.0) + 0.1)

    def key_file(self, seat: str) -> str:
        """Path of a commission member's key file."""
        return str(Path(self.guide["holders"]) / f"commission-{seat}.json")

    def entries(self, slug: str) -> list[AnyEntry]:
        """The board of an election, as it lies in the database."""
        with closing(sqlite3.connect(self.data / "dauys.sqlite3")) as database:
            rows = database.execute(
                "SELECT data FROM store_logentry JOIN store_electionrow ON "
                'store_electionrow.id = election_id WHERE slug = ? ORDER BY "index"',
                (slug,),
            )
            return [decode_entry(data) for (data,) in rows]

    def command(self, *words: str) -> str:
        """Run `dauys …` on the same data and return what it printed."""
        return run(*words, data=self.data)

    def script(self, text: str) -> None:
        """Run Python on the same data, as another process of the installation would."""
        start = "from dauys.store.startup import start; start()\n"
        subprocess.run(
            [sys.executable, "-c", start + text], env=_environment(self.data), check=True
        )


def totp(secret: str, moment: int) -> str:
    """RFC 6238 with SHA-1 and six digits."""
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", moment), "sha1").digest()
    place = digest[-1] & 15
    number = int.from_bytes(digest[place : place + 4], "big") & 0x7FFF_FFFF
    return f"{number % 1_000_000:06}"


def run(*words: str, data: Path) -> str:
    """Run `dauys …` with its data in `data`."""
    starter = "from dauys.cli.main import app; app()"
    return subprocess.run(
        [sys.executable, "-c", starter, *words],
        env=_environment(data),
        check=True,
        capture_output=True,
        text=True,
    ).stdout


@contextmanager
def serving(folder: Path) -> Iterator[ConsoleSite]:
    """Serve the demonstration in `folder` on a free port of this machine."""
    (folder / "static").mkdir(exist_ok=True)  # WhiteNoise warns without it
    with pages(folder, _environment(folder)) as url:
        yield ConsoleSite(url, folder, json.loads((folder / "demo.json").read_text()))


def _environment(data: Path) -> dict[str, str]:
    return {**os.environ, "DAUYS_DATA": str(data), "DAUYS_HOSTS": "127.0.0.1", "DAUYS_DEMO": "0"}
