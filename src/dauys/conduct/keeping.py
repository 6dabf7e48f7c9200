"""Signals are kept no longer than docs/privacy.md says, unless a court or an appeal needs them."""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from dauys.core.forms import parse_instant
from dauys.core.state import ElectionState, Phase
from dauys.monitor.retention import Form, Retention

log = logging.getLogger("dauys.keeping")


class Signals(Protocol):
    """The signals of one election, as something that must go one day."""

    def bring_to(self, form: Form, now: datetime) -> bool:
        """Bring them to `form`; whether anything had to be done. Durable on return."""
        ...


@dataclass(frozen=True, slots=True)
class SignalKeeper:
    """A chore of the caretaker. While `held`, everything stays as it is."""

    name: str
    signals: Signals
    retention: Retention
    held: bool = False

    def due(self, state: ElectionState) -> tuple[datetime, datetime]:
        """When signals are made pseudonymous, and when they go, as things stand."""
        closes = parse_instant(state.closes)
        final = parse_instant(state.now) if state.phase is Phase.FINAL else None
        end = self.retention.end(final, closes)
        return end + self.retention.whole, end + self.retention.pseudonymous

    def __call__(self, state: ElectionState, now: datetime) -> None:
        """Do what is due at `now`."""
        pseudonymous, gone = self.due(state)
        if self.held or now < pseudonymous:
            return
        form = Form.GONE if now >= gone else Form.PSEUDONYMOUS
        if self.signals.bring_to(form, now):
            log.info("%s: signals are now %s", self.name, form.name.lower())
