"""What a command answers who was asked for what cannot be: a sentence, and status 2."""

import socket
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.played import dauys, said
from tests.unit.verify.plain_log import write_log
from tests.unit.verify.story import ORIGIN, story, texts

Arguments = Callable[[Path], tuple[str, ...]]

MISUSES: dict[str, tuple[Arguments, str]] = {
    "verify nothing": (lambda f: ("verify", f"{f}/missing"), "missing"),
    "verify an empty folder": (lambda f: ("verify", f"{f}/empty"), "checkpoint"),
    "a fingerprint that is none": (
        lambda f: ("verify", f"{f}/log", "--fingerprint", "12"),
        "64 hex digits",
    ),
    "a scenario over something": (
        lambda f: ("scenario", "karaganda", "--voters", "50", "--out", str(f)),
        "is not empty",
    ),
    "a scenario in a file": (
        lambda f: ("scenario", "karaganda", "--voters", "50", "--out", f"{f}/file"),
        "cannot be written",
    ),
    "a scenario without voters": (
        lambda f: ("scenario", "karaganda", "--voters", "0", "--out", f"{f}/new"),
        "--voters",
    ),
    "a demonstration over something": (
        lambda f: ("demo", "--no-serve", "--data", str(f)),
        "holds something else",
    ),
    "an unknown contest": (
        lambda f: ("export-bel", f"{f}/log", "--contest", "mars", "--out", f"{f}/a.bel"),
        "mars",
    ),
    "an unknown stratum": (
        lambda f: (
            *("export-bel", f"{f}/log", "--contest", "almaty"),
            *("--stratum", "pigeon", "--out", f"{f}/a.bel"),
        ),
        "pigeon",
    ),
    "an archive over an archive": (
        lambda f: ("export-bel", f"{f}/log", "--contest", "almaty", "--out", f"{f}/empty"),
        "empty",
    ),
    "an unknown election": (lambda f: ("tally", "nowhere", "--data", f"{f}/data"), "nowhere"),
    "a part that is not there": (
        lambda f: ("accept", "nowhere", f"{f}/part.json", "--data", f"{f}/data"),
        "part.json cannot be read",
    ),
    "a register that is not there": (
        lambda f: ("register", "check", f"{f}/r.csv", "--region", "A=a"),
        "r.csv cannot be read",
    ),
    "a register that is no table": (
        lambda f: ("register", "check", f"{f}/file", "--region", "A=a"),
        "file: ",
    ),
    "a region without its contest": (
        lambda f: ("register", "check", f"{f}/r.csv", "--region", "A"),
        "with = between them",
    ),
    "a port beyond ports": (lambda _: ("serve", "--port", "70000"), "--port"),
    "an address of another machine": (
        lambda f: ("serve", "--host", "192.0.2.1", "--data", f"{f}/data"),
        "not an address of this machine",
    ),
    "a command that is none": (lambda _: ("elect",), "elect"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("usage")
    (folder / "file").write_text("only a word")
    (folder / "empty").mkdir()
    write_log(folder / "log", texts(story().entries), ORIGIN, story().board.keys.log)
    return folder


def test_a_file_that_is_no_archive_is_not_verified_and_says_which_check_failed(
    folder: Path,
) -> None:
    done = dauys("verify", folder / "file")
    assert done.returncode == 1, said(done)
    assert "NOT VERIFIED. These checks do not hold: archive-form" in done.stdout


@pytest.mark.parametrize("misuse", MISUSES)
def test_misuse_is_answered_with_a_sentence_and_status_2(folder: Path, misuse: str) -> None:
    arguments, hint = MISUSES[misuse]
    done = dauys(*arguments(folder))
    assert done.returncode == 2, said(done)
    assert not done.stdout
    assert hint in " ".join(said(done).split())


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_taken_port_is_told_before_anything_is_done(folder: Path, command: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        data = folder / f"data-{command}"
        done = dauys(command, "--port", str(port), "--data", data)
    assert done.returncode == 2
    assert f"Port {port} is taken" in said(done)
    assert not data.exists()


def test_a_server_that_would_not_sync_does_not_start(folder: Path) -> None:
    done = dauys(
        *("serve", "--port", "1", "--data", str(folder / "unsynced")),
        environment={"DAUYS_SQLITE_SYNC": "off"},
    )
    assert done.returncode == 2
    assert "DAUYS_SQLITE_SYNC" in said(done)


@pytest.mark.parametrize("holder", ["trustee", "commission"])
def test_a_key_is_sealed_for_its_owner_and_never_written_over(tmp_path: Path, holder: str) -> None:
    file, passphrase = tmp_path / "key.json", "correct horse battery"
    variable = f"DAUYS_{holder.upper()}_PASSPHRASE"
    made = dauys(holder, "keygen", "--out", file, environment={variable: passphrase})
    assert made.returncode == 0, said(made)
    assert stat.S_IMODE(file.stat().st_mode) == stat.S_IRUSR | stat.S_IWUSR
    assert passphrase not in said(made) + file.read_text()
    content = file.read_bytes()
    again = dauys(holder, "keygen", "--out", file, environment={variable: passphrase})
    assert again.returncode == 1
    assert "never written over" in said(again)
    assert file.read_bytes() == content


@pytest.mark.parametrize("holder", ["trustee", "commission"])
def test_a_short_passphrase_is_refused(tmp_path: Path, holder: str) -> None:
    file = tmp_path / "key.json"
    variable = f"DAUYS_{holder.upper()}_PASSPHRASE"
    done = dauys(holder, "keygen", "--out", file, environment={variable: "short"})
    assert done.returncode == 1
    assert "12 characters" in said(done)
    assert not file.exists()
