"""The queue of clusters remembers what staff did while the monitor proposes anew."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from dauys.core.errors import RefusedError
from dauys.core.ids import CaseId, ContestId, LeafIndex
from dauys.response.queue import ClusterQueue, Proposed, Queued, Standing


class Memory:
    """A queue in memory."""

    def __init__(self) -> None:
        self.rows: dict[str, Queued] = {}

    @contextmanager
    def locked(self) -> Iterator[None]:
        yield

    def put(self, queued: Queued) -> None:
        self.rows[queued.cluster] = queued

    def get(self, cluster: str) -> Queued:
        if cluster not in self.rows:
            raise RefusedError("unknown_cluster", cluster)
        return self.rows[cluster]

    def find(self) -> tuple[Queued, ...]:
        return tuple(sorted(self.rows.values(), key=lambda q: -q.proposed.score))


class Clock:
    """Moves on a minute at every look."""

    def __init__(self) -> None:
        self.time = datetime(2026, 9, 7, tzinfo=UTC)

    def now(self) -> datetime:
        self.time += timedelta(minutes=1)
        return self.time


def proposed(cluster: str, voters: int, score: float = 20.0) -> Proposed:
    ballots = tuple(LeafIndex(10 + n) for n in range(voters))
    return Proposed(cluster, ContestId("north"), score, voters, 1.5, ballots, {})


@pytest.fixture
def queue() -> ClusterQueue:
    return ClusterQueue(Memory(), Clock())


def test_staff_are_told_of_a_cluster_once_and_again_when_it_has_grown_by_half(
    queue: ClusterQueue,
) -> None:
    assert [q.cluster for q in queue.take([proposed("a", 20)]).new] == ["a"]
    for voters in (20, 24, 29):
        changes = queue.take([proposed("a", voters)])
        assert not changes.new
        assert not changes.grown
    assert [q.cluster for q in queue.take([proposed("a", 30)]).grown] == ["a"]
    assert not queue.take([proposed("a", 40)]).grown
    assert queue.take([proposed("a", 45)]).grown


def test_a_thief_who_is_quiet_until_dismissed_comes_back(queue: ClusterQueue) -> None:
    queue.take([proposed("a", 10)])
    queue.dismiss("a", "an office, spoken to by phone")
    queue.take([proposed("a", 14)])
    assert queue.get("a").standing is Standing.DISMISSED
    queue.take([proposed("a", 15)])
    assert queue.get("a").standing is Standing.NEW
    assert queue.get("a").reason == "an office, spoken to by phone"


def test_what_is_before_the_commission_is_not_dismissed_by_an_analyst(queue: ClusterQueue) -> None:
    queue.take([proposed("a", 10)])
    queue.case_opened("a", CaseId(4))
    for act in (queue.watch, queue.verify, lambda name: queue.dismiss(name, "no matter")):
        with pytest.raises(RefusedError, match="has_case"):
            act("a")
    queue.take([proposed("a", 90)])
    assert queue.get("a").standing is Standing.CASE
    assert queue.get("a").case == 4


def test_nothing_is_dismissed_without_a_reason(queue: ClusterQueue) -> None:
    queue.take([proposed("a", 10)])
    with pytest.raises(RefusedError, match="no_reason"):
        queue.dismiss("a", "  ")
    assert queue.get("a").standing is Standing.NEW


def test_a_cluster_that_a_scan_no_longer_finds_stays_where_it_was(queue: ClusterQueue) -> None:
    queue.take([proposed("a", 10), proposed("b", 12, 30.0)])
    first = queue.get("a").last_seen
    queue.assign("a", "aigerim")
    queue.take([proposed("b", 12, 31.0)])
    assert [q.cluster for q in queue.all()] == ["b", "a"]
    assert (queue.get("a").last_seen, queue.get("a").assignee) == (first, "aigerim")


def test_a_stranger_is_named(queue: ClusterQueue) -> None:
    with pytest.raises(RefusedError, match="unknown_cluster"):
        queue.watch("nothing")
