"""What the ports of board and ballot box promise, as checks for any implementation.

Each check takes a factory: `make()` gives a view of one and the same empty store, as a
second process would open it (for a store in memory: the same object again).

    @pytest.mark.parametrize("promise", ENTRY_STORE_PROMISES, ids=lambda p: p.__name__)
    def test_the_database_keeps(promise, make): promise(make)
"""

from collections.abc import Callable, Sequence
from threading import Thread

import pytest

from dauys.ballotbox.box import PermitDesk, PermitState
from dauys.board.journal import ConflictError, EntryStore, Journal
from dauys.core.ids import LeafIndex, Serial
from dauys.crypto.signing import verify_signature
from tests.unit.board.elections import LOG, ballot, opened

MakeStore = Callable[[], EntryStore]
BYTES = bytes(range(256))


class UndoError(Exception):
    """Leaves a transaction without committing it."""


def put(store: EntryStore, start: int, entries: Sequence[bytes], checkpoint: str) -> None:
    with store.locked():
        store.write(start, entries, checkpoint)


def put_and_undo(store: EntryStore, start: int, entries: Sequence[bytes], checkpoint: str) -> None:
    with store.locked():
        store.write(start, entries, checkpoint)
        raise UndoError


def begins_empty(make: MakeStore) -> None:
    assert make().size() == 0
    assert make().checkpoint() is None
    assert list(make().read(0, None)) == []
    assert list(make().read(0, 1)) == []


def gives_back_what_was_written_byte_for_byte(make: MakeStore) -> None:
    put(make(), 0, [b"manifest", BYTES], "first — \n")
    put(make(), 2, [b"x" * 65_535], "second\n")
    assert list(make().read(0, None)) == [b"manifest", BYTES, b"x" * 65_535]
    assert make().size() == 3
    assert make().checkpoint() == "second\n"


def reads_any_stretch_in_order(make: MakeStore) -> None:
    entries = [f"entry {n}".encode() for n in range(600)]
    put(make(), 0, entries, "c")
    for start, stop in ((0, 600), (5, 6), (255, 513), (599, 700), (600, 601), (3, 3), (0, 0)):
        assert list(make().read(start, stop)) == entries[start:stop]
    assert list(make().read(590, None)) == entries[590:]


def refuses_entries_that_do_not_begin_at_the_end(make: MakeStore) -> None:
    put(make(), 0, [b"a", b"b"], "first")
    for start in (0, 1, 3):
        with pytest.raises(ConflictError):
            put(make(), start, [b"c"], "second")
    assert list(make().read(0, None)) == [b"a", b"b"]
    assert make().checkpoint() == "first"


def forgets_a_transaction_that_was_left_by_an_exception(make: MakeStore) -> None:
    put(make(), 0, [b"a"], "first")
    with pytest.raises(UndoError):
        put_and_undo(make(), 1, [b"b"], "second")
    assert list(make().read(0, None)) == [b"a"]
    assert make().size() == 1
    assert make().checkpoint() == "first"
    put(make(), 1, [b"c"], "third")
    assert list(make().read(0, None)) == [b"a", b"c"]


def carries_a_journal(make: MakeStore) -> None:
    """Two journals on one store, as in two processes, taking turns and failing."""
    one, two = (Journal(make(), LOG, verify_signature) for _ in range(2))
    with one.writing() as writer:
        for entry in opened():
            writer.append(entry)
    for serial in range(1, 7):
        with (one, two)[serial % 2].writing() as writer:
            writer.append(ballot(serial))

    def fail() -> None:
        with one.writing() as writer:
            writer.append(ballot(7))
            raise UndoError

    with pytest.raises(UndoError):
        fail()
    with two.writing() as writer:
        writer.append(ballot(8))
    assert one.state() == two.state()
    assert one.state().serials == {1, 2, 3, 4, 5, 6, 8}
    assert one.checkpoint() == two.checkpoint()


def lets_one_writer_in_at_a_time(make: MakeStore) -> None:
    """Not for stores whose connections cannot be shared out to threads in a test."""
    journals = [Journal(make(), LOG, verify_signature) for _ in range(3)]
    with journals[0].writing() as writer:
        for entry in opened():
            writer.append(entry)

    def cast(journal: Journal, serials: range) -> None:
        for serial in serials:
            with journal.writing() as writer:
                writer.append(ballot(serial))

    threads = [
        Thread(target=cast, args=(journal, range(1 + n, 25, 3)))
        for n, journal in enumerate(journals)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert journals[0].state().serials == set(range(1, 25))


ENTRY_STORE_PROMISES = (
    begins_empty,
    gives_back_what_was_written_byte_for_byte,
    reads_any_stretch_in_order,
    refuses_entries_that_do_not_begin_at_the_end,
    forgets_a_transaction_that_was_left_by_an_exception,
    carries_a_journal,
)
"""For every store. `lets_one_writer_in_at_a_time` needs threads and real transactions."""


MakeDesk = Callable[[dict[Serial, PermitState]], PermitDesk]
"""Makes a desk that holds these permits (those that are UNKNOWN it does not hold)."""

LIVE, CANCELLED, UNKNOWN = Serial(1), Serial(2), Serial(3)
PERMITS = {
    LIVE: PermitState.LIVE,
    CANCELLED: PermitState.CANCELLED,
    UNKNOWN: PermitState.UNKNOWN,
}


def tells_the_state_of_every_permit(make: MakeDesk) -> None:
    desk = make(PERMITS)
    assert dict(desk.states(PERMITS.keys())) == PERMITS
    assert dict(desk.states([CANCELLED])) == {CANCELLED: PermitState.CANCELLED}
    assert dict(desk.states([])) == {}


def a_spent_permit_is_live(make: MakeDesk) -> None:
    desk = make(PERMITS)
    desk.spent({LIVE: LeafIndex(7)})
    desk.spent({LIVE: LeafIndex(7)})
    assert dict(desk.states([LIVE])) == {LIVE: PermitState.LIVE}


PERMIT_DESK_PROMISES = (tells_the_state_of_every_permit, a_spent_permit_is_live)
