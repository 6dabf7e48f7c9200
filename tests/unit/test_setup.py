"""Setting up: the locks, the environment made from them, and the rules that watch the tree."""

import hashlib
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import bootstrap

ROOT = Path(__file__).parents[2]
INSTALL = bootstrap.install  # as it is, where a test puts it back
LOCKS = ("requirements.lock", "requirements-dev.lock")


def requirements(lock: str) -> dict[str, str]:
    """Each requirement line of a lock with the hashes that follow it."""
    text = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return {line.split(" --hash")[0].strip(): line for line in lines}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_one_version_and_a_hash(lock: str) -> None:
    locked = requirements(lock)
    assert locked
    for requirement, line in locked.items():
        assert re.match(r"[a-z0-9-]+==[0-9][^ ]*( ; .+)?$", requirement), requirement
        assert "--hash=sha256:" in line


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_says_what_to_get_and_not_where(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert not re.search(r"://|--(extra-)?index-url|--find-links|--trusted-host", text)


def test_server_and_developer_get_the_same_versions() -> None:
    """A developer may need on every Python what the server needs on some."""
    server, developer = (
        {
            requirement.partition(" ;")[0]: re.findall(r"--hash=\S+", line)
            for requirement, line in requirements(lock).items()
        }
        for lock in LOCKS
    )
    for pinned, hashes in server.items():
        assert developer[pinned] == hashes


@pytest.mark.parametrize("listed", ["requirements.in", "requirements-dev.in"])
def test_everything_asked_for_is_locked(listed: str) -> None:
    lock = "\n".join(requirements(listed.replace(".in", ".lock")))
    lines = (ROOT / listed).read_text(encoding="utf-8").splitlines()
    names = [re.match(r"[a-z0-9-]+", line) for line in lines]
    asked = [name[0] for name in names if name is not None and not name[0].startswith("-")]
    assert asked
    assert [name for name in asked if not re.search(rf"^{name}==", lock, re.MULTILINE)] == []


def test_older_python_is_told_which_one_is_needed() -> None:
    program = (
        "import runpy, sys; sys.version_info = (3, 10, 4, 'final', 0);"
        f"runpy.run_path({str(ROOT / 'bootstrap.py')!r}, run_name='__main__')"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert run.returncode == 1
    assert run.stderr.startswith("Dauys needs Python 3.11 or newer; this is 3.10 at ")
    assert "Traceback" not in run.stderr


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tree of its own for bootstrap.py, with a lock that asks for nothing."""
    venv = tmp_path / ".venv"
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", venv)
    monkeypatch.setattr(bootstrap, "PYTHON", venv / "bin" / "python")
    monkeypatch.setattr(bootstrap, "STAMP", venv / ".dauys-ready.json")
    # Unpacking pip takes seconds, and most tests have nothing for it to do.
    monkeypatch.setattr(bootstrap, "has", lambda module: module == "pip")
    monkeypatch.setattr(bootstrap, "install", lambda _lock: None)
    (tmp_path / "a.lock").write_text("# nothing\n")
    return tmp_path


def test_second_run_does_nothing(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bootstrap.prepare(tree / "a.lock")
    assert "making .venv" in capsys.readouterr().out
    bootstrap.prepare(tree / "a.lock")
    assert capsys.readouterr().out == ""


def test_changed_lock_is_installed_into_the_same_environment(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bootstrap.prepare(tree / "a.lock")
    (tree / ".venv" / "left").touch()
    (tree / "a.lock").write_text("# nothing still\n")
    capsys.readouterr()
    bootstrap.prepare(tree / "a.lock")
    assert "making" not in capsys.readouterr().out
    assert (tree / ".venv" / "left").exists()


@pytest.mark.parametrize("damage", ["no stamp", "torn stamp", "no interpreter"])
def test_half_made_environment_is_made_anew(tree: Path, damage: str) -> None:
    bootstrap.prepare(tree / "a.lock")
    (tree / ".venv" / "left").touch()
    match damage:
        case "no stamp":
            bootstrap.STAMP.unlink()
        case "torn stamp":
            bootstrap.STAMP.write_text('{"python": "3.')
        case "no interpreter":
            bootstrap.PYTHON.unlink()
    bootstrap.prepare(tree / "a.lock")
    assert not (tree / ".venv" / "left").exists()
    assert json.loads(bootstrap.STAMP.read_text())["layout"] == bootstrap.LAYOUT


def test_failed_install_leaves_no_stamp_behind(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "install", INSTALL)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    (tree / "a.lock").write_text("dauys-never-published==1 --hash=sha256:" + "0" * 64 + "\n")
    with pytest.raises(bootstrap.BootstrapError, match=r"could not install a\.lock"):
        bootstrap.prepare(tree / "a.lock")
    assert not bootstrap.STAMP.exists()


def test_no_pip_at_all_names_what_to_install(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "install", INSTALL)
    monkeypatch.setattr(bootstrap, "has", lambda _module: False)
    with pytest.raises(bootstrap.BootstrapError, match="apt-get install python3-venv"):
        bootstrap.prepare(tree / "a.lock")


def test_launcher_works_from_a_folder_whose_name_has_a_space(
    tmp_path: Path, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "my elections"
    for name in ("ROOT", "VENV", "PYTHON", "STAMP"):
        there = place / getattr(bootstrap, name).relative_to(tree)
        monkeypatch.setattr(bootstrap, name, there)
    package = place / "src" / "dauys" / "cli"
    package.mkdir(parents=True)
    program = "import sys\ndef app(prog_name): print(prog_name, sys.argv[1:], __file__)\n"
    (package / "main.py").write_text(program)
    bootstrap.prepare(tree / "a.lock")
    command = [str(place / ".venv" / "bin" / "dauys"), "verify", "a b"]
    run = subprocess.run(command, capture_output=True, text=True, check=True, cwd="/")
    assert run.stdout == f"dauys ['verify', 'a b'] {package / 'main.py'}\n"


def test_every_package_but_store_and_web_is_kept_from_django() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    kept = {
        module.removeprefix("dauys.")
        for contract in settings["tool"]["importlinter"]["contracts"]
        if "django" in contract.get("forbidden_modules", ())
        for module in contract["source_modules"]
    }
    folders = {path.parent.name for path in (ROOT / "src" / "dauys").glob("*/__init__.py")}
    assert folders - kept == {"store", "web"}


def test_vendored_files_are_those_of_the_packages() -> None:
    folder = ROOT / "tests" / "browser" / "vendor"
    rows = re.findall(r"\| (\S+) \| ([0-9a-f]{64}) \|", (folder / "README.md").read_text())
    files = {path.name for path in folder.iterdir()} - {"README.md"}
    assert {name for name, _ in rows} == files
    for name, digest in rows:
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
