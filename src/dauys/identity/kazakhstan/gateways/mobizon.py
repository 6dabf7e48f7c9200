"""Mobizon: forms over HTTP, answers in JSON. https://mobizon.kz/help/api-docs.

It takes no id of ours: a message whose answer was lost stays uncertain. Its callbacks are not
believed: their signature does not cover what they say.
"""

from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

import msgspec

from dauys.identity.messages.gateway import (
    NotTakenError,
    PerhapsTakenError,
    Then,
    UnknownThereError,
)
from dauys.identity.messages.gateways.http import HttpGateway, read_json
from dauys.identity.messages.message import Message, MessageState, Sent

ERRORS: Final = {
    1: ("bad_parameters", Then.NEXT),
    2: ("no_such_record", Then.NEXT),
    4: ("bad_module", Then.STOP),
    5: ("bad_method", Then.STOP),
    6: ("bad_format", Then.STOP),
    8: ("login_refused", Then.STOP),
    9: ("access_refused", Then.STOP),
    10: ("gateway_fault", Then.NEXT),
    11: ("bad_parameters", Then.NEXT),
    12: ("bad_parameters", Then.NEXT),
    13: ("wrong_server", Then.STOP),
    14: ("account_blocked", Then.STOP),
    15: ("operation_refused", Then.STOP),
    30: ("too_many_requests", Then.WAIT),
    99: ("nothing_done", Then.NEXT),
}
"""`code` of an answer that is not 0: what it is, and what we do."""
UNSURE: Final = frozenset({3, 98, 100, 999})
"""A fault without a name, partly done, in the background, fault of the server: perhaps sent."""

STATUSES: Final = {
    "NEW": MessageState.SENT,
    "ENQUEUD": MessageState.SENT,
    "ACCEPTD": MessageState.SENT,
    "PDLIVRD": MessageState.SENT,  # in part
    "DELIVRD": MessageState.DELIVERED,
    "UNDELIV": MessageState.UNDELIVERED,
    "REJECTD": MessageState.UNDELIVERED,
    "EXPIRED": MessageState.UNDELIVERED,
    "DELETED": MessageState.UNDELIVERED,
}


class _Answer(msgspec.Struct):
    code: int
    data: Any = None


@dataclass(frozen=True, slots=True)
class MobizonGateway(HttpGateway):
    """An account, by its API key."""

    secret: str = field(repr=False)
    sender: str = ""
    tells: ClassVar[bool] = True

    async def send(self, message: Message) -> str:
        """Send; the reference is Mobizon's `messageId` (see `Gateway.send`)."""
        fields = {"recipient": message.address.lstrip("+"), "text": message.text}
        if self.sender:
            fields["from"] = self.sender
        answer = read_json(
            await self.post.form("/service/message/sendSmsMessage", self._with(fields)), _Answer
        )
        if answer.code in UNSURE:
            raise PerhapsTakenError(f"code_{answer.code}")
        if answer.code != 0:
            raise NotTakenError(*_meaning(answer))
        reference = answer.data.get("messageId") if isinstance(answer.data, dict) else None
        if not isinstance(reference, (int, str)) or not reference:
            raise PerhapsTakenError("unreadable_answer")
        return str(reference)

    async def ask(self, sent: Sent) -> MessageState:
        """Ask by `messageId` (see `Gateway.ask`). Without one nothing can be asked."""
        if not sent.reference:
            raise NotTakenError("no_reference", Then.WAIT)
        try:
            fields = self._with({"ids": sent.reference})
            answer = read_json(
                await self.post.form("/service/message/getSMSStatus", fields), _Answer
            )
        except PerhapsTakenError as error:
            raise NotTakenError(error.reason, Then.WAIT) from error
        if answer.code == 2 or answer.data == []:
            raise UnknownThereError
        if answer.code != 0 or not isinstance(answer.data, list):
            raise NotTakenError(f"code_{answer.code}", Then.WAIT)
        for one in answer.data:
            if isinstance(one, dict) and str(one.get("id")) == sent.reference:
                return STATUSES.get(str(one.get("status")), MessageState.SENT)
        raise UnknownThereError

    def _with(self, fields: dict[str, str]) -> dict[str, str]:
        return {"apiKey": self.secret, "output": "json", "api": "v1", **fields}


def _meaning(answer: _Answer) -> tuple[str, Then]:
    if answer.code == 1 and isinstance(answer.data, dict) and "recipient" in answer.data:
        return "bad_phone", Then.GIVE_UP
    return ERRORS.get(answer.code, (f"code_{answer.code}", Then.NEXT))
