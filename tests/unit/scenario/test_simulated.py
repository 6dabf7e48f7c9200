"""A simulation never touches the databases of the installation around it."""

import os
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from dauys.cli.installation import simulated
from dauys.web import environment


@pytest.fixture
def surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation's environment, put back afterwards."""
    monkeypatch.setattr(os, "environ", dict(os.environ))
    for name in ("DATABASE_URL", "DAUYS_SIGNALS_URL"):
        os.environ[name] = "postgresql://dauys@database.invalid/dauys"
    os.environ.pop("DAUYS_SQLITE_SYNC", None)


@pytest.mark.usefixtures("surroundings")
@pytest.mark.parametrize("variable", ["DATABASE_URL", "DAUYS_SIGNALS_URL"])
def test_a_simulation_keeps_to_its_own_folder(tmp_path: Path, variable: str) -> None:
    own = tmp_path / "own.sqlite3"
    assert environment.database(variable, own)["ENGINE"].endswith("postgresql")
    simulated()
    found = environment.database(variable, own)
    assert found["NAME"] == str(own)
    assert "synchronous=OFF" in found["OPTIONS"]["init_command"]


@pytest.mark.usefixtures("surroundings")
def test_sqlite_waits_for_the_disk_unless_told_otherwise(tmp_path: Path) -> None:
    del os.environ["DATABASE_URL"]
    found = environment.database("DATABASE_URL", tmp_path / "a")
    assert "synchronous=FULL" in found["OPTIONS"]["init_command"]
    os.environ["DAUYS_SQLITE_SYNC"] = "of"
    with pytest.raises(ImproperlyConfigured):
        environment.database("DATABASE_URL", tmp_path / "a")
