"""Signatures, keys of commission members and what voters are asked to sign, in a real Chromium."""

import base64
import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from msgspec.structs import replace

from dauys.core import canonical
from dauys.core.entries import Decision, approval_bytes, encode_entry
from dauys.core.errors import MalformedError, VerificationError
from dauys.core.forms import Text
from dauys.core.ids import Credential, ElectionId
from dauys.core.remedies import Annul
from dauys.crypto.ed25519 import G, Point, Q
from dauys.crypto.signing import SigningKey, verify_signature
from dauys.identity.signature.authorisation import Authorisation
from dauys.identity.signature.authorisation import encode as encode_authorisation
from dauys.response.keys import WrongPassphraseError, open_key, seal_key
from tests.browser.booth.harness.tab import Booth
from tests.vectors.seeded import SeededRandom

# ---------------------------------------------------------------------------- signatures

KEY = SigningKey.from_seed(bytes(range(32)))
MESSAGE = "Дауыс"
SIGNATURE = KEY.sign(MESSAGE.encode())
NO_KEY = "01" + "00" * 31  # the identity
ORDER_8 = "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"


def response(value: int) -> bytes:
    return SIGNATURE[:32] + value.to_bytes(32, "little")


def secret_scalar(seed: bytes) -> int:
    """RFC 8032 section 5.1.5."""
    head = bytearray(hashlib.sha512(seed).digest()[:32])
    head[0] &= 248
    head[31] = head[31] & 127 | 64
    return int.from_bytes(head, "little")


def divided(commitment: bytes, nonce: int) -> bytes:
    """A signature by the key's holder whose R is not nonce * G: verifiers may disagree on it."""
    hashed = hashlib.sha512(commitment + bytes.fromhex(KEY.public_hex) + MESSAGE.encode()).digest()
    k = int.from_bytes(hashed, "little")
    return commitment + ((nonce + k * secret_scalar(KEY.seed)) % Q).to_bytes(32, "little")


WITH_TORSION = (5 * G + Point(bytes.fromhex(ORDER_8))).encoding

SIGNATURES = {
    "honest": (KEY.public_hex, SIGNATURE),
    "honest-by-hand": (KEY.public_hex, divided((5 * G).encoding, 5)),
    "flipped-bit": (KEY.public_hex, SIGNATURE[:40] + bytes([SIGNATURE[40] ^ 1]) + SIGNATURE[41:]),
    "response-plus-order": (KEY.public_hex, response(int.from_bytes(SIGNATURE[32:], "little") + Q)),
    "response-zero": (KEY.public_hex, response(0)),
    "short": (KEY.public_hex, SIGNATURE[:63]),
    "long": (KEY.public_hex, SIGNATURE + b"0"),
    "empty": (KEY.public_hex, b""),
    "commitment-with-torsion": (KEY.public_hex, divided(WITH_TORSION, 5)),
    "commitment-identity": (KEY.public_hex, divided(bytes.fromhex(NO_KEY), 0)),
    "another-key": (SigningKey.from_seed(bytes(32)).public_hex, SIGNATURE),
    "key-identity": (NO_KEY, bytes.fromhex(NO_KEY) + bytes(32)),
    "key-of-order-8": (ORDER_8, SIGNATURE),
    "key-not-on-the-curve": ("02" + "00" * 31, SIGNATURE),
}


@pytest.mark.parametrize("name", SIGNATURES)
def test_browser_judges_signatures_as_python_does(booth: Booth, name: str) -> None:
    key, signature = SIGNATURES[name]
    made = booth("verifySignature", key=key, message=MESSAGE, signature=signature.hex())
    try:
        verify_signature(key, MESSAGE.encode(), signature)
    except (MalformedError, VerificationError):
        holds = False
    else:
        holds = True
    assert made == {"result": holds}
    assert holds == name.startswith("honest")


# -------------------------------------------------------------------- keys of members

PASSPHRASE = "өткен күнде белгі жоқ"
APPROVAL = approval_bytes("DauysELection1", "ab" * 32)
PREFIX = "dauys approval v1\n"
SIGNING = {"prefix": PREFIX, "message": APPROVAL.removeprefix(PREFIX.encode()).hex()}


def sealed(seed: bytes) -> str:
    return seal_key(SigningKey.from_seed(seed), PASSPHRASE, SeededRandom("sealing"))


def renamed(text: str, seed: bytes, public: bytes) -> str:
    """The key file `text` of `seed`, sealed anew to name another public key."""
    file = json.loads(text)
    nonce, salt = base64.b64decode(file["nonce"]), base64.b64decode(file["salt"])
    del file["ciphertext"]
    file["public"] = base64.b64encode(public).decode()
    secret = PBKDF2HMAC(SHA256(), 32, salt, file["iterations"]).derive(PASSPHRASE.encode())
    box = AESGCM(secret).encrypt(nonce, seed, canonical.encode(file))
    return canonical.encode(file | {"ciphertext": base64.b64encode(box).decode()}).decode()


def test_a_members_key_made_in_the_browser_signs_approvals_that_python_accepts(
    booth: Booth,
) -> None:
    made = booth("makeSigningKey", passphrase=PASSPHRASE, **SIGNING)["result"]
    verify_signature(made["publicKey"], APPROVAL, bytes.fromhex(made["signature"]))
    assert open_key(made["file"], PASSPHRASE).public_hex == made["publicKey"]
    with pytest.raises(WrongPassphraseError):
        open_key(made["file"], PASSPHRASE + " ")
    again = booth("openSigningKey", file=made["file"], passphrase=PASSPHRASE, **SIGNING)["result"]
    assert again == {"publicKey": made["publicKey"], "signature": made["signature"]}


