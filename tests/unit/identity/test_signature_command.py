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
SIGNS = ("1.3.6.1.5.5.7.3.4", "1.2.398.3.3.4.1.1")
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
    assert report["roles"] == ["first_head", "legal_entity"]
    assert (report["verdict"], report["reason"]) == ("valid", "")
    assert report["may_vote"] == "for the organisation"
    assert report["valid_until"] == "2027-08-05T04:00:00Z"
    assert report["revocation"] == "not_asked"


def test_the_same_for_people(folder: Path) -> None:
    told = run(folder, "check", "good.cms")
    assert told.exit_code == 0
    assert told.stdout.startswith("VALID\n")
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
    ("content", "status"), [("content", 0), ("other", 1), (None, 1)], ids=["same", "other", "none"]
)
def test_content_may_travel_apart(folder: Path, content: str | None, status: int) -> None:
    option = ("--content", str(folder / content)) if content else ()
    assert run(folder, "check", "detached.cms", *option).exit_code == status


def test_another_content_than_attached_is_not_valid(folder: Path) -> None:
    told = run(folder, "check", "good.cms", "--content", str(folder / "other"))
    assert (told.exit_code, "wrong_content" in told.stdout) == (1, True)


def test_a_detached_signature_tells_its_signer_all_the_same(folder: Path) -> None:
    told = run(folder, "check", "detached.cms", "--json")
    report = json.loads(told.stdout)
    assert (told.exit_code, report["reason"], report["iin"]) == (1, "not_attached", IIN)
    assert "--content" in run(folder, "check", "detached.cms").stdout


def test_two_signers_are_not_valid(folder: Path) -> None:
    told = run(folder, "check", "two.cms", "--json")
    report = json.loads(told.stdout)
    assert (told.exit_code, report["verdict"]) == (1, "not_valid")
    assert report["reason"] == "two_signers"
    assert sorted(report["signers"]) == [f"{NAME} {IIN}", f"{NAME} {IIN} {BIN}"]


@pytest.mark.parametrize(
    ("name", "status", "revocation"), [("empty.crl", 0, "good"), ("full.crl", 1, "revoked")]
)
def test_lists_are_looked_up(folder: Path, name: str, status: int, revocation: str) -> None:
    told = run(folder, "certificate", "person.cer", "--crl", str(folder / name), "--json")
    assert told.exit_code == status
    report = json.loads(told.stdout)
    # The root's own list is not at hand: of the signer all is known.
    assert report["revocation"] == revocation
    assert [check["code"] for check in report["checks"]] == ["", "", "", "revoked" * status]


def test_a_list_tells_what_was_so_at_another_time(folder: Path, authority: TestAuthority) -> None:
    """Revoked at four: good before, revoked after, also when the list is out of date."""
    crl = ("--crl", str(folder / "full.crl"))
    for at, status in (("2026-08-05T04:00:01Z", 1), ("2026-08-09T04:00:00Z", 1)):
        assert run(folder, "certificate", "person.cer", *crl, "--at", at).exit_code == status
    early = authority.issue_person(IIN, NAME, issued=Profile(SIGNS, starts=-timedelta(days=9)))
    (folder / "early.cer").write_bytes(early.certificate)
    issuer = authority.intermediate_leaf
    (folder / "one.crl").write_bytes(revocation_list(issuer, START, [early.certificate]))
    asked = ("--crl", str(folder / "one.crl"), "--at", "2026-08-04T04:00:00Z", "--json")
    report = json.loads(run(folder, "certificate", "early.cer", *asked).stdout)
    assert (report["ok"], report["revocation"]) == (True, "good")


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
    assert "\nVALID" not in told.stdout


def test_wrong_check_digits_pass_only_when_told(folder: Path, authority: TestAuthority) -> None:
    """Those of the CA's own test series pass by default, and are named as such."""
    wrong, series = "900101300018", "123456789011"
    for iin, strict, test, every in ((wrong, 1, 1, 0), (series, 1, 0, 0)):
        (folder / "test.cer").write_bytes(authority.issue_person(iin, NAME).certificate)
        for numbers, status in (("strict", strict), ("test", test), ("any", every)):
            told = run(folder, "certificate", "test.cer", "--numbers", numbers)
            assert (told.exit_code, iin in told.stdout) == (status, True), (iin, numbers)
        assert ("test number" in run(folder, "certificate", "test.cer").stdout) == (iin == series)
    assert run(folder, "certificate", "test.cer", "--numbers", "all").exit_code == 2


def test_a_certificate_of_tomorrow(folder: Path, authority: TestAuthority) -> None:
    issued = Profile(SIGNS, starts=timedelta(days=1))
    leaf = authority.issue_person(IIN, NAME, issued=issued)
    (folder / "future.cer").write_bytes(leaf.certificate)
    told = run(folder, "certificate", "future.cer")
    assert (told.exit_code, "not_yet_valid" in told.stdout) == (1, True)


@pytest.mark.parametrize("file", ["content", "missing", "person.cer"])
def test_what_is_no_message_is_unreadable(folder: Path, file: str) -> None:
    told = run(folder, "check", file, "--json")
    assert told.exit_code == 2
    assert json.loads(told.stdout)["verdict"] == "unreadable"


def test_what_is_no_certificate_is_unreadable(folder: Path) -> None:
    assert run(folder, "certificate", "content").exit_code == 2
    assert run(folder, "certificate", "good.cms").exit_code == 2


def test_a_folder_of_anchors_may_hold_other_files(folder: Path) -> None:
    """Lists, messages and signers' certificates among them; nobody vouches for himself."""
    for name in ("content", "good.cms", "person.cer", "empty.crl"):
        (folder / "roots" / name).write_bytes((folder / name).read_bytes())
    told = run(folder, "certificate", "person.cer")
    assert (told.exit_code, "Left aside" in told.stderr) == (0, True)
    (folder / "roots" / "one.cer").unlink()
    told = run(folder, "certificate", "person.cer")
    assert (told.exit_code, "no certificate of an authority" in told.stderr) == (2, True)


@pytest.mark.parametrize(
    ("at", "status"),
    [
        ("2026-08-06", 0),
        ("2026-08-05T10:30:00+05:00", 0),
        ("2026-08-05T08:59:00+05:00", 1),
        ("2026-08-05 05:00", 0),
    ],
)
def test_times_are_taken_as_people_write_them(folder: Path, at: str, status: int) -> None:
    """The certificate begins at four in the morning of the fifth, by UTC."""
    told = run(folder, "certificate", "person.cer", "--at", at)
    assert told.exit_code == status, told.output


def test_wrong_options_are_named(folder: Path) -> None:
    trust = ("--anchors", str(folder / "nowhere"))
    told = CliRunner().invoke(app, ["certificate", str(folder / "person.cer"), *trust])
    assert (told.exit_code, "nowhere" in told.stderr) == (2, True)
    when = ("--anchors", str(folder / "roots"), "--at", "yesterday")
    told = CliRunner().invoke(app, ["certificate", str(folder / "person.cer"), *when])
    assert (told.exit_code, "yesterday" in told.stderr) == (2, True)
