"""`dauys verify` and `dauys export-bel` as somebody at a terminal meets them."""

import json
from io import StringIO
from pathlib import Path

import pytest
import typer
from msgspec.structs import replace
from rich.console import Console
from typer.testing import CliRunner, Result

from dauys.cli.export_bel import export_bel
from dauys.cli.progress import shown, shown_steps
from dauys.cli.verify import verify
from dauys.core.entries import Manifest
from dauys.core.forms import Text
from dauys.crypto.ballot import check_ballot, parse_ballot
from dauys.crypto.belenios_archive import read_archive
from tests.unit.verify.plain_log import write_log
from tests.unit.verify.story import ALMATY, ORIGIN, story, texts

app = typer.Typer()
app.command("verify")(verify)
app.command("export-bel")(export_bel)


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, list(map(str, arguments)), env={"COLUMNS": "100"})


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published")
    write_log(folder, texts(story().entries), ORIGIN, story().board.keys.log)
    return folder


def test_a_verified_election_is_told_with_its_result(published: Path) -> None:
    told = run("verify", published, "--workers", "1")
    assert told.exit_code == 0
    assert "Verified: every check holds." in told.output
    assert "compare it with the printed one" in told.output
    for line in ("✓ every ballot is proved to hold", "8 of 10 voters (80.0%)", "tied", "annulled"):
        assert line in told.output


def test_a_pinned_fingerprint_may_be_written_in_groups(published: Path) -> None:
    fingerprint = json.loads(run("verify", published, "--json").output)["election"]["fingerprint"]
    grouped = " ".join(fingerprint[i : i + 8].upper() for i in range(0, 64, 8))
    told = run("verify", published, "--fingerprint", grouped)
    assert told.exit_code == 0
    assert "printed" not in told.output
    wrong = run("verify", published, "--fingerprint", "00" * 32)
    assert wrong.exit_code == 1
    assert "fingerprint" in wrong.output
    assert run("verify", published, "--key", "beef").exit_code == 2
    assert run("verify", published, "--key", "be" * 32).exit_code == 1


def test_a_failed_check_is_named_and_no_result_is_told(tmp_path: Path) -> None:
    write_log(tmp_path, texts(story().entries)[:-2], ORIGIN, story().board.keys.log)
    (tmp_path / "tile/0/000.p/62").write_bytes(bytes(32 * 62))
    told = run("verify", tmp_path)
    assert told.exit_code == 1
    assert "✗ the hash tiles are what the entries give (tile-hashes)" in told.output
    assert "NOT VERIFIED. These checks do not hold: tile-hashes" in told.output
    assert "of 10 voters" not in told.output


def test_an_unfinished_election_says_that_there_is_no_result(tmp_path: Path) -> None:
    write_log(tmp_path / "log", texts(story().until("close")), ORIGIN, story().board.keys.log)
    told = run("verify", tmp_path)
    assert told.exit_code == 0
    assert "There is no result yet" in told.output
    assert "No result yet." in told.output


def test_a_report_in_json_holds_every_check(published: Path) -> None:
    report = json.loads(run("verify", published, "--json").output)
    assert report["ok"] is True
    assert report["failed"] == []
    assert {check["outcome"] for check in report["checks"]} == {"holds"}
    assert report["election"]["contests"][0]["questions"][0]["candidates"][0]["votes"] == 4


@pytest.mark.parametrize("name", ["nothing", "."])
def test_what_is_no_published_folder_is_refused(tmp_path: Path, name: str) -> None:
    assert run("verify", tmp_path / name).exit_code == 2


def test_names_in_the_log_cannot_steer_the_terminal(tmp_path: Path) -> None:
    entry, *others = story().entries[:5]
    assert isinstance(entry, Manifest)
    name = Text(kk="-", ru="-", en="\x1b]0;all is well\x07[red]Council")
    sealed = [replace(entry, name=name), *others]
    write_log(tmp_path, texts(sealed), ORIGIN, story().board.keys.log)
    told = run("verify", tmp_path)
    assert "\x1b]" not in told.output
    assert "[red]Council" in told.output


@pytest.mark.parametrize(("stratum", "ballots"), [("total", 8), ("sms", 2), ("eds", 6)])
def test_a_stratum_is_exported_with_the_ballots_that_count(
    published: Path, tmp_path: Path, stratum: str, ballots: int
) -> None:
    out = tmp_path / "almaty.bel"
    told = run("export-bel", published, "--contest", ALMATY, "--stratum", stratum, "--out", out)
    assert told.exit_code == 0
    archive = read_archive(out)
    parsed = [parse_ballot(text) for text in archive.ballots]
    for ballot in parsed:
        check_ballot(ballot, story().board.elections[ALMATY])
    assert tuple(ballot.credential for ballot in parsed) == archive.credentials
    assert len(parsed) == ballots
    assert [part.owner for part in archive.partial_decryptions] == [1, 2]
    assert archive.result is not None
    assert archive.tally is not None
    assert archive.tally.total_weight == ballots


def test_an_unfinished_contest_is_exported_without_a_result(tmp_path: Path) -> None:
    write_log(tmp_path / "log", texts(story().until("v6")), ORIGIN, story().board.keys.log)
    out = tmp_path / "almaty.bel"
    assert run("export-bel", tmp_path, "--contest", ALMATY, "--out", out).exit_code == 0
    archive = read_archive(out)
    assert (len(archive.credentials), archive.ended, archive.tally) == (6, False, None)


@pytest.mark.parametrize(
    "options",
    [("--contest", "nowhere"), ("--contest", ALMATY, "--stratum", "fax")],
)
def test_what_is_not_in_the_log_is_not_exported(
    published: Path, tmp_path: Path, options: tuple[str, ...]
) -> None:
    out = tmp_path / "x.bel"
    assert run("export-bel", published, *options, "--out", out).exit_code == 2
    assert not out.exists()


def test_a_log_that_is_not_in_order_is_not_exported(published: Path, tmp_path: Path) -> None:
    write_log(tmp_path, texts(story().entries)[::-1], ORIGIN, story().board.keys.log)
    told = run("export-bel", tmp_path, "--contest", ALMATY, "--out", tmp_path / "x.bel")
    assert told.exit_code == 2
    assert "entry-order" in told.output


def test_progress_is_shown_on_a_terminal_after_two_seconds() -> None:
    screen = StringIO()
    console = Console(file=screen, force_terminal=True, width=100)
    times = iter([0.0, 1.0, 3.0, 3.01, 4.0])
    with shown_steps(console, lambda: next(times)) as tell:
        tell("Checking ballots", 1, 4)
        assert screen.getvalue() == ""
        tell("Checking ballots", 2, 4)
        tell("Checking ballots", 3, 4)
        tell("Checking ballots", 4, 4)
    assert "Checking ballots" in screen.getvalue()


def test_progress_is_not_shown_elsewhere(capsys: pytest.CaptureFixture[str]) -> None:
    with shown("Counting") as tell:
        tell(1, 2)
    assert capsys.readouterr() == ("", "")
