"""Makes `.venv` with everything Dauys needs, using nothing but the standard library.

    python3 bootstrap.py              what a developer needs: run, test, check
    python3 bootstrap.py --runtime    what a server needs: run

Packages come from a lock file whose every line carries a hash, so a run gets the files
their authors published or stops. A second run does nothing until a lock file changes; a run
that was cut short is repaired by the next one. Works as root or not, where Debian's
`python3-venv` is missing but `python3-pip` is there, and where the system's own
packages are off limits (PEP 668): nothing outside `.venv` is touched.
"""

import argparse
import fcntl
import hashlib
import json
import os
import shlex
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

# Checked at run time, and before any line that an older Python would trip over.
if sys.version_info < (3, 11):  # noqa: UP036 -- this line is what tells people so
    sys.exit(
        "Dauys needs Python 3.11 or newer; this is {}.{} at {}.\n"
        "With several installed, name one: make PY=python3.12 demo".format(
            *sys.version_info[:2], sys.executable
        )
    )

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / ".dauys-ready.json"

# Raised when this file starts to lay `.venv` out differently: older ones are then made anew.
LAYOUT = "1"

NO_PIP = """\
This Python has neither ensurepip nor pip, so packages cannot be installed.
On Debian or Ubuntu:  apt-get install python3-venv   (or python3-pip)
On Fedora:            dnf install python3-pip
Then run the same command again."""

PIP_FAILED = """\
pip could not install {lock}; its own words are above. It ran:
{command}
With the network back, run the same command again: it starts over."""


class BootstrapError(Exception):
    """A step failed; the message says what the reader can do about it."""


def main() -> int:
    """Bring `.venv` up to date; 0 when it is ready, 1 with a message when it cannot be."""
    parser = argparse.ArgumentParser(description="Makes .venv from the hash-locked list.")
    parser.add_argument("--runtime", action="store_true", help="leave test tools out")
    options = parser.parse_args()
    lock = ROOT / ("requirements.lock" if options.runtime else "requirements-dev.lock")
    try:
        with OneAtATime(ROOT):
            prepare(lock)
    except BootstrapError as error:
        print(f"bootstrap: failed.\n{error}", file=sys.stderr)
        return 1
    return 0


def prepare(lock: Path) -> None:
    """Leave `.venv` holding what `lock` lists, doing only what is still to do."""
    wanted = {
        "python": "{}.{}".format(*sys.version_info[:2]),
        "place": str(ROOT),
        "layout": LAYOUT,
        "lock": digest(lock),
    }
    found = read_stamp()
    if found == wanted:
        return
    # Without the stamp the next run starts over, should this one be cut short.
    STAMP.unlink(missing_ok=True)
    if {**found, "lock": ""} != {**wanted, "lock": ""}:
        say(f"making .venv with Python {wanted['python']} ({sys.executable})")
        make_environment()
    say(f"installing {lock.name}; the first time takes a minute or two")
    install(lock)
    add_dauys()
    compile_kernel()
    STAMP.write_text(json.dumps(wanted, indent=1) + "\n", encoding="ascii")
    say("done: .venv is ready")


def read_stamp() -> dict[str, str]:
    """What the environment was last made for; empty if it is missing, broken or half made."""
    try:
        stamp: dict[str, str] = json.loads(STAMP.read_text(encoding="ascii"))
        # The interpreter behind the environment may have been removed or upgraded since.
        subprocess.run([PYTHON, "-c", ""], check=True, capture_output=True)
    except (OSError, ValueError, subprocess.CalledProcessError):
        return {}
    return stamp


def make_environment() -> None:
    """Make an empty `.venv`, with pip inside when ensurepip is there."""
    try:
        venv.create(VENV, clear=True, symlinks=True, with_pip=has("ensurepip"))
    except subprocess.CalledProcessError:
        # Some distributions ship ensurepip without the wheels that it unpacks.
        venv.create(VENV, clear=True, symlinks=True, with_pip=False)
    except OSError as error:
        message = f"{VENV} cannot be written: {error}"
        raise BootstrapError(message) from error


def install(lock: Path) -> None:
    """Install exactly the files that `lock` names; any other file is refused."""
    if (Path(site_packages()) / "pip").is_dir():
        pip = [str(PYTHON), "-m", "pip"]
    elif has("pip"):
        pip = [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    else:
        raise BootstrapError(NO_PIP)
    quiet = ["-qq", "--disable-pip-version-check", "--no-input", "--root-user-action=ignore"]
    # The lock is complete, so pip need not (and with --no-deps cannot) look for more.
    exact = ["--require-hashes", "--no-deps", "--only-binary=:all:", "-r", str(lock)]
    command = [*pip, "install", *quiet, *exact]
    # PIP_USER, PIP_TARGET and PIP_PREFIX would send the packages elsewhere.
    elsewhere = {"PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PYTHONPATH", "PYTHONHOME"}
    environment = {name: value for name, value in os.environ.items() if name not in elsewhere}
    if subprocess.run(command, check=False, env=environment).returncode:
        raise BootstrapError(PIP_FAILED.format(lock=lock.name, command=shlex.join(command)))


def add_dauys() -> None:
    """Put `src` on the environment's path and the `dauys` command in its `bin`.

    An editable install would do the same, but needs a build backend and its requirements.
    """
    path_file = Path(site_packages()) / "dauys.pth"
    path_file.write_text(f"{ROOT / 'src'}\n", encoding="utf-8")
    launcher = VENV / "bin" / "dauys"
    program = "from dauys.cli.main import app; app(prog_name='dauys')"
    # sh and not python in the first line: that line may not hold a long path or a space.
    launcher.write_text(
        f'#!/bin/sh\nexec {shlex.quote(str(PYTHON))} -P -c {shlex.quote(program)} "$@"\n',
        encoding="utf-8",
    )
    launcher.chmod(0o755)


def compile_kernel() -> None:
    """Compile what checks proofs fast, so that no server spends its first seconds on it.

    Nothing depends on it: without the compiled code proofs are checked slowly.
    """
    if (ROOT / "src" / "dauys" / "crypto" / "checking.py").exists():
        say("compiling the fast kernel")
        command = [str(PYTHON), "-m", "dauys.crypto.checking"]
        subprocess.run(command, check=False, stdout=subprocess.DEVNULL, cwd=ROOT)


def site_packages() -> str:
    """The environment's own folder of packages."""
    base = {"base": str(VENV), "platbase": str(VENV)}
    return sysconfig.get_path("purelib", "venv", base)


def has(module: str) -> bool:
    """Whether this Python can run `module`, asked of a fresh process: no module stays loaded."""
    command = [sys.executable, "-c", f"import {module}"]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def digest(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        message = f"{path} cannot be read: {error}"
        raise BootstrapError(message) from error


def say(text: str) -> None:
    """Print one line of progress, at once."""
    print(f"bootstrap: {text}", flush=True)


class OneAtATime:
    """Lets two runs in the same tree take turns; the kernel frees the lock if one dies."""

    def __init__(self, folder: Path) -> None:
        """`folder` must exist; it is opened, never written."""
        self._folder = folder

    def __enter__(self) -> None:
        self._handle = os.open(self._folder, os.O_RDONLY)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("waiting for another run in this tree to finish")
            fcntl.flock(self._handle, fcntl.LOCK_EX)

    def __exit__(self, *failure: object) -> None:
        os.close(self._handle)


if __name__ == "__main__":
    sys.exit(main())
