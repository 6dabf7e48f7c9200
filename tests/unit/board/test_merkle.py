"""The tree against published roots, and proofs against vectors named by mutation."""

import json
from pathlib import Path
from typing import Any

import pytest

from dauys.board.merkle import EMPTY_ROOT, Tree, leaf_hash, verify_consistency, verify_inclusion
from dauys.core.errors import VerificationError

VECTORS = Path(__file__).parents[2] / "vectors" / "board"

# Leaves and roots of the Certificate Transparency project's own tests (RFC 6962).
LEAVES = (
    "",
    "00",
    "10",
    "2021",
    "3031",
    "40414243",
    "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
)
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def cases(name: str) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = json.loads((VECTORS / f"{name}.json").read_text())
    return read


def hashes(of: list[str]) -> tuple[bytes, ...]:
    return tuple(map(bytes.fromhex, of))


def test_the_roots_are_those_of_certificate_transparency() -> None:
    tree = Tree()
    assert tree.root() == EMPTY_ROOT
    for leaf, root in zip(LEAVES, ROOTS, strict=True):
        tree.append(leaf_hash(bytes.fromhex(leaf)))
        assert tree.root().hex() == root
    assert [tree.root(size).hex() for size in range(1, 9)] == list(ROOTS)


@pytest.mark.parametrize("case", cases("inclusion"), ids=lambda case: case["name"])
def test_inclusion(case: dict[str, Any]) -> None:
    claim = (
        bytes.fromhex(case["leaf"]),
        case["index"],
        case["size"],
        hashes(case["proof"]),
        bytes.fromhex(case["root"]),
    )
    if case["holds"]:
        verify_inclusion(*claim)
        return
    with pytest.raises(VerificationError) as refused:
        verify_inclusion(*claim)
    assert refused.value.what == "inclusion"


@pytest.mark.parametrize("case", cases("consistency"), ids=lambda case: case["name"])
def test_consistency(case: dict[str, Any]) -> None:
    claim = (
        case["old_size"],
        bytes.fromhex(case["old_root"]),
        case["new_size"],
        bytes.fromhex(case["new_root"]),
        hashes(case["proof"]),
    )
    if case["holds"]:
        verify_consistency(*claim)
        return
    with pytest.raises(VerificationError) as refused:
        verify_consistency(*claim)
    assert refused.value.what == "consistency"


def test_the_vectors_hold_proofs_of_both_kinds() -> None:
    for name in ("inclusion", "consistency"):
        held = [case["holds"] for case in cases(name)]
        assert held.count(True) >= 15
        assert held.count(False) >= 100
