"""Codes as they are kept, and what the desk needs of others: a store, an outbox, a channel."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from dauys.identity.code_limits import Origin, UsageBook
from dauys.identity.texts import Locale


class CodeStatus(StrEnum):
    """What has become of a code; running out of time is read from the clock."""

    WAITING = "waiting"
    ENTERED = "entered"
    EXHAUSTED = "exhausted"


@dataclass(frozen=True, slots=True)
class CodeRecord:
    """One code sent, or one decoy (`sent_to` is None). The code itself is nowhere.

    `block` is that of the address on the register, kept for decoys too.
    """

    request_id: str
    channel: str
    number: str
    sent_to: str | None
    block: str
    origin: Origin
    salt: bytes = field(repr=False)
    digest: bytes = field(repr=False)
    message_id: str
    sent_at: datetime
    expires: datetime
    attempts: int = 0
    status: CodeStatus = CodeStatus.WAITING
    entered_at: datetime | None = None
    entered_from: Origin | None = None
    """Where the last try came from."""


class CodeStore(UsageBook, Protocol):
    """Keeps code records. A short memory: a day is enough."""

    def locked(self, number: str) -> AbstractContextManager[None]:
        """Let one caller at a time, of all processes, work on the codes of `number`.

        A transaction: what is written inside is durable on leaving, or gone if an exception
        leaves it. (The desk therefore never raises a refusal inside once it has counted a try.)
        The empty number is a lock of its own, for whoever adds codes: limits are exact.
        """
        ...

    def add(self, record: CodeRecord) -> None:
        """Keep a new record; its `request_id` is new."""
        ...

    def get(self, request_id: str) -> CodeRecord:
        """Return the record as last written. Raises RefusedError("unknown_request")."""
        ...

    def update(self, record: CodeRecord) -> None:
        """Replace the record of the same `request_id`."""
        ...

    def remember(self, number: str, device: str, now: datetime) -> None:
        """Know that the voter identified on this device."""
        ...


class Messenger(Protocol):
    """Takes messages for delivery: an outbox, which a courier empties."""

    def send(self, address: str | None, text: str, expires: datetime) -> str:
        """Return the message's id once it is kept in the transaction of the caller.

        None is a decoy: the same work, and nothing is ever sent. Waiting here for the
        operator's answer would tell a stranger, by the time it takes, who is on the register.
        Raises RefusedError `no_gateway`, for decoys too.
        """
        ...


class Channel(Protocol):
    """How a code reaches a voter: what its addresses look like and what is written there."""

    @property
    def name(self) -> str:
        """`sms`, `email`."""
        ...

    def mask(self, address: str) -> str:
        """Enough for the owner to recognise it, and for nobody else to use it."""
        ...

    def decoy(self, number: str, key: bytes) -> str:
        """A mask for a voter number that has no address: always the same for the same number."""
        ...

    def block(self, address: str) -> str:
        """The range that the address belongs to, whose holders may be one."""
        ...

    def text(self, code: str, minutes: int, locale: Locale) -> str:
        """The message that carries a code."""
        ...
