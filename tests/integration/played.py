"""Elections played by the real commands, in processes of their own, once for a test session."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

TREE = Path(__file__).parents[2]
"""Whence scripts are run that tests hand to Python: they import `tests` too."""


@dataclass(frozen=True, slots=True)
class Played:
    """An election simulated to its end, as `dauys scenario` leaves it."""

    folder: Path

    @property
    def public(self) -> Path:
        """The published board."""
        return self.folder / "public"

    @property
    def report(self) -> dict[str, Any]:
        """What `report.json` says."""
        content: dict[str, Any] = json.loads((self.folder / "report.json").read_bytes())
        return content

    def entries(self) -> Iterator[bytes]:
        """The published entries, read as docs/protocol.md, section 2 says, by no code of ours."""
        bundles = self.public / "tile" / "entries"
        whole = sorted(path for path in bundles.rglob("*") if path.is_file())
        for bundle in sorted(whole, key=lambda path: path.relative_to(bundles).parts[0][:3]):
            data = bundle.read_bytes()
            while data:
                length = int.from_bytes(data[:2], "big")
                yield data[2 : 2 + length]
                data = data[2 + length :]


def dauys(
    *arguments: str | Path, environment: Mapping[str, str] | None = None, told: str | None = None
) -> "subprocess.CompletedProcess[str]":
    """Run the command `dauys` to its end, with `told` on its standard input."""
    return subprocess.run(
        [sys.executable, "-m", "dauys.cli.main", *map(str, arguments)],
        env={**os.environ, "COLUMNS": "80", **(environment or {})},
        cwd=TREE,
        input=told,
        stdin=None if told is not None else subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def said(done: "subprocess.CompletedProcess[str]") -> str:
    """All that a command wrote. Whatever it was, it was no traceback."""
    written = done.stdout + done.stderr
    assert "Traceback" not in written, written
    return written


def script(text: str, *arguments: str | Path) -> str:
    """What a Python script wrote, run in a process of its own as Django wants it."""
    done = subprocess.run(
        [sys.executable, "-c", text, *map(str, arguments)],
        cwd=TREE,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def once(
    factory: pytest.TempPathFactory, worker: str, name: str, make: Callable[[Path], object]
) -> Path:
    """The folder `name`, made by the first of all workers of the session that wants it."""
    shared = factory.getbasetemp() if worker == "master" else factory.getbasetemp().parent
    folder, done = shared / name, shared / f"{name}.done"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            make(folder)
            done.touch()
    return folder


def copied(factory: pytest.TempPathFactory, folder: Path) -> Path:
    """A copy of `folder` for one test process to change."""
    return Path(shutil.copytree(folder, factory.mktemp(folder.name) / "copy"))


def demonstration(factory: pytest.TempPathFactory, worker: str) -> Path:
    """Data of the demonstration, in which voting is open: a copy."""

    def make(folder: Path) -> None:
        done = dauys("demo", "--no-serve", "--voters", "120", "--data", folder)
        assert done.returncode == 0, done.stderr

    return copied(factory, once(factory, worker, "demonstration", make))


def karaganda(factory: pytest.TempPathFactory, worker: str, voters: int, seed: int) -> Played:
    """The simulated week."""

    def make(folder: Path) -> None:
        arguments = ("--voters", str(voters), "--seed", str(seed), "--out", folder)
        done = dauys("scenario", "karaganda", *arguments)
        assert done.returncode == 0, done.stderr

    return Played(once(factory, worker, f"karaganda-{voters}-{seed}", make))
