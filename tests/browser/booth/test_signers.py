"""Signing programs and signatures made elsewhere, in a real Chromium."""

import base64
import json
from typing import Any

import pytest

from tests.browser.booth.harness.tab import Booth

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
