"""Names and bytes of the board's files: C2SP tlog-tiles.

A tile holds up to 256 hashes, an entry bundle up to 256 entries. `publish.py` writes them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from dauys.core.entries import MAX_ENTRY_BYTES
from dauys.core.errors import MalformedError

TILE_WIDTH: Final = 256
TILE_HEIGHT: Final = 8
"""Levels of the tree between the hashes of a tile and those of the tile above it."""

CHECKPOINT_PATH: Final = "checkpoint"


@dataclass(frozen=True, slots=True)
class Tile:
    """Place of a tile: `level` 0 holds leaf hashes, level l roots of 256**l leaves.

    `level` is None for an entry bundle. `width` is 1 to 256; under 256 it is partial.
    """

    level: int | None
    index: int
    width: int

    @property
    def path(self) -> str:
        """Where the tile lies under the board's folder: `tile/0/x001/234.p/5`."""
        groups, rest = [f"{self.index % 1000:03d}"], self.index // 1000
        while rest:
            groups.append(f"x{rest % 1000:03d}")
            rest //= 1000
        level = "entries" if self.level is None else str(self.level)
        partial = "" if self.width == TILE_WIDTH else f".p/{self.width}"
        return f"tile/{level}/{'/'.join(reversed(groups))}{partial}"

    @property
    def start(self) -> int:
        """Place of the first hash in its level, or of the first entry."""
        return self.index * TILE_WIDTH

    @property
    def stop(self) -> int:
        """Place after the last hash in its level, or after the last entry."""
        return self.start + self.width


def tiles_of(size: int, since: int = 0) -> Iterator[Tile]:
    """Tiles and bundles of a log of `size` entries, less those that `since` entries had.

    In an order in which whoever stops early has left nothing half said: entries first.
    """
    yield from _tiles_of_level(None, size, since)
    level = 0
    while size:
        yield from _tiles_of_level(level, size, since)
        size, since, level = size // TILE_WIDTH, since // TILE_WIDTH, level + 1


def bundle(entries: Iterable[bytes]) -> bytes:
    """Entries, each behind its length as a big-endian 16-bit number."""
    parts = []
    for entry in entries:
        if len(entry) > MAX_ENTRY_BYTES:
            raise MalformedError("entry", "too long")
        parts += [len(entry).to_bytes(2, "big"), entry]
    return b"".join(parts)


def _tiles_of_level(level: int | None, size: int, since: int) -> Iterator[Tile]:
    """Tiles over `size` hashes that are not among those over the first `since`."""
    if size == since:
        return
    for index in range(since // TILE_WIDTH, -(-size // TILE_WIDTH)):
        yield Tile(level, index, min(TILE_WIDTH, size - index * TILE_WIDTH))
