"""Ways out of the house for alerts: e-mail and a webhook.

Both carry the alert's words and nothing else: no address, phone or name of a voter. Secrets are
in no `repr`; the webhook's only signs.
"""

import hmac
import json
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from dauys.core.errors import MalformedError
from dauys.core.forms import format_instant
from dauys.response.alerts import Alert

TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in. `security`: `tls` (from the start), `starttls`, or `none`."""

    host: str
    port: int
    security: str
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class AlertsByEmail:
    """Alerts as letters to `recipients`."""

    election: str
    server: MailServer
    sender: str
    recipients: tuple[str, ...]
    name: str = "e-mail"

    def send(self, alert: Alert) -> None:
        """Hand the letter in. Raises OSError when the server does not take it."""
        letter = EmailMessage()
        letter["From"], letter["To"] = self.sender, ", ".join(self.recipients)
        letter["Subject"] = f"Dauys, {self.election}: {_first_line(alert.text.ru)}"[:200]
        letter["Message-ID"] = (
            f"<alert-{alert.number}-{self.election}@{self.sender.partition('@')[2]}>"
        )
        letter.set_content(f"{alert.text.kk}\n\n{alert.text.ru}\n\n{alert.text.en}\n")
        server = self.server
        context = ssl.create_default_context()
        connect: Callable[[], smtplib.SMTP] = (
            (lambda: smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_S, context=context))
            if server.security == "tls"
            else (lambda: smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S))
        )
        with connect() as session:
            if server.security == "starttls":
                session.starttls(context=context)
            if server.user:
                session.login(server.user, server.password)
            session.send_message(letter)


@dataclass(frozen=True, slots=True)
class AlertsByWebhook:
    """Alerts as signed JSON to another program of the organiser.

    The header `Dauys-Signature` is the HMAC-SHA-256 (hex) of the body under `secret`.
    """

    election: str
    address: str
    secret: bytes = field(repr=False)
    name: str = "webhook"

    def __post_init__(self) -> None:
        """Raise MalformedError unless the address is http(s) without user and fragment."""
        parts = urlsplit(self.address)
        if parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
            raise MalformedError("webhook address", "not https://host/path")

    def send(self, alert: Alert) -> None:
        """Post it. Raises OSError unless the answer is 2xx; redirections are not followed."""
        body = json.dumps(
            {
                "v": 1,
                "election": self.election,
                "alert": alert.number,
                "kind": alert.kind.value,
                "subject": alert.subject,
                "at": format_instant(alert.at),
                "text": {"kk": alert.text.kk, "ru": alert.text.ru, "en": alert.text.en},
            },
            ensure_ascii=False,
        ).encode()
        parts = urlsplit(self.address)
        connect = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        connection = connect(parts.hostname or "", parts.port, timeout=TIMEOUT_S)
        try:
            connection.request(
                "POST",
                (parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
                body,
                {
                    "Content-Type": "application/json",
                    "Dauys-Signature": hmac.digest(self.secret, body, "sha256").hex(),
                },
            )
            status = connection.getresponse().status
        except HTTPException as error:
            raise OSError("the webhook did not answer in HTTP") from error
        finally:
            connection.close()
        if not 200 <= status < 300:
            raise OSError(f"the webhook answered {status}")


def _first_line(text: str) -> str:
    """Whatever ends it: a header takes none of the dozen marks that Unicode has for that."""
    return next(iter(text.splitlines()), "")
