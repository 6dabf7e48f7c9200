"""`dauys verify FILE.bel` as a command, start-up included, beside `belenios-tool election verify`.

    python -m benchmarks.archives              2,000 ballots of one choice in ten
    python -m benchmarks.archives 100000       so many, without the peer; takes minutes

Times are processor time of the command and its children; what two workers gain is by the
clock, and means something on an idle machine only. (The peer does spend the time on every
ballot, although it does not mind what it finds: see docs/adr/0001.)
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from time import perf_counter

from benchmarks.ballots import PEER, belenios_tool
from benchmarks.many_ballots import write_election
from benchmarks.rows import Row
from dauys.crypto.ed25519 import G
from dauys.crypto.tally import DiscreteLog

BALLOTS = 2_000
WEIGHT = 10_000_000
RUNS = 5
"""Of each command, by turns; the least of each is told."""
_PEAK = """\
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, capture_output=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
"""A small process between: one that is started has the memory of who starts it, for a moment."""
_DAUYS = [sys.executable, "-m", "dauys.cli.main", "verify"]


def run(ballots: int = BALLOTS) -> list[Row]:
    """Measure with one question, one of ten candidates."""
    with tempfile.TemporaryDirectory() as name:
        archive = write_election(Path(name), ballots)
        return [*_rows(archive, ballots, peer=ballots <= BALLOTS), _logarithms()]


def _rows(archive: Path, ballots: int, *, peer: bool) -> Iterator[Row]:
    _verify(archive, 1)  # compiles what is not compiled yet
    runs = [[_measured(partial(_verify, archive, n)) for n in (1, 2)] for _ in range(RUNS)]
    ours = min(one[0] for one, _ in runs)
    one, two = (min(run[i][1] for run in runs) for i in (0, 1))
    tool = belenios_tool() if peer else None
    command = [tool or "", "election", "verify", "--dir", str(archive.parent)]
    theirs = None if tool is None else _measured(lambda: _run(command))[0]
    what = f"verify, {ballots} ballots"
    ratio = None if theirs is None else theirs / ours
    yield Row(f"{what}, processor time", ours, "s", PEER if ratio else "", ratio)
    if theirs is not None:
        yield Row(f"the same, by {PEER}", theirs, "s", "", None)
    yield Row(f"{what}, one worker", one, "s", "", None)
    yield Row(f"{what}, two workers", two, "s", "one worker", one / two)
    peak = int(subprocess.check_output([sys.executable, "-c", _PEAK, *_command(archive, 2)]))
    yield Row(f"{what}, peak memory of a process", peak / 1024, "MiB", "", None)


def _logarithms() -> Row:
    begun = os.times()
    logarithms = DiscreteLog(WEIGHT)
    if logarithms.of(WEIGHT * G) != WEIGHT:
        raise ValueError(WEIGHT)
    return Row("logarithm of a sum of weight 10^7", _since(begun), "s", "", None)


def _verify(archive: Path, workers: int) -> None:
    _run(_command(archive, workers))


def _command(archive: Path, workers: int) -> list[str]:
    return [*_DAUYS, str(archive), "--workers", str(workers)]


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True)


def _measured(work: Callable[[], None]) -> tuple[float, float]:
    """Seconds of the processor, and by the clock."""
    begun, clock = os.times(), perf_counter()
    work()
    return _since(begun), perf_counter() - clock


def _since(begun: os.times_result) -> float:
    return sum(os.times()[:4]) - sum(begun[:4])


if __name__ == "__main__":
    for row in run(*map(int, sys.argv[1:])):
        compared = "" if row.ratio is None else f"  {row.ratio:.2f} x {row.peer}"
        print(f"{row.name:48} {row.value:10.2f} {row.unit}{compared}")
