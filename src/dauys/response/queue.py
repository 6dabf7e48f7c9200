"""The queue of clusters: what the monitor proposed, and what staff do about each.

The monitor proposes anew every few minutes; the queue remembers. Nothing here touches a ballot
or the count: a case may follow, and a decision of the commission.
"""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from dauys.core.errors import RefusedError
from dauys.core.ids import CaseId, ContestId, LeafIndex
from dauys.core.ports import Clock


class Standing(StrEnum):
    """What staff have made of a cluster so far."""

    NEW = "new"
    WATCHED = "watched"
    VERIFYING = "verifying"
    """Its voters are being asked whether they voted."""
    CASE = "case"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class Proposed:
    """What a scan says of a cluster today. `details` is the monitor's own report of it."""

    cluster: str
    contest: ContestId
    score: float
    voters: int
    expected: float
    ballots: tuple[LeafIndex, ...]
    details: dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """A cluster in the queue. `last_seen` is the newest scan that still found it.

    `reason` is why it was dismissed, `voters_then` how many voters it had when staff were last told
    of it: grown by half since, they are told again, and one that was dismissed comes back as new.
    """

    cluster: str
    proposed: Proposed
    first_seen: datetime
    last_seen: datetime
    standing: Standing = Standing.NEW
    assignee: str = ""
    reason: str = ""
    voters_then: int
    case: CaseId | None = None


class QueueStore(Protocol):
    """Keeps the queue of one election."""

    def locked(self) -> AbstractContextManager[None]:
        """One writer at a time, across processes."""
        ...

    def put(self, queued: Queued) -> None:
        """Keep `queued`, in the place of an older one of its cluster."""
        ...

    def get(self, cluster: str) -> Queued:
        """The cluster as last put. Raises RefusedError `unknown_cluster`."""
        ...

    def find(self) -> tuple[Queued, ...]:
        """All of them, the highest score first."""
        ...


@dataclass(frozen=True, slots=True)
class Changes:
    """What a scan changed: clusters not seen before, and those that have grown by half."""

    new: tuple[Queued, ...]
    grown: tuple[Queued, ...]


@dataclass(frozen=True, slots=True)
class ClusterQueue:
    """The queue of one election."""

    store: QueueStore
    clock: Clock

    def get(self, cluster: str) -> Queued:
        """The cluster. Raises RefusedError `unknown_cluster`."""
        return self.store.get(cluster)

    def all(self) -> tuple[Queued, ...]:
        """Every cluster, the highest score first."""
        return self.store.find()

    def take(self, found: Iterable[Proposed]) -> Changes:
        """Take in what a scan found. A cluster that a scan no longer finds stays as it was."""
        new: list[Queued] = []
        grown: list[Queued] = []
        now = self.clock.now()
        with self.store.locked():
            known = {queued.cluster: queued for queued in self.store.find()}
            for proposed in found:
                before = known.get(proposed.cluster)
                if before is None:
                    queued = Queued(
                        cluster=proposed.cluster,
                        proposed=proposed,
                        first_seen=now,
                        last_seen=now,
                        voters_then=proposed.voters,
                    )
                    new.append(queued)
                else:
                    queued = replace(before, proposed=proposed, last_seen=now)
                    if 2 * proposed.voters >= 3 * max(1, before.voters_then):
                        queued = _come_back(replace(queued, voters_then=proposed.voters))
                        grown.append(queued)
                self.store.put(queued)
        return Changes(tuple(new), tuple(grown))

    def watch(self, cluster: str) -> Queued:
        """Keep an eye on it. Raises RefusedError `unknown_cluster`, `has_case`."""
        return self._change(cluster, lambda q: replace(q, standing=Standing.WATCHED))

    def verify(self, cluster: str) -> Queued:
        """Its voters are asked whether they voted. Raises as `watch`."""
        return self._change(cluster, lambda q: replace(q, standing=Standing.VERIFYING))

    def dismiss(self, cluster: str, reason: str) -> Queued:
        """Set it aside, with a reason that is kept. Raises as `watch`, or `no_reason`."""
        if not reason.strip():
            raise RefusedError("no_reason")
        return self._change(
            cluster,
            lambda q: replace(
                q,
                standing=Standing.DISMISSED,
                reason=reason.strip(),
                voters_then=max(1, q.proposed.voters),
            ),
        )

    def assign(self, cluster: str, who: str) -> Queued:
        """Say who looks after it; nobody if `who` is empty. Raises `unknown_cluster`."""
        with self.store.locked():
            queued = replace(self.store.get(cluster), assignee=who)
            self.store.put(queued)
        return queued

    def case_opened(self, cluster: str, case: CaseId) -> Queued:
        """It is before the commission now. Raises `unknown_cluster`."""
        with self.store.locked():
            queued = replace(self.store.get(cluster), standing=Standing.CASE, case=case)
            self.store.put(queued)
        return queued

    def _change(self, cluster: str, change: Callable[[Queued], Queued]) -> Queued:
        with self.store.locked():
            queued = self.store.get(cluster)
            if queued.standing is Standing.CASE:
                raise RefusedError("has_case", str(queued.case))
            queued = change(queued)
            self.store.put(queued)
        return queued


def _come_back(queued: Queued) -> Queued:
    if queued.standing is Standing.DISMISSED:
        return replace(queued, standing=Standing.NEW)
    return queued
