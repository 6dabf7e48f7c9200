"""The simulated week and its audit, from an empty folder: time and memory of each.

    python -m benchmarks.scenario [VOTERS]

Both are the commands as a user types them, start included. Processor time is that of all
their processes; memory is that of the largest of them.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.rows import Row

VOTERS = 20_000


@dataclass(frozen=True, slots=True)
class Spent:
    """What a command took: seconds by the clock and of processors, and bytes at the peak."""

    seconds: float
    processor: float
    peak: int


def run(voters: int = VOTERS) -> list[Row]:
    """Play the week of `voters` voters and verify what it published."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "week"
        played = spend("scenario", "karaganda", "--voters", str(voters), "--out", str(folder))
        verified = spend("verify", str(folder / "public"))
        ballots = _ballots(folder)
    week, audit = f"week of {voters} voters", f"its audit, {ballots} ballots"
    return [
        Row(week, played.seconds, "s", "", None),
        Row(f"{week}, processor", played.processor, "s", "", None),
        Row(f"{week}, ballots cast", ballots / played.seconds, "ballots/s", "", None),
        Row(f"{week}, memory", played.peak / 2**20, "MiB", "", None),
        Row(audit, verified.seconds, "s", "the week", played.seconds / verified.seconds),
        Row(f"{audit}, processor", verified.processor, "s", "", None),
        Row(f"{audit}, checked", ballots / verified.seconds, "ballots/s", "", None),
        Row(f"{audit}, memory", verified.peak / 2**20, "MiB", "", None),
    ]


def spend(*arguments: str) -> Spent:
    """Run `dauys` with these arguments. Raises RuntimeError when it fails."""
    command = [sys.executable, "-m", "dauys.cli.main", *arguments]
    begun = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        told = process.stderr.read() if process.stderr else b""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"dauys {' '.join(arguments)}: {told.decode()}")
    unit = 1 if sys.platform == "darwin" else 1024
    seconds = time.perf_counter() - begun
    return Spent(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit)


def processor_s(pid: int | None) -> float:
    """Processor time so far of a process that goes on; 0 of none."""
    if pid is None:
        return 0.0
    stat = Path(f"/proc/{pid}/stat").read_text()
    user, system = stat.rpartition(")")[2].split()[11:13]  # proc(5), counted from the state
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _ballots(folder: Path) -> int:
    cast: int = json.loads((folder / "report.json").read_bytes())["cast"]
    return cast


if __name__ == "__main__":
    from benchmarks.table import show

    show(run(*map(int, sys.argv[1:2])))
