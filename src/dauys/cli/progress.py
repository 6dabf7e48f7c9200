"""Progress of whatever takes more than two seconds: how far, and how long still.

Shown on standard error and on a terminal only, so that output piped elsewhere stays clean.
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

PATIENCE: Final = 2.0
"""Seconds before anything is shown."""
_BETWEEN: Final = 0.1
"""Seconds between two updates: the work is not to wait for its display."""

Step = Callable[[str, int, int], None]
"""Told the step's name in plain words, how much of it is done, and of how much."""


class _Display:
    """Draws one bar for each step, once the whole has taken longer than `PATIENCE`."""

    def __init__(self, console: "Console | None", clock: Callable[[], float]) -> None:
        self._console, self._clock = console, clock
        self._begun = self._last = clock()
        self._progress: Progress | None = None
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, step: str, done: int, total: int) -> None:
        now = self._clock()
        if now - self._begun < PATIENCE or (now - self._last < _BETWEEN and done < total):
            return
        self._last = now
        if self._progress is None:
            self._progress = _begun(self._console)
        if step not in self._tasks:
            self._tasks[step] = self._progress.add_task(step, total=total)
        self._progress.update(self._tasks[step], completed=done, total=total)

    def stop(self) -> None:
        if self._progress is not None:
            self._progress.stop()


def _begun(console: "Console | None") -> "Progress":
    """Bars on a terminal; what draws them is imported only now, as it takes a while."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=console or Console(stderr=True),
        transient=True,
    )
    progress.start()
    return progress


@contextmanager
def shown_steps(
    console: "Console | None" = None, clock: Callable[[], float] = time.monotonic
) -> Iterator[Step]:
    """Progress of work in several steps: call the value with (step, done, total)."""
    if not (sys.stderr.isatty() if console is None else console.is_terminal):
        yield lambda _step, _done, _total: None
        return
    display = _Display(console, clock)
    try:
        yield display
    finally:
        display.stop()


@contextmanager
def shown(step: str) -> Iterator[Callable[[int, int], None]]:
    """Progress of one `step`: call the value with (done, total)."""
    with shown_steps() as tell:
        yield lambda done, total: tell(step, done, total)
