"""Gateways of the country, as far as anyone sees from outside: servers on this machine.

Each speaks its protocol on a real socket and keeps what it was told to send. `mood` is what
it does with the messages to come:

`ok`; `error:N` (its own code N); `silent` (takes the message and never answers); `drop`
(takes it and breaks the connection); `deaf` (breaks it before reading); `nonsense`; `http:N`.
"""

import hashlib
import json
import socket
import socketserver
import struct
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qsl

from dauys.identity.kazakhstan import gateways
from dauys.identity.messages import settings
from dauys.identity.messages.settings import MessageSettings

SILENCE_S = 3.0
SECRET = "stand-in-secret"
SMPP_SECRET = "standin1"  # at most eight characters, by the protocol


@dataclass
class StandIn:
    """What every stand-in keeps."""

    kind: str = ""
    port: int = 0
    mood: str = "ok"
    inbox: list[tuple[str, str]] = field(default_factory=list)
    """Phones and texts that it would have sent."""
    states: dict[str, str] = field(default_factory=dict)
    """What it says of a message, by its own reference."""
    asked: int = 0
    addresses: list[str] = field(default_factory=list)
    """Every address it was called at: no secret may be in one."""
    wrong_logins: int = 0

    def take(self, phone: str, text: str, reference: str) -> str:
        """Send a message, as it were; the reference."""
        self.inbox.append((phone.lstrip("+"), text))
        self.states.setdefault(reference, "")
        return reference

    def code_for(self, phone: str, within_s: float = 40.0) -> str:
        """The code in the newest message to `phone`, waited for."""
        deadline = time.monotonic() + within_s
        while time.monotonic() < deadline:
            for to, text in reversed(self.inbox):
                if to == phone.lstrip("+"):
                    return next(word for word in text.split() if word.isdigit() and len(word) == 6)
            time.sleep(0.02)
        raise AssertionError(f"{self.kind} got no message for this phone")


class _Handler(BaseHTTPRequestHandler):
    stand_in: ClassVar[StandIn]
    protocol_version = "HTTP/1.1"

    def log_message(self, *_args: object) -> None:
        """Keep the tests' output clean."""

    def do_GET(self) -> None:
        self._answer(405, b"")

    def do_POST(self) -> None:
        stand_in = self.stand_in
        stand_in.addresses.append(self.path)
        if stand_in.mood == "deaf":
            self.connection.close()
            return
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        fields = self._fields(body)
        if stand_in.mood.startswith("http:"):
            self._answer(int(stand_in.mood[5:]), b"")
        elif self.asks(fields):
            stand_in.asked += 1
            self._answer(200, self.told(fields))
        else:
            self._sent(fields)

    def _sent(self, fields: dict[str, Any]) -> None:
        stand_in = self.stand_in
        if not self.may(fields):
            stand_in.wrong_logins += 1
            self._answer(200, self.refused(self.login_error))
        elif stand_in.mood.startswith("error:"):
            self._answer(200, self.refused(int(stand_in.mood[6:])))
        elif stand_in.mood == "nonsense":
            self.taken(fields)
            self._answer(200, b"<html>busy</html>")
        else:
            answer = self.taken(fields)
            if stand_in.mood == "silent":
                time.sleep(SILENCE_S)
            if stand_in.mood in {"silent", "drop"}:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self._answer(200, answer)

    def _fields(self, body: bytes) -> dict[str, Any]:
        if "json" in self.headers.get("Content-Type", ""):
            read: dict[str, Any] = json.loads(body)
            return read
        return dict(parse_qsl(body.decode()))

    def _answer(self, status: int, body: bytes) -> None:
        with suppress(OSError):
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    login_error: ClassVar[int]

    def may(self, fields: dict[str, Any]) -> bool:
        raise NotImplementedError

    def asks(self, fields: dict[str, Any]) -> bool:
        raise NotImplementedError

    def told(self, fields: dict[str, Any]) -> bytes:
        raise NotImplementedError

    def taken(self, fields: dict[str, Any]) -> bytes:
        raise NotImplementedError

    def refused(self, code: int) -> bytes:
        raise NotImplementedError


