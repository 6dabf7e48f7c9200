"""Names and bytes of tiles, with the examples of C2SP tlog-tiles."""

from collections import Counter

import pytest

from dauys.board.tiles import Tile, bundle, tiles_of
from dauys.core.entries import MAX_ENTRY_BYTES
from dauys.core.errors import MalformedError


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0, 256), "tile/0/000"),
        (Tile(0, 1234067, 256), "tile/0/x001/x234/067"),
        (Tile(1, 1000, 5), "tile/1/x001/000.p/5"),
        (Tile(None, 999, 255), "tile/entries/999.p/255"),
        (Tile(None, 10**6, 256), "tile/entries/x001/x000/000"),
    ],
)
def test_paths(tile: Tile, path: str) -> None:
    assert tile.path == path


def shapes(size: int, since: int = 0) -> Counter[tuple[int | None, int]]:
    return Counter((tile.level, tile.width) for tile in tiles_of(size, since))


def test_the_example_of_70000_entries() -> None:
    assert shapes(70_000) == {
        (None, 256): 273,
        (None, 112): 1,
        (0, 256): 273,
        (0, 112): 1,
        (1, 256): 1,
        (1, 17): 1,
        (2, 1): 1,
    }


def test_the_example_of_256_entries() -> None:
    assert shapes(256) == {(None, 256): 1, (0, 256): 1, (1, 1): 1}


def test_an_empty_log_has_no_tiles() -> None:
    assert not shapes(0)


@pytest.mark.parametrize("since", [0, 1, 255, 256, 257, 65_535, 65_536, 69_999, 70_000])
def test_what_is_new_and_what_was_there_are_all(since: int) -> None:
    before, after = set(tiles_of(since)), set(tiles_of(70_000))
    new = list(tiles_of(70_000, since))
    assert len(new) == len(set(new))
    assert set(new) | (before & after) == after
    assert not set(new) & before


def test_a_bundle_puts_the_length_before_each_entry() -> None:
    assert (
        bundle([b"ab", b"", b"c" * 258]) == b"\x00\x02ab" + b"\x00\x00" + b"\x01\x02" + b"c" * 258
    )
    assert bundle([b"x" * MAX_ENTRY_BYTES])[:2] == b"\xff\xff"
    with pytest.raises(MalformedError):
        bundle([b"x" * (MAX_ENTRY_BYTES + 1)])
