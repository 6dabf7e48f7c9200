"""Work in chunks on other processes or machines: results in order, few chunks in memory."""

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import (
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.context import BaseContext
from typing import Final, TypeVar

from dauys.core.errors import DauysError
from dauys.crypto import checking

Workers = int | Executor
"""How many processes work (0: one on each core), or an executor, say of a cluster."""

Progress = Callable[[str, int, int], None]
"""Told a step's name in plain words, how much of it is done, and of how much."""


def no_progress(step: str, done: int, total: int) -> None:
    """Tell nobody."""


_LOOK_EVERY: Final = 2.0
"""Seconds between two looks at an executor that is watched."""

C = TypeVar("C")
R = TypeVar("R")


class WorkersLostError(DauysError):
    """The work could not be done: a process ended, or the cluster went away.

    Says nothing of what was to be checked.
    """

    def __init__(self, error: BaseException | str) -> None:
        super().__init__(f"workers were lost: {str(error) or type(error).__name__}")


def cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Watched(Executor):
    """An executor whose workers may be lost without any of its futures ending."""

    def check(self) -> None:
        """Return if the work goes on. Raises WorkersLostError."""
        raise NotImplementedError


@contextmanager
def opened(workers: Workers, *, few: bool) -> Iterator[Executor | None]:
    """The caller's executor; or the processes asked for, or none where that is quicker.

    `few`: the work is done before other processes would have started.
    """
    if isinstance(workers, Executor):
        yield workers
        return
    if not few:
        checking.prepare()
    wanted = workers or cores()
    if wanted == 1 or few:
        yield None
        return
    with ProcessPoolExecutor(wanted, mp_context=_context()) as executor:
        yield executor


def in_order(work: Callable[[C], R], chunks: Iterable[C], executor: Executor | None) -> Iterator[R]:
    """`work` done on all `chunks`, in order; without an executor here, one after another.

    `work` raises nothing for whatever stands in a chunk. Raises WorkersLostError.
    """
    if executor is None:
        yield from map(work, chunks)
        return
    ahead = 4 * cores() if isinstance(executor, ProcessPoolExecutor) else 64
    waiting: deque[Future[R]] = deque()
    try:
        for chunk in chunks:
            waiting.append(_submitted(executor, work, chunk))
            if len(waiting) >= ahead:
                yield _result(executor, waiting.popleft())
        while waiting:
            yield _result(executor, waiting.popleft())
    finally:
        for future in waiting:
            future.cancel()


def _context() -> BaseContext:
    """How processes start: as copies of this one, kernel and all, if it has no threads."""
    alone = threading.active_count() == 1 and hasattr(os, "fork")
    return get_context("fork" if alone else "spawn")


def _warmed(work: Callable[[C], R], chunk: C) -> R:
    """In another process or on another machine: wait for the fast kernel first."""
    checking.prepare()
    return work(chunk)


def _submitted(executor: Executor, work: Callable[[C], R], chunk: C) -> "Future[R]":
    try:
        return executor.submit(_warmed, work, chunk)
    except (BrokenExecutor, RuntimeError, OSError) as error:
        raise WorkersLostError(error) from error


def _result(executor: Executor, future: "Future[R]") -> R:
    while isinstance(executor, Watched) and not wait([future], _LOOK_EVERY).done:
        executor.check()
    try:
        return future.result()
    except (Exception, CancelledError) as error:
        raise WorkersLostError(error) from error
