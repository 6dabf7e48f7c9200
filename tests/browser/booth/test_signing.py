"""Signing in a real Chromium: keys of commission members, NCALayer, signatures made elsewhere."""

import base64
import hashlib
import json
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from dauys.core import canonical
from dauys.core.entries import approval_bytes
from dauys.core.errors import MalformedError, VerificationError
from dauys.crypto.group import G, Point, Q
from dauys.crypto.signing import SigningKey, verify_signature
from tests.browser.booth.harness.tab import Booth

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


def sealing_key(file: dict[str, Any], passphrase: str) -> AESGCM:
    salt = base64.b64decode(file["salt"])
    return AESGCM(PBKDF2HMAC(SHA256(), 32, salt, file["iterations"]).derive(passphrase.encode()))


def header(file: dict[str, Any]) -> bytes:
    return canonical.encode({name: file[name] for name in file if name != "ciphertext"})


def open_in_python(text: str, passphrase: str) -> bytes:
    file = json.loads(text)
    box, nonce = base64.b64decode(file["ciphertext"]), base64.b64decode(file["nonce"])
    return sealing_key(file, passphrase).decrypt(nonce, box, header(file))


def seal_in_python(seed: bytes, passphrase: str) -> str:
    public = bytes.fromhex(SigningKey.from_seed(seed).public_hex)
    nonce = bytes(range(12))
    file: dict[str, Any] = {
        "v": 1,
        "kind": "dauys-signing-key",
        "public": base64.b64encode(public).decode(),
        "kdf": "PBKDF2-SHA256",
        "iterations": 600_000,
        "salt": base64.b64encode(bytes(range(16))).decode(),
        "nonce": base64.b64encode(nonce).decode(),
    }
    sealed = sealing_key(file, passphrase).encrypt(nonce, seed, header(file))
    return canonical.encode(file | {"ciphertext": base64.b64encode(sealed).decode()}).decode()


def test_a_members_key_made_in_the_browser_signs_approvals_that_python_accepts(
    booth: Booth,
) -> None:
    made = booth("makeSigningKey", passphrase=PASSPHRASE, **SIGNING)["result"]
    verify_signature(made["publicKey"], APPROVAL, bytes.fromhex(made["signature"]))
    seed = open_in_python(made["file"], PASSPHRASE)
    assert SigningKey.from_seed(seed).public_hex == made["publicKey"]
    with pytest.raises(InvalidTag):
        open_in_python(made["file"], PASSPHRASE + " ")
    again = booth("openSigningKey", file=made["file"], passphrase=PASSPHRASE, **SIGNING)["result"]
    assert again == {"publicKey": made["publicKey"], "signature": made["signature"]}


def test_a_members_key_sealed_elsewhere_opens_and_wrong_or_changed_ones_do_not(
    booth: Booth,
) -> None:
    seed = hashlib.sha256(b"member").digest()
    text = seal_in_python(seed, PASSPHRASE)

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


def test_a_passphrase_typed_on_another_keyboard_opens_the_file(booth: Booth) -> None:
    """macOS may send й as two characters; both spellings are one passphrase."""
    file = booth("makeSigningKey", passphrase="\u0439", **SIGNING)["result"]["file"]
    made = booth("openSigningKey", file=file, passphrase="\u0438\u0306", **SIGNING)
    assert "result" in made


# ------------------------------------------------------------------------------ NCALayer

CMS = b"\x30\x82\x01\x00" + bytes(256)
CHALLENGE = base64.b64encode(b"challenge").decode()


def pem(body: bytes) -> str:
    text = base64.b64encode(body).decode()
    lines = "\n".join(text[i : i + 64] for i in range(0, len(text), 64))
    return f"-----BEGIN CMS-----\n{lines}\n-----END CMS-----\n"


