"""The Merkle tree over all entries, computed anew from their hashes.

RFC 9162, section 2.1. Nothing is read from the published hash tiles: they are compared
with what comes out here.
"""

import hashlib
from collections.abc import Sequence

LEVELS_PER_TILE = 8
"""A tile of level L holds hashes of subtrees of 256**L leaves. C2SP tlog-tiles"""


def leaf_hash(entry: bytes) -> bytes:
    """SHA-256(0x00 || entry), RFC 9162 section 2.1.1."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right), RFC 9162 section 2.1.1."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_and_levels(leaves: Sequence[bytes]) -> tuple[bytes, list[Sequence[bytes]]]:
    """The root, and for each tile level L the hashes of all full subtrees of 256**L leaves.

    Halving a row of hashes and carrying a lone last one upwards gives the split at the
    greatest power of two of RFC 9162, section 2.1.1: every subtree but the last is full.
    """
    if not leaves:
        return hashlib.sha256().digest(), []
    levels: list[Sequence[bytes]] = [leaves]
    row, full, height = leaves, len(leaves), 0
    while len(row) > 1:
        odd = row[-1:] if len(row) % 2 else []
        row = [*map(node_hash, row[::2], row[1::2]), *odd]
        full //= 2
        height += 1
        if height % LEVELS_PER_TILE == 0 and full:
            levels.append(row[:full])
    return row[0], levels
