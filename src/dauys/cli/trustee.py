"""`dauys trustee`: a trustee's key, and their part of the decryption. Runs at the trustee's."""

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from dauys.cli import ceremony
from dauys.cli.ceremony_files import read_key
from dauys.cli.installation import (
    TRUSTEE_PASSPHRASE,
    TRY_AGAIN,
    known_passphrase,
    new_passphrase,
    require_long,
    sentence,
    stop,
    write_key,
)

if TYPE_CHECKING:
    from dauys.core.state import ElectionState
    from dauys.crypto.trustees import TrusteeKey
    from dauys.verify.report import Report

app = typer.Typer(help="For trustees: make a key, decrypt the sums.", no_args_is_help=True)
app.add_typer(ceremony.app, name="ceremony")

Passphrase = Annotated[str, known_passphrase(TRUSTEE_PASSPHRASE)]


@app.command()
def keygen(
    out: Annotated[Path, typer.Option(help="File for the sealed key; must not exist.")],
    passphrase: Annotated[str, new_passphrase(TRUSTEE_PASSPHRASE)],
) -> None:
    """Make a key. Keep the file and the passphrase; hand in the public key that is printed."""
    from dauys.crypto.trustees import TrusteeKey, seal_trustee_key

    require_long(passphrase)
    key = TrusteeKey.generate(os.urandom)
    text = seal_trustee_key(key, passphrase, os.urandom)
    write_key(out, text)
    typer.echo(f"The sealed key is in {out}. Without it and its passphrase nobody can count.")
    typer.echo("Hand this public key in to the organiser:")
    typer.echo(key.public.to_json())


@app.command()
def decrypt(
    public: Annotated[Path, typer.Argument(help="Folder with the published files.")],
    key: Annotated[Path, typer.Option(help="Your sealed key file.")],
    out: Annotated[Path, typer.Option(help="File for your part, to hand in.")],
    passphrase: Passphrase,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before decrypting.")] = False,
) -> None:
    """Check the whole board, then write your part of the decryption of every sum."""
    from dauys.cli.progress import shown, shown_steps
    from dauys.conduct.parts import DecryptionParts
    from dauys.core.canonical import encode
    from dauys.core.errors import DauysError, RefusedError
    from dauys.core.executors import opened
    from dauys.tally.decrypting import decrypt_contest
    from dauys.tally.tallying import FEW, check_tallies
    from dauys.verify.audit import verify
    from dauys.verify.errors import UnreadableError

    secret = _open_key(key, passphrase)  # first: the board may take minutes
    try:
        with TemporaryDirectory() as copy, shown_steps() as progress:
            folder = Path(shutil.copytree(public, Path(copy) / "public"))
            report = verify(folder, workers=0, progress=progress)
            bad = [c.name for c in report.checks if not c.ok]
            if bad:
                stop(f"The board does not hold: {', '.join(bad)}. Nothing was decrypted.")
            entries = tuple(_entries(folder))
        state = _replay(entries)
        few = len(state.ballots) < FEW
        with shown("Adding ballots") as tell, opened(0, few=few, copies=False) as executor:
            check_tallies(state, entries, tell, executor)
        _confirm(report, yes=yes)
        _remember(key.with_suffix(".opened.json"), state)
        parts = tuple(
            part
            for contest in state.tallies
            for part in decrypt_contest(state, contest, secret, os.urandom)
        )
    except RefusedError as error:
        stop(f"Refused: {sentence(error)}. Nothing was decrypted.")
    except FileNotFoundError:
        stop(f"The folder {public.absolute()} is not there. Nothing was decrypted.")
    except (UnreadableError, OSError, DauysError) as error:
        stop(f"{error}. Nothing was decrypted.")
    if not parts:
        stop("There is nothing to decrypt: no sums yet, or your part is on the board.")
    try:
        out.write_bytes(encode(DecryptionParts(parts=parts)))
    except OSError as error:
        stop(f"{out} cannot be written: {error.strerror}.")
    typer.echo(f"Your part, {len(parts)} sums, is in {out}. Hand it in to the organiser.")


def _open_key(file: Path, passphrase: str) -> "TrusteeKey":
    from dauys.core.errors import MalformedError, VerificationError
    from dauys.crypto.secret_file import WrongPassphraseError
    from dauys.crypto.trustees import open_trustee_key

    try:
        return open_trustee_key(read_key(file), passphrase)
    except WrongPassphraseError:
        stop(f"The passphrase does not open the key file. {TRY_AGAIN} Nothing was decrypted.")
    except (MalformedError, VerificationError) as error:
        stop(
            f"{file} holds no trustee's key ({error}). After a key ceremony it is the file whose "
            "name ends in .trustee.json. Nothing was decrypted."
        )


def _entries(public: Path) -> Iterator[bytes]:
    from dauys.verify.checkpoint import parse_checkpoint
    from dauys.verify.files import ENTRIES, read_bundle, read_checkpoint_file, tiles_of_row

    size = parse_checkpoint(read_checkpoint_file(public)).size
    for tile in tiles_of_row(ENTRIES, size):
        yield from read_bundle(public, tile)


def _confirm(report: "Report", *, yes: bool) -> None:
    """Show what is about to be opened; a board made to open one ballot looks small here."""
    summary = report.summary
    if summary is None:
        stop("The board has no rules. Nothing was decrypted.")
    typer.echo(
        f"{summary.name.en}: {summary.counted} of {summary.ballots} ballots count.", err=True
    )
    for contest in summary.contests:
        typer.echo(f"  {contest.id}: {contest.counted} ballots", err=True)
    typer.echo(f"Fingerprint {summary.fingerprint}", err=True)
    typer.echo("Compare these numbers with the public board and with the other trustees.", err=True)
    if not yes and not typer.confirm("Are they the same?", err=True):
        stop("Nothing was decrypted.")


def _remember(file: Path, state: "ElectionState") -> None:
    """Keep which count of an election this key has opened; it never opens a second one.

    Whoever holds the log's key could show each trustee a board with a single ballot on it.
    """
    from dauys.core.canonical import decode, encode

    digest = hashlib.sha256(encode(list(state.tallies.values()))).hexdigest()
    opened = decode(file.read_bytes(), dict[str, str], "record of counts") if file.exists() else {}
    election = state.manifest.election
    if opened.setdefault(election, digest) != digest:
        stop(
            f"This key has opened another count of this election (see {file}). An election has "
            "one count: warn the commission and the other trustees. Nothing was decrypted."
        )
    file.write_bytes(encode(opened))


def _replay(entries: Iterable[bytes]) -> "ElectionState":
    from dauys.core.entries import decode_entry
    from dauys.core.replay import Replay
    from dauys.crypto.signing import verify_signature

    replay = Replay(verify_signature)
    for data in entries:
        replay.apply(decode_entry(data))
    return replay.state