def test_a_members_key_sealed_elsewhere_opens_and_wrong_or_changed_ones_do_not(
    booth: Booth,
) -> None:
    seed = hashlib.sha256(b"member").digest()
    text = sealed(seed)

    def opened(text: str, passphrase: str = PASSPHRASE) -> dict[str, Any]:
        return booth("openSigningKey", file=text, passphrase=passphrase, **SIGNING)

    key = SigningKey.from_seed(seed)
    expected = {"publicKey": key.public_hex, "signature": key.sign(APPROVAL).hex()}
    assert opened(text)["result"] == expected
    assert opened(text, "wrong")["error"] == "WrongPassphraseError"
    file = json.loads(text)
    other = bytes.fromhex(SigningKey.from_seed(bytes(32)).public_hex)
    for change, error in (
        ({"public": base64.b64encode(other).decode()}, "WrongPassphraseError"),
        ({"iterations": 600_001}, "WrongPassphraseError"),
        ({"iterations": 1000}, "MalformedError"),
        ({"iterations": 10**9}, "MalformedError"),
        ({"iterations": "600000"}, "MalformedError"),
        ({"kdf": "none"}, "MalformedError"),
        ({"v": 2}, "MalformedError"),
        ({"salt": ""}, "MalformedError"),
        ({"extra": 1}, "MalformedError"),
    ):
        assert opened(canonical.encode(file | change).decode())["error"] == error, change
    assert opened(text + "\n")["error"] == "MalformedError"
    assert opened(renamed(text, seed, other))["error"] == "VerificationError"


def test_a_passphrase_typed_on_another_keyboard_opens_the_file(booth: Booth) -> None:
    """macOS may send й as two characters; both spellings are one passphrase."""
    file = booth("makeSigningKey", passphrase="\u0439", **SIGNING)["result"]["file"]
    made = booth("openSigningKey", file=file, passphrase="\u0438\u0306", **SIGNING)
    assert "result" in made


TEXT = Text(kk="Себебі", ru="Причина", en="Reason")
DECISION = encode_entry(
    Decision(
        number=3,
        proposed="2020-08-17T09:02:00Z",
        case=None,
        remedy=Annul(ballots=(5, 8)),
        reason=TEXT,
    )
)


def test_a_member_signs_the_decision_that_is_shown(booth: Booth) -> None:
    seed = hashlib.sha256(b"member").digest()
    member = {"file": sealed(seed), "passphrase": PASSPHRASE}
    decision = DECISION.decode()
    made = booth("approve", election="DauysELection1", decision=decision, **member)["result"]
    digest = hashlib.sha256(DECISION).hexdigest()
    assert (made["decision"], made["digest"]) == (3, digest)
    message = approval_bytes("DauysELection1", digest)
    verify_signature(
        SigningKey.from_seed(seed).public_hex, message, bytes.fromhex(made["signature"])
    )
    for change, error_name in (
        ({"decision": decision + " "}, "MalformedError"),
        ({"decision": '{"kind":"final","v":1}'}, "MalformedError"),
        ({"publicKey": KEY.public_hex}, "VerificationError"),
    ):
        arguments = {"election": "DauysELection1", "decision": decision, **member} | change
        assert booth("approve", **arguments)["error"] == error_name


# -------------------------------------------------------------------------- authorisations

EXPECTED = {"election": "DauysELection1", "credential": "ab" * 32}
AUTHORISATION = Authorisation(
    purpose="vote",
    election=ElectionId(EXPECTED["election"]),
    credential=Credential(EXPECTED["credential"]),
    nonce="0123456789abcdef" * 2,
    expires="2020-08-17T09:12:00Z",
)


def challenge_of(authorisation: Authorisation) -> str:
    return base64.b64encode(encode_authorisation(authorisation)).decode()


def test_a_challenge_for_this_browsers_ballot_key_may_be_signed(booth: Booth) -> None:
    made = booth("checkAuthorisation", challenge=challenge_of(AUTHORISATION), expected=EXPECTED)
    assert made == {"result": {"expires": "2020-08-17T09:12:00Z"}}


@pytest.mark.parametrize(
    "change",
    [
        {"credential": "ac" * 32},
        {"election": "DauysELection2"},
        {"purpose": "login"},
    ],
)
def test_a_server_that_slips_in_a_key_of_its_own_gets_no_signature(
    booth: Booth, change: dict[str, Any]
) -> None:
    challenge = challenge_of(replace(AUTHORISATION, **change))
    refused = booth.verdict("checkAuthorisation", challenge=challenge, expected=EXPECTED)
    assert refused == ("VerificationError", "authorisation")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content + b" ",
        lambda content: content.replace(b'"v":1', b'"v":1,"w":0'),
        lambda content: content.replace(b'"v":1', b'"v":2'),
        lambda content: b"\xef\xbb\xbf" + content,
        lambda content: b"\xff" + content,
        lambda content: content.replace(b"0123", b"012X"),
        lambda content: content.replace(b"09:12:00Z", b"09:12"),
        lambda content: b"",
    ],
)
def test_a_challenge_in_another_form_gets_no_signature(
    booth: Booth, spoil: Callable[[bytes], bytes]
) -> None:
    content = spoil(encode_authorisation(AUTHORISATION))
    challenge = base64.b64encode(content).decode()
    refused = booth.verdict("checkAuthorisation", challenge=challenge, expected=EXPECTED)
    assert refused == ("MalformedError", "authorisation")
