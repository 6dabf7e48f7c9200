"""Trustees' keys: proved, sealed at rest, and never one that cancels another."""

import dataclasses
import json

import pytest

from dauys.core.errors import MalformedError, VerificationError
from dauys.crypto.ed25519 import IDENTITY, G, Q, as_point
from dauys.crypto.proofs import Proof
from dauys.crypto.secret_file import MINIMAL, WrongPassphraseError
from dauys.crypto.signing import open_signing_key
from dauys.crypto.threshold import parse_any_trustees
from dauys.crypto.trustees import (
    TrusteeKey,
    TrusteePublicKey,
    election_public_key,
    open_trustee_key,
    seal_trustee_key,
    trustees_to_json,
)
from tests.vectors.seeded import SeededRandom

KEYS = [TrusteeKey.generate(SeededRandom(f"trustee {i}")) for i in range(3)]
PUBLIC = [key.public for key in KEYS]
TEXT = trustees_to_json(PUBLIC)
SEALED = seal_trustee_key(KEYS[0], "correct horse", SeededRandom("file"), MINIMAL)


def test_trustees_print_back() -> None:
    assert parse_any_trustees(TEXT) == tuple(PUBLIC)


def test_trustees_may_bear_names() -> None:
    named = TrusteeKey.generate(SeededRandom("named"), 'Айгүл "А."').public
    assert parse_any_trustees(trustees_to_json([named])) == (named,)


def test_election_key_is_the_key_of_the_summed_secrets() -> None:
    total = sum(key.secret for key in KEYS) % Q
    assert election_public_key(PUBLIC) == total * G


def test_trustee_without_the_secret_cannot_cancel_the_others() -> None:
    # The rogue key: y minus the others' keys. It would need a proof for an unknown secret.
    rogue = 5 * G - sum((as_point(key.public_key) for key in PUBLIC), IDENTITY)
    for proof in (PUBLIC[0].pok, Proof(0, 0), Proof(1, 1)):
        text = trustees_to_json([*PUBLIC, TrusteePublicKey(proof, rogue)])
        with pytest.raises(VerificationError, match="proof of knowledge"):
            parse_any_trustees(text)


def test_keys_that_cancel_out_are_no_election_key() -> None:
    opposite = dataclasses.replace(PUBLIC[0], public_key=IDENTITY - as_point(PUBLIC[0].public_key))
    with pytest.raises(VerificationError, match="cancel out"):
        election_public_key([PUBLIC[0], opposite])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[]", "none"),
        ("{}", "not an array"),
        ("[[]]", "unknown kind"),
        ('[["Single"]]', "unknown kind"),
        ('[["Twice",{}]]', "unknown kind"),
        ('[["Pedersen",{}]]', "no field threshold"),
        (TEXT + " ", "not canonical"),
        (TEXT.replace("],[", "], ["), "not canonical"),
        (TEXT.replace('"pok"', '"extra":null,"pok"', 1), "unknown field"),
        (trustees_to_json([dataclasses.replace(PUBLIC[0], signature=Proof(1, 1))]), "signature"),
    ],
)
def test_other_forms_are_refused(text: str, why: str) -> None:
    with pytest.raises(MalformedError, match=why):
        parse_any_trustees(text)


def test_sealed_key_comes_back() -> None:
    assert open_trustee_key(SEALED, "correct horse") == KEYS[0]
    assert str(KEYS[0].secret) not in SEALED
    assert str(KEYS[0].secret) not in repr(KEYS[0])


@pytest.mark.parametrize("passphrase", ["", "correct horse ", "Correct horse"])
def test_wrong_passphrase_is_told_apart(passphrase: str) -> None:
    with pytest.raises(WrongPassphraseError) as raised:
        open_trustee_key(SEALED, passphrase)
    assert raised.value.kind == "trustee key"


def test_altered_box_does_not_open() -> None:
    fields = json.loads(SEALED)
    fields["box"] = ("0" if fields["box"][0] != "0" else "1") + fields["box"][1:]
    with pytest.raises(WrongPassphraseError):
        open_trustee_key(_print(fields), "correct horse")


def test_public_key_of_another_beside_the_sealed_secret_is_noticed() -> None:
    fields = json.loads(SEALED) | {"public": PUBLIC[1].to_json()}
    with pytest.raises(VerificationError, match="differ"):
        open_trustee_key(_print(fields), "correct horse")


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"kdf": "none"},
        {"kind": "signing key"},
        {"operations": 0},
        {"operations": 10**6},
        {"memory": 1},
        {"memory": 2**40},
        {"salt": "00"},
        {"nonce": "zz"},
        {"box": 5},
        {"extra": 5},
        {"public": None},
    ],
    ids=str,
)
def test_altered_file_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(MalformedError):
        open_trustee_key(_print(json.loads(SEALED) | change), "correct horse")


def test_trustee_key_is_no_signing_key() -> None:
    with pytest.raises(MalformedError, match="does not hold a signing key"):
        open_signing_key(SEALED, "correct horse")


def _print(fields: dict[str, object]) -> str:
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
