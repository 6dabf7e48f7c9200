"""The journal writes the board: entries, tree and signed checkpoint grow together.

The store is the truth; tree and state in memory follow it. Several processes may write:
the store's lock lets in one at a time, and each catches up before it writes. Whatever
fails, memory is dropped and read from the store again, so that a commit whose answer was
lost and a commit that never was are told apart by the store alone.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from threading import RLock
from typing import Final, Protocol

from dauys.board.checkpoint import Checkpoint, read_checkpoint, sign_checkpoint
from dauys.board.merkle import Tree, leaf_hash
from dauys.board.receipt import Receipt
from dauys.board.timekeeping import tick_if_due
from dauys.core.entries import AnyEntry, BallotEntry, Manifest, decode_entry, encode_entry
from dauys.core.errors import DauysError, VerificationError
from dauys.core.ids import LeafIndex, Tracker
from dauys.core.ports import VerifySignature
from dauys.core.replay import Replay
from dauys.core.state import BallotRecord, ElectionState
from dauys.crypto.signing import SigningKey

_GROWS: Final = "the board only grows"
_STORED: Final = "the store holds the entries that were signed"


class ConflictError(DauysError):
    """The store holds `found` entries where the writer knew of `expected`."""

    def __init__(self, expected: int, found: int) -> None:
        """Keep both sizes."""
        super().__init__(f"the store holds {found} entries, not {expected}")
        self.expected = expected
        self.found = found


class EntryStore(Protocol):
    """Where the entries of one board lie, with the newest checkpoint."""

    def locked(self) -> AbstractContextManager[None]:
        """One writer at a time across processes, and one transaction.

        What is written inside is durable when the context has been left, or gone when it
        was left by an exception. Reads inside see everything committed before.
        """
        ...

    def size(self) -> int:
        """Number of entries."""
        ...

    def read(self, start: int, stop: int | None) -> Iterator[bytes]:
        """Entries `start` to `stop` (to the end, if None), in order; fewer if there are fewer."""
        ...

    def write(self, start: int, entries: Sequence[bytes], checkpoint: str) -> None:
        """Add `entries` from place `start` on, and replace the checkpoint.

        Raises ConflictError, with nothing written, unless `start` is the size.
        """
        ...

    def checkpoint(self) -> str | None:
        """The newest checkpoint; None while there are no entries."""
        ...


class Writer:
    """What `Journal.writing` hands out: a view of the state, and a pen."""

    def __init__(self, replay: Replay) -> None:
        self._replay = replay
        self.entries: list[bytes] = []
        """What will be written when the context is left."""

    @property
    def state(self) -> ElectionState:
        """The state after everything appended so far. Read only."""
        return self._replay.state

    def append(self, entry: AnyEntry) -> LeafIndex:
        """Put `entry` at the end of the board; it is durable when the context is left.

        Raises MalformedError, or VerificationError if it may not follow; then nothing
        has changed and writing may go on.
        """
        data = encode_entry(entry)
        if not isinstance(entry, BallotEntry):  # the ballot box has read those from bytes
            decode_entry(data)  # records do not check their fields when they are made
        index = self._replay.apply(entry)
        self.entries.append(data)
        return index

    def keep_time(self, now: datetime) -> None:
        """Let the log's clock tick, if it is due, before a ballot received at `now`."""
        tick = tick_if_due(self.state, now)
        if tick is not None:
            self.append(tick)


