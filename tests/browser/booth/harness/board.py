"""A small board for receipts: a Merkle tree and signed notes, written slowly from RFC 9162."""

import base64
import hashlib
from collections.abc import Sequence

from dauys.crypto.signing import SigningKey


def leaf_hash(entry: bytes) -> bytes:
    """RFC 9162 section 2.1.1."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 9162 section 2.1.1."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """Merkle tree hash of leaf hashes, RFC 9162 section 2.1.1."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = _split(len(leaves))
    return node_hash(root(leaves[:k]), root(leaves[k:]))


def inclusion(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PATH(m, D[n]), RFC 9162 section 2.1.3.1."""
    if len(leaves) == 1:
        return []
    k = _split(len(leaves))
    if index < k:
        return [*inclusion(index, leaves[:k]), root(leaves[k:])]
    return [*inclusion(index - k, leaves[k:]), root(leaves[:k])]


def consistency(size: int, leaves: Sequence[bytes], *, complete: bool = True) -> list[bytes]:
    """SUBPROOF(m, D[n], b), RFC 9162 section 2.1.4.1."""
    if size == len(leaves):
        return [] if complete else [root(leaves)]
    k = _split(len(leaves))
    if size <= k:
        return [*consistency(size, leaves[:k], complete=complete), root(leaves[k:])]
    return [*consistency(size - k, leaves[k:], complete=False), root(leaves[:k])]


def root_of_path(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """Root to which `path` leads, by the recursion of `inclusion` and not the loop of RFC 9162."""
    if size == 1:
        return leaf
    k = _split(size)
    if index < k:
        return node_hash(root_of_path(leaf, index, k, path[:-1]), path[-1])
    return node_hash(path[-1], root_of_path(leaf, index - k, size - k, path[:-1]))


def path_length(index: int, size: int) -> int:
    """Number of hashes in the audit path."""
    if size == 1:
        return 0
    k = _split(size)
    return 1 + (path_length(index, k) if index < k else path_length(index - k, size - k))


def signed_checkpoint(key: SigningKey, origin: str, size: int, tree: bytes) -> str:
    """C2SP tlog-checkpoint in a C2SP signed-note."""
    body = f"{origin}\n{size}\n{base64.b64encode(tree).decode()}\n"
    return f"{body}\n{signature_line(key, origin, body)}"


def signature_line(key: SigningKey, name: str, body: str) -> str:
    """C2SP signed-note, signature type 0x01."""
    typed = b"\x01" + bytes.fromhex(key.public_hex)
    key_id = hashlib.sha256(name.encode() + b"\n" + typed).digest()[:4]
    signature = base64.b64encode(key_id + key.sign(body.encode())).decode()
    return f"— {name} {signature}\n"


def _split(size: int) -> int:
    """Largest power of two smaller than `size`."""
    return 1 << (size - 1).bit_length() - 1
