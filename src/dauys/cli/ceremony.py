"""`dauys trustee ceremony`: trustees make a key together, each on their own computer.

The members exchange small public text files, in a folder or through the console. Each
command says what it did, what to send to whom, and what comes next.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dauys.cli.ceremony_files import NOT_CHANGED, Box, read_key, write_message
from dauys.cli.ceremony_member import Member, tell_sent
from dauys.cli.installation import (
    MISUSED,
    TRUSTEE_PASSPHRASE,
    TRY_AGAIN,
    new_passphrase,
    require_long,
    stop,
    write_key,
)

if TYPE_CHECKING:
    from dauys.conduct.ceremony import Ceremony, CeremonyKey, Plan

app = typer.Typer(
    help="Make a key together: any few of the trustees will be enough to count.",
    no_args_is_help=True,
)

Folder = Annotated[
    Path, typer.Argument(help="Folder of the ceremony's messages, or the ZIP from the console.")
]
Key = Annotated[Path, typer.Option(help="Your own key file. It is never sent to anybody.")]
NewPassphrase = Annotated[str, new_passphrase(TRUSTEE_PASSPHRASE)]


@app.command()
def plan(
    folder: Annotated[Path, typer.Argument(help="New folder for the messages.")],
    threshold: Annotated[int, typer.Option(help="How many members will be enough to count.")],
    member: Annotated[list[str], typer.Option(help="A member's name; once for each member.")],
) -> None:
    """Plan a ceremony: who takes part, and how many will be enough. For the organiser."""
    from dauys.conduct.ceremony import PLAN, make_plan
    from dauys.core.errors import RefusedError

    if (folder / PLAN).exists():
        stop(f"{folder / PLAN} is there already. Plan another ceremony in another folder.")
    try:
        made = make_plan(threshold, tuple(member), os.urandom)
    except RefusedError:
        stop(
            "A group has 3 to 20 members with different names. At least 2 of them must be "
            "needed, and fewer than all. " + NOT_CHANGED
        )
    folder.mkdir(parents=True, exist_ok=True)
    write_message(folder / PLAN, made.to_text())
    typer.echo(f"Planned: any {threshold} of {len(made.members)} will be enough to count.")
    _list_members(made)
    typer.echo(f"Give the folder {folder} to every member. Each begins with:")
    typer.echo(f"  dauys trustee ceremony start {folder} --number THEIR-NUMBER --key FILE")


@app.command()
def start(
    folder: Folder,
    key: Key,
    passphrase: NewPassphrase,
    number: Annotated[int, typer.Option(help="Your number in the list of members.")] = 0,
) -> None:
    """Step 1: make your own keys, and your certificate for the others."""
    from dauys.conduct.ceremony import CeremonyKey, Stage

    with _refusals():
        box = Box.at(folder)
        known = box.plan
        if not number:
            _list_members(known)
            number = typer.prompt("Your number in this list", type=int)
        if not 1 <= number <= len(known.members):
            _list_members(known)
            stop(f"There is no member {number} in this ceremony, only these. {NOT_CHANGED}")
        if key.exists():
            stop(
                f"{key} is there already. To go on with it: dauys trustee ceremony continue. "
                f"To begin anew choose another file. {NOT_CHANGED}"
            )
        if (Stage.CERTIFICATE, number) in box.texts:
            stop(
                f"{known.members[number - 1]} (member {number}) has begun already. If that was "
                "you, go on with the key file that you made then: dauys trustee ceremony "
                "continue; if it is lost, ask the organiser to begin the ceremony anew. If it "
                f"was not you, tell the organiser: somebody took your place. {NOT_CHANGED}"
            )
        require_long(passphrase)
        made = CeremonyKey.make(known, number, passphrase, os.urandom)
    write_key(key, made.text)
    file = box.put(Stage.CERTIFICATE, number, made.certificate)
    typer.echo(f"You are member {number}: {known.members[number - 1]}.")
    typer.echo(f"Your key file is {key}. Keep it and its passphrase; give it to nobody.")
    tell_sent(file)
    typer.echo("Next: when the certificates of all members are there,")
    typer.echo(f"  dauys trustee ceremony continue {folder} --key {key}")


@app.command()
def adopt(
    folder: Folder,
    seed: Annotated[Path, typer.Option(help="Key file of belenios-tool: it holds 22 letters.")],
    number: Annotated[int, typer.Option(help="Your number in the list of members.")],
    key: Key,
    passphrase: NewPassphrase,
) -> None:
    """Go on with Dauys after a beginning with belenios-tool; needed for counting here."""
    from dauys.conduct.ceremony import Ceremony, CeremonyKey

    with _refusals():
        box = Box.at(folder)
        require_long(passphrase)
        standing = Ceremony.read(box.plan, box.texts)
        letters = read_key(seed).strip()
        made = CeremonyKey.adopt(standing, number, letters, passphrase, os.urandom)
    write_key(key, made.text)
    typer.echo(f"Your key file is {key}. Delete {seed} for good: it is not under a passphrase.")
    typer.echo(f"Next: dauys trustee ceremony continue {folder} --key {key}")


@app.command("continue")
def go_on(
    folder: Folder,
    key: Key,
    passphrase: Annotated[
        str | None,
        typer.Option(envvar=TRUSTEE_PASSPHRASE, show_default=False),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask about the fingerprint.")] = False,
) -> None:
    """Steps 2 to 6: check what the others sent, and do what is next."""
    from dauys.conduct.ceremony import WORDS, Ceremony, Stage, explained
    from dauys.core.errors import DauysError

    with _refusals():
        box = Box.at(folder)
        own = _own_key(key)
        if own.ceremony != box.plan.ceremony:
            stop(
                f"{key} is of another ceremony than {folder}. Take the key file that you made in "
                f"this one, or the messages of that one. {NOT_CHANGED}"
            )
        member = Member(box, key, own, passphrase)
        member.restore()
        try:
            standing = Ceremony.read(box.plan, box.texts)
        except DauysError as error:
            said = explained(error, box.plan)
            stop(f"A message is wrong. {said[:1].upper()}{said[1:]}. {NOT_CHANGED}")
        match standing.stage:
            case Stage.POLYNOMIAL if member.place in standing.missing(Stage.POLYNOMIAL):
                member.send_polynomial(standing, yes=yes)
            case Stage.VOUTPUT if member.place in standing.missing(Stage.VOUTPUT):
                member.send_voutput(standing)
            case Stage.DONE:
                member.finish(standing)
            case stage:
                _show(standing)
                typer.echo("You have done your part of this step. Nothing to do for you now.")
                typer.echo(f"Waiting for the {WORDS[stage]} of:")
                for place in standing.missing(stage):
                    typer.echo(f"  {place}. {box.plan.members[place - 1]}")
                typer.echo("When theirs are there too, give the same command again.")


def _own_key(file: Path) -> "CeremonyKey":
    """The member's key file; ends the command when it is another sort of file."""
    from dauys.conduct.ceremony import CeremonyKey
    from dauys.core.errors import MalformedError

    try:
        return CeremonyKey.read(read_key(file))
    except MalformedError as error:
        stop(
            f"{file} is not the key file of a ceremony ({error.why}). Yours is the file that you "
            f"named with --key when you began. {NOT_CHANGED}"
        )


