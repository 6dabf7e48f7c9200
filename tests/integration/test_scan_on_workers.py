"""An election of several contests scanned by processes and by a real Dask cluster."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from dauys.scenario.worlds.table import tell
from tests.dask_cluster import Cluster
from tests.server import PROGRAM

pytestmark = pytest.mark.slow

CONTESTS = ("almaty", "astana", "ulytau")
VOTERS = 2000


@pytest.fixture(scope="module")
def signals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three contests, two of them robbed."""
    path = tmp_path_factory.mktemp("signals") / "signals.parquet"
    parts = []
    for seed, contest in enumerate(CONTESTS):
        told = tell(seed, VOTERS, [("rotation", 0.1)] if seed else []).signals
        parts.append(
            told.with_columns(
                pl.format("{}-{}", pl.lit(contest), "signal_id").alias("signal_id"),
                pl.lit(contest).alias("contest"),
            )
        )
    pl.concat(parts).sample(fraction=1, shuffle=True, seed=1).write_parquet(path)
    return path


def scan(signals: Path, out: Path, *arguments: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-c", PROGRAM, "monitor", "scan", str(signals), "--out", str(out)]
    return subprocess.Popen([*command, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def scanned(signals: Path, out: Path, *arguments: str) -> dict[str, object]:
    process = scan(signals, out, *arguments)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    report: dict[str, object] = json.loads((out / "clusters.json").read_bytes())
    del report["runtime_s"]
    return report


def test_processes_and_a_cluster_find_what_one_process_finds(
    signals: Path, cluster: Cluster, tmp_path: Path
) -> None:
    alone = scanned(signals, tmp_path / "alone", "--workers", "1")
    found = alone["clusters"]
    assert isinstance(found, list)
    assert {one["contest"] for one in found} == {"astana", "ulytau"}
    assert scanned(signals, tmp_path / "two", "--workers", "2") == alone
    assert scanned(signals, tmp_path / "dask", "--dask", cluster.address) == alone
    log = (cluster.folder / "scheduler.log").read_text()
    assert "Receive client connection" in log


@pytest.mark.parametrize("lost", ["worker", "scheduler"])
def test_a_cluster_that_is_lost_scans_nothing(
    lost: str, signals: Path, cluster: Cluster, tmp_path: Path
) -> None:
    process = scan(signals, tmp_path / "out", "--dask", cluster.address)
    while b"Receive client connection" not in (cluster.folder / "scheduler.log").read_bytes():
        assert process.poll() is None
    victim: subprocess.Popen[bytes] = getattr(cluster, lost)
    os.kill(victim.pid, signal.SIGKILL)
    _, errors = process.communicate(timeout=120)
    assert process.returncode != 0
    assert b"Traceback" not in errors
    assert b"nothing is scanned" in errors
    assert not (tmp_path / "out" / "clusters.json").exists()


def test_a_process_that_is_killed_ends_the_scan_without_a_report(
    signals: Path, tmp_path: Path
) -> None:
    process = scan(signals, tmp_path / "out", "--workers", "2")
    while not (victims := workers_of(process.pid)):
        assert process.poll() is None
    os.kill(victims[0], signal.SIGKILL)
    output, errors = process.communicate(timeout=120)
    assert process.returncode == 1
    assert output == b""
    assert b"Traceback" not in errors
    assert b"nothing was written: scan again" in errors
    assert not (tmp_path / "out").exists()


def workers_of(pid: int) -> list[int]:
    """Processes that a scan has started to work for it."""
    tasks = Path(f"/proc/{pid}/task")
    children = [
        int(one) for task in tasks.iterdir() for one in (task / "children").read_text().split()
    ]
    return [one for one in children if b"spawn_main" in Path(f"/proc/{one}/cmdline").read_bytes()]
