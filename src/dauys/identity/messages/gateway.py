"""The port that every gateway stands behind, and the four ways in which it does not send.

What matters most is whether a message may have been sent. `NotTakenError` says that it was
not: it may go out by another gateway. `PerhapsTakenError` says that nobody knows: it is not
sent again, whoever waits for it asks for another.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import ClassVar, Protocol

from dauys.core.errors import DauysError
from dauys.identity.messages.message import Message, MessageState, Sent


class Then(StrEnum):
    """What to do with a message, and the gateway, that did not take it."""

    WAIT = "wait"
    """Too many at once: the gateway rests a few seconds, the message may go to another."""
    NEXT = "next"
    """This gateway does not take this message; the next may."""
    STOP = "stop"
    """The gateway takes nothing (account, money, address): it rests, the operator is called."""
    GIVE_UP = "give_up"
    """The address itself is wrong: no gateway delivers to it. The help desk tells the voter."""


class NotTakenError(DauysError):
    """The message was certainly not sent. `reason` is a stable word, without secrets."""

    def __init__(self, reason: str, then: Then) -> None:
        """`then` is what to do about it."""
        super().__init__(f"{reason}: {then}")
        self.reason = reason
        self.then = then


class PerhapsTakenError(DauysError):
    """The gateway got the message, or may have, and did not say what it did with it."""

    def __init__(self, reason: str) -> None:
        """`reason` is a stable word, without secrets."""
        super().__init__(reason)
        self.reason = reason


class UnknownThereError(DauysError):
    """The gateway knows no message of this name: it never took it."""


class ReportRefusedError(DauysError):
    """A delivery report that is not the gateway's, or not one at all."""


class Gateway(Protocol):
    """One account at one gateway. Its secrets are in no `repr`, error or address."""

    @property
    def name(self) -> str:
        """The operator's name for it; unique."""
        ...

    @property
    def channel(self) -> str:
        """What it delivers over: `sms`, `email`."""
        ...

    @property
    def tells(self) -> bool:
        """Whether `ask` can say what became of a message."""
        ...

    async def send(self, message: Message) -> str:
        """Hand the message over; returns the gateway's reference, once it has taken it.

        Raises NotTakenError, PerhapsTakenError.
        """
        ...

    async def ask(self, sent: Sent) -> MessageState:
        """`SENT`, `DELIVERED` or `UNDELIVERED`, as the gateway says now.

        Raises UnknownThereError, NotTakenError (it could not be asked).
        """
        ...

    def read_report(self, fields: Mapping[str, str]) -> tuple[str, MessageState]:
        """Reference and state from a delivery report that came by HTTP.

        Raises ReportRefusedError unless the gateway itself signed it.
        """
        ...

    def heard(self) -> Sequence[tuple[str, MessageState]]:
        """References and states that came over its own connection since the last call."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


class NoReports:
    """The answers of a gateway that says no more of a message once it has taken it.

    The gateways start from these and override what theirs can tell.
    """

    __slots__ = ()
    tells: ClassVar[bool] = False

    async def ask(self, sent: Sent) -> MessageState:
        """It cannot be asked."""
        del sent
        raise NotTakenError("no_reports", Then.WAIT)

    def read_report(self, fields: Mapping[str, str]) -> tuple[str, MessageState]:
        """It signs no reports: none is believed."""
        del fields
        raise ReportRefusedError

    def heard(self) -> Sequence[tuple[str, MessageState]]:
        """Nothing comes by itself."""
        return ()
