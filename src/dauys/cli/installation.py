"""What the commands that work on an installation share: its data, its elections, refusals."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, NoReturn

import typer

if TYPE_CHECKING:
    from dauys.core.errors import RefusedError
    from dauys.wiring import Services

FAILED: Final = 1
MISUSED: Final = 2
TRUSTEE_PASSPHRASE: Final = "DAUYS_TRUSTEE_PASSPHRASE"  # noqa: S105 -- where it may stand

Slug = Annotated[str, typer.Argument(help="Short name of the election.")]
Data = Annotated[Path | None, typer.Option(help="Data folder (else $DAUYS_DATA, var/).")]


def known_passphrase(variable: str) -> Any:  # noqa: ANN401 -- Typer says Any of its options
    """Option: the passphrase of a key file, asked for unless the variable holds it."""
    return typer.Option(prompt="Passphrase of the key file", hide_input=True, envvar=variable)


def new_passphrase(variable: str) -> Any:  # noqa: ANN401 -- likewise
    """Option: a passphrase for a new key file, asked for twice unless the variable holds it."""
    return typer.Option(
        prompt="Choose a passphrase", hide_input=True, confirmation_prompt=True, envvar=variable
    )


REFUSALS: Final = {
    "already_decrypted": "the part of trustee {detail} is on the board already",
    "already_open": "voting is open already",
    "closed": "voting ended at {detail}",
    "decryptions_missing": "a part of the decryption is missing ({detail})",
    "not_a_trustee": "this is not the key of a trustee of this election",
    "not_closed": "voting is not over; the sums are made after it is closed",
    "not_open": "voting is not open",
    "not_sealed": "the election is still a draft; seal it in the console first",
    "not_tallied": "the encrypted sums are not on the board yet (dauys tally)",
    "permits_missing": "the database has lost permits: ballots name more than its {detail}",
    "sealed": "the election is sealed, and its register with it",
    "tallied": "the count has begun",
    "too_early": "the time for that is {detail}",
}
"""What a refusal means to whoever typed the command."""


def simulated(database: str = "") -> None:
    """Prepare for a simulation: databases in its own folder, whatever the environment names.

    They need not survive a power cut either. The election's, not the signals', is at the address
    `database` if that is given. Call it before Django starts.
    """
    for elsewhere in ("DATABASE_URL", "DAUYS_SIGNALS_URL"):
        os.environ.pop(elsewhere, None)
    if database:
        os.environ["DATABASE_URL"] = database
    os.environ["DAUYS_SQLITE_SYNC"] = "off"


@contextmanager
def services_of(slug: str, data: Path | None) -> "Iterator[Services]":
    """Services of the election `slug`; whatever is refused inside ends the command.

    Exit status 2 for an election or a file that is not there, 1 for what may not be now.
    """
    from dauys.core.errors import DauysError, RefusedError
    from dauys.store.startup import make_tables, start

    start(data)
    make_tables()
    from dauys.wiring import office

    try:
        services = office().by_slug(slug)
    except LookupError:
        stop(f"There is no election “{slug}” here.", MISUSED)
    try:
        yield services
    except RefusedError as error:
        stop(f"Nothing was changed: {sentence(error)}.")
    except DauysError as error:
        stop(f"Nothing was changed: {error}.")


def sentence(error: "RefusedError") -> str:
    """What was refused, for a person."""
    return REFUSALS.get(error.code, str(error)).format(detail=error.detail)


def read_file(file: Path) -> bytes:
    """What `file` holds; ends the command if it cannot be read."""
    try:
        return file.read_bytes()
    except OSError as error:
        stop(f"{file} cannot be read: {error.strerror}.", MISUSED)


TRY_AGAIN: Final = "Try again; mind the keyboard's language and Caps Lock."
"""After a passphrase that opens nothing."""


def require_long(passphrase: str) -> None:
    """End the command unless the passphrase of a new key has 12 characters or more."""
    if len(passphrase) < 12:
        stop("The passphrase has fewer than 12 characters. Choose a longer one.")


def write_key(file: Path, text: str) -> None:
    """Write a key file that its owner alone may read, never over another."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        stop(f"{file} is there already. A key is never written over another.")
    except OSError as error:
        stop(f"{file} cannot be written: {error.strerror}.", MISUSED)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(text)


def stop(message: str, status: int = FAILED) -> NoReturn:
    """End the command with a sentence."""
    typer.echo(message, err=True)
    raise typer.Exit(status)
