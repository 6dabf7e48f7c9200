"""Checks on other processes or machines (`core.executors`), with the fast kernel everywhere."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from functools import partial
from typing import TypeVar

from dauys.core import executors
from dauys.core.executors import Workers
from dauys.crypto import checking

Progress = Callable[[str, int, int], None]
"""Told a step's name in plain words, how much of it is done, and of how much."""

C = TypeVar("C")
R = TypeVar("R")


def no_progress(step: str, done: int, total: int) -> None:
    """Tell nobody."""


@contextmanager
def opened(workers: Workers, *, few: bool, kernel: bool = True) -> Iterator[Executor | None]:
    """As `core.executors.opened`; processes are copies of this one, kernel and all, if may be.

    `kernel`: whether the work has use for it.
    """
    if kernel and not few and not isinstance(workers, Executor):
        checking.prepare()
    with executors.opened(workers, few=few, copies=True) as executor:
        yield executor


def in_order(
    work: Callable[[C], R],
    chunks: Iterable[C],
    executor: Executor | None,
    *,
    kernel: bool = True,
) -> Iterator[R]:
    """As `core.executors.in_order`; a `kernel` is ready where a chunk is done, before that."""
    done = partial(_warmed, work) if kernel and executor is not None else work
    return executors.in_order(done, chunks, executor)


def _warmed(work: Callable[[C], R], chunk: C) -> R:
    """In another process or on another machine: wait for the fast kernel first."""
    checking.prepare()
    return work(chunk)
