"""smsc.kz: JSON over HTTP. https://smsc.kz/api/http/ (sending, statuses, callback).

Each message carries an id of ours, so that its state can be asked even when the answer to
sending it was lost.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Final

import msgspec

from dauys.identity.messages.gateway import (
    NotTakenError,
    PerhapsTakenError,
    ReportRefusedError,
    Then,
    UnknownThereError,
)
from dauys.identity.messages.gateways.http import HttpGateway, read_json
from dauys.identity.messages.message import Message, MessageState, Sent

ERRORS: Final = {
    1: ("bad_parameters", Then.NEXT),
    2: ("login_refused", Then.STOP),
    3: ("no_money", Then.STOP),
    4: ("address_blocked", Then.STOP),
    5: ("bad_date", Then.NEXT),
    6: ("text_or_sender_forbidden", Then.NEXT),
    7: ("bad_phone", Then.GIVE_UP),
    8: ("undeliverable", Then.NEXT),
    9: ("duplicate_or_too_many", Then.WAIT),
}
"""`error_code` of sending: what it is, and what we do."""

STATUSES: Final = {
    -1: MessageState.SENT,  # waits at the gateway
    0: MessageState.SENT,  # with the operator
    1: MessageState.DELIVERED,
    2: MessageState.DELIVERED,  # and read
    4: MessageState.DELIVERED,  # and its link followed
    -2: MessageState.UNDELIVERED,  # stopped
    3: MessageState.UNDELIVERED,  # ran out of time
    20: MessageState.UNDELIVERED,
    22: MessageState.UNDELIVERED,  # no such number
    23: MessageState.UNDELIVERED,  # forbidden
    24: MessageState.UNDELIVERED,  # no money
    25: MessageState.UNDELIVERED,  # number unavailable
}
NOT_FOUND: Final = -3


class _Answer(msgspec.Struct):
    """Of sending: `id` and `cnt`, or an error."""

    id: int | str | None = None
    cnt: int | None = None
    error_code: int | None = None


class _Status(msgspec.Struct):
    status: int | None = None
    error_code: int | None = None


@dataclass(frozen=True, slots=True)
class SmscGateway(HttpGateway):
    """An account, by login and password (`psw`) or, with an empty login, by API key."""

    login: str
    secret: str = field(repr=False)
    sender: str = ""
    callback_secret: str = field(default="", repr=False)
    tells: ClassVar[bool] = True

    async def send(self, message: Message) -> str:
        """Send; the reference is our own id (see `Gateway.send`)."""
        reference = own_id(message.id)
        body = await self.post.json(
            "/rest/send/",
            {
                **self._account(),
                "phones": message.address,
                "mes": message.text,
                "id": reference,
                "sender": self.sender,
                "fmt": 3,
                "charset": "utf-8",
            },
        )
        answer = read_json(body, _Answer)
        if answer.error_code is not None:
            raise NotTakenError(*ERRORS.get(answer.error_code, _other(answer.error_code)))
        if answer.id is None or not answer.cnt:
            raise PerhapsTakenError("unreadable_answer")
        return str(reference)

    async def ask(self, sent: Sent) -> MessageState:
        """Ask by our id, which is the reference (see `Gateway.ask`)."""
        try:
            body = await self.post.json(
                "/rest/status/",
                {
                    **self._account(),
                    "phone": sent.address,
                    "id": own_id(sent.id),
                    "fmt": 3,
                    "charset": "utf-8",
                },
            )
            answer = read_json(body, _Status)
        except PerhapsTakenError as error:
            raise NotTakenError(error.reason, Then.WAIT) from error
        if answer.status == NOT_FOUND:
            raise UnknownThereError
        if answer.status not in STATUSES:
            raise NotTakenError(f"error_{answer.error_code}", Then.WAIT)
        return STATUSES[answer.status]

    def read_report(self, fields: Mapping[str, str]) -> tuple[str, MessageState]:
        """A callback: SHA-1 of `id:phone:status:secret` shows that smsc sent it.

        The secret is the account's setting for callbacks. MD5, which it also offers, is not
        taken.
        """
        text = ":".join((*(fields.get(key, "") for key in ("id", "phone", "status")), ""))
        # SHA-1 is smsc's choice; that collisions exist does not help whoever lacks the secret.
        right = hashlib.sha1((text + self.callback_secret).encode()).hexdigest()  # noqa: S324
        given = fields.get("sha1", "").lower()
        if not self.callback_secret or not hmac.compare_digest(right.encode(), given.encode()):
            raise ReportRefusedError
        try:
            return fields["id"], STATUSES[int(fields["status"])]
        except (KeyError, ValueError) as error:
            raise ReportRefusedError from error

    def _account(self) -> dict[str, str]:
        if self.login:
            return {"login": self.login, "psw": self.secret}
        return {"apikey": self.secret}


def own_id(message_id: str) -> int:
    """Our id in the form smsc takes: 1 to 2147483647."""
    return int(message_id[:8], 16) % (2**31 - 1) + 1


def _other(code: int) -> tuple[str, Then]:
    return f"error_{code}", Then.NEXT
