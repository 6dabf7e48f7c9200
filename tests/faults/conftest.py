"""Elections behind the real server, one on each kind of database."""

from collections.abc import Iterator

import pytest

from tests.databases import VENDORS, databases
from tests.faults.site import Site, founded

SHARED = 336
"""Ballots of the election that tests share: enough where one process runs all of them."""


@pytest.fixture(scope="session", params=VENDORS)
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """An open election that tests share: each takes ballots that nobody has cast."""
    folder = tmp_path_factory.mktemp("election")
    with (
        databases(request, folder) as addresses,
        founded(folder, addresses, ballots=SHARED) as site,
    ):
        yield site


@pytest.fixture(params=VENDORS)
def small_site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """An election that a test has to itself."""
    folder = tmp_path_factory.mktemp("small")
    with (
        databases(request, folder) as addresses,
        founded(folder, addresses, ballots=24) as site,
    ):
        yield site
