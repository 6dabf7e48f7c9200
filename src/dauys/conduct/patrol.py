"""Looks at the signals every few minutes, and tells staff what is new.

A look that fails is itself an alert, and so is one that does not come: silence of the monitor
must not be taken for peace.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from dauys.conduct import words
from dauys.conduct.watching import ScanLostError, ScanStoppedError, Watch
from dauys.core.errors import RefusedError
from dauys.core.forms import parse_instant
from dauys.core.state import ElectionState, Phase
from dauys.monitor.discovery import alert_level
from dauys.monitor.report import Cluster, ScanReport
from dauys.monitor.titles import title
from dauys.response.alerts import AlertDesk, AlertKind, Channel
from dauys.response.queue import ClusterQueue, Proposed

EVERY = timedelta(minutes=5)
LATE_AFTER = 3
"""Looks missed before silence is an alert."""
log = logging.getLogger("dauys.patrol")


class Scans(Protocol):
    """The log of looks."""

    def turn(self, now: datetime, every: timedelta) -> int | None:
        """Number of the look that begins now; None if another began less than `every` ago."""
        ...

    def done(self, number: int, now: datetime, report: dict[str, object]) -> None:
        """Note that look `number` ended well."""
        ...

    def failed(self, number: int, now: datetime, failure: str) -> None:
        """Note that look `number` ended in `failure`."""
        ...

    def withdraw(self, number: int) -> None:
        """Forget that look `number` began: the next server looks at once."""
        ...

    def last_good(self) -> datetime | None:
        """When the newest look that ended well began."""
        ...


@dataclass(frozen=True, slots=True)
class Patrol:
    """Looks after the signals of one election."""

    name: str
    watch: Watch
    scans: Scans
    queue: ClusterQueue
    alerts: AlertDesk
    since: datetime
    """When this server began: before, nobody could look."""
    channels: tuple[Channel, ...] = ()
    every: timedelta = EVERY

    def look(self) -> None:
        """Scan if it is time; then send out what waits."""
        state = self.watch.journal.state()
        if is_watched(state):
            now = self.watch.clock.now()
            number = self.scans.turn(now, self.every)
            if number is not None:
                self._scan(number)
        for channel in self.alerts.send_out(self.channels):
            log.error("%s: alerts do not go out by %s", self.name, channel)

    def look_now(self) -> None:
        """Scan, whoever's turn it is. Raises RefusedError `not_watched`, `scan_failed`."""
        if not is_watched(self.watch.journal.state()):
            raise RefusedError("not_watched")
        number = self.scans.turn(self.watch.clock.now(), timedelta(0))
        if number is not None and not self._scan(number):
            raise RefusedError("scan_failed")

    def check(self, state: ElectionState, now: datetime) -> None:
        """A chore of the caretaker, in another thread: notice that no look ends well."""
        if not is_watched(state):
            return
        good = self.scans.last_good() or parse_instant(state.manifest.opens)
        since = max(good, self.since)
        if now - since > (LATE_AFTER + 1) * self.every:
            self.alerts.raise_alert(AlertKind.SCAN_LATE, "monitor", words.scan_late(now - since))

    def _scan(self, number: int) -> bool:
        clock = self.watch.clock
        try:
            report = self.watch.scan()
            changes = self.queue.take(self._proposed(report))
        except ScanStoppedError:
            self.scans.withdraw(number)
            return False
        except Exception as error:
            log.exception("%s: the monitor could not look", self.name)
            failure = error.why if isinstance(error, ScanLostError) else type(error).__name__
            self.scans.failed(number, clock.now(), failure)
            self.alerts.raise_alert(AlertKind.SCAN_FAILED, "monitor", words.scan_failed(failure))
            return False
        self.scans.done(number, clock.now(), summary(report))
        told = self._tell_of_new(report)
        for queued in changes.grown:
            if queued.cluster not in told:
                continue
            found = queued.proposed
            text = words.cluster_grown(title(str(found.details["scope"]), found.voters))
            self.alerts.raise_alert(AlertKind.CLUSTER_GROWN, queued.cluster, text)
        return True

    def _tell_of_new(self, report: ScanReport) -> frozenset[str]:
        """Alert to clusters that were not told of, as many as the day allows; give all told of."""
        state, now = self.watch.journal.state(), self.watch.clock.now()
        opens = parse_instant(state.manifest.opens)
        planned = (parse_instant(state.manifest.closes) - opens).days + 1
        day = max(1, (now - opens).days + 1)
        begun = opens + timedelta(days=day - 1)
        news = [one for one in self.alerts.store.find() if one.kind is AlertKind.CLUSTER_NEW]
        level = alert_level(day, planned, len({one.subject for one in news if one.at < begun}))
        told = {one.subject for one in news}
        for cluster in report.clusters:
            if cluster.id not in told and cluster.chance <= level:
                text = words.cluster_new(title(cluster.scope, cluster.ballots))
                self.alerts.raise_alert(AlertKind.CLUSTER_NEW, cluster.id, text)
                told.add(cluster.id)
        return frozenset(told)

    def _proposed(self, report: ScanReport) -> Sequence[Proposed]:
        return [
            Proposed(
                cluster=cluster.id,
                contest=cluster.contest,
                score=cluster.score,
                voters=cluster.ballots,
                expected=cluster.expected,
                ballots=self.watch.signals.ballots_of(cluster.signal_ids),
                details=msgspec.to_builtins(cluster),
            )
            for cluster in report.clusters
        ]


def is_watched(state: ElectionState) -> bool:
    """Whether signals still matter: from the opening until sums are made."""
    return state.phase in {Phase.OPEN, Phase.CLOSED} and not state.tallies


def summary(report: ScanReport) -> dict[str, object]:
    """What the log of looks keeps of a report."""
    return {
        "detector": report.detector_version,
        "policy": report.policy_sha256,
        "flagged": len(report.flagged),
        "clusters": [_line(cluster) for cluster in report.clusters],
    }


def _line(cluster: Cluster) -> dict[str, object]:
    return {"id": cluster.id, "contest": cluster.contest, "ballots": cluster.ballots}
