"""The tree against the definitions of RFC 9162, written as they stand there."""

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauys.board.merkle import (
    EMPTY_ROOT,
    Tree,
    leaf_hash,
    node_hash,
    verify_consistency,
    verify_inclusion,
)
from dauys.core.errors import VerificationError

SIZES = st.integers(1, 300)


def entries(size: int) -> list[bytes]:
    return [f"entry {number}".encode() for number in range(size)]


def tree_of(size: int) -> Tree:
    tree = Tree()
    for entry in entries(size):
        tree.append(leaf_hash(entry))
    return tree


def split(size: int) -> int:
    power = 1
    while power * 2 < size:
        power *= 2
    return power


def mth(d: Sequence[bytes]) -> bytes:
    """MTH of RFC 9162 section 2.1.1."""
    if not d:
        return hashlib.sha256(b"").digest()
    if len(d) == 1:
        return leaf_hash(d[0])
    k = split(len(d))
    return node_hash(mth(d[:k]), mth(d[k:]))


def path(m: int, d: Sequence[bytes]) -> list[bytes]:
    """PATH of RFC 9162 section 2.1.3.1."""
    if len(d) == 1:
        return []
    k = split(len(d))
    if m < k:
        return [*path(m, d[:k]), mth(d[k:])]
    return [*path(m - k, d[k:]), mth(d[:k])]


def subproof(m: int, d: Sequence[bytes], *, whole: bool) -> list[bytes]:
    """SUBPROOF of RFC 9162 section 2.1.4.1."""
    if m == len(d):
        return [] if whole else [mth(d)]
    k = split(len(d))
    if m <= k:
        return [*subproof(m, d[:k], whole=whole), mth(d[k:])]
    return [*subproof(m - k, d[k:], whole=False), mth(d[:k])]


def test_the_empty_tree() -> None:
    assert Tree().root() == EMPTY_ROOT == mth([])


@given(SIZES, st.data())
def test_roots_and_proofs_are_those_of_the_rfc(size: int, data: st.DataObject) -> None:
    tree, d = tree_of(size), entries(size)
    old = data.draw(st.integers(1, size))
    index = data.draw(st.integers(0, old - 1))
    assert tree.root(old) == mth(d[:old])
    assert tree.root() == mth(d)
    assert list(tree.inclusion_proof(index, old)) == path(index, d[:old])
    assert list(tree.consistency_proof(old, size)) == subproof(old, d, whole=True)


@given(SIZES, st.data())
def test_every_proof_is_accepted(size: int, data: st.DataObject) -> None:
    tree = tree_of(size)
    old = data.draw(st.integers(1, size))
    index = data.draw(st.integers(0, size - 1))
    leaf = leaf_hash(entries(size)[index])
    verify_inclusion(leaf, index, size, tree.inclusion_proof(index, size), tree.root())
    proof = tree.consistency_proof(old, size)
    verify_consistency(old, tree.root(old), size, tree.root(), proof)


@given(SIZES, st.data())
def test_no_other_index_size_or_proof_is_accepted(size: int, data: st.DataObject) -> None:
    tree = tree_of(size)
    index = data.draw(st.integers(0, size - 1))
    leaf, root = leaf_hash(entries(size)[index]), tree.root()
    proof = tree.inclusion_proof(index, size)
    other = data.draw(st.integers(-2, size + 2).filter(lambda n: n != index))
    with pytest.raises(VerificationError):
        verify_inclusion(leaf, other, size, proof, root)
    for wrong in ((*proof, root), proof[:-1] if proof else (root,), (leaf, *proof)):
        with pytest.raises(VerificationError):
            verify_inclusion(leaf, index, size, wrong, root)
    if proof:
        place = data.draw(st.integers(0, len(proof) - 1))
        changed = (*proof[:place], leaf_hash(proof[place]), *proof[place + 1 :])
        with pytest.raises(VerificationError):
            verify_inclusion(leaf, index, size, changed, root)


@given(st.integers(2, 300), st.data())
def test_no_changed_history_is_accepted(size: int, data: st.DataObject) -> None:
    tree = tree_of(size)
    old = data.draw(st.integers(1, size - 1))
    older, newer = tree.root(old), tree.root()
    proof = tree.consistency_proof(old, size)
    stranger = leaf_hash(b"stuffed")
    for wrong in ((*proof, newer), proof[:-1], (newer, *proof)):
        with pytest.raises(VerificationError):
            verify_consistency(old, older, size, newer, wrong)
    with pytest.raises(VerificationError):
        verify_consistency(old, stranger, size, newer, proof)
    with pytest.raises(VerificationError):
        verify_consistency(old, older, size, stranger, proof)
    with pytest.raises(VerificationError):
        verify_consistency(size, newer, old, older, proof)


@given(SIZES)
def test_no_proof_outside_the_tree_is_made(size: int) -> None:
    tree = tree_of(size)
    for index, of in ((size, size), (-1, size), (0, size + 1), (0, 0)):
        with pytest.raises(IndexError):
            tree.inclusion_proof(index, of)
    for old, new in ((0, size), (size + 1, size), (1, size + 1), (-1, size)):
        with pytest.raises(IndexError):
            tree.consistency_proof(old, new)
    with pytest.raises(IndexError):
        tree.root(size + 1)
    with pytest.raises(IndexError):
        tree.hashes(0, 0, size + 1)


def test_a_hash_of_another_length_is_no_leaf() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Tree().append(b"short")


def test_memory_is_about_64_bytes_a_leaf() -> None:
    tree = tree_of(4096)
    assert sum(len(level) for level in tree._levels) == 32 * (2 * 4096 - 1)
