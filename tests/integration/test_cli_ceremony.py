"""Three trustees make a key on computers of their own, by commands; and what goes wrong.

The messages travel as files, as they would on a memory stick.
"""

import json
import os
import shutil
import stat
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from dauys.cli.main import app
from dauys.conduct.ceremony import PLAN, CeremonyKey, read_plan
from dauys.crypto.pki import MemberKeys, send
from dauys.crypto.secret_file import MINIMAL
from dauys.crypto.threshold import Certificate, parse_any_trustees
from dauys.crypto.trustees import open_trustee_key
from tests.integration.played import dauys, said
from tests.vectors.seeded import SeededRandom

PASSPHRASE = "correct horse battery"
ENVIRONMENT = {"DAUYS_TRUSTEE_PASSPHRASE": PASSPHRASE}
NAMES = ("Notary chamber", "University", "Chamber")


class Trustees:
    """A folder that all see, and a key file of each. Commands run in this process."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.box = place / "box"
        members = [word for name in NAMES for word in ("--member", name)]
        self.must("plan", self.box, "--threshold", "2", *members)

    def key(self, number: int) -> Path:
        return self.place / f"key-{number}.json"

    def run(self, *words: str | Path, passphrase: str = PASSPHRASE) -> Result:
        arguments = ["trustee", "ceremony", *map(str, words)]
        environment = {"DAUYS_TRUSTEE_PASSPHRASE": passphrase, "COLUMNS": "80"}
        return CliRunner().invoke(app, arguments, env=environment)

    def must(self, *words: str | Path) -> str:
        done = self.run(*words)
        assert done.exit_code == 0, done.output
        return done.output

    def refused(self, *words: str | Path, passphrase: str = PASSPHRASE) -> str:
        before = self.files()
        done = self.run(*words, passphrase=passphrase)
        assert done.exit_code in {1, 2}, done.output
        assert done.exception is None or isinstance(done.exception, SystemExit)
        assert self.files() == before
        return " ".join(done.output.split())

    def files(self) -> dict[str, bytes]:
        """Everything that there is: a refusal changes nothing."""
        return {str(f): f.read_bytes() for f in sorted(self.place.rglob("*.json"))}

    def start(self, *numbers: int) -> None:
        """As the command does, but under a passphrase that is quick to try."""
        plan = read_plan((self.box / PLAN).read_text())
        for number in numbers:
            key = CeremonyKey.make(plan, number, PASSPHRASE, os.urandom, MINIMAL)
            self.key(number).write_text(key.text)
            (self.box / f"certificate-{number}.json").write_text(key.certificate + "\n")

    def go_on(self, *numbers: int) -> str:
        words = ("--yes",)
        return "".join(
            self.must("continue", self.box, "--key", self.key(number), *words) for number in numbers
        )


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All three have sent their polynomials."""
    trustees = Trustees(tmp_path_factory.mktemp("begun"))
    trustees.start(1, 2, 3)
    trustees.go_on(1, 2, 3)
    return trustees.place


@pytest.fixture
def trustees(begun: Path, tmp_path: Path) -> Trustees:
    """A copy of what they have."""
    trustees = Trustees.__new__(Trustees)
    trustees.place = Path(shutil.copytree(begun, tmp_path / "copy"))
    trustees.box = trustees.place / "box"
    return trustees


@pytest.mark.slow
def test_the_whole_ceremony_in_a_shell(tmp_path: Path) -> None:
    box = tmp_path / "box"
    members = [word for name in NAMES for word in ("--member", name)]
    made = dauys("trustee", "ceremony", "plan", box, "--threshold", "2", *members)
    assert "2 of 3" in said(made)
    for number in (1, 2, 3):
        key = tmp_path / f"{number}.json"
        start = ("trustee", "ceremony", "start", box, "--number", str(number), "--key", key)
        done = dauys(*start, environment=ENVIRONMENT)
        assert done.returncode == 0, said(done)
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
    fingerprints = set()
    for _step in range(3):
        for number in (1, 2, 3):
            go_on = ("trustee", "ceremony", "continue", box, "--key", tmp_path / f"{number}.json")
            done = dauys(*go_on, environment=ENVIRONMENT, told="y\n")
            assert done.returncode == 0, said(done)
            fingerprints |= {li for li in said(done).splitlines() if "fingerprint:" in li}
    assert len(fingerprints) == 1
    status = said(dauys("trustee", "ceremony", "status", box))
    assert "Complete" in status
    group = f'[["Pedersen",{(box / "group.json").read_text().strip()}]]'
    (found,) = parse_any_trustees(group)
    keys = [
        open_trustee_key((tmp_path / f"{n}.trustee.json").read_text(), PASSPHRASE)
        for n in (1, 2, 3)
    ]
    assert found.to_json().count(keys[0].public.to_json()) == 1
    assert [key.public.name for key in keys] == list(NAMES)
    everything = "".join(file.read_text() for file in box.iterdir())
    assert not any(str(key.secret) in everything for key in keys)


