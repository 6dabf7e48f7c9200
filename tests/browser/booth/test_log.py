"""Canonical JSON, the Merkle tree and checkpoints in a real Chromium."""

import base64
import hashlib
import random
from collections.abc import Callable
from typing import Any

import pytest

from dauys.board.checkpoint import Checkpoint, sign_checkpoint
from dauys.core import canonical
from dauys.crypto.signing import SigningKey
from tests.browser.booth.harness import board
from tests.browser.booth.harness.tab import Booth

ORIGIN = "board.dauys.example/2026"
LOG = SigningKey.from_seed(hashlib.sha256(b"log").digest())

# ------------------------------------------------------------------------ canonical JSON


@pytest.mark.parametrize(
    "value",
    [
        {"b": 1, "a": [True, None, {"z": "", "A": -5}], "": 0},
        {"text": 'Кеңес "сайлауы" \\ / \b\f\n\r\t \u0000\u001f\u007f\u2028 😀'},
        {"big": 2**53 - 1, "small": -(2**53 - 1), "zero": 0},
        {"10": 1, "9": 2, "a": {"10": 1, "9": 2}},
    ],
)
def test_canonical_json_is_pythons(booth: Booth, value: dict[str, Any]) -> None:
    text = canonical.encode(value).decode()
    assert booth("load", text=text)["result"] == value
    assert booth("dump", value=value) == {"result": text}


@pytest.mark.parametrize(
    "text",
    [
        '{"b":1,"a":2}',
        '{"a":1,"a":1}',
        '{"a": 1}',
        '{"a":1.0}',
        '{"a":1e2}',
        '{"a":-0}',
        '{"a":9007199254740992}',
        '{"a":"\\u0041"}',
        '{"a":"\\/"}',
        '{"a":"\\ud800"}',
        '{"ә":1}',
        "[1]",
        "null",
        '{"a":1}\n',
        '{"a":0.5}',
        '{"a":' + "[" * 100_000,
        '{"a":' + "[" * 100_000 + "]" * 100_000 + "}",
    ],
    ids=lambda text: text[:20],
)
def test_canonical_reader_accepts_one_form_only(booth: Booth, text: str) -> None:
    assert booth("load", text=text)["error"] == "MalformedError"


# ------------------------------------------------------------------------------ the tree


def leaves(count: int) -> list[bytes]:
    return [board.leaf_hash(f"entry {i}".encode()) for i in range(count)]


def hexes(hashes: list[bytes]) -> list[str]:
    return [item.hex() for item in hashes]


def test_every_entry_of_small_trees_is_proved_to_be_in(booth: Booth) -> None:
    for size in (1, 2, 3, 4, 5, 7, 8, 11):
        tree = leaves(size)
        for index in range(size):
            proof = hexes(board.inclusion(index, tree))
            good = {
                "leaf": tree[index].hex(),
                "index": index,
                "size": size,
                "proof": proof,
                "root": board.root(tree).hex(),
            }
            assert booth("verifyInclusion", **good) == {"result": True}
            bad: list[dict[str, Any]] = [
                {"index": index + 1},
                {"index": index - 1},
                {"index": index + 0.5},
                {"index": str(index)},
                {"leaf": board.leaf_hash(b"forged").hex()},
                {"root": board.root(leaves(size + 1)).hex()},
                {"proof": [*proof, "00" * 32]},
            ]
            if proof:
                bad += [{"proof": proof[1:]}, {"proof": proof[:-1]}]
            for change in bad:
                assert booth("verifyInclusion", **(good | change)) == {"result": False}, change


def test_places_beyond_32_bits_are_proved(booth: Booth) -> None:
    generator = random.Random(20200817)
    for _ in range(12):
        size = generator.randrange(2**32, 2**53)
        index = generator.randrange(size)
        path = [generator.randbytes(32) for _ in range(board.path_length(index, size))]
        leaf = generator.randbytes(32)
        claim = {
            "leaf": leaf.hex(),
            "index": index,
            "size": size,
            "proof": hexes(path),
            "root": board.root_of_path(leaf, index, size, path).hex(),
        }
        assert booth("verifyInclusion", **claim) == {"result": True}
        assert booth("verifyInclusion", **(claim | {"index": index ^ 1})) == {"result": False}


def test_growth_of_small_trees_is_proved_and_rewriting_is_found(booth: Booth) -> None:
    for new in (1, 2, 3, 5, 8, 9):
        tree = leaves(new)
        for old in range(1, new + 1):
            proof = hexes(board.consistency(old, tree))
            good = {
                "oldSize": old,
                "oldRoot": board.root(tree[:old]).hex(),
                "newSize": new,
                "newRoot": board.root(tree).hex(),
                "proof": proof,
            }
            assert booth("verifyConsistency", **good) == {"result": True}, (old, new)
            rewritten = board.root([board.leaf_hash(b"forged"), *tree[1:]]).hex()
            for change in (
                {"newRoot": rewritten},
                {"oldRoot": "11" * 32},
                {"proof": [*proof, "00" * 32]},
                {"oldSize": 0},
                {"oldSize": new + 1},
            ):
                assert booth("verifyConsistency", **(good | change)) == {"result": False}, change


