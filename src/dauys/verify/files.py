"""The published files: which there must be, and the entries out of their bundles.

C2SP tlog-tiles under one folder; docs/protocol.md, section 2. Files are read one at a
time and never beyond what a tile can hold, so that no folder can fill the memory.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from dauys.core.errors import MalformedError
from dauys.verify.checkpoint import MAX_CHECKPOINT_BYTES
from dauys.verify.errors import UnreadableError

WIDTH: Final = 256
HASH_BYTES: Final = 32
_LENGTH_BYTES: Final = 2
_MAX_BUNDLE_BYTES: Final = WIDTH * (_LENGTH_BYTES + 65_535)
_NAMED: Final = 3
"""Missing files named in full before the rest are left uncounted."""
ENTRIES: Final = "entries"


@dataclass(frozen=True, slots=True)
class TilePath:
    """A tile of `width` items: number `index` of level `level`, or of the entry bundles."""

    level: str
    index: int
    width: int

    def __str__(self) -> str:
        """Below the log's folder: `tile/<level>/x001/234.p/5`."""
        groups = [f"{self.index % 1000:03d}"]
        rest = self.index // 1000
        while rest:
            groups.insert(0, f"x{rest % 1000:03d}")
            rest //= 1000
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{self.level}/{'/'.join(groups)}{partial}"


def tiles_of_row(level: str, items: int) -> Iterator[TilePath]:
    """The tiles that hold a row of `items` items."""
    for index in range(items // WIDTH):
        yield TilePath(level, index, WIDTH)
    if items % WIDTH:
        yield TilePath(level, items // WIDTH, items % WIDTH)


def expected_tiles(size: int) -> Iterator[TilePath]:
    """Every tile of a log of `size` entries."""
    yield from tiles_of_row(ENTRIES, size)
    level, items = 0, size
    while items:
        yield from tiles_of_row(str(level), items)
        level, items = level + 1, items // WIDTH


def read_checkpoint_file(folder: Path) -> bytes:
    """The bytes of `checkpoint`. Raises UnreadableError."""
    if not folder.is_dir():
        raise UnreadableError(folder, "no such folder")
    path = folder / "checkpoint"
    if not path.is_file():
        raise UnreadableError(folder, "holds no file 'checkpoint'")
    try:
        return read_limited(path, MAX_CHECKPOINT_BYTES)
    except OSError as error:
        raise UnreadableError(path, error.strerror or "cannot be read") from error


def read_limited(path: Path, limit: int) -> bytes:
    """At most `limit` bytes of `path` and one more, which tells that it is longer."""
    with path.open("rb") as stream:
        return stream.read(limit + 1)


def layout_faults(folder: Path, size: int) -> Iterator[str]:
    """What of the tiles of `size` entries is missing, and what else there is."""
    expected = _files_to_expect(folder, size)
    missing = (path for path in expected_tiles(size) if not _is_plain(folder / str(path)))
    yield from (f"{path} is missing" for path in islice(missing, _NAMED))
    for path in _files_below(folder / "tile"):
        name = path.relative_to(folder).as_posix()
        if name not in expected:
            yield f"{name} is not of this checkpoint"


def read_bundle(folder: Path, path: TilePath) -> tuple[bytes, ...]:
    """The entries of the bundle at `path`, `path.width` of them.

    Raises MalformedError unless they fill the file, OSError.
    """
    data = read_limited(folder / str(path), _MAX_BUNDLE_BYTES)
    entries, start = [], 0
    while start < len(data):
        length = int.from_bytes(data[start : start + _LENGTH_BYTES], "big")
        start += _LENGTH_BYTES
        entries.append(data[start : start + length])
        start += length
    if start != len(data) or len(entries) != path.width:
        raise MalformedError(str(path), f"does not hold {path.width} whole entries")
    return tuple(entries)


def tile_fault(folder: Path, path: TilePath, row: Sequence[bytes]) -> str | None:
    """How the hash tile at `path` differs from the hashes that `row` gives, if it does."""
    start = path.index * WIDTH
    hashes = row[start : start + path.width]
    try:
        data = read_limited(folder / str(path), WIDTH * HASH_BYTES)
    except OSError:
        return f"{path} cannot be read"
    if len(data) != len(hashes) * HASH_BYTES:
        return f"{path} does not hold {len(hashes)} hashes"
    for i, expected in enumerate(hashes):
        if data[i * HASH_BYTES : (i + 1) * HASH_BYTES] != expected:
            return f"{path}, hash {i} is not what the entries give"
    return None


def _files_to_expect(folder: Path, size: int) -> frozenset[str]:
    """Names of the expected tiles, not many more of them than there are files.

    A checkpoint may claim any size; more names would only say what is missing.
    """
    there = sum(1 for _ in _files_below(folder / "tile"))
    return frozenset(map(str, islice(expected_tiles(size), 2 * there + WIDTH)))


def _files_below(folder: Path) -> Iterator[Path]:
    """Everything below `folder` that is not itself a folder, sorted."""
    if folder.is_symlink():
        yield folder
    elif folder.is_dir():
        for path in sorted(folder.iterdir()):
            if path.is_dir() and not path.is_symlink():
                yield from _files_below(path)
            else:
                yield path


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()
