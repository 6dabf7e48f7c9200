"""Alerts: what staff must be told at once, by the console, by e-mail and to other programs.

An alert holds no address, phone or name of a voter: it travels over other people's servers.
What it is about (`subject`) is told once until somebody has seen it.
"""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from dauys.core.forms import Text
from dauys.core.ports import Clock


class AlertKind(StrEnum):
    """What happened."""

    CLUSTER_NEW = "cluster_new"
    CLUSTER_GROWN = "cluster_grown"
    SCAN_FAILED = "scan_failed"
    SCAN_LATE = "scan_late"
    DELIVERY = "delivery"
    """Messages with codes do not arrive."""
    CONVERSION = "conversion"
    """Codes are asked for and not entered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One alert. `subject` names what it is about to machines: a cluster, a gateway, a block.

    `sent` are the channels that have taken it, `tries` how often the others were asked.
    """

    number: int
    kind: AlertKind
    subject: str
    text: Text
    at: datetime
    seen: datetime | None = None
    seen_by: str = ""
    sent: tuple[str, ...] = ()
    tries: int = 0
    next_try: datetime | None = None


class AlertStore(Protocol):
    """Keeps the alerts of one election."""

    def locked(self) -> AbstractContextManager[None]:
        """One writer at a time."""
        ...

    def next_number(self) -> int:
        """One more than the largest number, from 1."""
        ...

    def put(self, alert: Alert) -> None:
        """Keep `alert`, in the place of an older one of its number."""
        ...

    def get(self, number: int) -> Alert:
        """The alert as last put. Raises RefusedError `unknown_alert`."""
        ...

    def find(self, *, seen: bool | None = None, subject: str | None = None) -> tuple[Alert, ...]:
        """Alerts, newest first: all, or those seen or not yet, or about `subject`."""
        ...


class Channel(Protocol):
    """A way out of the house."""

    @property
    def name(self) -> str:
        """What it is called in `Alert.sent`."""
        ...

    def send(self, alert: Alert) -> None:
        """Hand `alert` over. Raises OSError when it could not be; then it is tried again."""
        ...


FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class AlertDesk:
    """Raises alerts, once each, and gets them out."""

    store: AlertStore
    clock: Clock

    def raise_alert(self, kind: AlertKind, subject: str, text: Text) -> Alert:
        """The alert about `subject`: a new one, unless one of its kind waits to be seen."""
        with self.store.locked():
            for known in self.store.find(seen=False, subject=subject):
                if known.kind is kind:
                    return known
            alert = Alert(
                number=self.store.next_number(),
                kind=kind,
                subject=subject,
                text=text,
                at=self.clock.now(),
            )
            self.store.put(alert)
        return alert

    def see(self, number: int, who: str) -> Alert:
        """Note that `who` has seen it; the first who did stays. Raises `unknown_alert`."""
        with self.store.locked():
            alert = self.store.get(number)
            if alert.seen is None:
                alert = replace(alert, seen=self.clock.now(), seen_by=who)
                self.store.put(alert)
        return alert

    def waiting(self) -> tuple[Alert, ...]:
        """Alerts that nobody has seen, newest first."""
        return self.store.find(seen=False)

    def send_out(self, channels: Iterable[Channel]) -> tuple[str, ...]:
        """Send what has not gone out; names of the channels that failed.

        A channel that fails is asked again after a minute, two, four … up to an hour, until
        the alert is seen. Sending happens outside the lock: a crash between sending and
        writing down may send an alert twice, and never loses one.
        """
        ways, now = tuple(channels), self.clock.now()
        failed: list[str] = []
        for alert in self.store.find(seen=False):
            if alert.next_try is not None and now < alert.next_try:
                continue
            left = [way for way in ways if way.name not in alert.sent]
            if not left:
                continue
            sent = [way.name for way in left if _sends(way, alert)]
            failed += [way.name for way in left if way.name not in sent]
            self._note(alert.number, sent, now, complete=len(sent) == len(left))
        return tuple(dict.fromkeys(failed))

    def _note(self, number: int, sent: list[str], now: datetime, *, complete: bool) -> None:
        with self.store.locked():
            alert = self.store.get(number)
            wait = min(FIRST_WAIT * 2**alert.tries, LONGEST_WAIT)
            self.store.put(
                replace(
                    alert,
                    sent=(*alert.sent, *sent),
                    tries=alert.tries + (not complete),
                    next_try=None if complete else now + wait,
                )
            )


def _sends(channel: Channel, alert: Alert) -> bool:
    try:
        channel.send(alert)
    except (OSError, ValueError):  # a letter that cannot be made holds up no other
        return False
    return True
