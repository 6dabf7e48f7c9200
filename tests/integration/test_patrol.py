"""The patrol on a bad day: a detector that fails, one that hangs, two servers at once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from dauys.conduct.patrol import EVERY, Patrol
from dauys.conduct.watching import ScanLostError, ScanStoppedError, Watch
from dauys.core.errors import RefusedError
from dauys.core.forms import Text
from dauys.core.ids import ContestId, ElectionId, LeafIndex
from dauys.core.state import ElectionState, Phase
from dauys.monitor.report import Cluster, ScanReport
from dauys.response.alerts import AlertDesk, AlertKind
from dauys.response.queue import ClusterQueue
from dauys.store.alerts import DatabaseAlerts
from dauys.store.models import ElectionRow
from dauys.store.queue import DatabaseQueue
from dauys.store.scans import DatabaseScans
from tests.unit.board.elections import OPENS

ELECTION = ElectionId("1" * 22)
SERVED = datetime(2026, 9, 7, 3, tzinfo=UTC)
LINE = Text(kk="к", ru="р", en="e")


class Clock:
    """Shows what it is set to."""

    def __init__(self) -> None:
        self.time = OPENS + timedelta(hours=1)

    def now(self) -> datetime:
        return self.time


class Detector:
    """Stands for the watch: finds what it is told to, or fails."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.state = ElectionState(phase=Phase.OPEN)
        self.state.rules = cast(
            "Any", SimpleNamespace(opens="2026-09-07T04:00:00Z", closes="2026-09-22T04:00:00Z")
        )
        self.journal = SimpleNamespace(state=lambda: self.state)
        self.signals = SimpleNamespace(ballots_of=lambda ids: tuple(LeafIndex(int(i)) for i in ids))
        self.voters = 0
        self.chance = 1e-7
        self.trouble: Exception | None = None
        self.looks = 0

    def scan(self) -> ScanReport:
        self.looks += 1
        if self.trouble:
            raise self.trouble
        found = (cluster(self.voters, self.chance),) if self.voters else ()
        return ScanReport(policy_sha256="0" * 64, detector_version="t", clusters=found, flagged=())


def cluster(voters: int, chance: float) -> Cluster:
    return Cluster(
        id="c1",
        contest=ContestId("north"),
        scope="address",
        value="192.0.2.7",
        network="AS64500",
        score=31.5,
        chance=chance,
        ballots=voters,
        expected=2.0,
        signal_ids=tuple(str(20 + n) for n in range(voters)),
        families=(),
        evidence=(LINE,),
        innocent=(),
    )


@pytest.fixture
def detector(database: str) -> Detector:
    ElectionRow.objects.create(pk=ELECTION, slug="patrolled")
    return Detector(Clock())


def patrol(detector: Detector) -> Patrol:
    clock = detector.clock
    return Patrol(
        "patrolled",
        cast("Watch", detector),
        DatabaseScans(ELECTION),
        ClusterQueue(DatabaseQueue(ELECTION), clock),
        AlertDesk(DatabaseAlerts(ELECTION), clock),
        since=SERVED,
    )


def kinds(one: Patrol) -> list[AlertKind]:
    return [alert.kind for alert in one.alerts.waiting()]


def test_a_cluster_is_queued_with_its_ballots_and_told_once(detector: Detector) -> None:
    one = patrol(detector)
    detector.voters = 12
    one.look()
    one.look()  # not yet its turn
    assert detector.looks == 1
    detector.clock.time += EVERY
    one.look()
    assert detector.looks == 2
    assert kinds(one) == [AlertKind.CLUSTER_NEW]
    queued = one.queue.get("c1")
    assert queued.proposed.ballots == tuple(range(20, 32))
    assert queued.proposed.voters == 12
    assert "192.0.2.7" not in one.alerts.waiting()[0].text.en
    detector.voters = 18
    detector.clock.time += EVERY
    one.look()
    assert kinds(one) == [AlertKind.CLUSTER_GROWN, AlertKind.CLUSTER_NEW]


