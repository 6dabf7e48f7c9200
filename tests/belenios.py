"""Elections held by belenios-tool alone, from the setup to the result: archives of others."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

GROUP = "Ed25519"
Template = dict[str, Any]
"""Name, description and questions, as `setup make-election` takes them."""


class BeleniosElection:
    """belenios-tool at work in one folder, on one election."""

    def __init__(self, tool: str, folder: Path, group: str = GROUP) -> None:
        self._tool, self.folder, self._group = tool, folder, group
        folder.mkdir(parents=True, exist_ok=True)
        self.uuid = self.run("setup", "generate-token").strip()
        self._members: dict[int, str] = {}

    @property
    def archive(self) -> Path:
        return self.folder / f"{self.uuid}.bel"

    def run(self, *arguments: str, text: str = "") -> str:
        """Standard output of a command that has to succeed."""
        done = subprocess.run(
            [self._tool, *arguments],
            cwd=self.folder,
            input=text,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def set_up(
        self,
        template: Template,
        voters: Sequence[str],
        *,
        singles: int = 1,
        names: Sequence[str] = (),
        threshold: tuple[int, int] | None = None,
    ) -> None:
        """Make credentials, trustees and election; `voters` are lines of the voters' file.

        `threshold` is (needed, members) of a group beside the `singles`, of which the first
        get `names`.
        """
        (self.folder / "voters.txt").write_text("".join(f"{line}\n" for line in voters))
        group, uuid = ("--group", self._group), ("--uuid", self.uuid)
        self.run("setup", "generate-credentials", *uuid, *group, "--file", "voters.txt")
        next(self.folder.glob("*.pubcreds")).rename(self.folder / "public_creds.json")
        next(self.folder.glob("*.privcreds")).rename(self.folder / "private_creds.json")
        for _ in range(singles):
            self.run("setup", "generate-trustee-key", *group)
        self._singles = sorted(self.folder.glob("*.privkey"))
        keys = [json.loads(p.with_suffix(".pubkey").read_text()) for p in self._singles]
        for key, name in zip(keys, names, strict=False):
            key["name"] = name
        lines = "".join(json.dumps(key, separators=(",", ":")) + "\n" for key in keys)
        (self.folder / "public_keys.jsons").write_text(lines)
        if threshold is not None:
            self._make_group(*threshold)
        self.run("setup", "make-trustees")
        (self.folder / "template.json").write_text(json.dumps(template))
        self.run("setup", "make-election", *uuid, *group, "--template", "template.json")
        self.run("archive", "init")

    def _make_group(self, needed: int, size: int) -> None:
        step = ("setup", "generate-trustee-key-threshold", "--group", self._group)
        certs = ("--certs", "certs.jsons")
        for i in range(1, size + 1):
            context = ("--threshold-context", f"{i}/{needed}/{size}")
            self._members[i] = self.run(*step, *context, "--step", "1").strip()
        ids = [self._members[i] for i in range(1, size + 1)]
        self._join([f"{one}.cert" for one in ids], "certs.jsons")
        self.run(*step, *certs, "--step", "2")
        polynomials = ""
        for i, one in enumerate(ids, start=1):
            context = ("--threshold-context", f"{i}/{needed}/{size}")
            polynomials += self.run(*step, *context, *certs, "--key", f"{one}.key", "--step", "3")
        (self.folder / "polynomials.jsons").write_text(polynomials)
        made = ("--polynomials", "polynomials.jsons")
        self.run(*step, *certs, "--step", "4", *made)
        outputs = ""
        for one in ids:
            given = (self.folder / f"{one}.vinput").read_text()
            outputs += self.run(*step, *certs, "--key", f"{one}.key", "--step", "5", text=given)
        threshold = self.run(*step, *certs, "--step", "6", *made, text=outputs)
        (self.folder / "threshold.json").write_text(threshold)

    def _join(self, names: Sequence[str], to: str) -> None:
        text = "".join((self.folder / name).read_text() for name in names)
        (self.folder / to).write_text(text)

    def vote(self, voter: int, choice: object) -> str:
        """The ballot of the voter at this place of the file of voters, from 0, and cast it."""
        voters = [line.split(",") for line in (self.folder / "voters.txt").read_text().split()]
        name = next(filter(None, voters[voter][1:2]), voters[voter][0])
        secrets = json.loads((self.folder / "private_creds.json").read_text())
        (self.folder / "secret").write_text(secrets[name])
        (self.folder / "choice").write_text(json.dumps(choice))
        files = ("--privcred", "secret", "--choice", "choice")
        ballot = self.run("election", "generate-ballot", *files)
        self.add("Ballot", ballot)
        return ballot

    def add(self, kind: str, text: str = "") -> None:
        """Append an event, the lines of `text` being its data."""
        self.run("archive", "add-event", f"--type={kind}", text=text)

    def close(self) -> None:
        self.add("EndBallots")
        self.add("EncryptedTally", self.run("election", "compute-encrypted-tally"))

    def decrypt(self, single: int) -> None:
        """Partial decryption by a single trustee, from 1, who stands before the group."""
        secret = self._singles[single - 1].name
        owner = ("--trustee-id", str(single))
        self.add("PartialDecryption", self.run("election", "decrypt", "--privkey", secret, *owner))

    def decrypt_as_member(self, member: int) -> None:
        """Partial decryption by a member of the group, from 1."""
        one = self._members[member]
        keys = ("--key", f"{one}.key", "--decryption-key", f"{one}.dkey")
        owner = ("--trustee-id", str(len(self._singles) + member))
        self.add("PartialDecryption", self.run("election", "decrypt-threshold", *keys, *owner))

    def announce(self) -> Any:
        """Compute and append the result; its value."""
        result = self.run("election", "compute-result")
        self.add("Result", result)
        value: Any = json.loads(result)["result"]
        return value
