"""Step-up: voters of one network are asked for a signature instead of a code, for some hours.

What prevents more of what the monitor has found, without touching a ballot: two people agree to
it, a notice on the board says so before it begins, and it ends by itself. Whoever is asked is
told why and until when; nobody is blocked in silence.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from dauys.core.entries import Notice
from dauys.core.errors import RefusedError
from dauys.core.forms import Text, format_instant
from dauys.core.ports import Clock
from dauys.core.state import Phase
from dauys.response.journal import Journal
from dauys.response.words import begun, lifted

LONGEST_HOURS = 24


@dataclass(frozen=True, slots=True)
class StepUp:
    """`network` as the address book names it; `reason` is for the auditor, not published.

    It is in force from `begins` until `ends`, both None until a second person confirmed it.
    """

    number: int
    network: str
    hours: int
    reason: str
    asked_by: str
    confirmed_by: str = ""
    begins: datetime | None = None
    ends: datetime | None = None
    lifted_by: str = ""

    def is_in_force(self, now: datetime) -> bool:
        """Whether voters of the network are asked for a signature at `now`."""
        return self.begins is not None and self.ends is not None and self.begins <= now < self.ends


class StepUpStore(Protocol):
    """Keeps the step-ups of one election."""

    def locked(self) -> AbstractContextManager[None]:
        """One writer at a time, across processes."""
        ...

    def next_number(self) -> int:
        """One more than the largest number, from 1."""
        ...

    def put(self, step_up: StepUp) -> None:
        """Keep `step_up`, in the place of an older one of its number."""
        ...

    def get(self, number: int) -> StepUp:
        """As last put. Raises RefusedError `unknown_step_up`."""
        ...

    def find(self, *, ending_after: datetime | None = None) -> Sequence[StepUp]:
        """All, newest first; or only those confirmed that end after a moment."""
        ...


@dataclass(frozen=True, slots=True)
class StepUpDesk:
    """Asks, confirms, and ends step-ups."""

    store: StepUpStore
    journal: Journal
    clock: Clock

    def ask(self, network: str, hours: int, reason: str, who: str) -> StepUp:
        """Ask a second person to confirm.

        Raises RefusedError `no_network`, `bad_hours`, `no_reason`, `not_open`, `no_signature`
        where no signature is accepted either.
        """
        if not network.strip():
            raise RefusedError("no_network")
        if not 1 <= hours <= LONGEST_HOURS:
            raise RefusedError("bad_hours", str(LONGEST_HOURS))
        if not reason.strip():
            raise RefusedError("no_reason")
        self._require_signatures()
        with self.store.locked():
            number = self.store.next_number()
            step_up = StepUp(number, network.strip(), hours, reason.strip(), who)
            self.store.put(step_up)
        return step_up

    def confirm(self, number: int, who: str) -> StepUp:
        """Put it into force from now on, once the notice is on the board.

        Raises RefusedError `unknown_step_up`, `second_person`, `already_confirmed`, and as `ask`.
        """
        zone = self._require_signatures()
        step_up = self.store.get(number)
        if who == step_up.asked_by:
            raise RefusedError("second_person")
        if step_up.begins is not None:
            raise RefusedError("already_confirmed")
        now = self.clock.now()
        ends = now + timedelta(hours=step_up.hours)
        self._publish(now, ends, begun(step_up.network, ends, zone))
        with self.store.locked():
            step_up = replace(self.store.get(number), confirmed_by=who, begins=now, ends=ends)
            self.store.put(step_up)
        return step_up

    def lift(self, number: int, who: str) -> StepUp:
        """End it before its time. Raises RefusedError `unknown_step_up`, `not_in_force`."""
        step_up, now = self.store.get(number), self.clock.now()
        if not step_up.is_in_force(now) or step_up.ends is None:
            raise RefusedError("not_in_force")
        self._publish(now, step_up.ends, lifted(step_up.network))
        with self.store.locked():
            step_up = replace(self.store.get(number), ends=now, lifted_by=who)
            self.store.put(step_up)
        return step_up

    def until(self, network: str) -> datetime | None:
        """Until when voters of `network` are asked for a signature; None if they are not."""
        now = self.clock.now()
        ends = [
            one.ends
            for one in self.store.find(ending_after=now)
            if one.network == network and one.ends is not None and one.is_in_force(now)
        ]
        return max(ends, default=None)

    def _require_signatures(self) -> str:
        """The election's zone, where signatures are accepted now."""
        with self.journal.reading() as state:
            if state.phase is not Phase.OPEN:
                raise RefusedError("not_open")
            if not set(state.manifest.signed) & set(state.methods_at(state.now)):
                raise RefusedError("no_signature")
            return state.manifest.zone

    def _publish(self, now: datetime, until: datetime, text: Text) -> None:
        with self.journal.writing() as writer:
            # The log's time may be ahead of a clock that was set back.
            at = max(format_instant(now), writer.state.now)
            writer.append(Notice(at=at, until=max(format_instant(until), at), text=text))
