"""Scans in a process of its own, so that the ballot box never waits for the detector.

The child reads signals and scans; it writes nothing and decides nothing. It keeps what it has
read, so that the next scan reads only what is new. However it ends (killed, out of memory,
hanging, its parent gone), all that is lost is a scan, and the next one starts a new child.
"""

import contextlib
import logging
import os
import signal
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from threading import Lock, Thread
from typing import Final

from dauys.conduct.watching import ScanLostError, ScanStoppedError, ScanTask
from dauys.monitor.report import ScanReport

LIMIT_S: Final = 600.0
"""A scan that takes longer hangs. One of a million signals takes half a minute."""
_NICENESS: Final = 10
"""A tenth of the processor time of a cast, where both want it."""
_GOODBYE_S: Final = 5.0

log = logging.getLogger("dauys.scan")


@dataclass(slots=True)
class ScanProcess:
    """Scans one task after another in a child, which the first one starts. Threads may share it."""

    limit_s: float = LIMIT_S
    _child: BaseProcess | None = None
    _line: "Connection[object, object] | None" = None
    _stopped: bool = False
    _turn: Lock = field(default_factory=Lock)

    def scan(self, task: ScanTask) -> ScanReport:
        """Have `task` scanned. Raises ScanLostError, ScanStoppedError."""
        with self._turn:
            if self._stopped:
                raise ScanStoppedError
            try:
                answer = self._ask(task)
            except (EOFError, OSError) as error:
                self._end()
                if self._stopped:
                    raise ScanStoppedError from error
                raise ScanLostError("its process ended") from error
        if isinstance(answer, ScanReport):
            return answer
        raise ScanLostError(str(answer))

    def stop(self) -> None:
        """End the child, whatever it does, and start no other. A scan under way is stopped."""
        self._stopped = True
        child = self._child
        if child is not None:
            child.kill()

    @property
    def pid(self) -> int | None:
        """The child's process number; None before the first scan."""
        return self._child.pid if self._child else None

    def _ask(self, task: ScanTask) -> object:
        if self._child is None or self._line is None or not self._child.is_alive():
            self._end()
            self._start()
        line = self._line
        assert line is not None  # noqa: S101 -- `_start` made it
        line.send(task)
        if not line.poll(self.limit_s):
            self._end()
            raise ScanLostError("no answer in time")
        return line.recv()

    def _start(self) -> None:
        # Afresh: a copy of the server would hold its locks and connections.
        context = get_context("spawn")
        self._line, theirs = context.Pipe()
        self._child = context.Process(target=_serve, args=(theirs,), name="scan", daemon=True)
        self._child.start()
        theirs.close()  # so that the child's end is the end of the line
        if self._stopped:
            self._child.kill()

    def _end(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.join(_GOODBYE_S)
            self._child = None
        if self._line is not None:
            self._line.close()
            self._line = None


def _serve(line: "Connection[object, object]") -> None:
    """Scan what is asked for until the server is gone. Runs in the child."""
    # Who stops the server tells its whole group; the server says when the child must go.
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.SIG_IGN)
    with contextlib.suppress(OSError):
        os.nice(_NICENESS)
    Thread(target=_leave_with_parent, daemon=True).start()
    from dauys.store.startup import start  # noqa: PLC0415 -- Django is set up here first

    start()
    scan = _scanning()
    while True:
        try:
            task = line.recv()
        except EOFError:
            return
        try:
            answer: object = scan(task)  # type: ignore[arg-type]
        except Exception as error:  # noqa: BLE001 -- whatever it is, it is an alert
            # Where, but not its words: they may hold an address or a phone.
            where = "".join(traceback.format_tb(error.__traceback__))
            answer = type(error).__name__
            log.error("a scan ended in %s\n%s", answer, where)  # noqa: TRY400 -- likewise
        line.send(answer)


def _leave_with_parent() -> None:
    """End this process in the middle of a scan when the server is killed."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _scanning() -> Callable[[ScanTask], ScanReport]:
    """A scanner whose readers keep, by election, what they read."""
    from django.db import close_old_connections  # noqa: PLC0415 -- after `start`

    from dauys.monitor.scan import scan  # noqa: PLC0415 -- likewise
    from dauys.store.signals.reading import SignalReader  # noqa: PLC0415 -- likewise

    readers: dict[str, SignalReader] = {}

    def scanned(task: ScanTask) -> ScanReport:
        close_old_connections()
        reader = readers.setdefault(task.election, SignalReader(task.election))
        return scan(reader.read(task.stop), task.policy, task.reported)

    return scanned
