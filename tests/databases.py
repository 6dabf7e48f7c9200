"""SQLite and PostgreSQL, fresh, as an operator would name them: for tests of the store.

Each of the two holds a database for the election and another for the signals.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from tests import postgres
from tests.tables import FILES, lay_out

VENDORS = (
    "sqlite",
    pytest.param("postgresql", marks=pytest.mark.postgres),
)
"""What a fixture takes as its `params`; `databases` makes of each what it says."""


@dataclass(frozen=True, slots=True)
class Databases:
    """Addresses for $DATABASE_URL and $DAUYS_SIGNALS_URL."""

    election: str
    signals: str

    @property
    def environment(self) -> dict[str, str]:
        """What tells a process of its own to use them."""
        return {"DATABASE_URL": self.election, "DAUYS_SIGNALS_URL": self.signals}


@contextmanager
def databases(request: pytest.FixtureRequest, folder: Path) -> Iterator[Databases]:
    """Two databases without rows of the vendor `request.param`, in `folder` if they are files.

    The tables are there in SQLite's; PostgreSQL's are whoever uses them to make.
    """
    if request.param == "sqlite":
        lay_out(folder)
        yield Databases(*(f"sqlite:///{folder / name}" for name in FILES))
        return
    server = request.getfixturevalue("postgres_url")
    with on_server(server) as election, on_server(server) as signals:
        yield Databases(election, signals)


@contextmanager
def on_server(server: str) -> Iterator[str]:
    """An empty database on the PostgreSQL server that `server` names a database of."""
    name = f"dauys_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    yield postgres.with_database(server, name)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
