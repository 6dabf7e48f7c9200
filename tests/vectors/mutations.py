"""What an attacker may send instead of an honest ballot, and the check that must refuse it.

What is named "forged" is signed again with the voter's own key: the attacker is the voter.
"""

import copy
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from dauys.crypto.ballot import CredentialKey
from dauys.crypto.ed25519 import G, P, Point, Q
from dauys.crypto.election import base64_hash
from dauys.crypto.proofs import prove_knowledge
from tests.vectors.seeded import SeededRandom

Tree = Any  # a ballot as plain JSON
Path = tuple[str | int, ...]  # the way to one place in it
Edit = Callable[[Tree], object]
Forgery = tuple[str, str, Edit]  # name, claim that must fail, edit

IDENTITY = "00" * 31 + "01"
ORDER_2 = f"{P - 1:064x}"
ORDER_4 = "00" * 32
ORDER_8 = bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")[
    ::-1
].hex()
NOT_ON_CURVE = f"{2:064x}"
Y_IS_P = f"{P:064x}"
IDENTITY_PLUS_P = f"{P + 1:064x}"
NEGATIVE_IDENTITY = f"{2**255 + 1:064x}"


def with_torsion(point: str) -> str:
    """`point` plus a point of order 8: on the curve, outside the subgroup."""
    good, torsion = (Point(bytes.fromhex(text)[::-1]) for text in (point, ORDER_8))
    return (good + torsion).hex()


@dataclass(frozen=True, slots=True)
class Mutation:
    """A changed ballot. `error` and `what` say how it must be refused."""

    name: str
    ballot: str
    error: str
    what: str


def print_tree(tree: Tree) -> str:
    """Compact JSON in the order of the fields."""
    return json.dumps(tree, ensure_ascii=False, separators=(",", ":"))


def sign_again(tree: Tree, key: CredentialKey) -> str:
    """Print `tree` with a fresh signature by `key`."""
    unsigned = {name: value for name, value in tree.items() if name != "signature"}
    signed_hash = base64_hash(print_tree(unsigned))
    proof = prove_knowledge(key.secret, f"sig|{signed_hash}|", SeededRandom("again"))
    signature = f'{{"hash":"{signed_hash}","proof":{proof.to_json()}}}'
    return print_tree(unsigned)[:-1] + f',"signature":{signature}}}'


def text_mutations(text: str) -> Iterator[Mutation]:
    """Other ways to write the same ballot, and no ballots at all."""
    tree = json.loads(text)
    reordered = {"credential": tree["credential"], **tree}
    for name, changed in (
        ("empty", ""),
        ("not-json", text[:-1]),
        ("array", f"[{text}]"),
        ("space", text.replace(",", ", ", 1)),
        ("newline-at-end", text + "\n"),
        ("byte-order-mark", "\ufeff" + text),
        ("fields-reordered", print_tree(reordered)),
        ("field-twice", text[:-1] + f',"credential":"{tree["credential"]}"}}'),
        ("escaped-letter", text.replace("election_uuid", "\\u0065lection_uuid")),
        ("deep-nesting", "[" * 100_000),
    ):
        yield Mutation(name, changed, "malformed", "ballot")


def structure_mutations(text: str) -> Iterator[Mutation]:
    """Every field of every structure missing or of a wrong type, and fields added."""
    whole = json.loads(text)
    structures: dict[str, Path] = {
        "ballot": (),
        "answer": ("answers", 0),
        "ciphertext": ("answers", 0, "choices", 0),
        "proof": ("answers", 0, "overall_proof", 0),
        "signature": ("signature",),
    }
    for what, path in structures.items():
        for name in _at(whole, path):
            if name != "blank_proof":  # it is of the shape, which the question decides
                yield _malformed(whole, f"{what}-without-{name}", what, drop((*path, name)))
            yield _malformed(whole, f"{what}-{name}-is-null", "", put((*path, name), None))
        yield _malformed(whole, f"{what}-extra", what, put((*path, "extra"), 1))


