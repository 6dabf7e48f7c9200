"""Simulated time: a clock that is set, and people who act at moments of their own."""

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count

Person = Iterator[datetime]
"""Yields the moment at which it wants to go on; what it does between is its own affair."""


class SimulatedClock:
    """Shows the moment it was set to. It never goes backwards."""

    def __init__(self, start: datetime) -> None:
        """Begin at `start`, which carries a zone."""
        self._now = start

    def now(self) -> datetime:
        """The simulated time."""
        return self._now

    def advance(self, moment: datetime) -> None:
        """Go on to `moment`, or stay if it has passed."""
        self._now = max(self._now, moment)


@dataclass(slots=True)
class Clockwork:
    """Lets everyone act, always the one whose moment comes first.

    Of equal moments, who came first is first. `done` is called as each comes to an end.
    """

    clock: SimulatedClock
    done: Callable[[], None] = lambda: None
    _queue: list[tuple[datetime, int, Person]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=count)

    def add(self, person: Person) -> None:
        """Let `person` act up to its first moment."""
        self._wait(next(self._numbers), person)

    def run(self, until: datetime) -> None:
        """Go on to `until`, including what happens just then."""
        while self._queue and self._queue[0][0] <= until:
            moment, number, person = heapq.heappop(self._queue)
            self.clock.advance(moment)
            self._wait(number, person)
        self.clock.advance(until)

    def _wait(self, number: int, person: Person) -> None:
        try:
            heapq.heappush(self._queue, (next(person), number, person))
        except StopIteration:
            self.done()
