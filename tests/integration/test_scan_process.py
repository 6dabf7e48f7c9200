"""The process that scans, on bad days: killed, hanging, its server gone."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Timer

import pytest

from dauys.conduct.watching import ScanLostError, ScanStoppedError, ScanTask
from dauys.core.ids import ElectionId
from dauys.monitor.policy import Policy
from dauys.store.signals.scan_process import ScanProcess
from tests.databases import VENDORS, databases

TASK = ScanTask(ElectionId("1" * 22), datetime(2026, 9, 7, 12, tzinfo=UTC), Policy(), frozenset())
PROGRAM = """
import sys, time
from datetime import datetime, UTC
from dauys.store.startup import start, make_tables
start(); make_tables()
from dauys.store.signals.scan_process import ScanProcess
from dauys.conduct.watching import ScanTask
from dauys.monitor.policy import Policy
one = ScanProcess()
one.scan(ScanTask("1" * 22, datetime(2026, 9, 7, tzinfo=UTC), Policy(), frozenset()))
print(one.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture(params=VENDORS)
def scanner(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ScanProcess]:
    monkeypatch.setenv("DAUYS_DATA", str(tmp_path))
    start = "from dauys.store.startup import start, make_tables; start(); make_tables()"
    with databases(request, tmp_path) as addresses:
        for name, value in addresses.environment.items():
            monkeypatch.setenv(name, value)
        subprocess.run([sys.executable, "-c", start], check=True)
        found = ScanProcess(limit_s=60)
        yield found
        found.stop()


def test_a_child_that_is_killed_or_hangs_loses_one_scan(scanner: ScanProcess) -> None:
    assert scanner.scan(TASK).clusters == ()
    first = scanner.pid
    assert first is not None
    assert scanner.scan(TASK).clusters == ()
    assert scanner.pid == first, "what was read is kept"
    os.kill(first, signal.SIGSTOP)
    scanner.limit_s = 0.5
    with pytest.raises(ScanLostError, match="no answer"):
        scanner.scan(TASK)
    assert not alive(first)
    scanner.limit_s = 60
    assert scanner.scan(TASK).clusters == ()
    second = scanner.pid
    assert second not in {None, first}
    assert second is not None
    os.kill(second, signal.SIGSTOP)
    Timer(0.3, os.kill, (second, signal.SIGKILL)).start()
    with pytest.raises(ScanLostError, match="process ended"):
        scanner.scan(TASK)
    assert scanner.scan(TASK).clusters == ()
    third = scanner.pid
    assert third is not None
    os.kill(third, signal.SIGSTOP)
    Timer(0.3, scanner.stop).start()
    with pytest.raises(ScanStoppedError):
        scanner.scan(TASK)
    assert not alive(third)
    with pytest.raises(ScanStoppedError):
        scanner.scan(TASK)


def test_a_killed_server_leaves_no_orphan(tmp_path: Path) -> None:
    environment = {**os.environ, "DAUYS_DATA": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM], env=environment, stdout=subprocess.PIPE
    ) as server:
        assert server.stdout is not None
        child = int(server.stdout.readline())
        assert alive(child)
        os.kill(child, signal.SIGTERM)  # systemd tells all of a group at once
        time.sleep(0.2)
        assert alive(child)
        server.kill()
        server.wait()
    deadline = time.monotonic() + 10
    while alive(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not alive(child)


def alive(pid: int) -> bool:
    """Whether there is such a process, and it is not only waiting to be buried."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False
