"""A plain writer of published logs, straight from docs/protocol.md, section 2.

Recursive where the auditor iterates, so that the two are not wrong in the same way.
"""

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path

from dauys.crypto.signing import SigningKey


def tree_head(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 9162, section 2.1.1, over leaf hashes."""
    if len(leaves) <= 1:
        return leaves[0] if leaves else hashlib.sha256().digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    halves = tree_head(leaves[:split]) + tree_head(leaves[split:])
    return hashlib.sha256(b"\x01" + halves).digest()


def checkpoint_text(origin: str, size: int, root: bytes, key: SigningKey) -> str:
    """A signed note with one signature."""
    text = f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"
    public = bytes.fromhex(key.public_hex)
    key_id = hashlib.sha256(origin.encode() + b"\n\x01" + public).digest()[:4]
    blob = base64.b64encode(key_id + key.sign(text.encode())).decode()
    return f"{text}\n— {origin} {blob}\n"


def write_log(folder: Path, entries: Sequence[bytes], origin: str, key: SigningKey) -> None:
    """Publish `entries` under a fresh `folder`."""
    leaves = [hashlib.sha256(b"\x00" + entry).digest() for entry in entries]
    bundles = [len(entry).to_bytes(2, "big") + entry for entry in entries]
    _write_row(folder, "entries", bundles)
    level, row = 0, leaves
    while row:
        _write_row(folder, str(level), row)
        level += 1
        span = 256**level
        row = [tree_head(leaves[i : i + span]) for i in range(0, len(leaves) - span + 1, span)]
    text = checkpoint_text(origin, len(entries), tree_head(leaves), key)
    folder.mkdir(exist_ok=True)
    (folder / "checkpoint").write_text(text, encoding="utf-8")


def _write_row(folder: Path, level: str, items: Sequence[bytes]) -> None:
    for start in range(0, len(items), 256):
        tile = items[start : start + 256]
        index = f"{start // 256:03d}"  # small logs only
        name = index if len(tile) == 256 else f"{index}.p/{len(tile)}"
        path = folder / "tile" / level / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(tile))