def value_mutations(text: str) -> Iterator[Mutation]:
    """Points and scalars in forms that must not be read."""
    whole = json.loads(text)
    first: Path = ("answers", 0, "choices", 0)
    for name, point in bad_points(_at(whole, (*first, "alpha"))).items():
        for path in ((*first, "alpha"), (*first, "beta"), ("credential",)):
            yield _malformed(whole, f"{path[-1]}-{name}", "point", put(path, point))
    proof: Path = ("answers", 0, "overall_proof", 0)
    for field in ("challenge", "response"):
        for name, scalar in bad_scalars(_at(whole, (*proof, field))).items():
            changed = put((*proof, field), scalar)
            yield _malformed(whole, f"{field}-{name}", "scalar", changed)


def bad_points(good: str) -> dict[str, str]:
    """What must not be read as a point, by its fault; some are made from a `good` one."""
    return {
        "upper-case": good[:-1].upper() + "A",
        "short": good[:-1],
        "long": good + "0",
        "y-is-p": Y_IS_P,
        "y-not-below-p": IDENTITY_PLUS_P,
        "identity": IDENTITY,
        "negative-identity": NEGATIVE_IDENTITY,
        "order-2": ORDER_2,
        "order-4": ORDER_4,
        "order-8": ORDER_8,
        "mixed-order": with_torsion(good),
        "not-on-curve": NOT_ON_CURVE,
    }


def bad_scalars(good: str) -> dict[str, str | int]:
    """What must not be read as a scalar, by its fault; most are made from a `good` one."""
    return {
        "leading-zero": "0" + good,
        "plus": "+" + good,
        "negative": "-" + good,
        "plus-q": str(int(good) + Q),
        "q": str(Q),
        "empty": "",
        "number": int(good),
        "hexadecimal": hex(int(good)),
        "arabic-digits": "٤" + good[1:],
        "underscore": good[0] + "_" + good[1:],
        "very-long": "9" * 5000,
    }


def claim_mutations(text: str, key: CredentialKey) -> Iterator[Mutation]:
    """Well-formed ballots whose claims do not hold."""
    whole = json.loads(text)
    other = (5 * G).hex()
    unsigned = (
        ("other-uuid", "election uuid", put(("election_uuid",), "1" * 14)),
        ("other-hash", "election hash", put(("election_hash",), "A" * 43)),
        ("stolen-credential", "signature hash", put(("credential",), other)),
        ("answers-dropped", "signature hash", put(("answers",), [])),
        ("signature-hash", "signature hash", put(("signature", "hash"), "")),
        ("signature-challenge", "signature", increment(("signature", "proof", "challenge"))),
        ("signature-response", "signature", increment(("signature", "proof", "response"))),
    )
    for name, what, edit in unsigned:
        tree = copy.deepcopy(whole)
        edit(tree)
        yield Mutation(name, print_tree(tree), "verification", what)
    forged = [
        ("other-uuid", "election uuid", put(("election_uuid",), "1" * 14)),
        ("other-hash", "election hash", put(("election_hash",), "A" * 43)),
        ("credential-of-another", "signature", put(("credential",), other)),
        ("no-answers", "shape", put(("answers",), [])),
        ("answer-twice", "shape", repeat(("answers",))),
    ]
    for i, answer in enumerate(whole["answers"]):
        if "list_proofs" in answer:
            forged += list_forgeries(i, answer)
            continue
        forged += _answer_forgeries(i, answer)
        forged += _overall_forgeries(i, answer)
    for name, what, edit in forged:
        tree = copy.deepcopy(whole)
        edit(tree)
        yield Mutation(f"forged-{name}", sign_again(tree, key), "verification", what)


