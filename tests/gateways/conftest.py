"""Gateways on real sockets of this machine."""

from collections.abc import Iterator

import pytest

from tests.gateways.stand_ins import StandIn, standing_in


@pytest.fixture
def smsc() -> Iterator[StandIn]:
    with standing_in("smsc") as stand_in:
        yield stand_in


@pytest.fixture
def mobizon() -> Iterator[StandIn]:
    with standing_in("mobizon") as stand_in:
        yield stand_in


@pytest.fixture
def kazinfoteh() -> Iterator[StandIn]:
    with standing_in("kazinfoteh") as stand_in:
        yield stand_in


@pytest.fixture
def smpp() -> Iterator[StandIn]:
    with standing_in("smpp") as stand_in:
        yield stand_in


@pytest.fixture(params=["smsc", "mobizon", "kazinfoteh", "smpp"])
def stand_in(request: pytest.FixtureRequest) -> StandIn:
    """Each gateway in turn."""
    found: StandIn = request.getfixturevalue(request.param)
    return found
