"""The fuzzers run for a bounded time. Atheris wants a process of its own: it exits for itself."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

SECONDS = 40


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="no atheris here")
def test_spoilt_signatures_neither_crash_nor_hang_nor_pass(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.signatures", str(SECONDS), str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=SECONDS + 120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert "DONE" in done.stderr
    assert len(list(tmp_path.iterdir())) > 8, "nothing new was reached: it is not instrumented"
