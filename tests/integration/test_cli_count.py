"""From the closing of voting to the verified result by commands alone, and what is refused.

Trustees and members work on the published files, in processes of their own, as at home.
"""

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from dauys.core.entries import Decision, approval_bytes, encode_entry
from dauys.core.forms import Text
from dauys.core.ids import CaseId, DecisionNumber
from dauys.core.remedies import Extend
from dauys.crypto.belenios_archive import read_archive
from dauys.crypto.signing import verify_signature
from dauys.scenario.people_keys import PASSPHRASE, TRUSTEES
from tests.integration.played import dauys, once, said, script
from tests.integration.test_belenios_tool import Tool, assert_accepted

pytestmark = pytest.mark.slow

SLUG = "karaganda"
TRUSTEE = {"DAUYS_TRUSTEE_PASSPHRASE": PASSPHRASE}
PLAY = """
import os, sys
from pathlib import Path
from dauys.cli.installation import simulated
from dauys.store.startup import make_tables, start
folder = Path(sys.argv[1])
simulated()
start(folder / "data")
make_tables()
from dauys.cli.scenario import START
from dauys.scenario.week import LENGTH, Week
week = Week.begin(folder / "data", 30, 5, START, lambda *_: None, int(sys.argv[2]))
week.vote(START + LENGTH)
week.keys.write(folder / "holders", os.urandom)
"""
"""Voting, as it stood when its time had come; nobody has closed it."""


@pytest.fixture(scope="module")
def voted(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    def make(folder: Path) -> None:
        folder.mkdir()
        script(PLAY, folder, "0")

    return once(tmp_path_factory, worker_id, "voted", make)


@pytest.fixture
def place(voted: Path, tmp_path: Path) -> Path:
    """A copy to count in."""
    return Path(shutil.copytree(voted, tmp_path / "count"))


def run(place: Path, command: str, *rest: str | Path) -> str:
    """A command on the server, which must succeed."""
    done = dauys(command, SLUG, *rest, "--data", place / "data")
    assert done.returncode == 0, said(done)
    return said(done)


def refused(place: Path, command: str, *rest: str | Path) -> str:
    done = dauys(command, SLUG, *rest, "--data", place / "data")
    assert done.returncode == 1, said(done)
    assert "Nothing was changed" in said(done)
    return said(done)


def decrypt(place: Path, key: Path, out: Path, passphrase: str = PASSPHRASE) -> tuple[int, str]:
    options = ("--key", key, "--out", out, "--yes")
    environment = {"DAUYS_TRUSTEE_PASSPHRASE": passphrase}
    done = dauys("trustee", "decrypt", place / "public", *options, environment=environment)
    return done.returncode, said(done)


def test_the_count_from_the_last_ballot_to_the_verified_result(place: Path) -> None:
    assert "not over" in refused(place, "tally")
    run(place, "close")
    assert "not open" in refused(place, "close")
    assert "sums are not on the board" in refused(place, "announce")
    run(place, "tally")
    run(place, "publish", place / "public")
    for number in range(1, len(TRUSTEES) + 1):
        assert "missing" in refused(place, "announce")
        part = place / f"part-{number}.json"
        status, told = decrypt(place, place / "holders" / f"trustee-{number}.json", part)
        assert status == 0, told
        part.write_bytes(b"\xef\xbb\xbf" + part.read_bytes() + b"\r\n")  # it came by mail
        left = run(place, "accept", part)
        waiting = [str(n) for n in range(number + 1, len(TRUSTEES) + 1)]
        assert ", ".join(waiting) in left
    again = refused(place, "accept", place / "part-1.json")
    assert "the part of trustee 1 is on the board already" in again
    run(place, "announce")
    run(place, "publish", place / "public")
    done = dauys("verify", place / "public", "--json", "--workers", "1")
    assert done.returncode == 0, said(done)
    summary = json.loads(done.stdout)["election"]
    assert summary["stage"] == "final"
    for contest in summary["contests"]:
        (question,) = contest["questions"]
        assert sum(one["votes"] for one in question["candidates"]) == contest["counted"]
    status, told = decrypt(place, place / "holders" / "trustee-1.json", place / "again.json")
    assert (status, (place / "again.json").exists()) == (1, False)
    assert "nothing to decrypt" in told


@pytest.mark.slow
def test_a_group_counts_though_one_of_its_members_is_gone(
    tmp_path: Path, belenios_tool: str
) -> None:
    place = tmp_path / "count"
    place.mkdir()
    script(PLAY, place, "2")
    run(place, "close")
    run(place, "tally")
    run(place, "publish", place / "public")
    part = {number: place / f"part-{number}.json" for number in (1, 3)}
    for number, file in part.items():
        status, told = decrypt(place, place / "holders" / f"trustee-{number}.json", file)
        assert status == 0, told
    assert "1 more of the trustees 1, 2" in run(place, "accept", part[3])
    assert "1 of trustees 1, 2" in refused(place, "announce")
    content = json.loads(part[1].read_bytes())
    for one in content["parts"]:
        one["trustee"] = 2
    forged = place / "forged.json"
    forged.write_bytes(json.dumps(content, sort_keys=True, separators=(",", ":")).encode())
    assert "part of trustee 2" in refused(place, "accept", forged)
    assert "Enough are in" in run(place, "accept", part[1])
    run(place, "announce")
    run(place, "publish", place / "public")
    done = dauys("verify", place / "public", "--workers", "1")
    assert done.returncode == 0, said(done)
    for contest in ("karaganda", "ulytau"):
        folder = place / contest
        folder.mkdir()
        made = folder / "made"
        done = dauys("export-bel", place / "public", "--contest", contest, "--out", made)
        assert done.returncode == 0, said(done)
        contents = read_archive(made)
        assert [owned.owner for owned in contents.partial_decryptions] == [1, 3]
        made.rename(folder / f"{json.loads(contents.election)['uuid']}.bel")
        tool = Tool(belenios_tool, folder)
        assert "all checks passed" in tool.try_run("election", "verify").stderr
        assert_accepted(tool, contents)


def test_a_trustee_decrypts_nothing_with_a_wrong_key_passphrase_or_board(place: Path) -> None:
    run(place, "close")
    run(place, "tally")
    run(place, "publish", place / "public")
    out = place / "part.json"
    genuine = place / "holders" / "trustee-1.json"
    status, told = decrypt(place, genuine, out, "not the passphrase")
    assert (status, "does not open" in told) == (1, True), told

    strange = place / "strange.json"
    assert dauys("trustee", "keygen", "--out", strange, environment=TRUSTEE).returncode == 0
    status, told = decrypt(place, strange, out)
    assert (status, "not the key of a trustee" in told) == (1, True), told

    status, told = decrypt(place, place / "holders" / "commission-chair.json", out)
    assert (status, "ends in .trustee.json" in " ".join(told.split())) == (1, True), told

    bundle = next(p for p in (place / "public" / "tile" / "entries").rglob("*") if p.is_file())
    data = bundle.read_bytes()
    middle = len(data) // 2
    bundle.write_bytes(data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :])
    status, told = decrypt(place, genuine, out)
    assert (status, "does not hold" in told) == (1, True), told
    assert not out.exists()


