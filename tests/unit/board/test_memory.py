"""The stores in memory keep the promises of the ports."""

from collections.abc import Callable

import pytest

from dauys.ballotbox.box import PermitState
from dauys.core.ids import Serial
from tests.unit.board.contracts import (
    ENTRY_STORE_PROMISES,
    PERMIT_DESK_PROMISES,
    MakeDesk,
    MakeStore,
    lets_one_writer_in_at_a_time,
)
from tests.unit.board.memory import MemoryEntryStore, MemoryPermitDesk


@pytest.mark.parametrize(
    "promise",
    [*ENTRY_STORE_PROMISES, lets_one_writer_in_at_a_time],
    ids=lambda promise: promise.__name__,
)
def test_entries_in_memory(promise: Callable[[MakeStore], None]) -> None:
    store = MemoryEntryStore()
    promise(lambda: store)


@pytest.mark.parametrize("promise", PERMIT_DESK_PROMISES, ids=lambda promise: promise.__name__)
def test_permits_in_memory(promise: Callable[[MakeDesk], None]) -> None:
    def make(permits: dict[Serial, PermitState]) -> MemoryPermitDesk:
        desk = MemoryPermitDesk()
        desk.permits.update(permits)
        return desk

    promise(make)
