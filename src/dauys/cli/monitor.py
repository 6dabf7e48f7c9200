"""`dauys monitor`: look for stuffing in a table of signals, and measure how well that works."""

import os
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from dauys.cli.progress import shown
from dauys.core.errors import MalformedError
from dauys.core.executors import WorkersLostError

app = typer.Typer(help="Look for stuffing in how ballots came.", no_args_is_help=True)

Table = Annotated[Path, typer.Argument(help="Table of signals, CSV or Parquet.", dir_okay=False)]
PolicyFile = Annotated[
    Path | None, typer.Option(help="The monitor's policy, canonical JSON.", dir_okay=False)
]
Workers = Annotated[int, typer.Option(help="Processes to use.", min=1)]
CORES = os.cpu_count() or 1
FEW = 1_000_000
"""Signals that one process scans as quickly as several that have to be started first."""


@app.command()
def scan(
    signals: Table,
    out: Annotated[Path, typer.Option(help="Folder for clusters.json.", file_okay=False)],
    policy: PolicyFile = None,
    workers: Annotated[
        int, typer.Option(min=0, help="Processes that scan contests; 0: as many as are quickest.")
    ] = 0,
    dask: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Dask scheduler whose workers scan contests.")
    ] = "",
) -> None:
    """Write the clusters of suspicious ballots, with their evidence, to OUT/clusters.json."""
    from dauys.cli.workers import chosen
    from dauys.core.executors import opened
    from dauys.monitor.policy import Policy, read_policy
    from dauys.monitor.report import report_json
    from dauys.monitor.scan import scan as scan_signals
    from dauys.monitor.table import read_table

    started = time.monotonic()
    with _mishaps(), chosen(workers, dask, "nothing is scanned") as crew:
        thresholds = read_policy(policy.read_bytes()) if policy else Policy()
        table = read_table(signals)
        few = workers == 0 and len(table.signals) < FEW
        with opened(crew, few=few, copies=False) as pool:
            report = scan_signals(table.signals, thresholds, executor=pool)
    for column in table.left_out:
        typer.echo(f"column {column} is no column of signals, and was left out", err=True)
    out.mkdir(parents=True, exist_ok=True)
    (out / "clusters.json").write_bytes(report_json(report, time.monotonic() - started))
    for cluster in report.clusters:
        typer.echo(f"{cluster.id}  {cluster.contest}  {cluster.ballots} ballots")
        for line in cluster.evidence:
            typer.echo(f"  {line.en}")
    typer.echo(f"{len(report.clusters)} clusters, {len(report.flagged)} ballots")


@app.command()
def world(
    out: Annotated[Path, typer.Option(help="Folder for signals.parquet and truth.csv.")],
    seed: Annotated[int, typer.Option(help="The same seed makes the same world.")] = 1,
    voters: Annotated[int, typer.Option(help="Honest voters.", min=50)] = 11_000,
    attack: Annotated[
        list[str] | None, typer.Option(help="NAME:SHARE, like rotation:0.08; may be repeated.")
    ] = None,
    *,
    csv: Annotated[bool, typer.Option("--csv", help="Write signals.csv instead.")] = False,
) -> None:
    """Make a simulated election: its signals, and apart from them who made each ballot."""
    from dauys.scenario.worlds.attacks import ATTACKS
    from dauys.scenario.worlds.table import tell, write_csv

    attacks = []
    for word in attack or ():
        name, _, share = word.partition(":")
        try:
            attacks.append((name, float(share)))
        except ValueError:
            name = ""
        if name not in ATTACKS:
            typer.echo(f"{word}: not NAME:SHARE with one of {', '.join(ATTACKS)}", err=True)
            raise typer.Exit(1)
    story = tell(seed, voters, attacks)
    out.mkdir(parents=True, exist_ok=True)
    if csv:
        write_csv(story.signals, out / "signals.csv")
    else:
        story.signals.write_parquet(out / "signals.parquet")
    story.truth.write_csv(out / "truth.csv")
    typer.echo(f"{len(story.signals)} signals, {len(story.truth)} ballots in {out}")


