"""Keeps the queue of clusters (`response/queue.py` asks for it)."""

from contextlib import AbstractContextManager
from dataclasses import dataclass

import msgspec

from dauys.core.errors import RefusedError
from dauys.core.ids import ElectionId
from dauys.response.queue import Queued
from dauys.store.locks import exclusive
from dauys.store.models import QueueRow


@dataclass(frozen=True, slots=True)
class DatabaseQueue:
    """The queue of one election."""

    election: ElectionId

    def locked(self) -> AbstractContextManager[None]:
        """One writer at a time."""
        return exclusive(f"queue {self.election}")

    def put(self, queued: Queued) -> None:
        """Keep `queued`, in the place of an older one of its cluster."""
        QueueRow.objects.update_or_create(
            election_id=self.election,
            cluster=queued.cluster,
            defaults={"score": queued.proposed.score, "record": msgspec.to_builtins(queued)},
        )

    def get(self, cluster: str) -> Queued:
        """The cluster as last put. Raises RefusedError `unknown_cluster`."""
        row = QueueRow.objects.filter(election_id=self.election, cluster=cluster).first()
        if row is None:
            raise RefusedError("unknown_cluster", cluster)
        return msgspec.convert(row.record, Queued)

    def find(self) -> tuple[Queued, ...]:
        """All of them, the highest score first."""
        rows = QueueRow.objects.filter(election_id=self.election)
        return tuple(msgspec.convert(row.record, Queued) for row in rows)
