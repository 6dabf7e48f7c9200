"""How long signals are kept, and in what form. docs/privacy.md has the reasons.

Addresses, devices and phones are needed while voting goes on and while a decision may be
disputed. After that the table keeps what research on detection needs and nobody's identity;
later it goes altogether. When is decided here; `store/signals/keeping.py` does it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from ipaddress import IPv6Address

from dauys.core.errors import MalformedError
from dauys.core.ports import RandomSource


class Form(IntEnum):
    """In what form the signals of an election are to be kept, the fullest first."""

    WHOLE = 0
    PSEUDONYMOUS = 1
    GONE = 2


@dataclass(frozen=True, slots=True)
class Retention:
    """Time from the end of an election to each step; `end` is its `final` entry.

    An election that is never announced ends `unfinished` after its closing time, so that
    forgetting the last step does not keep signals for ever. Raises MalformedError unless
    whole <= pseudonymous.
    """

    whole: timedelta = timedelta(days=30)
    pseudonymous: timedelta = timedelta(days=365)
    unfinished: timedelta = timedelta(days=90)

    def __post_init__(self) -> None:
        """Check the order."""
        if not timedelta(0) <= self.whole <= self.pseudonymous:
            raise MalformedError("retention", "signals are made pseudonymous before they go")

    def end(self, final: datetime | None, closes: datetime) -> datetime:
        """When the election ended, or will be taken to have ended."""
        return final or closes + self.unfinished


def pseudonyms(things: Iterable[str], random: RandomSource) -> dict[str, int]:
    """Number different `things` from 0, in an order that says nothing of them.

    The numbers are written down nowhere but here: with this table the only way back is gone.
    """
    different = set(things)
    drawn = sorted((random(16), thing) for thing in different)
    return {thing: number for number, (_, thing) in enumerate(drawn)}


def pseudonymous_address(block: int, host: int) -> str:
    """An address that leads nowhere, for `host` of `block`, both from 0.

    A unique local address (RFC 4193). Blocks stay blocks (/56), so that the table can still
    be scanned.
    """
    return str(IPv6Address((0xFD << 120) | (block << 72) | (host + 1)))


def pseudonymous_phone(number: int) -> str:
    """A phone that nobody has: +999 is no country's (ITU-T E.164, spare code)."""
    return f"+999{number:08}"
