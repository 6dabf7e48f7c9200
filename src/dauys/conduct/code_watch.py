"""Looks after codes and messages by the clock: alarms when they go astray, deletion when stale.

Codes that are asked for and not entered are a flood, a range of phones bought for the purpose,
or a gateway that only says it delivers; each costs money, and each is told to staff.
"""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

from dauys.conduct import words
from dauys.core.state import ElectionState
from dauys.identity.code_limits import DAY, CodeLimits, Count, Key, Usage
from dauys.identity.messages.courier import Outbox
from dauys.monitor.network import AddressBook
from dauys.response.alerts import AlertDesk, AlertKind

EVERY: Final = timedelta(minutes=1)
KEPT: Final = timedelta(hours=48)
"""How long codes, challenges and messages are kept: limits look back a day, staff two."""
LOOK_BACK: Final = timedelta(minutes=45)
ENOUGH: Final = 20
"""Codes under which a share says nothing."""
LEAST_ENTERED: Final = 0.3
DELAYED_AFTER: Final = timedelta(seconds=15)
STUCK_AFTER: Final = timedelta(seconds=60)
BUDGET_SHARE: Final = 0.75
log = logging.getLogger("dauys.codes")


@dataclass(frozen=True, slots=True)
class Conversion:
    """Codes that went to one block of phones, or were asked for from one network."""

    key: Key
    value: str
    asked: int
    entered: int

    @property
    def astray(self) -> bool:
        """Whether too few of them were entered."""
        return self.asked >= ENOUGH and self.entered < LEAST_ENTERED * self.asked


class CodeBook(Protocol):
    """Codes of one election."""

    def usage(self, counts: Sequence[Count]) -> Sequence[Usage]:
        """See `code_limits.UsageBook`."""
        ...

    def conversions(self, start: datetime, end: datetime) -> Sequence[Conversion]:
        """Of codes asked for between `start` and `end`, by block of phones and by network."""
        ...

    def forget(self, before: datetime) -> int:
        """Delete codes asked for before `before`; returns how many."""
        ...


class Challenges(Protocol):
    """Challenges to sign, of one election."""

    def forget(self, before: datetime) -> int:
        """Delete those that ran out before `before`; returns how many."""
        ...


class MessageBook(Outbox, Protocol):
    """Messages of all elections."""

    def oldest_waiting(self) -> datetime | None:
        """Since when the message that has waited longest waits; None when none does."""
        ...

    def forget(self, before: datetime, now: datetime) -> int:
        """Delete messages kept before `before`, and texts that are of no use any more."""
        ...


@dataclass(slots=True)
class CodeWatch:
    """A chore of the caretaker, for one election."""

    codes: CodeBook
    challenges: Challenges
    messages: MessageBook
    limits: CodeLimits
    networks: AddressBook
    alerts: AlertDesk
    _next: datetime | None = field(default=None)

    def __call__(self, state: ElectionState, now: datetime) -> None:
        """Look once a minute."""
        del state
        if self._next is not None and now < self._next:
            return
        self._next = now + EVERY
        self.look(now)
        self.forget(now)

    def look(self, now: datetime) -> None:
        """Raise what alarms there are."""
        for found in self.codes.conversions(now - LOOK_BACK, now - self.limits.lifetime):
            if found.astray:
                self._astray(found)
        for health in self.messages.health().values():
            if health.resting_until is not None and now < health.resting_until:
                text = words.gateway_rests(health.name, health.reason)
                self.alerts.raise_alert(AlertKind.DELIVERY, f"gateway {health.name}", text)
        waiting = self.messages.oldest_waiting()
        if waiting is not None and now - waiting > STUCK_AFTER:
            self.alerts.raise_alert(
                AlertKind.DELIVERY, "outbox", words.messages_wait(now - waiting)
            )
        self._budget(now)

    def delayed(self, now: datetime) -> bool:
        """Whether messages, whoever they are for, do not go out just now."""
        waiting = self.messages.oldest_waiting()
        return waiting is not None and now - waiting > DELAYED_AFTER

    def forget(self, now: datetime) -> None:
        """Delete what is stale."""
        before = now - KEPT
        gone = self.codes.forget(before) + self.challenges.forget(before)
        gone += self.messages.forget(before, now)
        if gone:
            log.info("%d codes, challenges and messages were deleted", gone)

    def _astray(self, found: Conversion) -> None:
        # An alert travels: it names a range and a network, never a phone or an address.
        subject = f"{found.key} {hashlib.sha256(found.value.encode()).hexdigest()[:12]}"
        if found.key is Key.BLOCK:
            phones = found.value.startswith("+")
            name = f"{found.value[:5]}…" if phones else f"@{found.value}"
            say = words.block_astray if phones else words.domain_astray
            text = say(name, found.asked, found.entered)
        else:
            known = self.networks.find(found.value.partition("/")[0])
            text = words.network_astray(known.label, found.asked, found.entered)
        self.alerts.raise_alert(AlertKind.CONVERSION, subject, text)

    def _budget(self, now: datetime) -> None:
        hour, day = self.codes.usage(
            (Count(Key.ALL, "", now - timedelta(hours=1)), Count(Key.ALL, "", now - DAY))
        )
        for used, budget, subject in (
            (hour.asked, self.limits.budget_hour, "budget of the hour"),
            (day.asked, self.limits.budget_day, "budget of the day"),
        ):
            if used >= BUDGET_SHARE * budget:
                self.alerts.raise_alert(
                    AlertKind.DELIVERY, subject, words.budget_used(used, budget)
                )
