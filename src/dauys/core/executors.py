"""Work in chunks on other processes or machines: results in order, few chunks in memory."""

import gc
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
from typing import Final, TypeVar

from dauys.core.errors import DauysError

Workers = int | Executor
"""How many processes work (0: one on each core), or an executor, say of a cluster."""

_LOOK_EVERY: Final = 2.0
"""Seconds between two looks at an executor that is watched."""

C = TypeVar("C")
R = TypeVar("R")


class WorkersLostError(DauysError):
    """The work could not be done: a process ended, or the cluster went away.

    Says nothing of what was to be done.
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
def opened(workers: Workers, *, few: bool, copies: bool) -> Iterator[Executor | None]:
    """The caller's executor; or the processes asked for, or none where that is quicker.

    `few`: the work is done before other processes would have started. `copies`: processes may
    start as copies of this one, with what it has loaded. Never so where a library has threads
    of its own, which Python does not count: the copy would wait for their locks for ever.
    """
    if isinstance(workers, Executor):
        yield workers
        return
    wanted = workers or cores()
    if wanted == 1 or few:
        yield None
        return
    copied = copies and threading.active_count() == 1 and hasattr(os, "fork")
    context = get_context("fork" if copied else "spawn")
    if copied:
        gc.freeze()  # looking for garbage writes to all there is, which copies share until then
    try:
        with ProcessPoolExecutor(wanted, mp_context=context) as executor:
            yield executor
    finally:
        gc.unfreeze()


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


def _submitted(executor: Executor, work: Callable[[C], R], chunk: C) -> "Future[R]":
    try:
        return executor.submit(work, chunk)
    except (BrokenExecutor, RuntimeError, OSError) as error:
        raise WorkersLostError(error) from error


def _result(executor: Executor, future: "Future[R]") -> R:
    while isinstance(executor, Watched) and not wait([future], _LOOK_EVERY).done:
        executor.check()
    try:
        return future.result()
    except (Exception, CancelledError) as error:
        raise WorkersLostError(error) from error
