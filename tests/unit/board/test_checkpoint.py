"""Checkpoints: the one form, whose signature counts, and every mutation refused."""

import base64
import hashlib
from pathlib import Path

import pytest

from dauys.board.checkpoint import Checkpoint, is_origin, read_checkpoint, sign_checkpoint
from dauys.core.errors import MalformedError, VerificationError
from dauys.crypto.signing import SigningKey
from tests.unit.board.elections import LOG, ORIGIN

VECTORS = Path(__file__).parents[2] / "vectors" / "board" / "checkpoint"
HEAD = Checkpoint(ORIGIN, 70_000, hashlib.sha256(b"root").digest())
NOTE = sign_checkpoint(HEAD, LOG)


def read(note: str, origin: str = ORIGIN) -> Checkpoint:
    return read_checkpoint(note, origin, LOG.public_hex)


def test_a_checkpoint_reads_back() -> None:
    assert read(NOTE) == HEAD
    assert sign_checkpoint(read(NOTE), LOG) == NOTE


def test_the_key_id_is_that_of_signed_note() -> None:
    # The example verifier key of C2SP signed-note: name, key id, 0x01 and the key.
    name, key_id = "example.com/foo", "530d903a"
    encoded = "AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
    key = base64.b64decode(encoded)
    assert hashlib.sha256(name.encode() + b"\n" + key).hexdigest()[:8] == key_id


def test_the_published_example_of_signed_note_is_no_checkpoint_but_its_signature_is_read() -> None:
    note = (VECTORS / "c2sp-example-note.txt").read_text(encoding="utf-8")
    with pytest.raises(MalformedError, match="three lines"):
        read_checkpoint(note, "example.com/foo", LOG.public_hex)


def test_witnesses_may_sign_too() -> None:
    witness = sign_checkpoint(Checkpoint("witness.example/w", 1, HEAD.root), LOG)
    line = witness.rpartition("\n\n")[2]
    assert read(NOTE + line) == HEAD
    with pytest.raises(VerificationError, match="first"):
        read(NOTE.replace("\n\n", f"\n\n{line}"))
    assert read(NOTE + line * 16) == HEAD


def test_the_same_name_with_another_key_is_a_stranger() -> None:
    stranger = sign_checkpoint(HEAD, SigningKey.from_seed(b"s" * 32))
    with pytest.raises(VerificationError, match="not signed first and once"):
        read(stranger)
    assert read(NOTE + stranger.rpartition("\n\n")[2]) == HEAD


def test_a_checkpoint_of_another_log_with_the_same_key() -> None:
    other = sign_checkpoint(Checkpoint("vote.example/2021", 1, HEAD.root), LOG)
    with pytest.raises(VerificationError, match="another log"):
        read(other)


@pytest.mark.parametrize("file", sorted(VECTORS.glob("refused/*.txt")), ids=lambda file: file.stem)
def test_a_mutation_is_refused(file: Path) -> None:
    with pytest.raises((MalformedError, VerificationError)):
        read(file.read_bytes().decode())


def test_the_vectors_are_mutations_of_an_accepted_one() -> None:
    assert (VECTORS / "accepted.txt").read_bytes().decode() == NOTE
    assert len(list(VECTORS.glob("refused/*.txt"))) >= 25


@pytest.mark.parametrize(
    "origin", ["", "two words", "a+b", "a\nb", "a\u00a0b", "a\x00b", "a\u200bb"]
)
def test_what_cannot_name_a_log(origin: str) -> None:
    assert not is_origin(origin)
    with pytest.raises(MalformedError):
        sign_checkpoint(Checkpoint(origin, 1, HEAD.root), LOG)
