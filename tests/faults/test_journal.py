"""The journal when commits fail, answers are lost and somebody edits the database."""

import pytest

from dauys.board.checkpoint import Checkpoint, read_checkpoint, sign_checkpoint
from dauys.board.journal import ConflictError, Journal
from dauys.board.merkle import Tree, leaf_hash
from dauys.core.entries import encode_entry
from dauys.core.errors import VerificationError
from dauys.core.ids import LeafIndex
from dauys.crypto.signing import SigningKey, verify_signature
from tests.unit.board.elections import LOG, ORIGIN, ballot, opened
from tests.unit.board.memory import MemoryEntryStore


class SomethingWrongError(Exception):
    """What a caller of the journal may raise."""


def append_and_fail(journal: Journal) -> None:
    with journal.writing() as writer:
        writer.append(ballot(2))
        raise SomethingWrongError


def journal_on(store: MemoryEntryStore) -> Journal:
    return Journal(store, LOG, verify_signature)


@pytest.fixture
def store() -> MemoryEntryStore:
    return MemoryEntryStore()


@pytest.fixture
def journal(store: MemoryEntryStore) -> Journal:
    journal = journal_on(store)
    with journal.writing() as writer:
        for entry in opened():
            writer.append(entry)
        writer.append(ballot(1))
    return journal


def assert_sound(journal: Journal, store: MemoryEntryStore, serials: set[int]) -> None:
    """Memory, store and checkpoint say the same, and writing goes on."""
    tree = Tree()
    for entry in store.rows:
        tree.append(leaf_hash(entry))
    checkpoint = read_checkpoint(journal.checkpoint(), ORIGIN, LOG.public_hex)
    assert (checkpoint.size, checkpoint.root) == (tree.size, tree.root())
    assert journal.state().serials == serials
    assert journal.state() == journal_on(store).state()
    with journal.writing() as writer:
        writer.append(ballot(99))
    assert journal.state().serials == serials | {99}
    assert journal.state() == journal_on(store).state()


def test_a_caller_that_fails_after_appending_leaves_no_trace(
    store: MemoryEntryStore, journal: Journal
) -> None:
    before = list(store.rows)
    with pytest.raises(SomethingWrongError):
        append_and_fail(journal)
    assert store.rows == before
    assert_sound(journal, store, {1})


def test_a_commit_that_fails_leaves_no_trace(store: MemoryEntryStore, journal: Journal) -> None:
    store.fail_commit = True
    with pytest.raises(OSError, match="disk full"), journal.writing() as writer:
        writer.append(ballot(2))
    store.fail_commit = False
    assert_sound(journal, store, {1})


def test_a_commit_that_persists_but_whose_answer_is_lost_is_on_the_board(
    store: MemoryEntryStore, journal: Journal
) -> None:
    store.lose_answer = True
    with pytest.raises(OSError, match="lost"), journal.writing() as writer:
        writer.append(ballot(2))
    store.lose_answer = False
    assert_sound(journal, store, {1, 2})


def test_nobody_sees_an_entry_whose_transaction_failed(
    store: MemoryEntryStore, journal: Journal
) -> None:
    with pytest.raises(SomethingWrongError):
        append_and_fail(journal)
    with pytest.raises(IndexError):
        journal.receipt_for(LeafIndex(6))
    assert list(journal.entries(6)) == []


def test_an_outsider_who_writes_during_a_transaction_is_a_conflict(
    store: MemoryEntryStore, journal: Journal
) -> None:
    def write_beside_the_journal() -> None:
        with journal.writing() as writer:
            writer.append(ballot(2))
            store.rows.append(encode_entry(ballot(7)))

    with pytest.raises(ConflictError):
        write_beside_the_journal()
    assert_sound(journal, store, {1})


def test_an_edited_ballot_is_found_at_the_next_start(
    store: MemoryEntryStore, journal: Journal
) -> None:
    store.rows[-1] = encode_entry(ballot(1, "stuffed"))
    with pytest.raises(VerificationError, match="entries that were signed"):
        journal_on(store).state()
    with pytest.raises(VerificationError, match="entries that were signed"):
        journal_on(store).writing().__enter__()


@pytest.mark.parametrize("change", ["drop", "add", "swap"])
def test_entries_dropped_added_or_swapped_are_found_at_the_next_start(
    store: MemoryEntryStore, journal: Journal, change: str
) -> None:
    with journal.writing() as writer:
        writer.append(ballot(2))
    match change:
        case "drop":
            del store.rows[-2]
        case "add":
            store.rows.insert(-1, encode_entry(ballot(7)))
        case _:
            store.rows[-2:] = reversed(store.rows[-2:])
    with pytest.raises(VerificationError, match="entries that were signed"):
        journal_on(store).state()


def test_entries_stuffed_under_a_forged_checkpoint_are_refused(
    store: MemoryEntryStore, journal: Journal
) -> None:
    store.rows.append(encode_entry(ballot(7)))
    tree = Tree()
    for entry in store.rows:
        tree.append(leaf_hash(entry))
    forged = sign_checkpoint(Checkpoint(ORIGIN, 7, tree.root()), SigningKey.from_seed(b"x" * 32))
    lines, own = forged.split("\n\n")[0], (store.head or "").split("\n\n")[1]
    store.head = forged
    with pytest.raises(VerificationError, match="by the log"):
        journal.state()
    store.head = f"{lines}\n\n{own}"
    with pytest.raises(VerificationError, match="signature does not hold"):
        journal.state()


def test_a_store_that_went_back_to_an_older_backup_is_refused_for_good(
    store: MemoryEntryStore, journal: Journal
) -> None:
    rows, head = list(store.rows), store.head
    with journal.writing() as writer:
        writer.append(ballot(2))
    store.rows, store.head = rows, head
    for _ in range(2):
        with pytest.raises(VerificationError, match="only grows"):
            journal.state()
        with pytest.raises(VerificationError, match="only grows"), journal.writing() as writer:
            writer.append(ballot(3))
    assert store.rows == rows


def test_a_store_that_grew_from_an_older_backup_is_refused(
    store: MemoryEntryStore, journal: Journal
) -> None:
    fork = MemoryEntryStore()
    fork.rows, fork.head = list(store.rows), store.head
    with journal.writing() as writer:
        writer.append(ballot(2))
    with journal_on(fork).writing() as writer:
        writer.append(ballot(3))
        writer.append(ballot(4))
    store.rows, store.head = fork.rows, fork.head
    with pytest.raises(VerificationError):
        journal.state()
    with pytest.raises(VerificationError, match="only grows"):
        journal.state()


def test_a_store_whose_checkpoint_is_gone_is_refused(
    store: MemoryEntryStore, journal: Journal
) -> None:
    store.head = None
    with pytest.raises(VerificationError, match="only grows"):
        journal.state()
