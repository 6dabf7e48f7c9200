"""The journal on good days, and with several processes writing."""

from datetime import timedelta
from functools import lru_cache
from threading import Thread

import msgspec
import pytest

from dauys.board.checkpoint import read_checkpoint
from dauys.board.journal import Journal
from dauys.board.merkle import Tree, leaf_hash, verify_consistency
from dauys.board.receipt import check_receipt
from dauys.core.entries import Open, encode_entry
from dauys.core.errors import MalformedError, VerificationError
from dauys.core.forms import Text, format_instant
from dauys.core.ids import LeafIndex, Serial
from dauys.core.state import Phase
from dauys.crypto.signing import SigningKey, verify_signature
from tests.unit.board.elections import (
    LOG,
    OPENS,
    ORIGIN,
    REGISTRAR,
    ballot,
    manifest,
    opened,
    sealed,
)
from tests.unit.board.memory import MemoryEntryStore


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
    return journal


def root_of(entries: list[bytes]) -> bytes:
    tree = Tree()
    for entry in entries:
        tree.append(leaf_hash(entry))
    return tree.root()


def test_a_transaction_leaves_its_entries_and_one_checkpoint(
    store: MemoryEntryStore, journal: Journal
) -> None:
    assert store.rows == [encode_entry(entry) for entry in opened()]
    checkpoint = read_checkpoint(journal.checkpoint(), ORIGIN, LOG.public_hex)
    assert (checkpoint.size, checkpoint.root) == (5, root_of(store.rows))
    assert journal.state().phase is Phase.OPEN


def test_a_transaction_without_entries_signs_nothing(
    store: MemoryEntryStore, journal: Journal
) -> None:
    before = store.head
    with journal.writing():
        pass
    assert store.head == before


def test_an_empty_board_has_no_checkpoint(store: MemoryEntryStore) -> None:
    with pytest.raises(VerificationError, match="checkpoint"):
        journal_on(store).checkpoint()
    assert journal_on(store).state().phase is Phase.DRAFT
    assert list(journal_on(store).entries()) == []


def test_the_writer_sees_what_it_has_appended(journal: Journal) -> None:
    with journal.writing() as writer:
        index = writer.append(ballot(1))
        assert writer.state.ballots[index].serial == 1


def test_an_entry_that_may_not_follow_is_refused_and_the_rest_is_written(
    store: MemoryEntryStore, journal: Journal
) -> None:
    with journal.writing() as writer:
        writer.append(ballot(1))
        with pytest.raises(VerificationError):
            writer.append(ballot(1))
        with pytest.raises(VerificationError):
            writer.append(manifest())
        writer.append(ballot(2))
    assert len(store.rows) == 7
    assert journal.state().serials == {1, 2}


def test_a_record_with_an_empty_text_never_reaches_the_board(store: MemoryEntryStore) -> None:
    journal = journal_on(store)
    with journal.writing() as writer, pytest.raises(MalformedError):
        writer.append(manifest(name=Text(kk="", ru="-", en="-")))
    assert store.rows == []


def test_a_board_whose_manifest_names_another_log_key_is_not_signed(
    store: MemoryEntryStore,
) -> None:
    other = SigningKey.from_seed(b"o" * 32)
    journal = Journal(store, other, verify_signature)
    with (
        pytest.raises(VerificationError, match="log key"),
        journal.writing() as writer,
    ):
        writer.append(manifest())
    assert store.rows == []
    assert journal.state().phase is Phase.DRAFT


def test_two_processes_take_turns_and_agree(store: MemoryEntryStore, journal: Journal) -> None:
    other = journal_on(store)
    for serial in range(1, 9):
        with (journal, other)[serial % 2].writing() as writer:
            writer.append(ballot(serial))
    assert journal.state() == other.state()
    assert journal.checkpoint() == other.checkpoint()
    assert journal.state().serials == set(range(1, 9))


def test_a_second_ballot_under_one_permit_is_refused_though_another_process_took_the_first(
    store: MemoryEntryStore, journal: Journal
) -> None:
    with journal_on(store).writing() as writer:
        writer.append(ballot(1))
    with journal.writing() as writer, pytest.raises(VerificationError, match="once"):
        writer.append(ballot(1, "another"))
    assert len(store.rows) == 6


