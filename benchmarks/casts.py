"""Casts per second: the real server, durable, proofs checked, 64 connections on this machine.

    python -m benchmarks.casts

A cast is one of ten candidates; a smaller paper, one of three, is measured beside it. The
load generator runs on the same cores. The peer is Django behind its middleware, answering a
page that does nothing, in the same server under the same load. What a cast costs is the
server's and the generator's processor time: on a machine that others use too, the casts a
second and the waits are theirs as well.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.load import Load, post_all
from benchmarks.rows import Row
from benchmarks.scenario import processor_s
from tests.server import Server, serving

CASTS = 2000
CONNECTIONS = 64
FIRST = 64
"""Casts before the clock starts."""
WARM_S = 4
"""For the kernel, which loads after the server has opened."""
PAPERS = (10, 3)
PEER = "an empty Django page"


def run() -> list[Row]:
    """Measure on SQLite in temporary folders."""
    return [row for candidates in PAPERS for row in _measured(candidates)]


def _measured(candidates: int) -> list[Row]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run(
            [sys.executable, "-m", "benchmarks.casts", "prepare", str(candidates)],
            check=True,
            env={**os.environ, "DAUYS_DATA": name},
        )
        election, *lines = (folder / "bodies").read_bytes().split(b"\n")
        path = f"/api/v1/elections/{election.decode()}/cast"
        with serving(folder) as server:
            time.sleep(WARM_S)
            post_all(server.port, path, lines[:FIRST], 1)
            before = _processor_s(server)
            load = post_all(server.port, path, lines[FIRST:], CONNECTIONS)
            spent = _processor_s(server) - before
            peer = post_all(server.port, "/ru/staff/nothing/", [b""] * 640, CONNECTIONS)
    _require_all_cast(load)
    casts = len(load.answers)
    rate, django = casts / load.seconds, len(peer.answers) / peer.seconds
    paper = f"1 of {candidates}"
    return [
        Row(f"casts, {paper}, 64 connections", rate, "casts/s", PEER, rate / django),
        Row(f"wait for the receipt, {paper}, median", load.percentile(0.5) * 1000, "ms", "", None),
        Row(f"wait for the receipt, {paper}, 99 %", load.percentile(0.99) * 1000, "ms", "", None),
        Row(f"processor time of a cast, {paper}", spent / casts * 1000, "ms", "", None),
    ]


def _processor_s(server: Server) -> float:
    """Processor time so far of the server and of this process, which makes the load."""
    return processor_s(server.process.pid) + time.process_time()


def _require_all_cast(load: Load) -> None:
    refused = [answer for answer in load.answers if answer[0] != 200]
    if refused:
        raise RuntimeError(f"{len(refused)} casts refused, the first: {refused[0]!r}")


def prepare(candidates: int) -> None:
    """Make the election and the bodies in $DAUYS_DATA."""
    from dauys.store.startup import make_tables, start

    start()
    make_tables()
    from dauys.scenario.rush import make_rush

    folder = Path(os.environ["DAUYS_DATA"])
    rush = make_rush(folder, CASTS + FIRST, candidates=candidates)
    (folder / "bodies").write_bytes(b"\n".join((rush.services.election.encode(), *rush.bodies)))


if __name__ == "__main__":
    if sys.argv[1:2] == ["prepare"]:
        prepare(int(sys.argv[2]))
    else:
        from benchmarks.table import show

        show(run())