class Journal:
    """The board of one election. Safe to share between threads.

    It waits for the store while it holds its own lock: never ask it inside a database
    transaction of your own, or the two wait for each other.
    """

    def __init__(
        self, store: EntryStore, key: SigningKey, verify_signature: VerifySignature
    ) -> None:
        """`key` signs checkpoints; it must be the manifest's `log_key`.

        `verify_signature` is asked once for each permit and approval appended here. It may
        remember what it was asked before (`functools.lru_cache`): admission asks first.
        """
        self._store = store
        self._key = key
        self._verify_signature = verify_signature
        self._lock = RLock()
        self._writing = False
        self._following = False
        self._head: Checkpoint | None = None
        """The largest head ever seen. Never dropped: a store that goes back is refused."""
        self._text: str | None
        self._latest: dict[int, bytes]
        """Entries of the last transaction of this process, for their receipts."""
        self._forget()

    @contextmanager
    def writing(self) -> Iterator[Writer]:
        """A transaction: all that is appended becomes durable on leaving, or none of it.

        One new checkpoint is signed for all. Raises VerificationError when the store no
        longer holds what was signed, ConflictError when its lock let another writer in.
        """
        with self._lock:
            if self._writing:
                raise RuntimeError("a transaction inside a transaction")
            self._writing = True
            try:
                yield from self._transaction()
            finally:
                self._writing = False

    def state(self) -> ElectionState:
        """The state after all durable entries: read only, and not to be kept.

        It goes on changing when this process writes. Single look-ups are safe at any
        time; to go through all ballots while others vote, use `reading`.
        """
        with self.reading() as state:
            return state

    @contextmanager
    def reading(self) -> Iterator[ElectionState]:
        """The state after all durable entries, held still: writers wait meanwhile."""
        with self._lock:
            if not self._writing:
                self._catch_up()
            yield self._replay.state

    def glimpse(self, tracker: Tracker) -> BallotRecord | None:
        """The ballot with `tracker` as this process remembers it: without waiting for writers.

        It was appended, here or elsewhere; whether it is durable is not said.
        """
        state = self._replay.state
        index = state.by_tracker.get(tracker)
        return None if index is None else state.ballots.get(index)

    def checkpoint(self) -> str:
        """The newest checkpoint. Raises VerificationError while the board is empty."""
        with self.reading():
            if self._text is None:
                raise VerificationError("the board has a checkpoint", "it is empty")
            return self._text

    def entries(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Entries `start` to `stop` as written, in order, at most up to the newest now."""
        with self.reading():
            size = self._size
        return self._store.read(start, size if stop is None else min(stop, size))

    def receipt_for(self, index: LeafIndex) -> Receipt:
        """Receipt of the ballot at `index`, in a checkpoint that covers it.

        Raises IndexError beyond the board, VerificationError if the entry is no ballot.
        """
        with self._lock:
            if index >= self._size and not self._writing:
                self._catch_up()
            if not 0 <= index < self._size or self._text is None:
                raise IndexError(f"no entry {index}")
            ballot = self._replay.state.ballots.get(index)
            if ballot is None:
                raise VerificationError("entry", "not a ballot")
            proof = self._tree.inclusion_proof(index, self._size)
            text, entry = self._text, self._latest.get(index)
        if entry is None:
            entry = next(iter(self._store.read(index, index + 1)))
        return Receipt(
            contest=ballot.contest,
            tracker=ballot.tracker,
            index=index,
            entry=entry.decode(),
            checkpoint=text,
            proof=tuple(hash_.hex() for hash_ in proof),
        )

    def consistency_proof(self, old: int, new: int) -> tuple[bytes, ...]:
        """Proof that the board of `old` entries begins that of `new`. Raises IndexError."""
        with self.reading():
            return self._tree.consistency_proof(old, new)

    def root(self, size: int) -> bytes:
        """Root of the tree of the first `size` entries. Raises IndexError."""
        with self.reading():
            return self._tree.root(size)

    def hashes(self, level: int, start: int, stop: int) -> bytes:
        """Roots of complete subtrees, as `Tree.hashes`. Raises IndexError."""
        with self.reading():
            return self._tree.hashes(level, start, stop)

    def _transaction(self) -> Iterator[Writer]:
        writer = None
        try:
            with self._store.locked():
                self._catch_up()
                writer = Writer(self._replay)
                yield writer
                signed = self._write(writer.entries) if writer.entries else None
        except BaseException:
            if writer is not None and writer.entries:
                self._forget()
            raise
        if signed is not None:
            self._latest = dict(enumerate(writer.entries, self._size))
            self._keep(*signed)

    def _write(self, entries: Sequence[bytes]) -> tuple[Checkpoint, str]:
        """Grow the tree by `entries` and hand them to the store with a new checkpoint."""
        manifest = self._replay.state.manifest
        if manifest.log_key != self._key.public_hex:
            raise VerificationError("the board is signed by the manifest's log key")
        for entry in entries:
            self._tree.append(leaf_hash(entry))
        checkpoint = Checkpoint(manifest.log_origin, self._tree.size, self._tree.root())
        text = sign_checkpoint(checkpoint, self._key)
        self._store.write(self._size, entries, text)
        return checkpoint, text

    def _catch_up(self) -> None:
        """Take in what other processes have written, or everything after a failure."""
        text = self._store.checkpoint()
        if text == self._text:
            return
        self._following = True
        try:
            self._follow(text)
        except BaseException:
            self._forget()
            raise
        finally:
            self._following = False

    def _follow(self, text: str | None) -> None:
        """Read up to the checkpoint `text`: the hashes, and, if they are those signed, the entries.

        Permits and approvals were checked before our key signed them; not again here.
        """
        if text is None:
            raise VerificationError(_GROWS, "the checkpoint is gone")
        start = self._size
        checkpoint = read_checkpoint(text, self._origin(), self._key.public_hex)
        head = self._head
        if head is not None and head.size > checkpoint.size:
            raise VerificationError(_GROWS, f"{head.size} entries became {checkpoint.size}")
        for data in self._store.read(start, checkpoint.size):
            self._tree.append(leaf_hash(data))
        if (self._tree.size, self._tree.root()) != (checkpoint.size, checkpoint.root):
            raise VerificationError(_STORED)
        if head is not None and self._tree.root(head.size) != head.root:
            raise VerificationError(_GROWS, f"the first {head.size} entries changed")
        for data in self._store.read(start, checkpoint.size):
            entry = decode_entry(data)
            place = self._replay.apply(entry)
            if leaf_hash(data) != self._tree.hashes(0, place, place + 1):
                raise VerificationError(_STORED, f"entry {place}")
        self._keep(checkpoint, text)

    def _origin(self) -> str:
        """The log's name, from the manifest in memory or, before it is there, in the store."""
        if self._replay.state.rules is not None:
            return self._replay.state.rules.log_origin
        match [decode_entry(data) for data in self._store.read(0, 1)]:
            case [Manifest(log_origin=origin)]:
                return origin
        raise VerificationError(_STORED, "no manifest")

    def _keep(self, checkpoint: Checkpoint, text: str) -> None:
        self._head, self._size, self._text = checkpoint, checkpoint.size, text

    def _forget(self) -> None:
        """Drop all that can be read from the store again."""
        self._tree = Tree()
        self._replay = Replay(self._verify)
        self._size = 0
        self._text = None
        self._latest = {}

    def _verify(self, public_hex: str, message: bytes, signature: bytes) -> None:
        if not self._following:
            self._verify_signature(public_hex, message, signature)
