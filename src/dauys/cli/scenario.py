"""`dauys scenario`: simulated elections, from the register to the published result."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from dauys.cli.asked import AskOption, WeightsOption
from dauys.cli.installation import MISUSED, simulated, stop
from dauys.scenario.asking import Ask, Asked

app = typer.Typer(
    help="Simulated elections, for trying out and for measuring.", no_args_is_help=True
)

START = datetime(2020, 8, 5, 4, 0, tzinfo=UTC)


@app.callback()
def scenario() -> None:
    """Simulated elections, for trying out and for measuring."""


@app.command()
def karaganda(
    voters: Annotated[int, typer.Option(min=20, help="Lines of the register.")],
    out: Annotated[Path, typer.Option(help="Folder to write; must be empty or new.")],
    seed: Annotated[int, typer.Option(help="The same seed gives the same people.")] = 1,
    group: Annotated[
        bool, typer.Option("--group", help="The trustees are a group: any two of three count.")
    ] = False,
    ask: AskOption = Ask.ONE,
    weights: WeightsOption = False,
    database: Annotated[
        str, typer.Option(help="Empty PostgreSQL database to play in, instead of a file.")
    ] = "",
) -> None:
    """Play the election of August 2020 and write `public/` and `report.json`."""
    private = _new_folder(out) / "private"
    from dauys.cli.progress import shown_steps
    from dauys.store.startup import has_tables, make_tables, start

    simulated(database)
    start(private)
    if database and has_tables():
        stop("The database is not empty: a simulation would write into it.", MISUSED)
    make_tables()
    from dauys.scenario.report import report, report_bytes
    from dauys.scenario.week import DECISION_BEFORE_END, Week

    with shown_steps() as tell:
        asked = Asked(ask, weights)
        week = Week.begin(private, voters, seed, START, tell, 2 if group else 0, asked)
        week.vote(week.electorate.end - DECISION_BEFORE_END)
        week.decide()
        week.finish()
        week.services.counting.publish(out / "public")
    content = report(week)
    (out / "report.json").write_bytes(report_bytes(content))
    from rich.console import Console

    from dauys.cli.week_told import tell as tell_story

    tell_story(content, Console())
    typer.echo(f"Written: {out / 'public'} and {out / 'report.json'}")
    typer.echo(f"Check it: dauys verify {out / 'public'}")


def _new_folder(out: Path) -> Path:
    try:
        if out.exists() and any(out.iterdir()):
            stop(f"{out} is not empty: name a new folder, or empty this one.", MISUSED)
        (out / "private").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        stop(f"{out} cannot be written: {error.strerror}.", MISUSED)
    return out
