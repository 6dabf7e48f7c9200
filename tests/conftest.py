"""What every test may ask for: a PostgreSQL database, a Chromium, belenios-tool.

A test that cannot have what it needs is skipped and says so. With DAUYS_REQUIRE_ALL=1, as in
CI, such a skip is a failure; DAUYS_WITHOUT=belenios names what may be absent all the same.
"""

import os
import shutil
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path

import hypothesis
import psycopg
import pytest
from django.conf import settings

from tests import postgres

# Tests never see the election that someone runs in var/. pytest-django sets Django up when it
# finds settings in use; it would load them too early for this if it were told their name.
DATA = tempfile.TemporaryDirectory(prefix="dauys-tests-")
os.environ["DAUYS_DATA"] = DATA.name
(Path(DATA.name) / "static").mkdir()  # WhiteNoise warns without it
# NCALayer has one port, for which demonstrations of several test processes would fight.
os.environ["DAUYS_DEMO_NCALAYER"] = "0"
os.environ["DJANGO_SETTINGS_MODULE"] = "dauys.web.settings"
assert settings.INSTALLED_APPS

# A marker, and the fixture that brings what the marked tests need.
NEEDS = {
    "belenios": "belenios_tool",
    "browser": "chromium_path",
    "postgres": "postgres_url",
}

# Shared machines stall: a deadline would fail tests for their neighbours' work.
hypothesis.settings.register_profile("dauys", deadline=None, print_blob=True)
hypothesis.settings.load_profile("dauys")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test by what it asks for, so that `-m "not browser"` never misses one."""
    for item in items:
        for marker, fixture in NEEDS.items():
            if fixture in getattr(item, "fixturenames", ()):
                item.add_marker(marker)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail, where everything is required, a test that skipped for want of something."""
    report = yield
    if not os.environ.get("DAUYS_REQUIRE_ALL") or not report.skipped or hasattr(report, "wasxfail"):
        return report
    excused = set(os.environ.get("DAUYS_WITHOUT", "").split())
    required = {marker for marker in NEEDS if item.get_closest_marker(marker)} - excused
    if required:
        report.outcome = "failed"
        report.longrepr = f"{call.excinfo and call.excinfo.value} (DAUYS_REQUIRE_ALL is set)"
    return report


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """Address of an empty PostgreSQL database that this test process has to itself."""
    server = os.environ.get("DATABASE_URL", "")
    if not server.startswith(("postgres://", "postgresql://")):
        shared = tmp_path_factory.getbasetemp()
        if worker_id != "master":
            shared = shared.parent  # the one folder that all workers of a session see
        try:
            server = postgres.shared_server(shared)
        except postgres.NoServerError as error:
            pytest.skip(str(error))
    name = f"dauys_test_{worker_id}_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    yield postgres.with_database(server, name)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Path of a Chromium that is already on this machine; none is ever downloaded."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    for name in (os.environ.get("CHROMIUM"), *names):
        if name and (path := shutil.which(name)):
            return path
    pytest.skip("no Chromium: set CHROMIUM, or install it (Debian: apt-get install chromium)")


@pytest.fixture(scope="session")
def belenios_tool() -> str:
    """Path of belenios-tool 3.0 or newer; 2.x cannot read our group."""
    cached = Path.home() / ".cache" / "belenios-tool" / "belenios-tool"
    for name in (os.environ.get("BELENIOS_TOOL"), "belenios-tool", str(cached)):
        if name and (path := shutil.which(name)):
            return path
    pytest.skip("no belenios-tool: set BELENIOS_TOOL, or install it (Debian 13 has version 3.0)")
