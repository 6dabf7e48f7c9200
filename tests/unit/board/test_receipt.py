"""Receipts: every claim in one is checked."""

import msgspec
import pytest

from dauys.board.journal import Journal
from dauys.board.receipt import Receipt, check_receipt, parse_receipt
from dauys.core.canonical import encode
from dauys.core.entries import encode_entry
from dauys.core.errors import MalformedError, VerificationError
from dauys.core.ids import Tracker
from dauys.core.replay import tracker_of
from dauys.crypto.signing import SigningKey, verify_signature
from tests.unit.board.elections import LOG, OPENS, ORIGIN, ballot, opened
from tests.unit.board.memory import MemoryEntryStore


@pytest.fixture(scope="module")
def journal() -> Journal:
    journal = Journal(MemoryEntryStore(), LOG, verify_signature)
    with journal.writing() as writer:
        for entry in opened():
            writer.append(entry)
        for serial in range(1, 9):
            writer.append(ballot(serial))
        writer.keep_time(OPENS.replace(hour=20))
    return journal


@pytest.fixture
def receipt(journal: Journal) -> Receipt:
    return journal.receipt_for(journal.state().by_tracker[tracker(1)])


def tracker(serial: int) -> Tracker:
    return tracker_of(ballot(serial).ballot)


def test_a_receipt_is_a_file_of_one_form(receipt: Receipt) -> None:
    assert parse_receipt(encode(receipt)) == receipt
    with pytest.raises(MalformedError):
        parse_receipt(encode(receipt) + b"\n")


def test_a_receipt_holds_and_gives_the_checkpoint(journal: Journal, receipt: Receipt) -> None:
    checkpoint = check_receipt(receipt, ORIGIN, LOG.public_hex)
    assert checkpoint.size == journal.state().size
    assert checkpoint.root == journal.root(checkpoint.size)


def test_a_receipt_of_another_board(receipt: Receipt) -> None:
    other = SigningKey.from_seed(b"o" * 32).public_hex
    for origin, key in ((ORIGIN, other), ("vote.example/2021", LOG.public_hex)):
        with pytest.raises(VerificationError) as refused:
            check_receipt(receipt, origin, key)
        assert refused.value.what == "checkpoint"


def test_every_change_is_found(journal: Journal, receipt: Receipt) -> None:
    other = journal.receipt_for(journal.state().by_tracker[tracker(2)])
    changes = {
        "contest": ("south", "entry"),
        "tracker": (other.tracker, "tracker"),
        "index": (receipt.index + 1, "inclusion"),
        "entry": (other.entry, "tracker"),
        "checkpoint": (receipt.checkpoint.replace("\n14\n", "\n15\n"), "checkpoint"),
        "proof": (other.proof, "inclusion"),
    }
    for field, (value, what) in changes.items():
        changed = msgspec.structs.replace(receipt, **{field: value})
        assert changed != receipt, field
        with pytest.raises(VerificationError) as refused:
            check_receipt(changed, ORIGIN, LOG.public_hex)
        assert refused.value.what == what, field


def test_the_manifest_has_no_receipt(receipt: Receipt) -> None:
    changed = msgspec.structs.replace(receipt, entry=encode_entry(opened()[0]).decode())
    with pytest.raises(VerificationError, match="not a ballot"):
        check_receipt(changed, ORIGIN, LOG.public_hex)