def test_a_trustee_opens_one_count_of_an_election_only(place: Path) -> None:
    run(place, "close")
    run(place, "tally")
    run(place, "publish", place / "public")
    key = place / "holders" / "trustee-1.json"
    assert decrypt(place, key, place / "part.json")[0] == 0
    assert decrypt(place, key, place / "again.json")[0] == 0
    record = key.with_suffix(".opened.json")
    counts = json.loads(record.read_bytes())
    record.write_text(json.dumps(dict.fromkeys(counts, "0" * 64), separators=(",", ":")))
    status, told = decrypt(place, key, place / "other.json")
    assert (status, (place / "other.json").exists()) == (1, False)
    assert "another count" in told


def test_a_trustee_who_does_not_agree_decrypts_nothing(place: Path) -> None:
    run(place, "close")
    run(place, "tally")
    run(place, "publish", place / "public")
    options = ("--key", place / "holders" / "trustee-1.json", "--out", place / "part.json")
    done = dauys("trustee", "decrypt", place / "public", *options, environment=TRUSTEE)
    assert done.returncode == 1, said(done)
    assert "ballots count" in said(done)
    assert not (place / "part.json").exists()


def test_a_part_that_was_altered_is_not_accepted(place: Path) -> None:
    run(place, "close")
    run(place, "tally")
    run(place, "publish", place / "public")
    part = place / "part.json"
    status, told = decrypt(place, place / "holders" / "trustee-2.json", part)
    assert status == 0, told
    content = json.loads(part.read_bytes())
    for one in content["parts"]:
        one["trustee"] = 1
    part.write_bytes(json.dumps(content, sort_keys=True, separators=(",", ":")).encode())
    refused(place, "accept", part)
    part.write_text("not a part")
    refused(place, "accept", part)


def test_a_member_signs_the_decision_that_was_shown(tmp_path: Path) -> None:
    passphrase = {"DAUYS_COMMISSION_PASSPHRASE": "correct horse battery"}
    key, file = tmp_path / "key.json", tmp_path / "decision.json"
    made = dauys("commission", "keygen", "--out", key, environment=passphrase)
    public = made.stdout.strip().splitlines()[-1]
    decision = Decision(
        number=DecisionNumber(3),
        proposed="2020-08-18T22:00:00Z",
        case=CaseId(1),
        remedy=Extend(closes="2020-08-21T04:00:00Z"),
        reason=Text(kk="себеп", ru="причина", en="the reason"),
    )
    file.write_bytes(encode_entry(decision))
    options = ("commission", "approve", file, "--election", "e1", "--key", key)
    asked = dauys(*options, environment=passphrase, told="n\n")
    assert (asked.returncode, asked.stdout.strip()) == (1, "")
    assert "the reason" in said(asked)
    wrong = {"DAUYS_COMMISSION_PASSPHRASE": "wrong horse battery"}
    shut = dauys(*options, "--yes", environment=wrong)
    assert (shut.returncode, shut.stdout) == (1, "")
    signed = dauys(*options, "--yes", environment=passphrase)
    assert signed.returncode == 0, said(signed)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    signature = bytes.fromhex(signed.stdout.strip())
    verify_signature(public, approval_bytes("e1", digest), signature)
    file.write_text("{}")
    assert dauys(*options, "--yes", environment=passphrase).returncode == 1