def _answer_forgeries(i: int, answer: Tree) -> Iterator[Forgery]:
    at: Path = ("answers", i)
    for field in ("choices", "individual_proofs", "overall_proof", "blank_proof"):
        if field in answer:
            yield f"{i}-{field}-short", "shape", shorten((*at, field))
            yield f"{i}-{field}-long", "shape", repeat((*at, field))
    individual: Path = (*at, "individual_proofs")
    yield f"{i}-individual-proof-short", "shape", shorten((*individual, 0))
    what = "individual proof"
    for j in range(len(answer["choices"])):
        choice: Path = (*at, "choices", j)
        yield f"{i}-choice-{j}-alpha", what, put((*choice, "alpha"), G.hex())
        yield f"{i}-choice-{j}-beta", what, put((*choice, "beta"), G.hex())
        yield f"{i}-individual-{j}-branches-swapped", what, reverse((*individual, j))
        yield f"{i}-individual-{j}-response", what, increment((*individual, j, 1, "response"))
    if len(answer["choices"]) > 1:
        yield f"{i}-individual-proofs-swapped", what, reverse(individual)


def _overall_forgeries(i: int, answer: Tree) -> Iterator[Forgery]:
    at: Path = ("answers", i)
    for j in range(len(answer["overall_proof"])):
        for field in ("challenge", "response"):
            edit = increment((*at, "overall_proof", j, field))
            yield f"{i}-overall-{j}-{field}", "overall proof", edit
    # Each choice keeps its valid proof; only the whole is bound to their order.
    both = [reverse((*at, "choices")), reverse((*at, "individual_proofs"))]
    if "blank_proof" not in answer:
        added = put((*at, "blank_proof"), answer["individual_proofs"][0])
        yield f"{i}-blank-proof-added", "shape", added
        if len(answer["choices"]) > 1:
            yield f"{i}-choices-swapped-with-their-proofs", "overall proof", chain(both)
        return
    blank: Path = (*at, "blank_proof")
    yield f"{i}-blank-proof-missing", "shape", drop(blank)
    yield f"{i}-blank-proof-swapped", "blank proof", reverse(blank)
    yield f"{i}-choices-swapped-with-their-proofs", "blank proof", chain(both)
    for j in range(2):
        for field in ("challenge", "response"):
            yield f"{i}-blank-{j}-{field}", "blank proof", increment((*blank, j, field))


def list_forgeries(i: int, answer: Tree) -> Iterator[Forgery]:
    """Answers to a lists question whose claims do not hold."""
    at: Path = ("answers", i)
    individual: Path = (*at, "individual_proofs")
    for field in ("choices", "individual_proofs", "list_proofs"):
        yield f"{i}-{field}-short", "shape", shorten((*at, field))
        yield f"{i}-{field}-long", "shape", repeat((*at, field))
        yield f"{i}-{field}-of-a-list-short", "shape", shorten((*at, field, 0))
        yield f"{i}-{field}-of-a-list-long", "shape", repeat((*at, field, 0))
    yield f"{i}-individual-proof-short", "shape", shorten((*individual, 0, 0))
    what = "individual proof"
    for j, row in enumerate(answer["choices"]):
        for k in range(len(row)):
            choice: Path = (*at, "choices", j, k)
            yield f"{i}-choice-{j}-{k}-alpha", what, put((*choice, "alpha"), G.hex())
            response = increment((*individual, j, k, 1, "response"))
            yield f"{i}-individual-{j}-{k}-response", what, response
        for branch in range(2):
            for field in ("challenge", "response"):
                edit = increment((*at, "list_proofs", j, branch, field))
                yield f"{i}-list-{j}-{branch}-{field}", "list proof", edit
    yield f"{i}-list-proofs-swapped", "list proof", reverse((*at, "list_proofs"))
    for field in ("challenge", "response"):
        edit = increment((*at, "overall_proof", field))
        yield f"{i}-overall-{field}", "overall proof", edit
    nonzero: Path = (*at, "nonzero_proof")
    what = "nonzero proof"
    yield f"{i}-nonzero-commitment", what, put((*nonzero, "commitment"), G.hex())
    yield f"{i}-nonzero-commitment-is-zero", what, put((*nonzero, "commitment"), IDENTITY)
    yield f"{i}-nonzero-challenge", what, increment((*nonzero, "challenge"))
    yield f"{i}-nonzero-response-1", what, increment((*nonzero, "response", 0))
    yield f"{i}-nonzero-response-2", what, increment((*nonzero, "response", 1))
    # Each choice keeps its valid proof; only the whole is bound to their order.
    both = [reverse((*at, "choices", 0)), reverse((*individual, 0))]
    yield f"{i}-choices-swapped-with-their-proofs", "overall proof", chain(both)


