"""`dauys signature`: what it tells, and with which exit status."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from dauys.cli.signature import app
from dauys.scenario.test_ca import Profile, TestAuthority
from dauys.scenario.test_keys import KeyKind
from dauys.scenario.test_revocation import revocation_list
from tests.unit.identity.conftest import BIN, IIN
from tests.unit.identity.memory import START

NAME = "ӘБДІЛДИНА ЖАНСАЯ"
AT = ("--at", "2026-08-05T05:00:00Z")


@pytest.fixture(scope="module")
def authority() -> TestAuthority:
    return TestAuthority.create(START, kind=KeyKind.GOST_512)


@pytest.fixture
def folder(authority: TestAuthority, tmp_path: Path) -> Path:
    for name, data in (("roots", authority.root), ("between", authority.intermediate)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "one.cer").write_bytes(data)
    person = authority.issue_person(IIN, NAME)
    head = authority.issue_head(BIN, IIN, NAME, "ТОО «Сынақ»")
    (tmp_path / "person.cer").write_bytes(person.certificate)
    (tmp_path / "good.cms").write_bytes(authority.sign_cms(head, b"content"))
    (tmp_path / "bad.cms").write_bytes(
        authority.sign_cms(head, b"content").replace(b"content", b"CONTENT")
    )
    detached = authority.sign_cms(person, b"content", attached=False)
    (tmp_path / "detached.cms").write_bytes(detached)
    (tmp_path / "two.cms").write_bytes(authority.sign_cms(person, b"content", with_signers=[head]))
    (tmp_path / "content").write_bytes(b"content")
    (tmp_path / "other").write_bytes(b"other")
    issuer = authority.intermediate_leaf
    (tmp_path / "empty.crl").write_bytes(revocation_list(issuer, START))
    (tmp_path / "full.crl").write_bytes(revocation_list(issuer, START, [person.certificate]))
    return tmp_path


def run(folder: Path, command: str, file: str, *arguments: str) -> Result:
    trust = ("--anchors", str(folder / "roots"), "--intermediates", str(folder / "between"))
    return CliRunner().invoke(app, [command, str(folder / file), *trust, *AT, *arguments])


def test_a_good_signature_is_told_in_full(folder: Path) -> None:
    told = run(folder, "check", "good.cms", "--json")
    assert told.exit_code == 0
    report = json.loads(told.stdout)
    assert report["ok"]
    assert all(check["ok"] for check in report["checks"])
    assert (report["iin"], report["bin"], report["name"]) == (IIN, BIN, NAME)
    assert (report["role"], report["organisation"]) == ("first_head", "ТОО «Сынақ»")
    assert report["algorithm"] == "gost-2015-512"
    assert report["purposes"] == ["legal entity", "first head", "signing"]
    assert report["valid_until"] == "2027-08-05T04:00:00Z"
    assert report["revocation"] == "not_asked"


def test_the_same_for_people(folder: Path) -> None:
    told = run(folder, "check", "good.cms")
    assert told.exit_code == 0
    assert told.stdout.endswith("VALID\n")
    assert IIN in told.stdout
    assert "FAILS" not in told.stdout


def test_every_fault_is_told(folder: Path) -> None:
    trust = ("--anchors", str(folder / "between"), "--at", "2030-08-05T05:00:00Z")
    told = CliRunner().invoke(app, ["check", str(folder / "bad.cms"), *trust, "--json"])
    assert told.exit_code == 1
    codes = {check["name"]: check["code"] for check in json.loads(told.stdout)["checks"]}
    assert codes == {
        "signature over the content": "bad_signature",
        "chain to a trusted anchor": "expired",
        "key is for signing documents": "",
        "holder and role": "",
    }


@pytest.mark.parametrize(
    ("content", "status"), [("content", 0), ("other", 1), (None, 2)], ids=["same", "other", "none"]
)
def test_content_may_travel_apart(folder: Path, content: str | None, status: int) -> None:
    option = ("--content", str(folder / content)) if content else ()
    assert run(folder, "check", "detached.cms", *option).exit_code == status


def test_another_content_than_attached_is_not_checked(folder: Path) -> None:
    told = run(folder, "check", "good.cms", "--content", str(folder / "other"))
    assert (told.exit_code, "wrong_content" in told.stderr) == (2, True)


def test_two_signers_are_not_checked(folder: Path) -> None:
    told = run(folder, "check", "two.cms")
    assert (told.exit_code, "two_signers" in told.stderr) == (2, True)


@pytest.mark.parametrize(
    ("name", "status", "revocation"), [("empty.crl", 0, "unknown"), ("full.crl", 1, "not_asked")]
)
def test_lists_are_looked_up(folder: Path, name: str, status: int, revocation: str) -> None:
    told = run(folder, "certificate", "person.cer", "--crl", str(folder / name), "--json")
    assert told.exit_code == status
    report = json.loads(told.stdout)
    # The root's own list is not at hand: of the intermediate nothing is known.
    assert report["revocation"] == revocation
    assert [check["code"] for check in report["checks"]] == ["", "", "", "revoked" * status]


def test_a_key_for_logging_in_is_not_valid(folder: Path, authority: TestAuthority) -> None:
    login = authority.issue_authentication(IIN, NAME)
    (folder / "login.cer").write_bytes(login.certificate)
    told = run(folder, "certificate", "login.cer")
    assert (told.exit_code, "not_for_signing" in told.stdout) == (1, True)


def test_a_name_does_not_steer_the_terminal(folder: Path, authority: TestAuthority) -> None:
    leaf = authority.issue_person(IIN, "ӘБДІЛДИНА\x1b[2J\nVALID")
    (folder / "odd.cer").write_bytes(leaf.certificate)
    told = run(folder, "certificate", "odd.cer")
    assert "\x1b" not in told.stdout
    assert told.stdout.count("\nVALID") == 1


def test_wrong_check_digits_pass_only_when_told(folder: Path, authority: TestAuthority) -> None:
    (folder / "test.cer").write_bytes(authority.issue_person("123456789011", NAME).certificate)
    assert run(folder, "certificate", "test.cer").exit_code == 1
    assert run(folder, "certificate", "test.cer", "--test-numbers").exit_code == 0


def test_a_certificate_of_tomorrow(folder: Path, authority: TestAuthority) -> None:
    issued = Profile(("1.3.6.1.5.5.7.3.4", "1.2.398.3.3.4.1.1"), starts=timedelta(days=1))
    leaf = authority.issue_person(IIN, NAME, issued=issued)
    (folder / "future.cer").write_bytes(leaf.certificate)
    told = run(folder, "certificate", "future.cer")
    assert (told.exit_code, "not_yet_valid" in told.stdout) == (1, True)


@pytest.mark.parametrize("file", ["content", "missing", "person.cer"])
def test_what_is_no_message_is_unreadable(folder: Path, file: str) -> None:
    assert run(folder, "check", file).exit_code == 2


def test_what_is_no_certificate_is_unreadable(folder: Path) -> None:
    assert run(folder, "certificate", "content").exit_code == 2
    (folder / "roots" / "rubbish.cer").write_bytes(b"rubbish")
    assert run(folder, "certificate", "person.cer").exit_code == 2


def test_wrong_options_are_named(folder: Path) -> None:
    trust = ("--anchors", str(folder / "nowhere"))
    told = CliRunner().invoke(app, ["certificate", str(folder / "person.cer"), *trust])
    assert (told.exit_code, "nowhere" in told.stderr) == (2, True)
    when = ("--anchors", str(folder / "roots"), "--at", "yesterday")
    told = CliRunner().invoke(app, ["certificate", str(folder / "person.cer"), *when])
    assert (told.exit_code, "yesterday" in told.stderr) == (2, True)
