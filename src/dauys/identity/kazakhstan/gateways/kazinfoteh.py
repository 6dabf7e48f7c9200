"""KazInfoTeh: a form over HTTP, an answer in XML, as its HTTP API sends.

The gateway tells nothing of a message later on: one that it took stays `sent`.
"""

import re
from dataclasses import dataclass, field
from typing import Final
from xml.etree import ElementTree as ET

from dauys.identity.messages.gateway import (
    NotTakenError,
    PerhapsTakenError,
    Then,
)
from dauys.identity.messages.gateways.http import HttpGateway
from dauys.identity.messages.message import Message

MEANINGS: Final = (
    (re.compile(r"user ?name|password|login|auth|пользовател|парол", re.IGNORECASE), Then.STOP),
    (re.compile(r"credit|balance|money|баланс|средств", re.IGNORECASE), Then.STOP),
    (re.compile(r"recipient|phone|номер", re.IGNORECASE), Then.GIVE_UP),
    (re.compile(r"originator|sender|отправител", re.IGNORECASE), Then.NEXT),
    (re.compile(r"limit|throttl|too many|лимит", re.IGNORECASE), Then.WAIT),
)
"""Its codes are not documented beyond 0; its words tell what is wrong."""
_REASONS: Final = {
    Then.STOP: "account",
    Then.GIVE_UP: "bad_phone",
    Then.NEXT: "refused",
    Then.WAIT: "too_many_requests",
}


@dataclass(frozen=True, slots=True)
class KazInfoTehGateway(HttpGateway):
    """An account, by name and password."""

    login: str
    secret: str = field(repr=False)
    sender: str = ""

    async def send(self, message: Message) -> str:
        """Send; the reference is the answer's `messageid` (see `Gateway.send`)."""
        fields = {
            "action": "sendmessage",
            "username": self.login,
            "password": self.secret,
            "recipient": message.address.lstrip("+"),
            "messagetype": "SMS:TEXT",
            "originator": self.sender,
            "messagedata": message.text,
        }
        answer = _read(await self.post.form("/api", fields))
        code = answer.findtext(".//statuscode")
        if code == "0":
            return answer.findtext(".//messageid") or ""
        if code is None and answer.findtext("action") != "error":
            raise PerhapsTakenError("unreadable_answer")
        words = " ".join(
            answer.findtext(f".//{tag}") or "" for tag in ("statusmessage", "errormessage")
        )
        then = next((then for pattern, then in MEANINGS if pattern.search(words)), Then.NEXT)
        number = code or answer.findtext(".//errorcode") or ""
        suffix = f"_{number}" if re.fullmatch(r"[0-9]{1,6}", number) else ""
        raise NotTakenError(_REASONS[then] + suffix, then)


def _read(body: bytes) -> ET.Element:
    if b"<!" in body:  # no entities, no document types
        raise PerhapsTakenError("unreadable_answer")
    try:
        return ET.fromstring(body)  # noqa: S314 -- short, and without declarations
    except ET.ParseError as error:
        raise PerhapsTakenError("unreadable_answer") from error
