"""Who checks the ballots: processes of this machine, or a Dask cluster."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from dauys.cli.published import stop

if TYPE_CHECKING:
    from dauys.verify.executors import Workers

_PATIENCE: Final = "10s"
"""How long a scheduler may take to answer."""


@contextmanager
def chosen(workers: int, dask: str) -> "Iterator[Workers]":
    """Processes, or the executor of the cluster at the address `dask`."""
    if not dask:
        yield workers
        return
    from distributed import Client

    try:
        client = Client(dask, timeout=_PATIENCE)  # type: ignore[no-untyped-call]
    except (OSError, TimeoutError, ValueError) as error:
        stop(f"no Dask scheduler answers at {dask}: {error}")
    try:
        if not client.scheduler_info()["workers"]:
            stop(f"the Dask scheduler at {dask} has no workers")
        yield client.get_executor()  # type: ignore[no-untyped-call]
    finally:
        client.close(timeout=1)  # type: ignore[no-untyped-call]