def test_threads_write_without_losing_a_ballot(store: MemoryEntryStore, journal: Journal) -> None:
    def cast(serials: range) -> None:
        for serial in serials:
            with journal.writing() as writer:
                writer.append(ballot(serial))

    threads = [Thread(target=cast, args=(range(1 + n, 41, 4),)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert journal.state().serials == set(range(1, 41))
    assert len(store.rows) == 45


def test_a_transaction_inside_a_transaction_is_a_mistake(journal: Journal) -> None:
    with journal.writing(), pytest.raises(RuntimeError), journal.writing():
        pass
    assert journal.state().size == 5


def test_receipts_hold_and_old_ones_still_do(journal: Journal) -> None:
    with journal.writing() as writer:
        first = writer.append(ballot(1))
        writer.append(ballot(2))
    early = journal.receipt_for(first)
    with journal.writing() as writer:
        writer.append(ballot(3))
    late = journal.receipt_for(first)
    before = check_receipt(early, ORIGIN, LOG.public_hex)
    after = check_receipt(late, ORIGIN, LOG.public_hex)
    proof = journal.consistency_proof(before.size, after.size)
    verify_consistency(before.size, before.root, after.size, after.root, proof)
    assert journal.root(before.size) == before.root
    assert early.entry == late.entry == encode_entry(ballot(1)).decode()


def test_a_receipt_for_a_ballot_that_another_process_wrote(
    store: MemoryEntryStore, journal: Journal
) -> None:
    with journal_on(store).writing() as writer:
        index = writer.append(ballot(1))
    check_receipt(journal.receipt_for(index), ORIGIN, LOG.public_hex)


@pytest.mark.parametrize("index", [-1, 5, 2**60])
def test_no_receipt_beyond_the_board(journal: Journal, index: int) -> None:
    with pytest.raises(IndexError):
        journal.receipt_for(LeafIndex(index))


def test_no_receipt_for_what_is_no_ballot(journal: Journal) -> None:
    with pytest.raises(VerificationError, match="not a ballot"):
        journal.receipt_for(LeafIndex(0))


def test_entries_come_as_written(store: MemoryEntryStore, journal: Journal) -> None:
    assert list(journal.entries()) == store.rows
    assert list(journal.entries(1, 3)) == store.rows[1:3]
    assert list(journal.entries(3, 99)) == store.rows[3:]


def test_keep_time_ticks_once_a_step(journal: Journal) -> None:
    with journal.writing() as writer:
        writer.keep_time(OPENS + timedelta(seconds=59))
        assert writer.state.size == 5
        writer.keep_time(OPENS + timedelta(seconds=150))
        assert writer.state.now == format_instant(OPENS + timedelta(seconds=120))
        writer.keep_time(OPENS + timedelta(seconds=151))
        assert writer.state.size == 6


def test_a_restart_finds_the_same_state(store: MemoryEntryStore, journal: Journal) -> None:
    with journal.writing() as writer:
        for serial in range(1, 5):
            writer.append(ballot(serial))
    again = journal_on(store)
    assert again.state() == journal.state()
    assert Serial(4) in again.state().serials


def test_sealing_and_opening_may_be_two_transactions(store: MemoryEntryStore) -> None:
    journal = journal_on(store)
    with journal.writing() as writer:
        for entry in sealed():
            writer.append(entry)
    assert journal.state().phase is Phase.SEALED
    with journal.writing() as writer:
        writer.append(Open(at=format_instant(OPENS)))
    assert journal.state().phase is Phase.OPEN


def test_a_ballot_under_a_forged_permit_never_reaches_the_board(journal: Journal) -> None:
    honest = ballot(1)
    forged = msgspec.structs.replace(honest.permit, signature=ballot(2).permit.signature)
    with journal.writing() as writer, pytest.raises(VerificationError, match="signature"):
        writer.append(msgspec.structs.replace(honest, permit=forged))
    assert journal.state().size == 5


def test_a_permit_that_admission_has_checked_is_not_checked_again(
    store: MemoryEntryStore,
) -> None:
    asked = []

    @lru_cache
    def remembered(public_hex: str, message: bytes, signature: bytes) -> None:
        asked.append(message)
        verify_signature(public_hex, message, signature)

    journal = Journal(store, LOG, remembered)
    statement = ballot(1).permit.statement
    signature = bytes.fromhex(ballot(1).permit.signature)
    remembered(REGISTRAR.public_hex, statement.signed_bytes(), signature)
    with journal.writing() as writer:
        for entry in (*opened(), ballot(1)):
            writer.append(entry)
    assert asked == [statement.signed_bytes()]


def test_a_board_held_still_while_it_is_read(journal: Journal) -> None:
    def cast() -> None:
        with journal.writing() as writer:
            writer.append(ballot(1))

    thread = Thread(target=cast)
    with journal.reading() as state:
        thread.start()
        thread.join(0.05)
        assert thread.is_alive()
        assert state.size == 5
    thread.join()
    assert journal.state().size == 6
