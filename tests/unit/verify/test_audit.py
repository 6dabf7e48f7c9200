"""The auditor on elections that are in order, finished or not."""

import os
import shutil
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from dauys.core.entries import AnyEntry
from dauys.core.executors import WorkersLostError
from dauys.verify.audit import verify
from dauys.verify.checks import NAMES, Outcome
from dauys.verify.errors import UnreadableError
from dauys.verify.report import Report
from tests.unit.verify.plain_log import write_log
from tests.unit.verify.story import ORIGIN, story, texts


def audit(folder: Path, entries: tuple[AnyEntry, ...]) -> Report:
    write_log(folder, texts(entries), ORIGIN, story().board.keys.log)
    return verify(folder)


def faults(report: Report) -> dict[str, str]:
    return {check.name: check.detail for check in report.checks if not check.ok}


def test_a_finished_election_verifies_and_tells_its_result(tmp_path: Path) -> None:
    report = audit(tmp_path, story().entries)
    assert faults(report) == {}
    assert all(check.outcome is Outcome.HOLDS for check in report.checks)
    assert report.summary is not None
    assert report.summary.stage == "final"
    assert (report.summary.ballots, report.summary.counted) == (15, 12)
    assert (report.summary.annulled, report.summary.reclaimed) == (2, 1)
    almaty, astana = report.summary.contests
    (north,), (south,) = almaty.questions, astana.questions
    assert [(c.id, c.votes, c.elected) for c in north.candidates] == [
        ("aigul", 4, True),
        ("bolat", 1, False),
        ("chingiz", 2, False),
    ]
    assert north.zeroed == 1
    assert (south.blank, [c.id for c in south.candidates if c.tied]) == (1, ["dana", "farida"])


@pytest.mark.parametrize(
    "place", ["open", "v1", "v6", "annul", "close", "tally almaty", "result almaty", "final"]
)
def test_an_unfinished_election_verifies_and_says_what_is_not_there_yet(
    tmp_path: Path, place: str
) -> None:
    report = audit(tmp_path, story().until(place))
    assert faults(report) == {}
    outcome = {check.name: check.outcome for check in report.checks}["result-counts"]
    assert outcome is (Outcome.HOLDS if place == "final" else Outcome.NOT_YET)
    assert report.summary is not None
    assert report.summary.has_results is (place == "final")


@pytest.mark.parametrize("length", [1, 2, 3, 4])
def test_an_election_being_sealed_verifies(tmp_path: Path, length: int) -> None:
    assert faults(audit(tmp_path, story().entries[:length])) == {}


def test_every_check_is_reported_once_and_in_order(tmp_path: Path) -> None:
    write_log(tmp_path, texts(story().sealed()), ORIGIN, story().board.keys.log)
    key = story().board.keys.log.public_hex
    report = verify(tmp_path, fingerprint="00" * 32, log_key=key)
    assert tuple(check.name for check in report.checks) == NAMES
    assert report.failed() == ("fingerprint",)


def test_a_pinned_key_is_compared(tmp_path: Path) -> None:
    write_log(tmp_path, texts(story().sealed()), ORIGIN, story().board.keys.log)
    pinned = verify(tmp_path, log_key=story().board.keys.registrar.public_hex)
    assert pinned.failed() == ("log-key",)
    assert pinned.summary is not None
    assert verify(tmp_path, fingerprint=pinned.summary.fingerprint).ok


def test_a_folder_without_a_log_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError):
        verify(tmp_path)
    with pytest.raises(UnreadableError):
        verify(tmp_path / "nowhere")


def test_two_processes_find_what_one_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dauys.verify.audit.FEW", 0)
    monkeypatch.setattr("dauys.verify.proofs.CHUNK", 4)
    write_log(tmp_path, texts(story().entries), ORIGIN, story().board.keys.log)
    steps: list[tuple[str, int, int]] = []
    report = verify(tmp_path, workers=2, progress=lambda *step: steps.append(step))
    assert report == verify(tmp_path)
    assert steps[-1] == ("Checking ballots", 15, 15)
    with ThreadPoolExecutor(2) as executor:
        assert report == verify(tmp_path, workers=executor)


def test_a_process_that_dies_leaves_nothing_verified(tmp_path: Path) -> None:
    write_log(tmp_path, texts(story().entries), ORIGIN, story().board.keys.log)
    dying = ProcessPoolExecutor(1, get_context("spawn"), os._exit, (1,))
    with dying, pytest.raises(WorkersLostError, match="workers were lost"):
        verify(tmp_path, workers=dying)


def test_a_bundle_that_changes_while_ballots_are_checked_is_noticed(tmp_path: Path) -> None:
    data = texts(story().until("close"))
    data += [data[story().places["late clock"]]] * (300 - len(data))
    write_log(tmp_path, data, ORIGIN, story().board.keys.log)
    bundle = tmp_path / "tile/entries/000"

    def change(step: str, done: int, total: int) -> None:
        if (done, total) == (300, 300):
            bundle.write_bytes(bundle.read_bytes().replace(b"answers", b"Answers"))

    assert "entry-bundles" in verify(tmp_path, progress=change).failed()


def test_a_log_that_is_published_anew_while_it_is_read_verifies(tmp_path: Path) -> None:
    key, told = story().board.keys.log, texts(story().entries)
    write_log(tmp_path, told[:60], ORIGIN, key)

    def publish_more(step: str, done: int, total: int) -> None:
        if (step, done, total) == ("Reading entries", 60, 60):
            shutil.rmtree(tmp_path)
            write_log(tmp_path, told, ORIGIN, key)

    report = verify(tmp_path, progress=publish_more)
    assert report.ok
    assert report.summary is not None
    assert report.summary.entries == len(told)


def test_a_log_that_is_published_anew_while_ballots_are_checked_verifies(tmp_path: Path) -> None:
    key, told = story().board.keys.log, texts(story().until("close"))
    write_log(tmp_path, told, ORIGIN, key)
    bundle = tmp_path / f"tile/entries/000.p/{len(told)}"

    def publish_more(step: str, done: int, total: int) -> None:
        if step == "Checking ballots":
            bundle.unlink(missing_ok=True)

    assert verify(tmp_path, progress=publish_more).ok
