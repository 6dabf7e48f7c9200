"""The demonstration as a new user meets it: played, told, served, stopped."""

import json
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dauys.scenario.demo_signer import sign
from tests.integration.played import TREE, dauys, said, script
from tests.server import free_port

WITHIN_S = 400
OFFICE = """
import json, sys
from pathlib import Path
from dauys.store.startup import start
start(Path(sys.argv[1]), demo=True)
from django.db import connections
from dauys.wiring import office
services = office().by_slug(sys.argv[2])
with connections["default"].cursor() as cursor:
    cursor.execute("PRAGMA synchronous")
    (synchronous,) = cursor.fetchone()
print(json.dumps({
    "cases": len(services.cases.find()),
    "phase": services.journal.state().phase,
    "synchronous": synchronous,
}))
"""
SQLITE_FULL = 2
"""What SQLite answers to `PRAGMA synchronous` when it waits for the disk."""


@dataclass(frozen=True, slots=True)
class Demo:
    """A demonstration that is being served."""

    data: Path
    told: str
    process: "subprocess.Popen[str]"

    @property
    def guide(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads((self.data / "demo.json").read_bytes())
        return content


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Served until Ctrl-C, which must end it without a word of Python."""
    folder = tmp_path_factory.mktemp("demo")
    data, log = folder / "data", folder / "log"
    options = ("--data", str(data), "--port", str(free_port()), "--voters", "300")
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "dauys.cli.main", "demo", *options],
            cwd=TREE,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
        )
    try:
        deadline = time.monotonic() + WITHIN_S
        while "Serving on" not in log.read_text() and process.poll() is None:
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.2)
        assert process.poll() is None, log.read_text()
        yield Demo(data, log.read_text(), process)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 0
        assert "Traceback" not in log.read_text()
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def test_every_page_that_the_terminal_names_is_there(demo: Demo) -> None:
    pages = re.findall(r"http://\S+/", demo.told)
    assert len(pages) == len(set(pages)) > 1
    for page in pages:
        with urllib.request.urlopen(page, timeout=60) as answer:  # noqa: S310 -- http:// it is
            assert answer.status == 200, page


def test_every_line_fits_a_terminal(demo: Demo) -> None:
    lines = demo.told.replace(str(demo.data), "var/demo").splitlines()
    assert [line for line in lines if len(line) > 80] == []


def test_the_people_that_the_terminal_names_are_there(demo: Demo) -> None:
    listed = dauys("staff", "list", "--data", demo.data)
    names = {line.split("\t")[0] for line in said(listed).splitlines()}
    guide = demo.guide
    assert {account["username"] for account in guide["accounts"]} == names
    for account in guide["accounts"]:
        assert account["password"] in demo.told
        if account["key_file"]:
            assert (Path(guide["holders"]) / account["key_file"]).is_file()
    notes = {voter["note"]["en"] for voter in guide["voters"]}
    assert len(notes) == 4, notes
    for voter in guide["voters"]:
        assert voter["number"] in demo.told
        assert sign(demo.data, voter["number"], b"anything")


def test_voting_is_open_and_cases_wait(demo: Demo) -> None:
    found = json.loads(script(OFFICE, demo.data, demo.guide["slug"]))
    assert (found["phase"], found["cases"] > 0) == ("open", True)
    closing = dauys("close", demo.guide["slug"], "--data", demo.data)
    assert closing.returncode == 1
    at = re.search(r"time for that is (\S+Z)", said(closing))
    assert at is not None
    assert datetime.fromisoformat(at[1]) > datetime.now(UTC)
    done = dauys("verify", demo.data / "public" / demo.guide["slug"], "--workers", "1")
    assert done.returncode == 0, said(done)


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs Linux's /proc")
def test_the_server_keeps_ballots_as_any_other(demo: Demo) -> None:
    environment = Path(f"/proc/{demo.process.pid}/environ").read_bytes()
    assert b"DAUYS_SQLITE_SYNC" not in environment
    assert b"DAUYS_DEMO=1" in environment.split(b"\0")
    found = json.loads(script(OFFICE, demo.data, demo.guide["slug"]))
    assert found["synchronous"] == SQLITE_FULL


def test_an_earlier_demonstration_gives_way_and_nothing_else_does(tmp_path: Path) -> None:
    treasure = tmp_path / "dauys.sqlite3"
    treasure.write_text("an election")
    done = dauys("demo", "--no-serve", "--data", tmp_path)
    assert (done.returncode, treasure.read_text()) == (2, "an election")
    assert "holds something else" in said(done)