# --------------------------------------------------------------------------- checkpoints

# From the documentation of Go's golang.org/x/mod/sumdb/note, which we did not write.
NOTE_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NOTE_TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
NOTE = (
    f"{NOTE_TEXT}\n— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def test_a_signed_note_made_by_others_is_accepted(booth: Booth) -> None:
    assert booth("openNote", note=NOTE, key=NOTE_KEY) == {"result": NOTE_TEXT}
    forged = NOTE.replace("problem is", "solution is")
    refused = booth.verdict("openNote", note=forged, key=NOTE_KEY)
    assert refused == ("VerificationError", "checkpoint")
    refused = booth.verdict("openNote", note=NOTE, key=NOTE_KEY.replace("c74f", "c75f"))
    assert refused == ("MalformedError", "log key")


def vkey(key: SigningKey) -> str:
    typed = b"\x01" + bytes.fromhex(key.public_hex)
    key_id = hashlib.sha256(ORIGIN.encode() + b"\n" + typed).hexdigest()[:8]
    return f"{ORIGIN}+{key_id}+{base64.b64encode(typed).decode()}"


def checkpoint_of(count: int, key: SigningKey = LOG) -> str:
    return sign_checkpoint(Checkpoint(ORIGIN, count, board.root(leaves(count))), key)


def test_a_checkpoint_is_opened_with_witnesses_lines_around(booth: Booth) -> None:
    note = checkpoint_of(5)
    body = note.partition("\n\n")[0] + "\n"
    note += board.signature_line(SigningKey.from_seed(bytes(32)), "witness.example", body)
    made = booth("openCheckpoint", note=note, key=vkey(LOG))
    root = board.root(leaves(5)).hex()
    assert made == {"result": {"origin": ORIGIN, "size": 5, "root": root}}


def test_a_witness_before_the_log_is_refused_as_every_auditor_does(booth: Booth) -> None:
    text, _, own = checkpoint_of(5).partition("\n\n")
    line = board.signature_line(SigningKey.from_seed(bytes(32)), "witness.example", f"{text}\n")
    made = booth("openCheckpoint", note=f"{text}\n\n{line}{own}", key=vkey(LOG))
    assert "not signed first and once" in str(made)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda note: note.replace("\n5\n", "\n6\n"),
        lambda note: note.replace("\n5\n", "\n05\n"),
        lambda note: note.replace("\n5\n", "\n+5\n"),
        lambda note: note.replace("\n5\n", "\n٥\n"),
        lambda note: note.rstrip("\n"),
        lambda note: note.replace("\n", "\r\n"),
        lambda note: note.replace(ORIGIN, "board.dauys.example/2020"),
        lambda note: note.replace("— ", "- "),
        lambda note: note + note.splitlines(keepends=True)[-1],
        lambda note: note.partition("\n\n")[0] + "\n\n",
        lambda note: note.partition("\n\n")[0] + "\n",
        lambda note: note.replace("\n\n", "\nextension\n\n"),
    ],
)
def test_a_changed_checkpoint_is_refused(booth: Booth, spoil: Callable[[str], str]) -> None:
    made = booth("openCheckpoint", note=spoil(checkpoint_of(5)), key=vkey(LOG))
    assert made["error"] in {"MalformedError", "VerificationError"}


def test_a_checkpoint_signed_by_a_thief_in_the_logs_name_is_refused(booth: Booth) -> None:
    thief = SigningKey.from_seed(bytes(32))
    made = booth("openCheckpoint", note=checkpoint_of(5, thief), key=vkey(LOG))
    assert made["error"] == "VerificationError"


def test_checkpoints_in_another_form_are_refused_even_when_signed(booth: Booth) -> None:
    root = base64.b64encode(board.root(leaves(5))).decode()
    for body in (
        f"{ORIGIN}\n05\n{root}\n",
        f"{ORIGIN}\n5\n{root[:-2]}==\n",
        f"{ORIGIN}\n5\n{root}\nextension\n",
        f"{ORIGIN}\n9007199254740993\n{root}\n",
        f"other.example\n5\n{root}\n",
    ):
        note = f"{body}\n{board.signature_line(LOG, ORIGIN, body)}"
        assert "error" in booth("openCheckpoint", note=note, key=vkey(LOG)), body
