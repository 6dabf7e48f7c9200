"""The store on a real SQLite file and on a real PostgreSQL, with the settings of the server.

Tests that Django runs by itself see SQLite in memory: one connection for all threads, so
that nothing ever waits for a lock. Here every thread has a connection of its own.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.core.management import call_command
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from pytest_django.plugin import DjangoDbBlocker

from dauys.web import environment
from tests.dask_cluster import Cluster
from tests.databases import VENDORS, databases

ALIASES = ("default", "signals")


@pytest.fixture(scope="session", params=VENDORS)
def prepared(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[Mapping[str, Any]]:
    """Settings of both databases of one vendor, with the tables made."""
    folder = tmp_path_factory.mktemp("store")
    with databases(request, folder) as addresses:
        with mock.patch.dict(os.environ, addresses.environment):
            settings = {
                "default": environment.database("DATABASE_URL", folder),
                "signals": environment.database("DAUYS_SIGNALS_URL", folder),
            }
        with django_db_blocker.unblock(), _connected(settings):
            for alias in ALIASES:
                call_command("migrate", database=alias, verbosity=0, interactive=False)
        yield settings


@pytest.fixture
def database(prepared: Mapping[str, Any], django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """An empty store on SQLite, then on PostgreSQL; its vendor's name."""
    with django_db_blocker.unblock(), _connected(prepared):
        yield connections["default"].vendor
        for alias in ALIASES:
            call_command("flush", database=alias, verbosity=0, interactive=False)


@contextmanager
def _connected(settings: Mapping[str, Any]) -> Iterator[None]:
    """Point Django at these databases; close every thread's connection in the end."""
    before = {alias: connections.settings[alias] for alias in ALIASES}
    kept = {alias: connections[alias] for alias in ALIASES}
    opened: list[BaseDatabaseWrapper] = []

    def note(connection: BaseDatabaseWrapper, **_: object) -> None:
        opened.append(connection)

    _point_to(connections.configure_settings(dict(settings)))
    connection_created.connect(note)
    try:
        yield
    finally:
        connection_created.disconnect(note)
        for connection in opened:
            connection.inc_thread_sharing()  # its thread is gone
            connection.close()
        _point_to(before)
        for alias in ALIASES:
            connections[alias] = kept[alias]


def _point_to(settings: Mapping[str, Any]) -> None:
    for alias in ALIASES:
        connections.settings[alias] = settings[alias]
        del connections[alias]


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    made = Cluster(tmp_path / "dask")
    yield made
    made.stop()