@app.command()
def evaluate(  # noqa: PLR0913 -- each is an option of the command
    out: Annotated[Path, typer.Option(help="Folder for tables and pictures.", file_okay=False)],
    seeds: Annotated[int, typer.Option(help="Worlds for each attack and size.", min=1)] = 4,
    first_seed: Annotated[int, typer.Option(help="Seed of the first world.")] = 5000,
    voters: Annotated[int, typer.Option(help="Honest voters in each.", min=50)] = 11_000,
    share: Annotated[
        list[float] | None, typer.Option(help="Size of attacks; 0.03, 0.08 and 0.2 if not given.")
    ] = None,
    policy: PolicyFile = None,
    workers: Workers = CORES,
    *,
    rivals: Annotated[bool, typer.Option(help="Run other detectors on the same tables.")] = True,
) -> None:
    """Measure the monitor, beside other detectors, on simulated elections; write the tables."""
    from dauys.monitor.policy import Policy, read_policy
    from dauys.scenario.measuring.cells import MAKERS, SHARES, Outcome, make_cells, measure_all
    from dauys.scenario.measuring.plots import recall_plot
    from dauys.scenario.measuring.summary import markdown, summarise

    with _mishaps():
        thresholds = read_policy(policy.read_bytes()) if policy else Policy()
    cells = make_cells(tuple(MAKERS), seeds, first_seed, share or SHARES)
    outcomes: list[Outcome] = []
    with _processes(workers) as pool, shown("Elections") as tell:
        for done, found in enumerate(
            measure_all(cells, voters, thresholds, pool, rivals=rivals), start=1
        ):
            outcomes.extend(found)
            tell(done, len(cells))
    rows = summarise(outcomes)
    out.mkdir(parents=True, exist_ok=True)
    for maker in MAKERS:
        table = markdown(rows, maker)
        (out / f"{maker}.md").write_text(table, "utf-8")
        (out / f"{maker}.svg").write_text(recall_plot(rows, maker), "utf-8")
        typer.echo(f"{maker}\n{table}")


@app.command()
def calibrate(
    signals: Table,
    out: Annotated[Path, typer.Option(help="Policy file to write.", dir_okay=False)],
    elections: Annotated[int, typer.Option(help="Honest elections to simulate.", min=20)] = 200,
    policy: PolicyFile = None,
    workers: Workers = CORES,
) -> None:
    """Find the score that 95 % of simulated honest elections like this one stay under."""
    from dauys.core.canonical import encode
    from dauys.monitor.policy import Policy, read_policy
    from dauys.monitor.table import read_table
    from dauys.scenario.measuring.calibrate import calibrated, honest_scores

    scores = []
    with _mishaps():
        thresholds = read_policy(policy.read_bytes()) if policy else Policy()
        table = read_table(signals).signals
    with _processes(workers) as pool, shown("Honest elections") as tell:
        for done, score in enumerate(honest_scores(table, elections, thresholds, pool), start=1):
            scores.append(score)
            tell(done, elections)
    found = calibrated(scores, thresholds)
    out.write_bytes(encode(found))
    typer.echo(f"least score {found.least_score}; policy {found.sha256()}")


@contextmanager
def _mishaps() -> Iterator[None]:
    """Say what is wrong with a file, and leave."""
    try:
        yield
    except WorkersLostError as error:
        typer.echo(f"{error}; nothing is scanned, nothing was written: scan again", err=True)
        raise typer.Exit(1) from error
    except (MalformedError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error


def _processes(workers: int) -> ProcessPoolExecutor:
    """Processes that start afresh: a forked one may hang in a library's threads."""
    from multiprocessing import get_context

    return ProcessPoolExecutor(workers, mp_context=get_context("spawn"))
