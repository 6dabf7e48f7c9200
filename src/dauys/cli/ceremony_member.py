"""A member of a ceremony at their own computer: the steps that take their key."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from dauys.cli.ceremony_files import NOT_CHANGED, Box, read_key, write_message
from dauys.cli.installation import stop, write_key

if TYPE_CHECKING:
    from dauys.conduct.ceremony import Ceremony, CeremonyKey, Stage
    from dauys.crypto.pki import MemberKeys


@dataclass(slots=True)
class Member:
    """Who types the command: their key file, and copies of what they have sent."""

    box: Box
    file: Path
    key: "CeremonyKey"
    passphrase: str | None = field(repr=False)

    @property
    def place(self) -> int:
        """The member's number."""
        return self.key.place

    def restore(self) -> None:
        """Put own messages back that the folder lost. Stops if one there is not their own."""
        from dauys.conduct.ceremony import SENT, WORDS, Stage

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
                typer.echo(
                    f"Your {WORDS[stage]} was missing; the same one is written again: {file}"
                )
            elif found != mine:
                stop(
                    f"The {WORDS[stage]} of member {self.place} in {self.box.out} is not the one "
                    "you made: somebody exchanged it, or you hold two key files. Tell the other "
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
        typer.echo("Your part of the key is made, with a sealed share for every member in it.")
        self._send(Stage.POLYNOMIAL, made)
        self._next("parts of the key")

    def send_voutput(self, standing: "Ceremony") -> None:
        """Steps 4 and 5."""
        from dauys.conduct.ceremony import Stage, explained
        from dauys.crypto.ceremony import make_voutput, vinput
        from dauys.crypto.ceremony_messages import MemberError

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
        self._next("confirmations")

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
            if sealed_public(read_key(out), "trustee key") != mine:
                stop(f"{out} holds the key of another ceremony. {NOT_CHANGED}")
            typer.echo(f"The ceremony is complete. Your key for counting is in {out}.")
            return
        trustee = open_share(self._open(), standing.voutputs[self.place])
        sealed = seal_trustee_key(trustee, self.passphrase or "", os.urandom)
        write_key(out, sealed)
        write_message(self.box.out / GROUP, group.to_json())
        members = len(self.box.plan.members)
        typer.echo(f"The ceremony is complete: any {group.threshold} of {members} can count.")
        typer.echo(f"Key of the group: {group.public_key.text()}")
        typer.echo("Read it to the other members: all must see the same.")
        typer.echo(f"Your key for counting is in {out}, under the same passphrase.")
        typer.echo(f"Keep it, {self.file} and the passphrase in two places. After voting:")
        typer.echo(f"  dauys trustee decrypt FOLDER --key {out} --out part.json")
        typer.echo("where FOLDER holds the published files, which the organiser will name.")

    def _open(self) -> "MemberKeys":
        if self.passphrase is None:
            self.passphrase = typer.prompt("Passphrase of the key file", hide_input=True)
        return self.key.open(self.passphrase or "")

    def _send(self, stage: "Stage", text: str) -> None:
        """Keep a copy first: a message that is drawn twice would be two different ones."""
        write_key(self._copy(stage), text)
        tell_sent(self.box.put(stage, self.place, text))

    def _next(self, what: str) -> None:
        typer.echo(f"Next: when the {what} of all members are there (in the console: download the")
        typer.echo("messages again), give the same command once more.")

    def _copy(self, stage: "Stage") -> Path:
        return self.file.with_name(f"{self.file.stem}.{stage}.json")


def tell_sent(file: Path) -> None:
    """Say who is to get the file."""
    typer.echo(f"Send this file to every other member, or hand it in at the console: {file}")
