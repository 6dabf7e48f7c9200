"""`dauys demo`: an election to try, in a minute."""

import os
import shutil
from pathlib import Path
from typing import Annotated, Any

import typer

DATA = Path("var/demo")
MARK = "demo.json"


def demo(
    data: Annotated[Path, typer.Option(help="Folder of the demonstration; made anew.")] = DATA,
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1.")] = 8000,
    voters: Annotated[int, typer.Option(min=100, help="Lines of the register.")] = 600,
    serve: Annotated[bool, typer.Option(help="Serve it once it is ready.")] = True,
) -> None:
    """Play an election up to the hour of decision, and serve it on this machine."""
    _make_room(data)
    from dauys.store.startup import make_tables, start

    start(data, demo=True)
    make_tables()
    typer.echo(f"Playing two weeks of an election with {voters} voters; about a minute …")
    guide = _play(data, voters)
    _tell(guide, port)
    if serve:
        from dauys.cli.serve import run

        run(port)


def _make_room(data: Path) -> None:
    """Remove an earlier demonstration, and nothing else."""
    if not data.exists() or not any(data.iterdir()):
        data.mkdir(parents=True, exist_ok=True)
        return
    if not (data / MARK).exists() and not (data / "dauys.sqlite3").exists():
        typer.echo(f"{data} holds something else; name another folder with --data.", err=True)
        raise typer.Exit(2)
    shutil.rmtree(data)
    data.mkdir(parents=True)


def _play(data: Path, voters: int) -> dict[str, Any]:
    from dauys.cli.progress import shown_steps
    from dauys.scenario.demo import accounts, play, write_guide
    from dauys.store.drafting import seat_holder
    from dauys.web.console.accounts import create_staff, new_totp_secret

    folder = data.resolve()
    (folder / MARK).write_bytes(b"{}")
    with shown_steps() as tell:
        week = play(folder, voters, tell)
    staff = accounts(lambda: new_totp_secret(os.urandom))
    for one in staff:
        person = create_staff(one.username, one.password, one.roles, one.totp_secret)
        if one.seat is not None:
            seat_holder(week.services.election, one.seat, person)
    return write_guide(folder, week, staff)


def _tell(guide: dict[str, Any], port: int) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    site = f"http://127.0.0.1:{port}"
    slug = guide["slug"]
    console.print(f"\n[bold]Voters[/]      {site}/ru/e/{slug}/     (also /kk/ and /en/)")
    console.print(f"[bold]Public board[/] {site}/ru/b/{slug}/")
    console.print(f"[bold]Staff[/]        {site}/ru/console/")
    console.print(f"[bold]SMS inbox[/]    {site}/ru/demo/outbox/   (codes are shown here)")
    console.print(
        f"[bold]Who to be[/]    {site}/ru/demo/voters/   (sample voters, accounts, codes)\n"
    )
    voters = Table("IIN or BIN", "phone", "who", title="Sample voters")
    for voter in guide["voters"]:
        voters.add_row(voter["number"], voter["phone"], voter["note"]["en"])
    console.print(voters)
    staff = Table("account", "password", "key file", title="Staff (second factor: “Who to be”)")
    for account in guide["accounts"]:
        staff.add_row(account["username"], account["password"], account["key_file"])
    console.print(staff)
    console.print(
        f"Key files are in {guide['holders']}; their passphrase is “{guide['passphrase']}”.\n"
        "Try: vote as a sample voter; be robbed and take the vote back; open the case as the\n"
        "analyst, propose to annul it, and sign as the chair and the secretary.\n",
        highlight=False,
    )
