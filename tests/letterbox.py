"""Mail servers that keep what they are sent, and servers of a test on ports of their own."""

import base64
import re
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread
from typing import ClassVar

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

LOGIN, PASSWORD = "vote", "the mailbox's own password"


@contextmanager
def listening(server: ThreadingTCPServer | ThreadingHTTPServer) -> Iterator[int]:
    """A server on a port of its own, for a while."""
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield int(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Mailbox(StreamRequestHandler):
    """Just enough of RFC 5321 to take a letter; refuses every recipient named `nobody`."""

    letters: list[str] = []  # noqa: RUF012 -- what all connections of a test brought

    def handle(self) -> None:
        self.say("220 here")
        while line := self.rfile.readline().decode().strip():
            match line.split(":")[0].split()[0].upper():
                case "RCPT" if "nobody" in line:
                    self.say("550 no such person")
                case "DATA":
                    self.say("354 go on")
                    lines = iter(lambda: self.rfile.readline().decode().rstrip("\r\n"), ".")
                    self.letters.append("\n".join(lines))
                    self.say("250 taken")
                case "QUIT":
                    self.say("221 bye")
                    return
                case _:
                    self.say("250 yes")

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@dataclass
class MailServer:
    """A mail server of an organisation. `security` as in `smtps://` and its like.

    It takes letters only from who has logged in. `strips` makes it hide that it can encrypt, as
    somebody in the middle would.
    """

    security: str
    folder: Path
    port: int = 0
    strips: bool = False
    letters: list[EmailMessage] = field(default_factory=list)
    plain: int = 0
    """Letters and passwords that came unencrypted."""
    wrong_logins: int = 0

    @property
    def trusted(self) -> Path:
        """Its certificate, which it has issued itself."""
        return self.folder / "mail.pem"

    def settings(self, **more: str) -> str:
        """What the operator of an election writes into `identity.toml`."""
        lines = {
            "server": f"{self.security}://127.0.0.1:{self.port}",
            "login": LOGIN,
            "secret_env": "MAIL_PASSWORD",
            "sender": "vote@example.org",
            "trusted": str(self.trusted),
            **more,
        }
        return "[[email]]\n" + "".join(f'{key} = "{value}"\n' for key, value in lines.items())

    def code_for(self, address: str, within_s: float = 20.0) -> str:
        """The code in the newest letter to `address`, waited for."""
        deadline = time.monotonic() + within_s
        while time.monotonic() < deadline:
            for letter in reversed(self.letters):
                if letter["To"] == address:
                    found = re.match(r"[0-9]{6}", letter.get_content())
                    assert found is not None
                    return found[0]
            time.sleep(0.02)
        raise AssertionError("no letter came")


class _Post(StreamRequestHandler):
    """RFC 5321 with STARTTLS (RFC 3207) and AUTH PLAIN (RFC 4954)."""

    server_of: ClassVar[MailServer]
    context: ClassVar[ssl.SSLContext]

    def handle(self) -> None:
        self.encrypted = self.server_of.security == "smtps"
        self.known = False
        try:
            if self.encrypted:
                self.connection = self.context.wrap_socket(self.connection, server_side=True)
                self._anew()
            self._converse()
        except (OSError, ValueError):  # whoever called hung up
            return

    def finish(self) -> None:
        with suppress(OSError, ValueError):
            super().finish()
        self.connection.close()  # the encrypted one, which the server does not know of

    def _anew(self) -> None:
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb")

    def _say(self, *lines: str) -> None:
        """Reply in one line or several: all but the last have a hyphen after the code."""
        for place, line in enumerate(lines, start=1):
            between = " " if place == len(lines) else "-"
            self.wfile.write(f"{line[:3]}{between}{line[4:]}\r\n".encode())
        self.wfile.flush()

    def _converse(self) -> None:
        self._say("220 mail.example.org")
        while line := self.rfile.readline().decode().strip():
            word = line.split(":")[0].split()[0].upper()
            if word == "QUIT":
                self._say("421 busy")  # an odd good-bye; the letter is taken all the same
                return
            self._answer(word, line)

    def _answer(self, word: str, line: str) -> None:
        here = self.server_of
        match word:
            case "EHLO":
                offers = ["250 mail.example.org", "250 8BITMIME", "250 AUTH PLAIN"]
                may = here.security == "smtp" and not self.encrypted and not here.strips
                self._say(*offers, *(["250 STARTTLS"] if may else []))
            case "STARTTLS":
                self._say("220 go on")
                self.connection = self.context.wrap_socket(self.connection, server_side=True)
                self.encrypted = True
                self._anew()
            case "AUTH":
                here.plain += not self.encrypted
                given = base64.b64decode(line.rsplit(maxsplit=1)[-1]).split(b"\0")[1:]
                self.known = given == [LOGIN.encode(), PASSWORD.encode()]
                here.wrong_logins += not self.known
                self._say("235 welcome" if self.known else "535 who are you?")
            case "MAIL" if not self.known:
                self._say("530 log in first")
            case "RCPT" if "nobody" in line:
                self._say("550 5.1.1 no such person")
            case "RCPT" if "elsewhere" in line:
                self._say("554 5.7.1 relay access denied")
            case "RCPT" if "later" in line:
                self._say("451 4.7.1 try again later")
            case "DATA":
                here.plain += not self.encrypted
                self._say("354 go on")
                lines = iter(lambda: self.rfile.readline().rstrip(b"\r\n"), b".")
                read = message_from_bytes(b"\n".join(lines), policy=policy.default)
                assert isinstance(read, EmailMessage)
                here.letters.append(read)
                self._say("250 taken")
            case _:
                self._say("250 yes")


@contextmanager
def mail_server(security: str, folder: Path, *, strips: bool = False) -> Iterator[MailServer]:
    """A mail server on a port of its own."""
    made = MailServer(security, folder, strips=strips)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    _certify(folder)
    context.load_cert_chain(made.trusted, folder / "mail.key")
    handler = type("OwnPost", (_Post,), {"server_of": made, "context": context})
    with listening(ThreadingTCPServer(("127.0.0.1", 0), handler)) as port:
        made.port = port
        yield made


def _certify(folder: Path) -> None:
    """Issue a certificate of 127.0.0.1 to a new key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example.org")])
    now = datetime.now(UTC)
    here = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "mail.pem").write_bytes(made.public_bytes(pem))
    (folder / "mail.key").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
