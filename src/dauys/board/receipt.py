"""A receipt: proof, on the voter's own device, that a ballot is on the board.

docs/protocol.md section 2. It says nothing of the choice.
"""

from typing import Annotated, Literal

from msgspec import Meta

from dauys.board.checkpoint import Checkpoint, read_checkpoint
from dauys.board.merkle import leaf_hash, verify_inclusion
from dauys.core.canonical import Record, decode
from dauys.core.entries import BallotEntry, decode_entry
from dauys.core.errors import VerificationError
from dauys.core.forms import ContestWord, Count, Hash, Tracker
from dauys.core.replay import tracker_of

Path = Annotated[tuple[Hash, ...], Meta(max_length=63)]
"""Hashes from the leaf to the root."""


class Receipt(Record, frozen=True, kw_only=True):
    """The entry that holds the ballot, and its way into a signed checkpoint."""

    v: Literal[1] = 1
    contest: ContestWord
    tracker: Tracker
    index: Count
    entry: str
    checkpoint: str
    proof: Path


def parse_receipt(data: bytes) -> Receipt:
    """Read a receipt's file. Raises MalformedError unless canonical."""
    return decode(data, Receipt, "receipt")


def check_receipt(receipt: Receipt, origin: str, log_key: str) -> Checkpoint:
    """Check every claim of `receipt` against the log `origin` with the key `log_key`.

    Raises MalformedError, or VerificationError whose `what` is "entry" (a ballot of the
    contest), "tracker", "checkpoint" or "inclusion". The checkpoint comes back, to be
    compared with what others see.
    """
    ballot = _ballot(receipt.entry.encode())
    if ballot.permit.statement.contest != receipt.contest:
        raise VerificationError("entry", "of another contest")
    if tracker_of(ballot.ballot) != receipt.tracker:
        raise VerificationError("tracker", "the ballot has another")
    checkpoint = read_checkpoint(receipt.checkpoint, origin, log_key)
    leaf = leaf_hash(receipt.entry.encode())
    proof = tuple(map(bytes.fromhex, receipt.proof))
    verify_inclusion(leaf, receipt.index, checkpoint.size, proof, checkpoint.root)
    return checkpoint


def _ballot(data: bytes) -> BallotEntry:
    entry = decode_entry(data)
    if not isinstance(entry, BallotEntry):
        raise VerificationError("entry", "not a ballot")
    return entry
