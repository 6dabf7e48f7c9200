"""In CI no test goes missing: a skip for want of a browser or a server is a failure."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run_a_browser_test(folder: Path, *arguments: str, **settings: str) -> tuple[int, str]:
    """Exit status and output of pytest for a test that wants a Chromium where there is none."""
    (folder / "test_page.py").write_text("def test_page(chromium_path): pass\n")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DAUYS_")}
    environment = {**kept, "PATH": "", "CHROMIUM": "", **settings}
    command = [
        *(sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), "--rootdir", "."),
        *(
            "-p",
            "tests.conftest",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:django",
            "-n0",
            *arguments,
            str(folder),
        ),
    ]
    run = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    return run.returncode, run.stdout


def test_missing_browser_is_a_loud_skip_at_home(tmp_path: Path) -> None:
    status, output = run_a_browser_test(tmp_path)
    assert status == 0
    assert "no Chromium: set CHROMIUM" in output
    assert "1 skipped" in output


def test_missing_browser_is_a_failure_where_all_is_required(tmp_path: Path) -> None:
    status, output = run_a_browser_test(tmp_path, DAUYS_REQUIRE_ALL="1")
    assert status == 1
    assert "no Chromium: set CHROMIUM" in output
    assert "skipped" not in output


def test_missing_browser_is_excused_by_name_alone(tmp_path: Path) -> None:
    excused = run_a_browser_test(tmp_path, DAUYS_REQUIRE_ALL="1", DAUYS_WITHOUT="belenios browser")
    assert excused[0] == 0
    other = run_a_browser_test(tmp_path, DAUYS_REQUIRE_ALL="1", DAUYS_WITHOUT="belenios")
    assert other[0] == 1


def test_deselecting_browsers_finds_tests_that_never_said_they_use_one(tmp_path: Path) -> None:
    status, output = run_a_browser_test(tmp_path, "-m", "not browser")
    assert status == pytest.ExitCode.NO_TESTS_COLLECTED
    assert "1 deselected" in output
