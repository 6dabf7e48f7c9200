"""A message on its way to one voter, and what may become of it.

The text holds a code: it is kept encrypted until it is sent, and nowhere after.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

SEGMENT: Final = 70
"""UCS-2 characters of one SMS segment; a longer text is split, 67 to each part (3GPP TS 23.040)."""
PART: Final = 67


class MessageState(StrEnum):
    """What has become of a message. The last five are final."""

    WAITING = "waiting"
    """Kept; no gateway has it."""
    HANDING = "handing"
    """Being handed to a gateway at this moment."""
    UNCERTAIN = "uncertain"
    """A gateway may have taken it: it never said. It is not sent again blindly."""
    SENT = "sent"
    """A gateway has taken it."""
    DELIVERED = "delivered"
    """On the phone, by the gateway's report."""
    UNDELIVERED = "undelivered"
    """Given up by the operator, by the gateway's report."""
    FAILED = "failed"
    """No gateway takes it."""
    EXPIRED = "expired"
    """What it says was over before a gateway took it."""
    DECOY = "decoy"
    """To nobody: asked for by somebody who is not on the register, or has no phone there."""


FINAL: Final = frozenset(
    {
        MessageState.DELIVERED,
        MessageState.UNDELIVERED,
        MessageState.FAILED,
        MessageState.EXPIRED,
        MessageState.DECOY,
    }
)


@dataclass(frozen=True, slots=True)
class Message:
    """A message as a gateway is given it; `id` is 32 hex digits of our own.

    `address` is what the channel delivers to: E.164 for `sms`, a mailbox for `email`. `expires`
    is when the text is of no use any more.
    """

    id: str
    channel: str
    address: str = field(repr=False)
    text: str = field(repr=False)
    expires: datetime
    written: datetime
    """When it was asked for."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that a gateway has, or may have: what its state is asked by.

    `reference` is the gateway's own name for it; empty when it never gave one.
    """

    id: str
    gateway: str
    reference: str
    address: str = field(repr=False)
    state: MessageState


def segments(text: str) -> int:
    """How many segments `text` is charged as, by the length of UCS-2."""
    length = len(text.encode("utf-16-be")) // 2
    return 1 if length <= SEGMENT else -(-length // PART)