def list_structure_mutations(text: str, i: int) -> Iterator[Mutation]:
    """Fields of the answer `i`, to a lists question, missing or of a wrong type or form."""
    whole = json.loads(text)
    answer: Path = ("answers", i)
    nonzero: Path = (*answer, "nonzero_proof")
    structures = {
        "answer": answer,
        "proof": (*answer, "overall_proof"),
        "nonzero proof": nonzero,
    }
    for what, path in structures.items():
        for name in _at(whole, path):
            yield _malformed(whole, f"{what}-without-{name}", what, drop((*path, name)))
            yield _malformed(whole, f"{what}-{name}-is-null", "", put((*path, name), None))
        yield _malformed(whole, f"{what}-extra", what, put((*path, "extra"), 1))
    overall = (*answer, "overall_proof")
    yield _malformed(whole, "overall-is-an-array", "proof", put(overall, [_at(whole, overall)]))
    yield _malformed(whole, "one-response", "nonzero proof", shorten((*nonzero, "response")))
    yield _malformed(whole, "three-responses", "nonzero proof", repeat((*nonzero, "response")))
    for name, point in bad_points(G.hex()).items():
        if name != "identity":  # well formed, and refused as a proof
            place = (*nonzero, "commitment")
            yield _malformed(whole, f"commitment-{name}", "point", put(place, point))
    for name, scalar in bad_scalars(_at(whole, (*nonzero, "challenge"))).items():
        place = (*nonzero, "challenge")
        yield _malformed(whole, f"nonzero-challenge-{name}", "scalar", put(place, scalar))
    flat = [choice for row in _at(whole, answer)["choices"] for choice in row]
    yield _malformed(whole, "choices-flat", "answer", put((*answer, "choices"), flat))


def put(path: Path, value: object) -> Edit:
    """Set what stands at `path`."""

    def edit(tree: Tree) -> None:
        _at(tree, path[:-1])[path[-1]] = value

    return edit


def drop(path: Path) -> Edit:
    """Remove what stands at `path`."""
    return lambda tree: _at(tree, path[:-1]).pop(path[-1])


def shorten(path: Path) -> Edit:
    """Remove the last of the array at `path`."""
    return lambda tree: _at(tree, path).pop()


def repeat(path: Path) -> Edit:
    """Add the first of the array at `path` once more at its end."""
    return lambda tree: _at(tree, path).append(copy.deepcopy(_at(tree, path)[0]))


def reverse(path: Path) -> Edit:
    """Turn the array at `path` around."""
    return lambda tree: _at(tree, path).reverse()


def increment(path: Path) -> Edit:
    """Add 1 modulo q to the scalar at `path`."""
    return lambda tree: put(path, str((int(_at(tree, path)) + 1) % Q))(tree)


def chain(edits: Sequence[Edit]) -> Edit:
    """All `edits`, one after another."""

    def edit(tree: Tree) -> None:
        for one in edits:
            one(tree)

    return edit


def _malformed(whole: Tree, name: str, what: str, edit: Edit) -> Mutation:
    tree = copy.deepcopy(whole)
    edit(tree)
    return Mutation(name, print_tree(tree), "malformed", what)


def _at(tree: Tree, path: Path) -> Any:
    for step in path:
        tree = tree[step]
    return tree
