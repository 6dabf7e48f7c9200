"""`dauys staff`: accounts of the people who run an election."""

import secrets
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

app = typer.Typer(help="Accounts of the people who run elections.", no_args_is_help=True)

PASSWORD_BYTES: Final = 15


class RoleName(StrEnum):
    """Roles as the command line takes them (store/models/staff.py)."""

    ORGANISER = "organiser"
    HELP_DESK = "help-desk"
    ANALYST = "analyst"
    COMMISSION = "commission"
    TRUSTEE = "trustee"
    AUDITOR = "auditor"


Name = Annotated[str, typer.Argument(help="The name to sign in with.")]
Roles = Annotated[list[RoleName], typer.Option("--role", help="May be given several times.")]
Data = Annotated[Path | None, typer.Option(help="Data folder; else $DAUYS_DATA, else var/.")]


@app.command()
def add(name: Name, role: Roles, data: Data = None) -> None:
    """Make an account and print its first password, once."""
    _start(data)
    from dauys.store.accounts import add_staff

    password = secrets.token_urlsafe(PASSWORD_BYTES)
    _do(lambda: add_staff(name, role, password))
    typer.echo(f"name:     {name}\npassword: {password}")
    typer.echo("At the first sign-in the person sets up a second factor.")


@app.command()
def roles(name: Name, role: Roles, data: Data = None) -> None:
    """Give an account these roles, in the place of those it had."""
    _start(data)
    from dauys.store.accounts import set_roles

    _do(lambda: set_roles(name, role))


@app.command()
def reset(name: Name, data: Data = None) -> None:
    """Print a new password and forget the second factor, when a person lost either."""
    _start(data)
    from dauys.store.accounts import reset as reset_account

    password = secrets.token_urlsafe(PASSWORD_BYTES)
    _do(lambda: reset_account(name, password))
    typer.echo(f"name:     {name}\npassword: {password}")


@app.command("list")
def show(data: Data = None) -> None:
    """List accounts, their roles, and whether they have a second factor."""
    _start(data)
    from dauys.store.accounts import accounts

    for account in accounts():
        factor = "second factor" if account.second_factor else "no second factor"
        typer.echo(f"{account.name}\t{', '.join(account.roles)}\t{factor}")


def _start(data: Path | None) -> None:
    from dauys.store.startup import make_tables, start

    start(data)
    make_tables()


def _do(deed: Callable[[], None]) -> None:
    from dauys.core.errors import RefusedError

    try:
        deed()
    except RefusedError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
