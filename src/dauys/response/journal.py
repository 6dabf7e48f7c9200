"""The port through which decisions reach the board."""

from contextlib import AbstractContextManager
from typing import Protocol

from dauys.core.entries import AnyEntry
from dauys.core.ids import LeafIndex
from dauys.core.state import ElectionState


class Writer(Protocol):
    """The board, while this process alone writes to it."""

    @property
    def state(self) -> ElectionState:
        """The election up to the last entry appended."""
        ...

    def append(self, entry: AnyEntry) -> LeafIndex:
        """Place of `entry`. Raises VerificationError when it may not follow."""
        ...


class Journal(Protocol):
    """The board's log.

    Its lock may wait for the database: never ask for it inside a store's `locked`.
    """

    def writing(self) -> AbstractContextManager[Writer]:
        """Everything appended inside is durable on leaving, or nothing on an exception."""
        ...

    def reading(self) -> AbstractContextManager[ElectionState]:
        """The election up to the last durable entry, held still; not to be changed or kept."""
        ...
