"""How many codes may be asked for, by whom, and how long anyone is kept waiting.

Codes cost money, and a voter's number is no secret: whoever types it makes the voter's phone
ring. So there are limits, and each limit is also a way to keep somebody out. These are
keyed so that a stranger costs the voter as little as possible:

- a device on which the voter has identified before has limits of its own, which nothing
  that others do uses up;
- waits between two codes grow for the address that asks, not for the voter;
- an address, or the network around it, may have few codes open that nobody entered, and more
  with every code that is entered: a carrier's crowd earns its room in minutes, a flood never;
- a budget for the whole election bounds the bill. Its last quarter is kept for addresses
  whose codes are entered, or that have asked for none today: a flood has neither for long.

docs/operating.md, "SMS", has the longest waits; docs/threat-model.md what remains.
"""

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from dauys.core.errors import RefusedError

DAY: Final = timedelta(hours=24)
WAITS: Final = tuple(timedelta(seconds=s) for s in (60, 120, 240, 480))
"""Between two codes for one voter from one address; the last goes on."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from: the client's address and a cookie's device id."""

    address: str
    device: str

    @property
    def network(self) -> str:
        """The block of addresses around it: IPv4 /24, IPv6 /48."""
        try:
            parsed = ipaddress.ip_address(self.address)
        except ValueError:
            return ""
        return str(ipaddress.ip_network((parsed, 24 if parsed.version == 4 else 48), strict=False))


@dataclass(frozen=True, slots=True)
class CodeLimits:
    """The operator's policy. Counts are within `window`, `crowd`, an hour or a day.

    Thousands of honest voters share one address of a mobile carrier: `per_address` and the
    like count codes that are still to be entered, and give `per_entered` more for each that was.
    """

    lifetime: timedelta = timedelta(minutes=5)
    tries: int = 3
    window: timedelta = timedelta(hours=1)
    per_voter: int = 6
    """From everywhere but known devices."""
    per_known_device: int = 6
    """For a voter, from one device on which they identified before."""
    per_phone: int = 10
    """To one address of the channel, whoever it is for: a phone that several voters share."""
    crowd: timedelta = timedelta(minutes=15)
    per_device: int = 6
    per_address: int = 20
    per_network: int = 60
    per_block: int = 200
    """To a range of phone numbers (`Channel.block`)."""
    per_entered: int = 3
    budget_hour: int = 2_000
    budget_day: int = 20_000

    @property
    def longest_wait(self) -> timedelta:
        """Longest that strangers can keep a voter without a known device from a new code."""
        return max(self.window, self.crowd, timedelta(hours=1))


class Key(StrEnum):
    """What codes are counted by."""

    SENT_TO = "sent_to"
    BLOCK = "block"
    DEVICE = "device"
    ADDRESS = "address"
    NETWORK = "network"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Count:
    """A question: codes of `key` = `value`, asked for after `since`."""

    key: Key
    value: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Usage:
    """The answer: how many were asked for, and how many of these were entered."""

    asked: int
    entered: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A code that was asked for a voter, from where."""

    at: datetime
    origin: Origin


class UsageBook(Protocol):
    """What the limits need to know of codes asked for."""

    def asked_for(self, number: str, since: datetime) -> Sequence[Asked]:
        """Codes for this voter asked for after `since`, oldest first."""
        ...

    def usage(self, counts: Sequence[Count]) -> Sequence[Usage]:
        """Answers, in the order of the questions."""
        ...

    def knows(self, number: str, device: str) -> bool:
        """Whether the voter has identified on this device before."""
        ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """A code that somebody at `origin` wants for voter `number`, to go to `sent_to`."""

    number: str
    sent_to: str
    block: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Admitted:
    """A request within the limits. `reaches` is False where only a decoy may be sent.

    (A limit of a phone or a block of phones is kept silently: a refusal would tell a stranger
    what phone stands on the register.)
    """

    reaches: bool
    next_at: datetime


def admit(
    limits: CodeLimits,
    book: UsageBook,
    wanted: Wanted,
    now: datetime,
    cleared: datetime | None = None,
) -> Admitted:
    """Let a request pass, or refuse it.

    `cleared` is when the help desk last let the voter start anew. Raises RefusedError:
    `too_soon` (detail: seconds to wait), `too_many_codes` (detail: whose limit it is).
    """
    number, origin = wanted.number, wanted.origin
    known = bool(origin.device) and book.knows(number, origin.device)
    start = max(now - limits.window, cleared) if cleared else now - limits.window
    asked = book.asked_for(number, start)
    if known:
        mine = [one for one in asked if one.origin.device == origin.device]
        here, most = mine, limits.per_known_device
    else:
        mine = list(asked)
        here = [one for one in asked if one.origin.address == origin.address]
        most = limits.per_voter
    if here and now < (free_at := here[-1].at + _wait(len(here))):
        raise RefusedError("too_soon", str(-(-(free_at - now) // timedelta(seconds=1))))
    if len(mine) >= most:
        raise RefusedError("too_many_codes", "voter")
    room = _room(limits, book, wanted, now)
    if not known:
        for whose, full in room.refusals:
            if full:
                raise RefusedError("too_many_codes", whose)
    trusted = known or room.converts
    for used, budget in ((room.hour, limits.budget_hour), (room.day, limits.budget_day)):
        if used >= (budget if trusted else budget - budget // 4):
            raise RefusedError("too_many_codes", "all")
    return Admitted(room.reaches, now + _wait(len(here) + 1))


@dataclass(frozen=True, slots=True)
class _Room:
    """What is left where the request comes from and where the code would go."""

    reaches: bool
    refusals: tuple[tuple[str, bool], ...]
    converts: bool
    """Whether at least half of today's codes at this address were entered, or there are none."""
    hour: int
    day: int


def _room(limits: CodeLimits, book: UsageBook, wanted: Wanted, now: datetime) -> _Room:
    origin, crowd = wanted.origin, now - limits.crowd
    phone, block, device, address, today, network, hour, day = book.usage(
        (
            Count(Key.SENT_TO, wanted.sent_to, now - limits.window),
            Count(Key.BLOCK, wanted.block, crowd),
            Count(Key.DEVICE, origin.device, crowd),
            Count(Key.ADDRESS, origin.address, crowd),
            Count(Key.ADDRESS, origin.address, now - DAY),
            Count(Key.NETWORK, origin.network, crowd),
            Count(Key.ALL, "", now - timedelta(hours=1)),
            Count(Key.ALL, "", now - DAY),
        )
    )
    return _Room(
        reaches=phone.asked < limits.per_phone and not _full(limits, block, limits.per_block),
        refusals=(
            ("device", bool(origin.device) and _full(limits, device, limits.per_device)),
            ("address", _full(limits, address, limits.per_address)),
            ("network", _full(limits, network, limits.per_network)),
        ),
        converts=2 * today.entered >= today.asked,
        hour=hour.asked,
        day=day.asked,
    )


def _wait(asked: int) -> timedelta:
    """How long after the last of `asked` codes (at least 1) the next may be asked for."""
    return WAITS[min(asked, len(WAITS)) - 1]


def _full(limits: CodeLimits, usage: Usage, most: int) -> bool:
    return usage.asked >= most + limits.per_entered * usage.entered
