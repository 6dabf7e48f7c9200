"""`dauys demo`: an election to try, in a minute."""

import os
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from dauys.cli.asked import AskOption, WeightsOption
from dauys.cli.installation import MISUSED, simulated, stop
from dauys.cli.serve import HOST, Port, listen
from dauys.scenario.asking import Ask, Asked

DATA = Path("var/demo")
MARK = "demo.json"


def demo(
    data: Annotated[Path, typer.Option(help="Folder of the demonstration; made anew.")] = DATA,
    port: Port = 8000,
    voters: Annotated[int, typer.Option(min=100, help="Lines of the register.")] = 600,
    ask: AskOption = Ask.ONE,
    weights: WeightsOption = False,
    serve: Annotated[bool, typer.Option(help="Serve it once it is ready.")] = True,
) -> None:
    """Play an election up to the hour of decision, and serve it on this machine."""
    if serve:
        listen(HOST, port).close()  # before a minute is spent
    _make_room(data)
    from dauys.store.startup import make_tables, start

    simulated()
    start(data, demo=True)
    make_tables()
    typer.echo(f"Playing two weeks of an election with {voters} voters; about a minute …")
    guide = _play(data, voters, Asked(ask, weights))
    _tell(guide, port)
    if serve:
        _serve(data, port)


def _make_room(data: Path) -> None:
    """Remove an earlier demonstration, and nothing else."""
    try:
        if data.exists() and any(data.iterdir()):
            if not (data / MARK).exists():
                stop(f"{data} holds something else; name another folder with --data.", MISUSED)
            shutil.rmtree(data)
        data.mkdir(parents=True, exist_ok=True)
        (data / MARK).write_bytes(b"{}")
    except OSError as error:
        stop(f"{data} cannot be written: {error.strerror}.", MISUSED)


def _play(data: Path, voters: int, asked: Asked) -> dict[str, Any]:
    from dauys.cli.progress import shown_steps
    from dauys.scenario.demo import accounts, play, write_guide
    from dauys.store.drafting import seat_holder
    from dauys.web.console.accounts import create_staff, new_totp_secret

    folder = data.resolve()
    with shown_steps() as tell:
        week = play(folder, voters, tell, asked)
    staff = accounts(lambda: new_totp_secret(os.urandom))
    for one in staff:
        person = create_staff(one.username, one.password, one.roles, one.totp_secret)
        if one.seat is not None:
            seat_holder(week.services.election, one.seat, person)
    return write_guide(folder, week, staff)


def _tell(guide: dict[str, Any], port: int) -> None:
    site, slug = f"http://{HOST}:{port}", guide["slug"]
    _columns(
        "Pages (ru; kk and en work too)",
        (
            ("Voters", f"{site}/ru/e/{slug}/"),
            ("Public board", f"{site}/ru/b/{slug}/"),
            ("Staff", f"{site}/ru/console/"),
            ("SMS inbox", f"{site}/ru/demo/outbox/"),
            ("Who to be", f"{site}/ru/demo/voters/"),
        ),
    )
    _columns(
        "Sample voters",
        (
            (one["number"], one["phone"], one["note"]["en"].partition(":")[0])
            for one in guide["voters"]
        ),
    )
    _columns(
        "Staff (the second factor is shown on “Who to be”)",
        ((one["username"], one["password"], one["key_file"]) for one in guide["accounts"]),
    )
    typer.echo(
        f"\nKey files: {guide['holders']}\nTheir passphrase: {guide['passphrase']}\n\n"
        "Try: vote as a sample voter. As one whose vote was stolen, take it back.\n"
        "As the analyst, open a case and propose to annul its ballots; sign the decision\n"
        "as the chair and as the secretary, and see it on the public board.\n"
    )


def _columns(title: str, rows: Iterable[tuple[str, ...]]) -> None:
    """Lines that fit 80 columns and can be copied from, under a title."""
    lines = list(rows)
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    typer.secho(f"\n{title}", bold=True)
    for line in lines:
        cells = (f"{cell:{width}}" for cell, width in zip(line, widths, strict=True))
        typer.echo(f"  {'  '.join(cells)}".rstrip())


def _serve(data: Path, port: int) -> None:
    """Become a server as any other: no simulation's settings, no simulation's memory."""
    del os.environ["DAUYS_SQLITE_SYNC"]
    command = (sys.executable, "-P", "-m", "dauys.cli.main", "serve")
    sys.stdout.flush()
    os.execv(command[0], (*command, "--data", str(data), "--port", str(port)))  # noqa: S606 -- no shell is the point
