"""Writes `inclusion.json` and `consistency.json` beside it. Run from the repository's top.

Each case is named by what was done to a proof that holds. Other implementations (the
voter's page, the verifier) read the same files.
"""

import json
from pathlib import Path

from dauys.board.merkle import Tree, leaf_hash

FOLDER = Path(__file__).parent
SIZES = (1, 2, 3, 7, 8, 21, 64)


def tree_of(size: int, stuffed: int | None = None) -> Tree:
    """A tree of `size` numbered leaves, one of them exchanged."""
    tree = Tree()
    for number in range(size):
        tree.append(leaf_hash(b"stuffed" if number == stuffed else f"{number}".encode()))
    return tree


def hexes(proof: tuple[bytes, ...]) -> list[str]:
    """Hashes as the vectors print them."""
    return [hash_.hex() for hash_ in proof]


def case(name: str, base: dict[str, object], **changes: object) -> dict[str, object]:
    """A case: the proof that holds, with changes."""
    return {"name": name, "holds": not changes, **base, **changes}


def inclusion_cases(size: int, index: int) -> list[dict[str, object]]:
    """The proof of one leaf and everything that must not pass for it."""
    tree = tree_of(size)
    proof = hexes(tree.inclusion_proof(index, size))
    base: dict[str, object] = {
        "leaf": leaf_hash(f"{index}".encode()).hex(),
        "index": index,
        "size": size,
        "proof": proof,
        "root": tree.root().hex(),
    }
    stuffed = tree_of(size, stuffed=index).root().hex()
    zero = "00" * 32
    mutations: dict[str, dict[str, object]] = {
        "index-plus-1": {"index": index + 1},
        "index-minus-1": {"index": index - 1},
        "index-is-size": {"index": size},
        "size-zero": {"size": 0},
        "leaf-changed": {"leaf": leaf_hash(b"stuffed").hex()},
        "leaf-is-the-root": {"leaf": base["root"], "proof": [*proof, zero]},
        "root-of-a-stuffed-tree": {"root": stuffed},
        "root-empty": {"root": ""},
        "hash-added-at-the-end": {"proof": [*proof, zero]},
        "hash-added-at-the-start": {"proof": [zero, *proof]},
    }
    if proof:
        mutations |= {
            "hash-missing-at-the-end": {"proof": proof[:-1]},
            "hash-missing-at-the-start": {"proof": proof[1:]},
            "hash-changed": {"proof": [zero, *proof[1:]]},
            "hash-of-31-bytes": {"proof": [proof[0][:-2], *proof[1:]]},
            "proof-empty": {"proof": []},
        }
    if len(proof) > 1:
        mutations["hashes-reversed"] = {"proof": proof[::-1]}
    where = f"leaf-{index}-of-{size}"
    return [
        case(where, base),
        *(case(f"{where}/{name}", base, **change) for name, change in mutations.items()),
    ]


def consistency_cases(old: int, new: int) -> list[dict[str, object]]:
    """The proof between two sizes and everything that must not pass for it."""
    tree = tree_of(new)
    proof = hexes(tree.consistency_proof(old, new))
    base: dict[str, object] = {
        "old_size": old,
        "old_root": tree.root(old).hex(),
        "new_size": new,
        "new_root": tree.root(new).hex(),
        "proof": proof,
    }
    rewritten = tree_of(new, stuffed=0)
    zero = "00" * 32
    mutations: dict[str, dict[str, object]] = {
        "old-size-zero": {"old_size": 0},
        "old-size-beyond-new": {"old_size": new + 1},
        "old-entry-exchanged": {"old_root": rewritten.root(old).hex()},
        "new-entry-exchanged": {"new_root": rewritten.root(new).hex()},
        "hash-added-at-the-end": {"proof": [*proof, zero]},
        "hash-added-at-the-start": {"proof": [zero, *proof]},
    }
    if old != new:
        mutations |= {
            "hash-missing-at-the-end": {"proof": proof[:-1]},
            "hash-missing-at-the-start": {"proof": proof[1:]},
            "hash-changed": {"proof": [*proof[:-1], zero]},
            "hash-of-31-bytes": {"proof": [*proof[:-1], proof[-1][:-2]]},
            "proof-empty": {"proof": []},
            "roots-exchanged": {"old_root": base["new_root"], "new_root": base["old_root"]},
        }
    where = f"{old}-to-{new}"
    return [
        case(where, base),
        *(case(f"{where}/{name}", base, **change) for name, change in mutations.items()),
    ]


def main() -> None:
    """Write both files."""
    included = [
        one
        for size in SIZES
        for index in sorted({0, size // 2, size - 1})
        for one in inclusion_cases(size, index)
    ]
    consistent = [
        one
        for new in SIZES
        for old in sorted({1, new // 2 or 1, max(1, new - 1), new})
        for one in consistency_cases(old, new)
    ]
    for name, cases in (("inclusion", included), ("consistency", consistent)):
        lines = ",\n".join(json.dumps(one) for one in cases)
        (FOLDER / f"{name}.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
