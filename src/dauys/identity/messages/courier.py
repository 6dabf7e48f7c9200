"""Takes messages out of the outbox and hands them to gateways, outside every request.

The rule against sending twice: which gateway gets a message is written down, durably, before
it is handed over. What a gateway certainly did not take goes to the next. What it may have
taken (no answer, a broken connection, this process killed meanwhile) is never handed over
again, unless that gateway itself says that it knows nothing of it; whoever waits for it asks
for another.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final, Protocol, TypeVar

from dauys.core.ports import Clock
from dauys.identity.messages.gateway import (
    Gateway,
    NotTakenError,
    PerhapsTakenError,
    Then,
    UnknownThereError,
)
from dauys.identity.messages.message import Message, MessageState, Sent

AT_ONCE: Final = 32
"""Messages handed over at the same time."""
REST: Final = {
    Then.WAIT: timedelta(seconds=3),
    Then.NEXT: timedelta(seconds=30),
    Then.STOP: timedelta(minutes=5),
}
"""How long a gateway rests; for NEXT only after `FAULTS_IN_A_ROW`."""
FAULTS_IN_A_ROW: Final = 3
ROUNDS: Final = 3
AGAIN_AFTER: Final = timedelta(seconds=10)
LOST_AFTER: Final = timedelta(seconds=60)
"""A message being handed over for longer is nobody's any more: its process was killed."""
ASK_FIRST: Final = timedelta(seconds=10)
"""After how long a gateway is first asked what became of a message; then twice as long."""

log = logging.getLogger("dauys.messages")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Health:
    """A gateway as the courier sees it. `resting_until` is None when it works."""

    name: str
    resting_until: datetime | None
    reason: str
    faults: int


class Outbox(Protocol):
    """Keeps messages. Every call is durable on return, all or nothing."""

    def claim(
        self, usable: Mapping[str, Sequence[str]], now: datetime, most: int
    ) -> Sequence[tuple[str, Message]]:
        """Take up to `most` waiting messages, each for the first gateway not tried yet.

        `usable` names the gateways of each channel, in the order in which they are tried.

        They are `HANDING` on return, with the gateway's name, and no other caller gets
        them. Those past their time become `EXPIRED`.
        """
        ...

    def taken(self, message_id: str, reference: str, now: datetime) -> None:
        """The gateway took it: `SENT`."""
        ...

    def not_taken(
        self, message_id: str, error: NotTakenError, gateways: int, now: datetime
    ) -> None:
        """It was not sent: `WAITING` for another gateway, or `FAILED` (`Then.GIVE_UP`).

        `gateways` is how many there are: once all have refused it, it waits `AGAIN_AFTER` and
        starts over, `ROUNDS` times in all. After `Then.WAIT` the same one may be tried again.
        """
        ...

    def perhaps_taken(self, message_id: str, reason: str, now: datetime) -> None:
        """Nobody knows: `UNCERTAIN`."""
        ...

    def lost(self, before: datetime, now: datetime) -> int:
        """What has been `HANDING` since before `before` is `UNCERTAIN`; returns how many."""
        ...

    def to_ask(self, gateways: Sequence[str], now: datetime, most: int) -> Sequence[Sent]:
        """Messages that it is time to ask about; each is due again later."""
        ...

    def told(self, message_id: str, state: MessageState, now: datetime) -> None:
        """The gateway says what became of it. A final state stays."""
        ...

    def never_taken(self, message_id: str, now: datetime) -> None:
        """The gateway knows nothing of it: what was `UNCERTAIN` is `WAITING` again."""
        ...

    def report(self, gateway: str, reference: str, state: MessageState, now: datetime) -> bool:
        """As `told`, by the gateway's own name for it; False if there is no such message."""
        ...

    def rest(self, gateway: str, until: datetime | None, reason: str, faults: int) -> None:
        """Write down how a gateway fares, for the console and for other processes."""
        ...

    def health(self) -> Mapping[str, Health]:
        """How gateways fare, by name."""
        ...


