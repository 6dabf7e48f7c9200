"""`dauys monitor`: look for stuffing in a table of signals."""

import time
from pathlib import Path
from typing import Annotated

import typer

from dauys.core.errors import MalformedError

app = typer.Typer(help="Look for stuffing in how ballots came.", no_args_is_help=True)


@app.callback()
def main() -> None:
    """Keep `scan` a command of its own, though it is the only one."""


@app.command()
def scan(
    signals: Annotated[Path, typer.Argument(help="Table of signals, CSV.", dir_okay=False)],
    out: Annotated[Path, typer.Option(help="Folder for clusters.json.", file_okay=False)],
    policy: Annotated[
        Path | None, typer.Option(help="Thresholds, canonical JSON.", dir_okay=False)
    ] = None,
) -> None:
    """Write the clusters of suspicious ballots, with their evidence, to OUT/clusters.json."""
    from dauys.monitor.policy import Policy, read_policy
    from dauys.monitor.report import report_json
    from dauys.monitor.scan import scan as scan_signals
    from dauys.monitor.signals import read_signals

    started = time.monotonic()
    try:
        thresholds = read_policy(policy.read_bytes()) if policy else Policy()
        report = scan_signals(read_signals(signals), thresholds)
    except (MalformedError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    out.mkdir(parents=True, exist_ok=True)
    (out / "clusters.json").write_bytes(report_json(report, time.monotonic() - started))
    for cluster in report.clusters:
        typer.echo(f"{cluster.id}  {cluster.contest}  {cluster.ballots} ballots")
        for line in cluster.evidence:
            typer.echo(f"  {line.en}")
    typer.echo(f"{len(report.clusters)} clusters, {len(report.flagged)} ballots")
