"""E-mail through the operator's mail server, as one more gateway. RFC 5321.

A server that has taken a letter tells nothing more of it; what bounces comes to the sender's
mailbox, which people read.
"""

import asyncio
import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime
from enum import StrEnum
from pathlib import Path
from typing import ClassVar, Final

from dauys.identity.messages.gateway import (
    NoReports,
    NotTakenError,
    PerhapsTakenError,
    Then,
)
from dauys.identity.messages.message import Message

SUBJECT: Final = "Дауыс беру · Голосование · Voting"
"""In the three languages, and no code in it: it shows on locked screens."""


class Security(StrEnum):
    """How the connection is protected. There is no way back to less."""

    TLS = "smtps"
    STARTTLS = "smtp"
    NONE = "smtp+plain"
    """For a relay on this machine alone."""

    @property
    def port(self) -> int:
        """Where such servers listen unless something else is said (RFC 8314, RFC 5321)."""
        return {Security.TLS: 465, Security.STARTTLS: 587, Security.NONE: 25}[self]


@dataclass(frozen=True, slots=True)
class MailGateway(NoReports):
    """An account at a mail server, whose certificate is checked against `trusted` as well."""

    name: str
    security: Security
    host: str
    port: int
    login: str
    secret: str = field(repr=False)
    sender: str
    trusted: Path | None = None
    timeout_s: float = 10.0
    channel: ClassVar[str] = "email"

    async def send(self, message: Message) -> str:
        """Hand the letter in; the reference is its Message-ID (see `Gateway.send`)."""
        return await asyncio.to_thread(self._send, message)

    def _send(self, message: Message) -> str:
        letter = EmailMessage()
        reference = f"<{message.id}@{self.sender.partition('@')[2]}>"
        letter["From"], letter["To"] = self.sender, message.address
        letter["Subject"], letter["Message-ID"] = SUBJECT, reference
        letter["Date"] = format_datetime(message.written)
        letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday replies
        letter.set_content(message.text)
        try:
            session = self._connect()
        except smtplib.SMTPAuthenticationError as error:
            raise NotTakenError("login_refused", Then.STOP) from error
        except (ssl.SSLCertVerificationError, smtplib.SMTPNotSupportedError) as error:
            raise NotTakenError("not_encrypted", Then.STOP) from error
        except (OSError, smtplib.SMTPException) as error:
            raise NotTakenError("unreachable", Then.NEXT) from error
        try:
            self._hand_over(session, letter)
        finally:  # whatever the server says to a good-bye, it has taken the letter or not
            with suppress(OSError, smtplib.SMTPException):
                session.quit()
            session.close()
        return reference

    def _hand_over(self, session: smtplib.SMTP, letter: EmailMessage) -> None:
        try:
            session.send_message(letter)
        except smtplib.SMTPRecipientsRefused as error:
            ((code, said),) = error.recipients.values()
            if _no_mailbox(code, said):
                raise NotTakenError(f"recipient_{code}", Then.GIVE_UP) from error
            raise NotTakenError(f"refused_{code}", Then.NEXT) from error
        except smtplib.SMTPSenderRefused as error:
            raise NotTakenError(f"sender_{error.smtp_code}", Then.STOP) from error
        except smtplib.SMTPDataError as error:
            raise NotTakenError(f"data_{error.smtp_code}", Then.NEXT) from error
        except (OSError, smtplib.SMTPException) as error:
            raise PerhapsTakenError("connection_lost") from error

    def _connect(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.trusted is not None:
            context.load_verify_locations(self.trusted)
        session: smtplib.SMTP
        if self.security is Security.TLS:
            session = smtplib.SMTP_SSL(
                self.host, self.port, timeout=self.timeout_s, context=context
            )
        else:
            session = smtplib.SMTP(self.host, self.port, timeout=self.timeout_s)
        try:
            if self.security is Security.STARTTLS:
                session.starttls(context=context)
            if self.login:
                session.login(self.login, self.secret)
        except BaseException:
            session.close()
            raise
        return session

    async def close(self) -> None:
        """Every letter has a connection of its own."""


def _no_mailbox(code: int, said: bytes) -> bool:
    """Whether it is the address that is wrong, and not our right to write there.

    By the enhanced status (RFC 3463, section 3.2) if there is one, else by RFC 5321, section 4.2.3.
    """
    if re.match(rb"[245]\.\d", said):
        return said.startswith(b"5.1.")
    return code in {550, 551, 553}
