"""Names of tiles, the tree, and checkpoints, against the specifications' own examples."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauys.core.errors import MalformedError, VerificationError
from dauys.crypto.signing import SigningKey
from dauys.verify.checkpoint import check_signature, parse_checkpoint
from dauys.verify.files import TilePath, expected_tiles
from dauys.verify.tree import root_and_levels
from tests.unit.verify.plain_log import checkpoint_text, tree_head

KEY = SigningKey.from_seed(bytes(range(32)))


def test_tiles_are_named_as_in_the_specification() -> None:
    assert str(TilePath("0", 1_234_067, 256)) == "tile/0/x001/x234/067"
    # 70,000 = 273 * 256 + 112, 273 = 256 + 17
    names = set(map(str, expected_tiles(70_000)))
    assert {"tile/0/272", "tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"} <= names
    assert len(names) == 2 * 274 + 2 + 1


def test_a_full_tile_has_its_parent() -> None:
    assert list(map(str, expected_tiles(256))) == [
        "tile/entries/000",
        "tile/0/000",
        "tile/1/000.p/1",
    ]
    assert not list(expected_tiles(0))


@given(st.integers(0, 600))
def test_the_tree_is_the_recursive_one(size: int) -> None:
    leaves = [hashlib.sha256(i.to_bytes(2, "big")).digest() for i in range(size)]
    root, levels = root_and_levels(leaves)
    assert root == tree_head(leaves)
    assert [len(row) for row in levels] == [n for n in (size, size // 256) if n]
    for i, subtree in enumerate(levels[1] if len(levels) > 1 else ()):
        assert subtree == tree_head(leaves[256 * i : 256 * (i + 1)])


GOOD = checkpoint_text("board.example", 20, bytes(32), KEY)


def test_a_checkpoint_prints_as_it_was_read() -> None:
    checkpoint = parse_checkpoint(GOOD.encode())
    assert (checkpoint.origin, checkpoint.size, checkpoint.root) == ("board.example", 20, bytes(32))
    check_signature(checkpoint, KEY.public_hex)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        GOOD.replace("\n20\n", "\n+20\n"),
        GOOD.replace("\n20\n", "\n020\n"),
        GOOD.replace("\n20\n", "\n 20\n"),
        GOOD.replace("\n20\n", "\n٢٠\n"),
        GOOD.replace("\n20\n", "\n2_0\n"),
        GOOD.replace("\n20\n", "\n-1\n"),
        GOOD.replace("\n20\n", "\n20\nextension\n"),
        GOOD.replace("board.example\n", "board example\n"),
        GOOD.replace("board.example\n", "board+example\n"),
        GOOD.replace("AAA=\n", "AAB=\n"),
        GOOD.replace("AAA=\n", "AAA\n"),
        GOOD.replace("AAA=\n", "AAA=\r\n"),
        GOOD.replace("— ", "- "),
        GOOD.replace("— ", "—  "),
        GOOD.split("—")[0],
        GOOD + "\n",
        GOOD[:-1],
        GOOD + "— witness AAAA\n",
    ],
)
def test_a_checkpoint_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(MalformedError):
        parse_checkpoint(text.encode())


def test_a_checkpoint_that_is_not_text_is_refused() -> None:
    with pytest.raises(MalformedError):
        parse_checkpoint(b"\xff" + GOOD.encode())


def test_a_checkpoint_of_another_key_is_refused() -> None:
    other = SigningKey.from_seed(bytes(32))
    with pytest.raises(VerificationError):
        check_signature(parse_checkpoint(GOOD.encode()), other.public_hex)
