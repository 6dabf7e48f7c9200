"""A thread that looks again and again, whatever a look comes to, until it is stopped."""

import logging
from collections.abc import Callable
from threading import Event, Thread

log = logging.getLogger("dauys.rounds")


class Worker:
    """Works in a thread of its own, `_run`, until `_stop` is set."""

    def __init__(self, name: str) -> None:
        """`name` is the thread's."""
        self._stop = Event()
        self._thread = Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after what is under way."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        raise NotImplementedError


class Rounds(Worker):
    """Calls `look` every `every_s` seconds; `after_each` ends its database work.

    `hurry` is called when it is to stop, to cut short what a look waits for.
    """

    def __init__(
        self,
        name: str,
        every_s: float,
        look: Callable[[], None],
        after_each: Callable[[], None],
        hurry: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(name)
        self._hurry = hurry
        self._every_s = every_s
        self._look = look
        self._after_each = after_each

    def stop(self) -> None:
        """End soon."""
        self._stop.set()
        self._hurry()
        super().stop()

    def _run(self) -> None:
        while not self._stop.wait(self._every_s):
            try:
                self._look()
            except Exception:
                log.exception("%s stumbled", self._thread.name)
            finally:
                self._after_each()
