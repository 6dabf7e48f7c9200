"""The Merkle tree over the board's entries: roots, and proofs that anyone can check.

RFC 9162 section 2.1 (the same hashes as RFC 6962). The tree knows hashes only; entries,
signatures and files are left to others.
"""

import hashlib
from collections.abc import Sequence
from typing import Final

from dauys.core.errors import VerificationError

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()
"""Root of a tree without leaves. RFC 9162 section 2.1.1."""


def leaf_hash(entry: bytes) -> bytes:
    """SHA-256(0x00 || entry), 32 bytes. RFC 9162 section 2.1.1."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right), 32 bytes. RFC 9162 section 2.1.1."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """An append-only tree in memory: 64 bytes a leaf, appending and proving in O(log n).

    Level k holds, side by side, the roots of all complete subtrees of 2**k leaves. The
    ragged right edge is hashed anew when asked for. Old sizes stay provable for ever.
    Reading while another thread appends is safe for sizes reached before.
    """

    def __init__(self) -> None:
        self._levels: list[bytearray] = []
        self._size = 0

    @property
    def size(self) -> int:
        """Number of leaves."""
        return self._size

    def append(self, leaf: bytes) -> None:
        """Add the hash of the next leaf. Raises ValueError unless it has 32 bytes."""
        if len(leaf) != HASH_BYTES:
            raise ValueError("a leaf hash has 32 bytes")
        hash_, place = leaf, self._size
        for level in self._levels:
            level.extend(hash_)
            if place % 2 == 0:
                break
            hash_ = node_hash(bytes(level[-2 * HASH_BYTES : -HASH_BYTES]), hash_)
            place //= 2
        else:
            self._levels.append(bytearray(hash_))
        self._size += 1

    def hashes(self, level: int, start: int, stop: int) -> bytes:
        """Roots of the complete subtrees `start` to `stop` of 2**level leaves, joined.

        Raises IndexError when not all of them are complete.
        """
        if not 0 <= start <= stop or stop << level > self._size:
            raise IndexError(f"subtrees {start}:{stop} of level {level} in {self._size} leaves")
        if start == stop:
            return b""
        return bytes(self._levels[level][start * HASH_BYTES : stop * HASH_BYTES])

    def root(self, size: int | None = None) -> bytes:
        """Root of the first `size` leaves (of all, without it). Raises IndexError."""
        size = self._size if size is None else size
        self._require(0 <= size <= self._size)
        return self._range_root(0, size) if size else EMPTY_ROOT

    def inclusion_proof(self, index: int, size: int) -> tuple[bytes, ...]:
        """Audit path of leaf `index` in the tree of the first `size` leaves, leaf to root.

        `0 <= index < size`; raises IndexError otherwise. RFC 9162 section 2.1.3.1.
        """
        self._require(0 <= index < size <= self._size)
        path, start, stop = [], 0, size
        while stop - start > 1:
            middle = start + _split(stop - start)
            if index < middle:
                path.append(self._range_root(middle, stop))
                stop = middle
            else:
                path.append(self._range_root(start, middle))
                start = middle
        return tuple(reversed(path))

    def consistency_proof(self, old: int, new: int) -> tuple[bytes, ...]:
        """Proof that the first `old` leaves begin the first `new`.

        `1 <= old <= new`; raises IndexError otherwise. RFC 9162 section 2.1.4.1.
        """
        self._require(1 <= old <= new <= self._size)
        proof, start, stop = [], 0, new
        while old != stop:
            middle = start + _split(stop - start)
            if old <= middle:
                proof.append(self._range_root(middle, stop))
                stop = middle
            else:
                proof.append(self._range_root(start, middle))
                start = middle
        if start > 0:  # else the old tree is a subtree of its own, and its root is known
            proof.append(self._range_root(start, stop))
        return tuple(reversed(proof))

    def _range_root(self, start: int, stop: int) -> bytes:
        """MTH of leaves `start` to `stop`: a subtree, whole or ragged at its right."""
        width, pieces = stop - start, []
        while width:
            level = width.bit_length() - 1
            place = (start >> level) * HASH_BYTES
            pieces.append(bytes(self._levels[level][place : place + HASH_BYTES]))
            start, width = start + (1 << level), width - (1 << level)
        root = pieces.pop()
        while pieces:
            root = node_hash(pieces.pop(), root)
        return root

    def _require(self, condition: bool) -> None:  # noqa: FBT001 -- an assertion's argument
        if not condition:
            raise IndexError(f"outside the tree of {self._size} leaves")


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> None:
    """Check that `leaf` is leaf `index` of the tree of `size` leaves with root `root`.

    Raises VerificationError("inclusion"). RFC 9162 section 2.1.3.2.
    """
    what = "inclusion"
    _require(0 <= index < size, what, "index outside the tree")
    _require_hashes(what, leaf, root, *proof)
    place, last, hash_ = index, size - 1, leaf
    for sibling in proof:
        _require(last > 0, what, "surplus hashes")
        if place % 2 == 1 or place == last:
            hash_ = node_hash(sibling, hash_)
            place, last = _past_missing_siblings(place, last)
        else:
            hash_ = node_hash(hash_, sibling)
        place, last = place // 2, last // 2
    _require(last == 0, what, "hashes missing")
    _require(hash_ == root, what, "the path does not lead to the root")


def verify_consistency(
    old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Check that the tree `new_root` of `new_size` leaves begins with the older tree.

    `1 <= old_size <= new_size`: with an empty tree everything is consistent, so there is
    no proof of it. Raises VerificationError("consistency"). RFC 9162 section 2.1.4.2.
    """
    what = "consistency"
    _require(1 <= old_size <= new_size, what, "sizes out of order")
    _require_hashes(what, old_root, new_root, *proof)
    if old_size == new_size:
        _require(not proof, what, "surplus hashes")
        _require(old_root == new_root, what, "two roots for one size")
        return
    place, last = old_size - 1, new_size - 1
    while place % 2 == 1:
        place, last = place // 2, last // 2
    # An older tree that is complete is itself the first hash of the path and is left out.
    path = (old_root, *proof) if place == 0 else tuple(proof)
    _require(bool(path), what, "hashes missing")
    older = newer = path[0]
    for hash_ in path[1:]:
        _require(last > 0, what, "surplus hashes")
        if place % 2 == 1 or place == last:
            older, newer = node_hash(hash_, older), node_hash(hash_, newer)
            place, last = _past_missing_siblings(place, last)
        else:
            newer = node_hash(newer, hash_)
        place, last = place // 2, last // 2
    _require(last == 0, what, "hashes missing")
    _require(older == old_root, what, "the path does not lead to the older root")
    _require(newer == new_root, what, "the path does not lead to the newer root")


def _split(size: int) -> int:
    """Largest power of two below `size`; `size > 1`."""
    return 1 << (size - 1).bit_length() - 1


def _past_missing_siblings(place: int, last: int) -> tuple[int, int]:
    """Climb, at the right edge, the levels where a node has no sibling."""
    while place % 2 == 0 and place != 0:
        place, last = place // 2, last // 2
    return place, last


def _require(condition: bool, what: str, why: str) -> None:  # noqa: FBT001 -- an assertion's argument
    if not condition:
        raise VerificationError(what, why)


def _require_hashes(what: str, *hashes: bytes) -> None:
    _require(all(len(hash_) == HASH_BYTES for hash_ in hashes), what, "not hashes of 32 bytes")
