"""`dauys trustee ceremony`: trustees make a key together, each on their own computer.

The members exchange small public text files, in a folder or through the console. Each
command says what it did, what to send to whom, and what comes next.
"""

import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dauys.cli.installation import MISUSED, require_long, stop, write_key

if TYPE_CHECKING:
    from dauys.conduct.ceremony import Ceremony, CeremonyKey, Plan, Stage
    from dauys.crypto.pki import MemberKeys

app = typer.Typer(
    help="Make a key together: any few of the trustees will be enough to count.",
    no_args_is_help=True,
)

Folder = Annotated[
    Path, typer.Argument(help="Folder of the ceremony's messages, or the ZIP from the console.")
]
Key = Annotated[Path, typer.Option(help="Your own key file. It is never sent to anybody.")]
NOT_CHANGED = "Nothing was written."


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
    _write(folder / PLAN, made.to_text())
    typer.echo(f"Planned: any {threshold} of {len(made.members)} will be enough to count.")
    _list_members(made)
    typer.echo(f"Give the folder {folder} to every member. Each begins with:")
    typer.echo(f"  dauys trustee ceremony start {folder} --number THEIR-NUMBER --key FILE")


@app.command()
def start(
    folder: Folder,
    key: Key,
    passphrase: Annotated[
        str,
        typer.Option(
            prompt="Choose a passphrase for your key file",
            hide_input=True,
            confirmation_prompt=True,
            envvar="DAUYS_TRUSTEE_PASSPHRASE",
        ),
    ],
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
            stop(f"There is no member {number} in this ceremony. {NOT_CHANGED}")
        if key.exists():
            stop(
                f"{key} is there already. To go on with it: dauys trustee ceremony continue. "
                f"To begin anew choose another file. {NOT_CHANGED}"
            )
        if (Stage.CERTIFICATE, number) in box.texts:
            stop(
                f"{known.members[number - 1]} (member {number}) has begun already. If that was "
                f"not you, tell the organiser: somebody took your place. {NOT_CHANGED}"
            )
        require_long(passphrase)
        made = CeremonyKey.make(known, number, passphrase, os.urandom)
    write_key(key, made.text)
    file = box.put(Stage.CERTIFICATE, number, made.certificate)
    typer.echo(f"You are member {number}: {known.members[number - 1]}.")
    typer.echo(f"Your key file is {key}. Keep it and its passphrase; give it to nobody.")
    _sent(file)
    typer.echo("Next: when the certificates of all members are there,")
    typer.echo(f"  dauys trustee ceremony continue {folder} --key {key}")


@app.command("continue")
def go_on(
    folder: Folder,
    key: Key,
    passphrase: Annotated[
        str | None,
        typer.Option(envvar="DAUYS_TRUSTEE_PASSPHRASE", show_default=False),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask about the fingerprint.")] = False,
) -> None:
    """Steps 2 to 6: check what the others sent, and do what is next."""
    from dauys.conduct.ceremony import Ceremony, CeremonyKey, Stage, explained
    from dauys.core.errors import DauysError

    with _refusals():
        box = Box.at(folder)
        own = CeremonyKey.read(_read(key))
        if own.ceremony != box.plan.ceremony:
            stop(f"{key} is of another ceremony than {folder}. {NOT_CHANGED}")
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
                typer.echo(f"You have done your part of this step. Waiting for the {stage} of:")
                for place in standing.missing(stage):
                    typer.echo(f"  {place}. {box.plan.members[place - 1]}")


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


@dataclass(slots=True)
class Box:
    """The folder, or the ZIP, in which messages lie; new ones go into a folder."""

    plan: "Plan"
    texts: "dict[tuple[Stage, int], str]"
    out: Path

    @classmethod
    def at(cls, path: Path) -> "Box":
        """Read everything. Ends the command when there is no plan, or two of one message."""
        from dauys.conduct.ceremony import MAX_MESSAGE, PLAN, parse_file_name, read_plan

        files: dict[str, str] = {}
        for name, data in _files(path):
            if len(data) > MAX_MESSAGE:
                stop(f"{name} is too long for a message. {NOT_CHANGED}")
            files[name] = data.decode("utf-8", "replace").strip()
        if PLAN not in files:
            stop(f"There is no {PLAN} in {path}: this is not the folder of a ceremony.", MISUSED)
        texts: dict[tuple[Stage, int], str] = {}
        names: dict[tuple[Stage, int], str] = {}
        for name in sorted(files):
            which = parse_file_name(name)
            if which is None:
                continue
            if texts.get(which, files[name]) != files[name]:
                stop(
                    f"{names[which]} and {name} differ, and only one can be right. Ask the "
                    f"member to send it again, and delete the other. {NOT_CHANGED}"
                )
            texts[which], names[which] = files[name], name
        out = path if path.is_dir() else path.parent
        return cls(read_plan(files[PLAN]), texts, out)

    def put(self, stage: "Stage", place: int, text: str) -> Path:
        """Write a message; the same one again is left alone."""
        from dauys.conduct.ceremony import file_name

        file = self.out / file_name(stage, place)
        self.texts[stage, place] = text
        if not file.exists() or file.read_text().strip() != text:
            _write(file, text)
        return file


@dataclass(slots=True)
class Member:
    """Who types the command: their key file, and copies of what they have sent."""

    box: Box
    file: Path
    key: "CeremonyKey"
    passphrase: str | None

    @property
    def place(self) -> int:
        """The member's number."""
        return self.key.place

    def restore(self) -> None:
        """Put own messages back that the folder lost. Stops if one there is not their own."""
        from dauys.conduct.ceremony import SENT, Stage

        for stage in SENT:
            copy = self._copy(stage)
            mine = self.key.certificate if stage is Stage.CERTIFICATE else None
            if mine is None and copy.exists():
                mine = copy.read_text().strip()
            if mine is None:
                continue
            found = self.box.texts.get((stage, self.place))
            if found is None:
                file = self.box.put(stage, self.place, mine)
                typer.echo(f"Your {stage} was missing; the same one is written again: {file}")
            elif found != mine:
                stop(
                    f"The {stage} of member {self.place} in {self.box.out} is not the one you "
                    "made: somebody exchanged it, or you hold two key files. Tell the other "
                    f"members. {NOT_CHANGED}"
                )

    def send_polynomial(self, standing: "Ceremony", *, yes: bool) -> None:
        """Step 3."""
        from dauys.conduct.ceremony import Stage
        from dauys.crypto.ceremony import make_polynomial, place_of

        typer.echo("The certificates of all members are there, and hold.")
        typer.echo(f"Their fingerprint:  {standing.fingerprint()}")
        typer.echo(
            "Call the other members and read it to each other. If it differs, somebody between "
            "you has exchanged certificates, and could read what you send."
        )
        if not yes and not typer.confirm("Have all members read the same?"):
            stop(NOT_CHANGED)
        keys = self._open()
        certificates, _ = standing.in_order()
        place_of(keys, certificates)
        made = make_polynomial(keys, certificates, os.urandom).to_json()
        self._send(Stage.POLYNOMIAL, made)
        typer.echo("This is your part of the key, with a sealed share for every member.")
        self._next("polynomials")

    def send_voutput(self, standing: "Ceremony") -> None:
        """Steps 4 and 5."""
        from dauys.conduct.ceremony import Stage, explained
        from dauys.crypto.ceremony import MemberError, make_voutput, vinput

        certificates, polynomials = standing.in_order()
        name = self.box.plan.members[self.place - 1]
        keys = self._open()
        try:
            given = vinput(certificates, polynomials, self.place)
            made = make_voutput(keys, certificates, given, os.urandom, name).to_json()
        except MemberError as error:
            stop(
                f"Complaint about {explained(error, self.box.plan)}. Tell the organiser and all "
                "members: the ceremony must begin anew, without whoever sent this, or after the "
                f"mistake is found. {NOT_CHANGED}"
            )
        typer.echo("Every member's share for you fits what they published.")
        self._send(Stage.VOUTPUT, made)
        self._next("voutputs")

    def finish(self, standing: "Ceremony") -> None:
        """Step 6."""
        from dauys.conduct.ceremony import GROUP
        from dauys.crypto.ceremony import open_share
        from dauys.crypto.secret_file import sealed_public
        from dauys.crypto.trustees import seal_trustee_key

        group = standing.group()
        out = self.file.with_name(f"{self.file.stem}.trustee.json")
        if out.exists():
            mine = standing.voutputs[self.place].public_key.to_json()
            if sealed_public(_read(out), "trustee key") != mine:
                stop(f"{out} holds the key of another ceremony. {NOT_CHANGED}")
            typer.echo(f"The ceremony is complete. Your key for counting is in {out}.")
            return
        trustee = open_share(self._open(), standing.voutputs[self.place])
        sealed = seal_trustee_key(trustee, self.passphrase or "", os.urandom)
        write_key(out, sealed)
        _write(self.box.out / GROUP, group.to_json())
        members = len(self.box.plan.members)
        typer.echo(f"The ceremony is complete: any {group.threshold} of {members} can count.")
        typer.echo(f"Key of the group: {group.public_key.hex()}")
        typer.echo("Read it to the other members: all must see the same.")
        typer.echo(f"Your key for counting is in {out}, under the same passphrase.")
        typer.echo("Keep both files in two places. After voting: dauys trustee decrypt.")

    def _open(self) -> "MemberKeys":
        if self.passphrase is None:
            self.passphrase = typer.prompt("Passphrase of the key file", hide_input=True)
        return self.key.open(self.passphrase or "")

    def _send(self, stage: "Stage", text: str) -> None:
        """Keep a copy first: a message that is drawn twice would be two different ones."""
        write_key(self._copy(stage), text)
        _sent(self.box.put(stage, self.place, text))

    def _next(self, what: str) -> None:
        typer.echo(f"Next: when the {what} of all members are there, the same command again.")

    def _copy(self, stage: "Stage") -> Path:
        return self.file.with_name(f"{self.file.stem}.{stage}.json")


def _show(standing: "Ceremony") -> None:
    from rich.console import Console
    from rich.table import Table

    from dauys.conduct.ceremony import SENT, Stage

    known = standing.plan
    table = Table("", "member", *map(str, SENT), title_justify="left")
    for place, name in enumerate(known.members, 1):
        marks = ("-" if place in standing.missing(stage) else "sent" for stage in SENT)
        table.add_row(f"{place}", "".join(c if c.isprintable() else "?" for c in name), *marks)
    typer.echo(f"Any {known.threshold} of {len(known.members)} will be enough to count.")
    Console(highlight=False, markup=False).print(table)
    if standing.stage is not Stage.CERTIFICATE:
        typer.echo(f"Fingerprint of the certificates: {standing.fingerprint()}")
    if standing.stage is Stage.DONE:
        typer.echo(f"Complete. Key of the group: {standing.group().public_key.hex()}")
        typer.echo("Every member: dauys trustee ceremony continue, once more, for their own key.")


def _sent(file: Path) -> None:
    typer.echo(f"Send this file to every other member, or hand it in at the console: {file}")


def _list_members(known: "Plan") -> None:
    for place, name in enumerate(known.members, 1):
        typer.echo(f"  {place}. {name}")


def _files(path: Path) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every JSON file; ends the command if the path cannot be read."""
    if path.is_dir():
        for file in sorted(path.glob("*.json")):
            yield file.name, file.read_bytes()
        return
    try:
        with zipfile.ZipFile(path) as archive:
            for one in archive.infolist():
                if one.filename.endswith(".json") and one.file_size <= 2**21:
                    yield Path(one.filename).name, archive.read(one)
    except (OSError, zipfile.BadZipFile):
        stop(f"{path} is neither a folder nor the ZIP of a ceremony.", MISUSED)


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except (OSError, UnicodeDecodeError):
        stop(f"Your key file {file} cannot be read. {NOT_CHANGED}", MISUSED)


def _write(file: Path, text: str) -> None:
    try:
        partial = file.with_name(f".{file.name}.partial")
        partial.write_text(text + "\n")
        partial.replace(file)
    except OSError as error:
        stop(f"{file} cannot be written: {error.strerror}.", MISUSED)


@contextmanager
def _refusals() -> Iterator[None]:
    """End the command with the reason for whatever the steps refuse."""
    from dauys.core.errors import DauysError
    from dauys.crypto.secret_file import WrongPassphraseError

    try:
        yield
    except WrongPassphraseError:
        stop(f"The passphrase does not open your key file. {NOT_CHANGED}")
    except OSError as error:
        stop(f"{error.filename} cannot be read: {error.strerror}. {NOT_CHANGED}", MISUSED)
    except DauysError as error:
        stop(f"{error}. {NOT_CHANGED}")
