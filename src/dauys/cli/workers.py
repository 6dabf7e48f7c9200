"""Who does the work: processes of this machine, or a Dask cluster."""

import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from dauys.cli.published import stop
from dauys.core.executors import Watched, Workers, WorkersLostError

R = TypeVar("R")

_PATIENCE: Final = 10.0
"""Seconds that a scheduler may take to answer, and that it may be without workers."""


@contextmanager
def chosen(workers: int, dask: str, so: str = "nothing is verified") -> Iterator[Workers]:
    """Processes, or the executor of the cluster at the address `dask`.

    `so`: what it means that there is none, to be said to the user.
    """
    if not dask:
        yield workers
        return
    from distributed import Client

    try:
        client: Any = Client(dask, timeout=_PATIENCE)  # type: ignore[no-untyped-call]
    except (OSError, TimeoutError, ValueError) as error:
        mend = "see that `dask scheduler` runs, or work without --dask"
        stop(f"no Dask scheduler answers at {dask}, and {so}: {error}; {mend}")
    # What happened is said by us, in a line; the library's threads would print traces to the end.
    logging.disable(logging.CRITICAL)
    try:
        if not client.scheduler_info()["workers"]:
            mend = f"start some by `dask worker {dask}`, and try again"
            stop(f"the Dask scheduler at {dask} has no workers, and {so}; {mend}")
        yield DaskExecutor(client)
    finally:
        client.close(timeout=1)


class DaskExecutor(Watched):
    """A Dask cluster. What a dead worker had to do, another does; without any, it is lost."""

    def __init__(self, client: Any) -> None:  # noqa: ANN401 -- distributed comes without types
        self._client, self._executor = client, client.get_executor()
        self._seen = time.monotonic()

    def submit(self, work: Callable[..., R], /, *args: object, **kwargs: object) -> "Future[R]":
        """Have `work` done by a worker."""
        future: Future[R] = self._executor.submit(work, *args, **kwargs)
        return future

    def check(self) -> None:
        """Return while the scheduler answers and had workers lately."""
        try:
            asked = self._client.scheduler.identity
            info = self._client.sync(asked, callback_timeout=_PATIENCE)
        except Exception as error:
            raise WorkersLostError("the Dask scheduler does not answer") from error
        if info["workers"]:
            self._seen = time.monotonic()
        elif time.monotonic() - self._seen > _PATIENCE:
            raise WorkersLostError("the Dask cluster has no workers left")