class SmscHandler(_Handler):
    login_error = 2

    def may(self, fields: dict[str, Any]) -> bool:
        return fields.get("psw") == SECRET and fields.get("login") == "chamber"

    def asks(self, fields: dict[str, Any]) -> bool:
        return self.path == "/rest/status/"

    def told(self, fields: dict[str, Any]) -> bytes:
        state = self.stand_in.states.get(str(fields["id"]))
        if state is None:
            return b'{"status": -3, "error": "not found"}'
        return json.dumps({"status": int(state or 0), "last_date": "", "err": 0}).encode()

    def taken(self, fields: dict[str, Any]) -> bytes:
        assert self.path == "/rest/send/"
        reference = self.stand_in.take(fields["phones"], fields["mes"], str(fields["id"]))
        return json.dumps({"id": int(reference), "cnt": 1}).encode()

    def refused(self, code: int) -> bytes:
        return json.dumps({"error": "words", "error_code": code}).encode()


class MobizonHandler(_Handler):
    login_error = 8

    def may(self, fields: dict[str, Any]) -> bool:
        return fields.get("apiKey") == SECRET

    def asks(self, fields: dict[str, Any]) -> bool:
        return self.path.endswith("getSMSStatus")

    def told(self, fields: dict[str, Any]) -> bytes:
        state = self.stand_in.states.get(fields["ids"])
        found = [] if state is None else [{"id": int(fields["ids"]), "status": state or "NEW"}]
        return json.dumps({"code": 0, "data": found, "message": ""}).encode()

    def taken(self, fields: dict[str, Any]) -> bytes:
        number = str(1000 + len(self.stand_in.inbox))
        self.stand_in.take(fields["recipient"], fields["text"], number)
        data = {"campaignId": "7", "messageId": number, "status": 2}
        return json.dumps({"code": 0, "data": data, "message": ""}).encode()

    def refused(self, code: int) -> bytes:
        data = {"recipient": "bad"} if self.stand_in.mood == "error:1" else {}
        return json.dumps({"code": code, "data": data, "message": "words"}).encode()


class KazInfoTehHandler(_Handler):
    login_error = 100
    words: ClassVar = {
        0: "",
        100: "Invalid username or password",
        101: "Not enough credit",
        102: "Invalid recipient",
        103: "Originator is not allowed",
        104: "Too many messages",
        105: "Something else",
    }

    def may(self, fields: dict[str, Any]) -> bool:
        return fields.get("password") == SECRET and fields.get("username") == "chamber"

    def asks(self, fields: dict[str, Any]) -> bool:
        return False

    def told(self, fields: dict[str, Any]) -> bytes:
        raise NotImplementedError

    def taken(self, fields: dict[str, Any]) -> bytes:
        assert fields["action"] == "sendmessage"
        assert fields["messagetype"] == "SMS:TEXT"
        number = f"k{len(self.stand_in.inbox)}"
        self.stand_in.take(fields["recipient"], fields["messagedata"], number)
        return (
            "<?xml version='1.0' encoding='utf-8'?><response><action>sendmessage</action><data>"
            "<acceptreport><statuscode>0</statuscode><statusmessage>Message accepted for "
            f"delivery</statusmessage><messageid>{number}</messageid></acceptreport></data>"
            "</response>"
        ).encode()

    def refused(self, code: int) -> bytes:
        return (
            "<response><action>error</action><data><errorcode>"
            f"{code}</errorcode><errormessage>{self.words[code]}</errormessage></data></response>"
        ).encode()


HANDLERS = {"smsc": SmscHandler, "mobizon": MobizonHandler, "kazinfoteh": KazInfoTehHandler}


