"""Casts per second: the real server, durable, proofs checked, 64 connections on this machine.

    python -m benchmarks.casts

The load generator runs on the same cores. The peer is Django behind its middleware,
answering a page that does nothing, in the same server under the same load.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.load import Load, post_all
from benchmarks.rows import Row

CASTS = 3000
CONNECTIONS = 64


def run() -> list[Row]:
    """Measure on SQLite in a temporary folder."""
    from tests.server import serving

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = {**os.environ, "DAUYS_DATA": name}
        subprocess.run(
            [sys.executable, "-m", "benchmarks.casts", "prepare"], check=True, env=environment
        )
        election, *lines = (folder / "bodies").read_bytes().split(b"\n")
        path = f"/api/v1/elections/{election.decode()}/cast"
        with serving(folder) as server:
            post_all(server.port, path, lines[:64], 1)
            load = post_all(server.port, path, lines[64:], CONNECTIONS)
            peer = post_all(server.port, "/ru/staff/nothing/", [b""] * 640, CONNECTIONS)
    _require_all_cast(load)
    rate = len(load.answers) / load.seconds
    django = len(peer.answers) / peer.seconds
    return [
        Row("casts, 64 connections", rate, "casts/s", "an empty Django page", rate / django),
        Row("wait for the receipt, median", load.percentile(0.5) * 1000, "ms", "", None),
        Row("wait for the receipt, 99 %", load.percentile(0.99) * 1000, "ms", "", None),
    ]


def _require_all_cast(load: Load) -> None:
    refused = [answer for answer in load.answers if answer[0] != 200]
    if refused:
        raise RuntimeError(f"{len(refused)} casts refused, the first: {refused[0]!r}")


def prepare() -> None:
    """Make the election and the bodies in $DAUYS_DATA."""
    from dauys.store.startup import make_tables, start

    start()
    make_tables()
    from dauys.scenario.rush import make_rush

    folder = Path(os.environ["DAUYS_DATA"])
    rush = make_rush(folder, CASTS + 64)
    (folder / "bodies").write_bytes(b"\n".join((rush.services.election.encode(), *rush.bodies)))


if __name__ == "__main__":
    if sys.argv[1:] == ["prepare"]:
        prepare()
    else:
        from benchmarks.table import show

        show(run())