class Courier:
    """Works in an event loop of its own; the outbox is used in one thread beside it."""

    def __init__(self, outbox: Outbox, gateways: Sequence[Gateway], clock: Clock) -> None:
        """`gateways` in the order in which they are tried."""
        self._outbox = outbox
        self._gateways = {gateway.name: gateway for gateway in gateways}
        self._clock = clock
        self._desk = ThreadPoolExecutor(1, "outbox")

    async def round(self) -> int:
        """Hand over what waits, ask about what was sent; returns how many were handed over."""
        if not self._gateways:
            return 0
        now = self._clock.now()
        lost = await self._at_desk(lambda: self._outbox.lost(now - LOST_AFTER, now))
        if lost:
            log.error("%d messages were being sent when a server ended: not sent again", lost)
        claimed = await self._at_desk(lambda: self._claim(now))
        await asyncio.gather(*(self._hand_over(name, message) for name, message in claimed))
        await self._ask(self._clock.now())
        return len(claimed)

    async def close(self) -> None:
        """End after what is under way."""
        for gateway in self._gateways.values():
            await gateway.close()
        self._desk.shutdown()

    async def call(self, work: Callable[[], Result]) -> Result:
        """Do `work` in the outbox's thread."""
        return await self._at_desk(work)

    def _claim(self, now: datetime) -> Sequence[tuple[str, Message]]:
        health = self._outbox.health()
        usable: dict[str, list[str]] = {}
        for name, gateway in self._gateways.items():
            if not _rests(health.get(name), now):
                usable.setdefault(gateway.channel, []).append(name)
        return self._outbox.claim(usable, now, AT_ONCE)

    async def _hand_over(self, name: str, message: Message) -> None:
        gateway, outbox = self._gateways[name], self._outbox
        try:
            reference = await gateway.send(message)
        except NotTakenError as error:
            await self._at_desk(partial(self._not_taken, gateway, message, error))
        except PerhapsTakenError as error:
            log.warning("%s did not say whether it took a message: %s", name, error.reason)
            reason = error.reason
            await self._at_desk(lambda: outbox.perhaps_taken(message.id, reason, self._clock.now()))
            await self._at_desk(lambda: self._fault(name, Then.NEXT, reason))
        else:
            await self._at_desk(lambda: outbox.taken(message.id, reference, self._clock.now()))
            await self._at_desk(lambda: self._well(name))

    def _not_taken(self, gateway: Gateway, message: Message, error: NotTakenError) -> None:
        gateways = sum(one.channel == message.channel for one in self._gateways.values())
        self._outbox.not_taken(message.id, error, gateways, self._clock.now())
        if error.then is not Then.GIVE_UP:  # a wrong address is no fault of the gateway
            self._fault(gateway.name, error.then, error.reason)

    def _fault(self, name: str, then: Then, reason: str) -> None:
        known = self._outbox.health().get(name)
        faults = (known.faults if known else 0) + 1
        until = None
        if then is not Then.NEXT or faults >= FAULTS_IN_A_ROW:
            until = self._clock.now() + REST[then]
            log.error("the gateway %s rests until %s: %s", name, f"{until:%H:%M:%S}", reason)
        self._outbox.rest(name, until, reason, faults)

    def _well(self, name: str) -> None:
        known = self._outbox.health().get(name)
        if known is not None and (known.faults or known.resting_until):
            self._outbox.rest(name, None, "", 0)

    async def _ask(self, now: datetime) -> None:
        for gateway in self._gateways.values():
            for reference, state in gateway.heard():
                await self._at_desk(
                    partial(self._outbox.report, gateway.name, reference, state, now)
                )
        telling = [name for name, gateway in self._gateways.items() if gateway.tells]
        due = await self._at_desk(lambda: self._outbox.to_ask(telling, now, AT_ONCE))
        await asyncio.gather(*(self._ask_one(sent) for sent in due))

    async def _ask_one(self, sent: Sent) -> None:
        try:
            state = await self._gateways[sent.gateway].ask(sent)
        except UnknownThereError:
            if sent.state is MessageState.UNCERTAIN:
                await self._at_desk(lambda: self._outbox.never_taken(sent.id, self._clock.now()))
        except NotTakenError as error:
            log.info("%s could not be asked: %s", sent.gateway, error.reason)
        else:
            await self._at_desk(lambda: self._outbox.told(sent.id, state, self._clock.now()))

    async def _at_desk(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._desk, work)


def _rests(health: Health | None, now: datetime) -> bool:
    return health is not None and health.resting_until is not None and now < health.resting_until
