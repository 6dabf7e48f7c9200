"""`dauys commission`: a member's key and signature. Runs at the member's."""

import os
import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from dauys.cli.ceremony_files import read_key
from dauys.cli.installation import (
    TRY_AGAIN,
    known_passphrase,
    new_passphrase,
    require_long,
    stop,
    write_key,
)

VARIABLE: Final = "DAUYS_COMMISSION_PASSPHRASE"
app = typer.Typer(help="For commission members: make a key, sign a decision.", no_args_is_help=True)


@app.command()
def keygen(
    out: Annotated[Path, typer.Option(help="File for the sealed key; must not exist.")],
    passphrase: Annotated[str, new_passphrase(VARIABLE)],
) -> None:
    """Make a key; the same file serves in the browser. Hand in the public key printed."""
    from dauys.crypto.signing import SigningKey
    from dauys.response.keys import seal_key

    require_long(passphrase)
    key = SigningKey.generate(os.urandom)
    write_key(out, seal_key(key, passphrase, os.urandom))
    typer.echo(f"The sealed key is in {out}. Public key, for the organiser:")
    typer.echo(key.public_hex)


@app.command()
def approve(
    decision: Annotated[Path, typer.Argument(help="The decision's text, as the console gives it.")],
    election: Annotated[str, typer.Option(help="The election's id.")],
    key: Annotated[Path, typer.Option(help="Your sealed key file.")],
    passphrase: Annotated[str, known_passphrase(VARIABLE)],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before signing.")] = False,
) -> None:
    """Show a decision and sign it; hand the printed signature in."""
    import hashlib

    from dauys.core.entries import Decision, approval_bytes, decode_entry
    from dauys.core.errors import DauysError
    from dauys.response.keys import WrongPassphraseError, open_key

    try:
        data = decision.read_bytes()
        entry = decode_entry(data)
        if not isinstance(entry, Decision):
            stop("The file holds no decision.")
        typer.echo(f"Decision № {entry.number}: {entry.remedy}", err=True)
        for words in (entry.reason.kk, entry.reason.ru, entry.reason.en):
            typer.echo(words, err=True)
        if not yes and not typer.confirm("Sign this decision?", err=True):
            stop("Nothing was signed.")
        signer = open_key(read_key(key), passphrase)
    except WrongPassphraseError:
        stop(f"The passphrase does not open the key file. {TRY_AGAIN} Nothing was signed.")
    except (OSError, DauysError) as error:
        stop(f"{error}. Nothing was signed.")
    digest = hashlib.sha256(data).hexdigest()
    sys.stdout.write(signer.sign(approval_bytes(election, digest)).hex() + "\n")