@app.command()
def status(folder: Folder) -> None:
    """Check all messages and show who has sent what. Needs no key."""
    from dauys.conduct.ceremony import Ceremony, explained
    from dauys.core.errors import DauysError

    with _refusals():
        box = Box.at(folder)
        try:
            standing = Ceremony.read(box.plan, box.texts)
        except DauysError as error:
            said = explained(error, box.plan)
            stop(f"A message is wrong. {said[:1].upper()}{said[1:]}.")
        _show(standing)


def _show(standing: "Ceremony") -> None:
    from rich.console import Console
    from rich.table import Table

    from dauys.conduct.ceremony import SENT, WORDS, Stage

    known = standing.plan
    table = Table("", "member", *(WORDS[stage] for stage in SENT), title_justify="left")
    for place, name in enumerate(known.members, 1):
        marks = ("-" if place in standing.missing(stage) else "sent" for stage in SENT)
        table.add_row(f"{place}", "".join(c if c.isprintable() else "?" for c in name), *marks)
    typer.echo(f"Any {known.threshold} of {len(known.members)} will be enough to count.")
    Console(highlight=False, markup=False).print(table)
    if standing.stage is not Stage.CERTIFICATE:
        typer.echo(f"Fingerprint of the certificates: {standing.fingerprint()}")
    if standing.stage is Stage.DONE:
        typer.echo(f"Complete. Key of the group: {standing.group().public_key.text()}")
        typer.echo("Every member: dauys trustee ceremony continue, once more, for their own key.")


def _list_members(known: "Plan") -> None:
    for place, name in enumerate(known.members, 1):
        typer.echo(f"  {place}. {name}")


@contextmanager
def _refusals() -> Iterator[None]:
    """End the command with the reason for whatever the steps refuse."""
    from dauys.core.errors import DauysError
    from dauys.crypto.secret_file import WrongPassphraseError

    try:
        yield
    except WrongPassphraseError:
        stop(f"The passphrase does not open your key file. {TRY_AGAIN} {NOT_CHANGED}")
    except OSError as error:
        stop(f"{error.filename} cannot be read: {error.strerror}. {NOT_CHANGED}", MISUSED)
    except DauysError as error:
        stop(f"{error}. {NOT_CHANGED}")