def test_each_step_says_what_to_send_and_what_is_next(trustees: Trustees) -> None:
    told = trustees.go_on(1)
    assert "Every member's share for you fits" in told
    assert "voutput-1.json" in told
    assert "Waiting for the confirmation of:" in trustees.go_on(1)
    assert "2. University" in trustees.go_on(1)
    trustees.go_on(2, 3)
    assert "any 2 of 3 can count" in trustees.go_on(1)
    assert "is complete" in trustees.go_on(1)
    assert "Complete" in trustees.must("status", trustees.box)


def test_the_console_s_zip_serves_as_the_folder(trustees: Trustees) -> None:
    archive = trustees.place / "ceremony.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for file in trustees.box.iterdir():
            packed.write(file, f"ceremony/{file.name}")
    words = ("continue", archive, "--key", trustees.key(2))
    assert "voutput-2.json" in trustees.must(*words)
    assert (trustees.place / "voutput-2.json").exists()


def test_a_zip_that_somebody_locked_is_none_of_a_ceremony(trustees: Trustees) -> None:
    archive = trustees.place / "locked.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.write(trustees.box / "plan.json", "plan.json")
    data = bytearray(archive.read_bytes())
    for head, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(head) + flags] |= 1  # encrypted
    archive.write_bytes(data)
    told = trustees.refused("continue", archive, "--key", trustees.key(2))
    assert "neither a folder nor the ZIP" in told


def test_files_with_a_browser_s_additions_are_read(trustees: Trustees) -> None:
    (trustees.box / "polynomial-3.json").rename(trustees.box / "polynomial-3 (1).json")
    assert "voutput-1.json" in trustees.go_on(1)


def test_a_lost_message_is_written_again_and_not_drawn_anew(trustees: Trustees) -> None:
    file = trustees.box / "polynomial-1.json"
    before = file.read_bytes()
    file.unlink()
    assert "the same one is written again" in trustees.go_on(1)
    assert file.read_bytes() == before
    (trustees.box / "certificate-1.json").unlink()
    assert "the same one is written again" in trustees.go_on(1)


def test_a_wrong_passphrase_or_key_changes_nothing(trustees: Trustees) -> None:
    go_on = ("continue", trustees.box, "--key")
    wrong = trustees.refused(*go_on, trustees.key(1), passphrase="wrong horse battery")
    assert "does not open your key file" in wrong
    assert "none.json is not there" in trustees.refused(*go_on, trustees.place / "none.json")
    assert "does not hold a ceremony key" in trustees.refused(
        *go_on, _sealed_trustee(trustees.place)
    )
    trustees.key(1).write_text("{}")
    assert "is not the key file of a ceremony" in trustees.refused(*go_on, trustees.key(1))


def test_files_that_went_through_mail_and_editors_are_the_same_files(trustees: Trustees) -> None:
    for file in (*trustees.box.glob("*.json"), trustees.key(1)):
        text = file.read_text()
        file.write_bytes(b"\xef\xbb\xbf" + text.strip().encode() + b"\r\n\r\n")
    assert "voutput-1.json" in trustees.go_on(1)


def test_a_step_taken_twice_is_not_taken_twice(trustees: Trustees) -> None:
    start = ("start", trustees.box, "--key")
    again = trustees.refused(*start, trustees.key(1), "--number", "1")
    assert "is there already" in again
    other = trustees.place / "other.json"
    assert "has begun already" in trustees.refused(*start, other, "--number", "1")
    assert "no member 4" in trustees.refused(*start, other, "--number", "4")
    assert "is there already" in trustees.refused(
        "plan", trustees.box, "--threshold", "2", "--member", "A", "--member", "B", "--member", "C"
    )


@pytest.mark.parametrize(
    ("threshold", "members"),
    [("1", "ABC"), ("3", "ABC"), ("2", "AB"), ("2", "AAB"), ("2", "ABCDEFGHIJKLMNOPQRSTUVW")],
)
def test_a_group_that_protects_nothing_is_not_planned(
    trustees: Trustees, threshold: str, members: str
) -> None:
    words = [word for name in members for word in ("--member", name)]
    told = trustees.refused("plan", trustees.place / "new", "--threshold", threshold, *words)
    assert "3 to 20 members" in told