class _Smpp(socketserver.BaseRequestHandler):
    """SMPP 3.4 as its specification has it: bind, submit, enquire, unbind, receipts."""

    stand_in: ClassVar[StandIn]
    BIND, SUBMIT, DELIVER, UNBIND, ENQUIRE = 9, 4, 5, 6, 0x15
    ANSWER = 0x80000000

    def handle(self) -> None:
        with suppress(OSError, struct.error):
            while True:
                length, command, _status, sequence = struct.unpack(">IIII", self._read(16))
                self._command(command, sequence, self._read(length - 16))

    def _command(self, command: int, sequence: int, body: bytes) -> None:
        stand_in = self.stand_in
        if command == self.BIND:
            login, _, rest = body.partition(b"\0")
            right = login == b"chamber" and rest.partition(b"\0")[0] == SMPP_SECRET.encode()
            stand_in.wrong_logins += not right
            self._send(command | self.ANSWER, 0 if right else 0x0E, sequence, b"gateway\0")
        elif command == self.SUBMIT:
            self._submit(sequence, body)
        elif command in {self.ENQUIRE, self.UNBIND}:
            self._send(command | self.ANSWER, 0, sequence, b"")

    def _submit(self, sequence: int, body: bytes) -> None:
        stand_in = self.stand_in
        if stand_in.mood.startswith("error:"):
            self._send(self.SUBMIT | self.ANSWER, int(stand_in.mood[6:], 0), sequence, b"\0")
            return
        phone, text = _submission(body)
        reference = stand_in.take(phone, text, f"m{len(stand_in.inbox)}")
        if stand_in.mood == "silent":
            time.sleep(SILENCE_S)
            return
        if stand_in.mood == "drop":
            self.request.shutdown(socket.SHUT_RDWR)
            return
        self._send(self.SUBMIT | self.ANSWER, 0, sequence, reference.encode() + b"\0")
        if state := stand_in.states.get("receipt", ""):
            self._receipt(reference, state, phone)

    def _receipt(self, reference: str, state: str, phone: str) -> None:
        text = (
            f"id:{reference} sub:001 dlvrd:001 submit date:2608051200 done date:2608051201 "
            f"stat:{state} err:000 text:"
        ).encode()
        body = (
            b"\0\1\1"
            + phone.encode()
            + b"\0\0\0Dauys\0"
            + bytes((4, 0, 0))
            + b"\0\0"
            + bytes((0, 0, 0, 0, len(text)))
            + text
        )
        self._send(self.DELIVER, 0, 77, body)

    def _send(self, command: int, status: int, sequence: int, body: bytes) -> None:
        self.request.sendall(struct.pack(">IIII", 16 + len(body), command, status, sequence) + body)

    def _read(self, length: int) -> bytes:
        data = b""
        while len(data) < length:
            more = self.request.recv(length - len(data))
            if not more:
                raise OSError("closed")
            data += more
        return data


def _submission(body: bytes) -> tuple[str, str]:
    """Destination and text of a submit_sm (SMPP 3.4, section 4.4.1)."""
    _service, _, rest = body.partition(b"\0")
    _source, _, rest = rest[2:].partition(b"\0")
    phone, _, rest = rest[2:].partition(b"\0")
    _schedule, _, rest = rest[3:].partition(b"\0")
    _validity, _, rest = rest.partition(b"\0")
    _registered, _replace, coding, _default, length = rest[:5]
    assert coding == 8, "Cyrillic is UCS-2"
    return phone.decode(), rest[5 : 5 + length].decode("utf-16-be")


class _Threads(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@contextmanager
def standing_in(kind: str) -> Iterator[StandIn]:
    """A gateway of `kind` on a free port, for the length of a test."""
    stand_in = StandIn(kind)
    server: socketserver.BaseServer
    if kind == "smpp":
        smpp = type("Smpp", (_Smpp,), {"stand_in": stand_in})
        server = _Threads(("127.0.0.1", 0), smpp)
    else:
        handler = type("Handler", (HANDLERS[kind],), {"stand_in": stand_in})
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        server.daemon_threads = True
    stand_in.port = server.server_address[1]
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    )
    thread.start()
    try:
        yield stand_in
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def section(stand_in: StandIn, name: str = "", **more: object) -> str:
    """The stand-in as an operator would write it into messages.toml."""
    smpp = stand_in.kind == "smpp"
    values: dict[str, object] = {
        "kind": stand_in.kind,
        "name": name or stand_in.kind,
        "url": f"{'smpp' if smpp else 'http'}://127.0.0.1:{stand_in.port}",
        "login": "" if stand_in.kind == "mobizon" else "chamber",
        "secret_env": "STAND_IN_SMPP" if smpp else "STAND_IN",
        "sender": "Dauys",
        "price": "22.5",
        "timeout_s": 1.0,
        "connect_s": 1.0,
        **more,
    }
    lines = (f"{key} = {json.dumps(value)}" for key, value in values.items())
    return "[[gateway]]\n" + "\n".join(lines) + "\n"


ENVIRONMENT = {"STAND_IN": SECRET, "STAND_IN_SMPP": SMPP_SECRET, "STAND_IN_CALLBACK": "callback"}


def read_settings(text: str, environment: Mapping[str, str], folder: Path) -> MessageSettings:
    """Read the operator's file, with every gateway there is."""
    return settings.read_settings(text, environment, folder, {**settings.KINDS, **gateways.KINDS})


def smsc_report(
    reference: str, phone: str, status: int, secret: str = "callback"
) -> dict[str, str]:
    """The form that smsc posts when a message's state changes."""
    text = f"{reference}:{phone}:{status}:{secret}"
    return {
        "id": reference,
        "phone": phone,
        "status": str(status),
        "time": "05.08.2026 12:00:00",
        "sha1": hashlib.sha1(text.encode()).hexdigest(),  # noqa: S324 -- as smsc does
    }
