"""Ed25519 as RFC 8032 has it, and stricter: one signature, one key, one encoding of each."""

import hashlib

import pytest
from nacl import bindings

from dauys.core.errors import MalformedError, VerificationError
from dauys.crypto.ed25519 import Q
from dauys.crypto.secret_file import MINIMAL, WrongPassphraseError
from dauys.crypto.signing import (
    SigningKey,
    open_signing_key,
    seal_signing_key,
    verify_signature,
)
from tests.vectors.mutations import ORDER_8, bad_points, with_torsion
from tests.vectors.seeded import SeededRandom

# RFC 8032 section 7.1: seed, public key, message, signature.
RFC_8032 = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
]
KEY = SigningKey.generate(SeededRandom("signer"))
MESSAGE = b"permit"
SIGNATURE = KEY.sign(MESSAGE)


@pytest.mark.parametrize(("seed", "public", "message", "signature"), RFC_8032)
def test_vectors_of_rfc_8032(seed: str, public: str, message: str, signature: str) -> None:
    key = SigningKey.from_seed(bytes.fromhex(seed))
    assert key.public_hex == public
    assert key.sign(bytes.fromhex(message)).hex() == signature
    verify_signature(public, bytes.fromhex(message), bytes.fromhex(signature))


def test_every_changed_bit_of_a_signature_is_refused() -> None:
    for bit in range(512):
        changed = bytearray(SIGNATURE)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(VerificationError, match="signature"):
            verify_signature(KEY.public_hex, MESSAGE, bytes(changed))


@pytest.mark.parametrize("signature", [b"", SIGNATURE[:-1], SIGNATURE + b"\0"])
def test_signature_of_another_length_is_refused(signature: bytes) -> None:
    with pytest.raises(VerificationError, match="not 64 bytes"):
        verify_signature(KEY.public_hex, MESSAGE, signature)


def test_signature_moved_to_another_message_or_key_is_refused() -> None:
    with pytest.raises(VerificationError):
        verify_signature(KEY.public_hex, b"permit ", SIGNATURE)
    with pytest.raises(VerificationError):
        verify_signature(SigningKey.from_seed(bytes(32)).public_hex, MESSAGE, SIGNATURE)


def test_second_signature_made_by_adding_the_order_is_refused() -> None:
    s = int.from_bytes(SIGNATURE[32:], "little") + Q
    with pytest.raises(VerificationError, match="not below q"):
        verify_signature(KEY.public_hex, MESSAGE, SIGNATURE[:32] + s.to_bytes(32, "little"))


@pytest.mark.parametrize("name", sorted(bad_points("00" * 32).keys() - {"mixed-order"}))
def test_small_order_or_non_canonical_keys_sign_nothing(name: str) -> None:
    public = bytes.fromhex(KEY.public_hex)[::-1].hex()
    bad = bad_points(public)[name]
    key = bytes.fromhex(bad)[::-1].hex() if len(bad) == 64 and bad == bad.lower() else bad
    with pytest.raises(MalformedError):
        verify_signature(key, MESSAGE, SIGNATURE)


def test_key_with_torsion_cannot_sign_what_others_would_judge_differently() -> None:
    # S*B = R + k*A + k*T: valid without the cofactor when k is a multiple of 8.
    mixed = bytes.fromhex(with_torsion(bytes.fromhex(KEY.public_hex)[::-1].hex()))[::-1]
    for tries in range(100):
        message = str(tries).encode()
        r = int.from_bytes(hashlib.sha512(message).digest(), "little") % Q
        big_r = bindings.crypto_scalarmult_ed25519_base_noclamp(r.to_bytes(32, "little"))
        k = int.from_bytes(hashlib.sha512(big_r + mixed + message).digest(), "little") % Q
        if k % 8 == 0:
            break
    else:
        pytest.fail("no multiple of 8 in 100 tries")
    expanded = bytearray(hashlib.sha512(KEY.seed).digest()[:32])
    expanded[0] &= 248
    expanded[31] = expanded[31] & 63 | 64
    s = (r + k * int.from_bytes(expanded, "little")) % Q
    signature = big_r + s.to_bytes(32, "little")
    with pytest.raises(MalformedError, match="subgroup"):
        verify_signature(mixed.hex(), message, signature)
    with pytest.raises(MalformedError, match="subgroup"):
        verify_signature(bytes.fromhex(ORDER_8)[::-1].hex(), message, signature)


def test_signing_key_comes_back_from_its_file() -> None:
    text = seal_signing_key(KEY, "құпия сөз", SeededRandom("file"), MINIMAL)
    assert open_signing_key(text, "құпия сөз") == KEY
    assert KEY.seed.hex() not in text
    with pytest.raises(WrongPassphraseError):
        open_signing_key(text, "Құпия сөз")


def test_seed_does_not_show() -> None:
    assert KEY.seed.hex() not in repr(KEY)
    assert repr(KEY.seed) not in repr(KEY)
