"""A scan of a million signals, and a look at half a million of which a day's are new.

    python -m benchmarks.monitor

The files are simulated elections: one contest of 330,000 ballots, and twenty of 16,000 each, both
with attacks in them. A scan is `dauys monitor scan` as a user types it, its start included. The
peer is scikit-learn's isolation forest over the casts of the same file, already read. The look
is that of the server's patrol, whose child scans, on an election and its signals in SQLite: the
first after a start, which reads everything, and one that finds a day's signals new. Memory is the
whole process's.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import polars as pl

from benchmarks.rows import Row
from benchmarks.scenario import Spent, processor_s, spend
from dauys.monitor.table import read_table
from dauys.scenario.measuring.rivals import isolation_forest as forest_of
from dauys.scenario.measuring.rivals import prepare
from dauys.scenario.worlds.table import tell, write_csv

if TYPE_CHECKING:
    from dauys.store.signals.scan_process import ScanProcess
    from dauys.wiring import Office

R = TypeVar("R")
VOTERS = 315_000
CONTESTS = 20
LIVE = 530_000
NEW = 30_000
PEER = "isolation forest"


def run() -> list[Row]:
    """Make the files, scan them, look at the live election."""
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for contests in (1, CONTESTS):
            table = folder / f"{contests}.parquet"
            told = _apart(_make, table, contests)
            forest = _apart(_forest, table)
            rows += _rows(told, _scan(folder, table), forest)
            if contests == 1:
                rows += _rows(f"{told}, CSV", _scan(folder, table.with_suffix(".csv")), forest)
                rows.append(Row(f"{PEER}, {told}, processor", forest, "s", "", None))
        rows += _looks(folder)
    return rows


def _apart(work: Callable[..., R], *arguments: object) -> R:
    """Do `work` in a process of its own: what a parent held at the start counts as a child's."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def _make(table: Path, contests: int) -> str:
    """Write a world, or several side by side; say what it is."""
    parts = []
    for number in range(contests):
        attacks = [("rotation", 0.03), ("proxies", 0.03)] if number % 2 == 0 else []
        told = tell(number + 1, VOTERS // contests, attacks).signals
        own = [
            pl.format("{}-{}", pl.lit(number), name).alias(name)
            for name in ("signal_id", "household", "precinct", "device")
        ]
        line = pl.col("register_number") + number * 1_000_000
        parts.append(told.with_columns(*own, line, pl.lit(f"contest-{number}").alias("contest")))
    whole = pl.concat(parts)
    whole.write_parquet(table)
    if contests == 1:
        write_csv(whole, table.with_suffix(".csv"))
    return f"{len(whole):,} signals scanned, {contests} contest{'s' if contests > 1 else ''}"


def _forest(table: Path) -> float:
    """Processor seconds of the forest; reading the file is not counted."""
    signals = read_table(table).signals
    begun = time.process_time()
    for contest in signals.partition_by("contest"):
        forest_of(prepare(contest))
    return time.process_time() - begun


def _rows(told: str, spent: Spent, forest: float) -> list[Row]:
    return [
        Row(told, spent.seconds, "s", "", None),
        Row(f"{told}, processor", spent.processor, "s", PEER, forest / spent.processor),
        Row(f"{told}, memory", spent.peak / 2**20, "MiB", "", None),
    ]


def _scan(folder: Path, table: Path) -> Spent:
    return spend("monitor", "scan", str(table), "--out", str(folder), "--workers", "1")


def _looks(folder: Path) -> list[Row]:
    """The patrol's looks, in a process of their own, with its data in `folder`."""
    data = folder / "live"
    data.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.monitor", str(folder / "1.parquet")],
        env={**os.environ, "DAUYS_DATA": str(data)},
        stdout=subprocess.PIPE,
        check=True,
    )
    looks: dict[str, dict[str, float]] = json.loads(done.stdout)
    rows = []
    for name, look in looks.items():
        rows.append(Row(f"{name}, one contest", look["seconds"], "s", "", None))
        rows.append(Row(f"{name}, processor", look["processor"], "s", "", None))
    return rows


class _Clock:
    """The machine's, some time ago."""

    behind = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) - self.behind


def _live(table: Path) -> dict[str, dict[str, float]]:
    """Seconds of the first look, and of one that finds the last `NEW` signals new."""
    from dauys.store.startup import make_tables, start

    start()
    make_tables()
    from dauys.scenario.rush import found_rush
    from dauys.store.signals.scan_process import ScanProcess
    from dauys.wiring import Office

    clock, scanner = _Clock(), ScanProcess()
    office = Office(Path(os.environ["DAUYS_DATA"]), clock, scanner=scanner)
    services = found_rush(office, 2)
    services.counting.open()
    signals = _until_now(read_table(table).signals, services.election)
    _put(signals.head(len(signals) - NEW))
    clock.behind = clock.now() - signals["time"][-NEW]
    looks = {f"first look at {LIVE - NEW:,} signals": _look(office, scanner)}
    _put(signals.tail(NEW))
    clock.behind = timedelta(0)
    looks[f"look when {NEW:,} of {LIVE:,} are new"] = _look(office, scanner)
    scanner.stop()
    return looks


def _until_now(signals: pl.DataFrame, election: str) -> pl.DataFrame:
    """The signals of some of the voters, the last a few minutes ago, as rows of the store."""
    voters = signals["register_number"].unique().sort()
    last = voters[len(voters) * LIVE // len(signals)]
    some = signals.filter(pl.col("register_number") <= last).sort("time").tail(LIVE)
    ago = datetime.now(UTC) - timedelta(minutes=3) - some["time"][-1]
    return some.with_columns(
        pl.col("time") + ago,
        pl.lit(election).alias("election"),
        pl.when(pl.col("kind") == "cast").then(pl.int_range(pl.len()) + 20).alias("leaf_index"),
        pl.selectors.string().fill_null(""),
    )


def _put(rows: pl.DataFrame) -> None:
    from dauys.store.signals.models import SignalRow

    for some in rows.iter_slices(5000):
        SignalRow.objects.bulk_create(SignalRow(**row) for row in some.iter_rows(named=True))


def _look(office: "Office", scanner: "ScanProcess") -> dict[str, float]:
    from dauys.store.scans import DatabaseScans

    (one,) = office.elections.all()
    begun, spent = time.perf_counter(), time.process_time() + processor_s(scanner.pid)
    office.patrol(one.slug, one.id).look_now()
    spent = time.process_time() + processor_s(scanner.pid) - spent
    took = {"seconds": time.perf_counter() - begun, "processor": spent}
    found = DatabaseScans(one.id).latest(1)[0].report["clusters"]
    if not found:
        raise RuntimeError("the attack in the election was not found")
    return took


if __name__ == "__main__":
    print(json.dumps(_live(Path(sys.argv[1]))))