def test_swapped_and_foreign_files_are_refused_by_name(trustees: Trustees, tmp_path: Path) -> None:
    box = trustees.box
    one, two = box / "polynomial-1.json", box / "polynomial-2.json"
    kept = one.read_text(), two.read_text()
    two.write_text(kept[0])
    told = trustees.refused("continue", box, "--key", trustees.key(3))
    assert "Trustee 2, University: part of the key: it is not signed" in told
    one.write_text(kept[1])
    told = trustees.refused("continue", box, "--key", trustees.key(1))
    assert "not the one you made" in told
    one.write_text(kept[0])
    two.write_text(kept[1])

    other = Trustees(tmp_path / "other")
    other.start(1, 2, 3)
    told = trustees.refused("continue", other.box, "--key", trustees.key(1))
    assert "is of another ceremony" in told
    shutil.copy(other.box / "certificate-3.json", box / "certificate-3.json")
    told = trustees.refused("continue", box, "--key", trustees.key(1))
    assert "made for other certificates" in told
    shutil.copy(other.box / "certificate-3.json", box / "certificate-2.json")
    told = trustees.refused("status", box)
    assert "Trustee 2, University: certificate: it is for member 3" in told


def test_damaged_or_doubled_messages_are_named(trustees: Trustees) -> None:
    file = trustees.box / "polynomial-2.json"
    text = file.read_text()
    for damaged in (text[:-40], "", "{}", text.replace('"secrets"', '"secret"'), "[" * 5000):
        file.write_text(damaged)
        told = trustees.refused("continue", trustees.box, "--key", trustees.key(1))
        assert "Trustee 2, University: part of the key" in told
    file.write_text(text)
    (trustees.box / "polynomial-2 (1).json").write_text(text.replace("1", "2"))
    told = trustees.refused("continue", trustees.box, "--key", trustees.key(1))
    assert "differ, and only one can be right" in told


def test_a_bad_share_is_complained_of_with_its_sender(trustees: Trustees) -> None:
    """The University seals a number for the Notary chamber that is no value of its polynomial."""
    keys = CeremonyKey.read(trustees.key(2).read_text()).open(PASSPHRASE)
    assert isinstance(keys, MemberKeys)
    to = Certificate.parse((trustees.box / "certificate-1.json").read_text().strip()).encryption
    bad = send(keys, to, '{"secret":"5"}', SeededRandom("bad"))
    file = trustees.box / "polynomial-2.json"
    tree = json.loads(file.read_text())
    tree["secrets"][0] = bad.to_json()
    file.write_text(json.dumps(tree, separators=(",", ":")))
    told = trustees.refused("continue", trustees.box, "--key", trustees.key(1))
    assert "Complaint about trustee 2, University: share for member 1" in told
    assert "must begin anew" in told
    assert "voutput-3.json" in trustees.go_on(3)


def test_a_member_who_began_with_another_program_goes_on_here(trustees: Trustees) -> None:
    """The University's seed lies open in a file, as belenios-tool keeps it."""
    keys = CeremonyKey.read(trustees.key(2).read_text()).open(PASSPHRASE)
    seed, key = trustees.place / "tool.key", trustees.place / "adopted.json"
    seed.write_text(keys.seed)
    adopt = ("adopt", trustees.box, "--seed", seed, "--key", key, "--number")
    assert "not that of the certificate of member 1" in trustees.refused(*adopt, "1")
    assert "Delete" in trustees.must(*adopt, "2")
    told = trustees.must("continue", trustees.box, "--key", key)
    assert "voutput-2.json" in told
    assert keys.seed not in told + key.read_text()
    seed.write_text("22 letters")
    other = ("adopt", trustees.box, "--seed", seed, "--number", "2", "--key", trustees.place / "x")
    assert "malformed seed" in trustees.refused(*other)


def test_whoever_does_not_compare_sends_nothing(tmp_path: Path) -> None:
    trustees = Trustees(tmp_path / "new")
    trustees.start(1, 2, 3)
    told = trustees.refused("continue", trustees.box, "--key", trustees.key(1))
    assert "Their fingerprint" in told


def _sealed_trustee(place: Path) -> Path:
    file = place / "single.json"
    words = ["trustee", "keygen", "--out", str(file)]
    done = CliRunner().invoke(app, words, env=ENVIRONMENT)
    assert done.exit_code == 0, done.output
    return file