def fake_ncalayer(booth: Booth, answer: dict[str, Any] | None) -> list[Any]:
    """Stand in for the program on the person's computer. None: it hangs up on the request."""
    requests: list[Any] = []

    def on_connect(socket: Any) -> None:
        def on_message(text: str) -> None:
            request = json.loads(text)
            requests.append(request)
            if request["module"] != "kz.gov.pki.knca.basics":
                socket.send(json.dumps({"status": False, "code": "500", "message": "?"}))
            elif answer is None:
                socket.close()
            else:
                socket.send(json.dumps(answer))

        socket.on_message(on_message)
        socket.send(json.dumps({"result": {"version": "1.4"}}))

    booth.page.route_web_socket("wss://127.0.0.1:13579", on_connect)
    return requests


def error(message: str) -> dict[str, Any]:
    return {"status": False, "code": "1", "message": message, "details": ""}


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"status": True, "body": {"result": [pem(CMS)]}}, None),
        ({"status": True, "body": {"result": "garbage"}}, "refused"),
        ({"status": True, "body": {}}, "cancelled"),
        (error("Срок действия сертификата истек"), "expired_key"),
        (error("Неверный пароль"), "wrong_key"),
        (error("Внутренняя ошибка"), "refused"),
        (None, "not_running"),
    ],
)
def test_ncalayer_signs_or_says_why_not(
    own_booth: Booth, answer: dict[str, Any] | None, code: str | None
) -> None:
    requests = fake_ncalayer(own_booth, answer)
    own_booth.open()
    options = {"holder": "company"}
    made = own_booth("signNcalayer", challenge=CHALLENGE, locale="kk", options=options)
    assert made.get("what") == code
    if code is None:
        assert made["result"] == base64.b64encode(CMS).decode()
    arguments = requests[-1]["args"]
    assert arguments["data"] == CHALLENGE
    assert arguments["locale"] == "kk"
    assert arguments["signingParams"] == {"decode": True, "encapsulate": True, "digested": False}
    oids = ["1.3.6.1.5.5.7.3.4", "1.2.398.3.3.4.1.2"]
    assert arguments["signerParams"] == {"extKeyUsageOids": oids}
    # The client also looks for another program, which the policy refuses.
    assert all("127.0.0.1:24680" in problem for problem in own_booth.problems)
    own_booth.problems.clear()


def test_ncalayer_that_is_not_there_is_reported_as_not_running(own_booth: Booth) -> None:
    own_booth.open()
    options = {"url": "wss://127.0.0.1:1"}
    made = own_booth("signNcalayer", challenge=CHALLENGE, locale="ru", options=options)
    assert made["what"] == "not_running"
    own_booth.problems.clear()  # the policy names another port


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("Подключение прервано", "refused"),
        ("Неверный ключ", "wrong_key"),
        ("Сертификат просрочен", "expired_key"),
        ("500: action.canceled", "cancelled"),
        ("NCALayer закрыл соединение.", "not_running"),
    ],
)
def test_sayings_of_ncalayer_become_codes(booth: Booth, message: str, code: str) -> None:
    assert booth("signerCode", message=message) == {"result": code}


# ----------------------------------------------------------- signatures made elsewhere


def test_a_signature_made_elsewhere_is_taken_in_each_usual_wrapping(booth: Booth) -> None:
    expected = base64.b64encode(CMS).decode()
    indefinite = b"\x30\x80" + bytes(300)
    for file, cms in (
        (CMS, CMS),
        (indefinite, indefinite),
        (pem(CMS).encode(), CMS),
        (pem(CMS).replace("\n", "\r\n").encode(), CMS),
        (expected.encode() + b"\n", CMS),
    ):
        made = booth("signFile", challenge=CHALLENGE, file=file.hex())["result"]
        assert made == {"cms": base64.b64encode(cms).decode(), "offered": b"challenge".hex()}


def test_a_file_that_is_no_signature_is_refused(booth: Booth) -> None:
    for file in (b"", b"hello", b"\xff" * 200, b"\x30\x03\x02\x01\x00", bytes(600_000)):
        assert booth("signFile", challenge=CHALLENGE, file=file.hex())["what"] == "refused"
    assert booth("signFile", challenge=CHALLENGE, file=None)["what"] == "cancelled"
