"""Ballots checked by a real Dask cluster on this machine, and by one that falls apart."""

import dataclasses
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dauys.crypto.belenios_archive import write_archive
from dauys.crypto.ed25519 import Q
from tests.dask_cluster import Cluster, Process
from tests.server import PROGRAM
from tests.vectors.archives import finished
from tests.vectors.samples import REFERENDUM

pytestmark = pytest.mark.slow

VOTERS = 300
REACHED = b"Receive client connection"
"""What the scheduler says once the command has come to it."""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("archive") / "referendum.bel"
    write_archive(path, finished(REFERENDUM, VOTERS, revotes=(3, 7)))
    return path


def verify(archive: Path, cluster: Cluster) -> Process:
    command = [sys.executable, "-c", PROGRAM, "verify", str(archive), "--json"]
    return subprocess.Popen(
        [*command, "--dask", cluster.address], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def test_a_cluster_finds_what_one_process_finds(cluster: Cluster, archive: Path) -> None:
    output, errors = verify(archive, cluster).communicate(timeout=120)
    report = json.loads(output)
    assert report["ok"], (report["failed"], errors)
    assert report["election"]["ballots"] == VOTERS + 2
    assert report["election"]["replaced"] == 2


def test_a_false_ballot_is_found_by_a_cluster(cluster: Cluster, tmp_path: Path) -> None:
    contents = finished(REFERENDUM, 40)
    first, *others = contents.ballots
    head, _, response = first.rpartition('"response":"')
    spoilt = f'{head}"response":"{(int(response.split(chr(34))[0]) + 1) % Q}"}}}}}}'
    contents = dataclasses.replace(contents, ballots=(spoilt, *others))
    path = tmp_path / "false.bel"
    write_archive(path, contents)
    process = verify(path, cluster)
    report = json.loads(process.communicate(timeout=120)[0])
    assert process.returncode == 1
    assert "ballot-signature" in report["failed"]


@pytest.mark.parametrize("lost", ["worker", "scheduler"])
def test_a_cluster_that_is_lost_verifies_nothing(
    lost: str, cluster: Cluster, archive: Path
) -> None:
    process = verify(archive, cluster)
    assert process.stdout is not None
    victim: Process = getattr(cluster, lost)
    assert process.stderr is not None
    while REACHED not in (cluster.folder / "scheduler.log").read_bytes():
        assert process.poll() is None, process.stderr.read()
    os.kill(victim.pid, signal.SIGKILL)
    output, errors = process.communicate(timeout=120)
    assert process.returncode == 2, errors
    assert b"nothing is verified" in errors
    assert output == b""