def test_a_weak_cluster_is_queued_and_told_when_it_is_strong_enough(detector: Detector) -> None:
    """On one of many days, chance alone makes a cluster like this one."""
    one = patrol(detector)
    detector.voters, detector.chance = 12, 0.04
    one.look()
    assert one.queue.get("c1").proposed.voters == 12
    assert not kinds(one)
    detector.clock.time += EVERY
    detector.chance = 1e-4
    one.look()
    detector.clock.time += EVERY
    one.look()
    assert kinds(one) == [AlertKind.CLUSTER_NEW]
    one.alerts.see(one.alerts.waiting()[0].number, "analyst")
    detector.clock.time += EVERY
    one.look()
    assert not kinds(one)


def test_a_detector_that_fails_is_an_alert_and_the_next_look_comes(detector: Detector) -> None:
    one = patrol(detector)
    detector.trouble = ValueError("phone +77010000001 is no number")
    one.look()
    assert kinds(one) == [AlertKind.SCAN_FAILED]
    alert, scan = one.alerts.waiting()[0], DatabaseScans(ELECTION).latest()[0]
    assert scan.failure == "ValueError"
    assert "+7701" not in alert.text.en + scan.failure
    detector.trouble = None
    detector.clock.time += EVERY
    one.look()
    assert DatabaseScans(ELECTION).last_good() == detector.clock.time


def test_a_scan_that_is_lost_is_an_alert_that_says_how(detector: Detector) -> None:
    one = patrol(detector)
    detector.trouble = ScanLostError("its process ended")
    one.look()
    assert kinds(one) == [AlertKind.SCAN_FAILED]
    told = one.alerts.waiting()[0].text
    assert "the process that scans ended suddenly" in told.en
    assert "процесс проверки внезапно завершился" in told.ru
    with pytest.raises(RefusedError, match="scan_failed"):
        one.look_now()
    assert kinds(one) == [AlertKind.SCAN_FAILED], "told once"


def test_a_scan_cut_short_by_the_end_of_the_server_is_no_alert(detector: Detector) -> None:
    one = patrol(detector)
    detector.trouble = ScanStoppedError()
    one.look()
    assert kinds(one) == []
    detector.trouble = None
    one.look()  # the next server need not wait for its turn
    assert DatabaseScans(ELECTION).last_good() == detector.clock.time


def test_silence_is_an_alert_from_another_thread(detector: Detector) -> None:
    one = patrol(detector)
    opens = datetime(2026, 9, 7, 4, tzinfo=UTC)
    one.check(detector.state, opens + 4 * EVERY)
    assert kinds(one) == []
    one.check(detector.state, opens + 4 * EVERY + timedelta(seconds=1))
    assert kinds(one) == [AlertKind.SCAN_LATE]
    one.alerts.see(1, "aigerim")
    detector.clock.time = opens + timedelta(days=1)
    one.look()
    one.check(detector.state, detector.clock.time + 4 * EVERY)
    assert kinds(one) == []


def test_a_server_that_has_just_started_is_not_late(detector: Detector) -> None:
    one = replace(patrol(detector), since=datetime(2026, 9, 20, tzinfo=UTC))
    one.check(detector.state, datetime(2026, 9, 20, tzinfo=UTC) + 4 * EVERY)
    assert kinds(one) == []


def test_of_two_servers_one_looks(detector: Detector) -> None:
    patrol(detector).look()
    patrol(detector).look()
    assert detector.looks == 1


@pytest.mark.parametrize("phase", [Phase.SEALED, Phase.TALLIED, Phase.FINAL])
def test_nobody_looks_when_nothing_can_be_decided(detector: Detector, phase: Phase) -> None:
    detector.state.phase = phase
    one = patrol(detector)
    one.look()
    one.check(detector.state, detector.clock.time + timedelta(days=9))
    assert detector.looks == 0
    assert kinds(one) == []
