"""What happens by the clock: voting opens and closes, the board is published, data expire.

A caretaker looks every few seconds. It never decides anything: the times are those of the
manifest and of the decisions in force. At its first look it also puts on the board what
the commission had signed when the server before it was cut off.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dauys.conduct.counting import CountingDesk
from dauys.conduct.rounds import Rounds
from dauys.core.errors import DauysError
from dauys.core.forms import format_instant
from dauys.core.state import ElectionState, Phase
from dauys.response.decisions import DecisionDesk

EVERY_S = 5.0
Chore = Callable[[ElectionState, datetime], None]
"""What time makes due beside the board: is told the state and the time, and does it or not."""

log = logging.getLogger("dauys.caretaker")


@dataclass(frozen=True, slots=True)
class Charge:
    """An election in the caretaker's care, and where its board is published."""

    name: str
    counting: CountingDesk
    decisions: DecisionDesk
    folder: Path
    chores: tuple[Chore, ...] = ()


def care_for(charge: Charge) -> None:
    """Open or close voting if its time has come, then publish what is new."""
    counting = charge.counting
    state = counting.journal.state()
    if state.rules is None:
        return
    now = format_instant(counting.clock.now())
    waiting = state.phase is Phase.SEALED or (state.phase is Phase.CLOSED and not state.tallies)
    if waiting and state.manifest.opens <= now < state.closes:
        counting.open()
    elif state.phase is Phase.OPEN and now >= state.closes:
        counting.close()
    counting.publish(charge.folder)
    for chore in charge.chores:
        chore(counting.journal.state(), counting.clock.now())


class Caretaker:
    """Looks after elections in a thread of its own until it is stopped."""

    def __init__(
        self, charges: Callable[[], Iterable[Charge]], after_each: Callable[[], None]
    ) -> None:
        """`charges` names the elections anew each time; `after_each` ends database work."""
        self._charges = charges
        self._resumed: set[str] = set()
        self._rounds = Rounds("caretaker", EVERY_S, self.look, after_each)

    def start(self) -> None:
        """Begin."""
        self._rounds.start()

    def stop(self) -> None:
        """End after what is under way."""
        self._rounds.stop()

    def look(self) -> None:
        """Look after every election once; trouble with one does not keep it from the next."""
        for charge in self._charges():
            try:
                self._resume(charge)
                care_for(charge)
            except (DauysError, OSError):
                log.exception("no care could be taken of %s", charge.name)

    def _resume(self, charge: Charge) -> None:
        """Finish, once, what an earlier server left between the signatures and the board."""
        if charge.name in self._resumed:
            return
        for proposal in charge.decisions.resume():
            log.error("%s: decision %d can no longer take effect", charge.name, proposal.number)
        self._resumed.add(charge.name)
