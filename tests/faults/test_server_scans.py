"""The real server scans in a process of its own, and takes it along when it ends."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.server import PROGRAM, start_server

pytestmark = pytest.mark.slow

PREPARE = """
import os
from pathlib import Path
from dauys.store.startup import make_tables, start
start(); make_tables()
from dauys.scenario.rush import found_rush
from dauys.wiring import Office, SystemClock
found_rush(Office(Path(os.environ["DAUYS_DATA"]), SystemClock()), 2).counting.open()
"""


def test_the_scans_of_a_server_come_and_go_with_it(tmp_path: Path) -> None:
    environment = {**os.environ, "DAUYS_DATA": str(tmp_path)}
    subprocess.run([sys.executable, "-c", PREPARE], env=environment, check=True)
    hasty = (
        "from dauys.store.startup import start; start()\n"
        "import dauys.wiring as wiring; wiring.PATROL_EVERY_S = 0.2\n" + PROGRAM
    )
    server = start_server(tmp_path, program=hasty)
    try:
        within(20, lambda: looks(tmp_path) == [(True, "")])
        (child,) = scanning(server.process.pid)
        os.kill(child, signal.SIGKILL)
        server.stop()
        assert looks(tmp_path) == [(True, "")]
        again(tmp_path)
        server = start_server(tmp_path, program=hasty)
        within(20, lambda: looks(tmp_path) == [(True, "")])
        (child,) = scanning(server.process.pid)
        server.kill()
        within(10, lambda: not Path(f"/proc/{child}").exists())
    finally:
        server.kill()
    assert alerts(tmp_path) == 0
    assert "Traceback" not in server.log.read_text()


def within(seconds: float, holds: Callable[[], bool]) -> None:
    """Wait until it holds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def scanning(server: int) -> list[int]:
    """Processes that the server started to scan."""
    return [
        int(child)
        for thread in Path(f"/proc/{server}/task").iterdir()
        for child in (thread / "children").read_text().split()
        if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()
    ]


def looks(data: Path) -> list[tuple[bool, str]]:
    """Of each look: whether it has ended, and in what failure."""
    with closing(sqlite3.connect(data / "dauys.sqlite3")) as database:
        return [
            (bool(ended), failure)
            for ended, failure in database.execute("SELECT ended, failure FROM store_scanrow")
        ]


def again(data: Path) -> None:
    """Forget the looks, so that it is the next server's turn at once."""
    with closing(sqlite3.connect(data / "dauys.sqlite3")) as database, database:
        database.execute("DELETE FROM store_scanrow")


def alerts(data: Path) -> int:
    """How many were raised about the monitor."""
    with closing(sqlite3.connect(data / "dauys.sqlite3")) as database:
        query = "SELECT count(*) FROM store_alertrow WHERE subject = 'monitor'"
        (found,) = database.execute(query).fetchone()
        return int(found)
