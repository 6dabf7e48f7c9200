"""The daily look at how ballots came: scan the signals, open cases for what was found."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import msgspec

from dauys.board.journal import Journal
from dauys.core.errors import DauysError, RefusedError
from dauys.core.forms import Text
from dauys.core.ids import ElectionId, LeafIndex
from dauys.core.ports import Clock
from dauys.monitor.policy import Policy
from dauys.monitor.report import Cluster, ScanReport
from dauys.monitor.titles import title
from dauys.response.cases import Case, CaseDesk, Finding
from dauys.response.queue import ClusterQueue


class ScanLostError(RefusedError):
    """A scan gave no report; `why` says it without any cell of a signal."""

    def __init__(self, why: str) -> None:
        super().__init__("scan_failed", why)
        self.why = why


class ScanStoppedError(DauysError):
    """The server is ending, and its scan with it: nothing went wrong."""

    def __init__(self) -> None:
        super().__init__("the server is ending")


@dataclass(frozen=True, slots=True)
class ScanTask:
    """Signals of `election` before `stop`; casts that `reported` names are disowned by voters."""

    election: ElectionId
    stop: datetime
    policy: Policy
    reported: frozenset[str]


class Scanner(Protocol):
    """Who reads the signals and scans them."""

    def scan(self, task: ScanTask) -> ScanReport:
        """Scan. Raises ScanLostError, ScanStoppedError, or what the detector raised."""
        ...


class Signals(Protocol):
    """The signals of one election, and the ballots they brought."""

    def ballots_of(self, signal_ids: Collection[str]) -> tuple[LeafIndex, ...]:
        """Places on the board of the ballots that these signals brought, ascending."""
        ...

    def casts_of(self, ballots: Collection[LeafIndex]) -> frozenset[str]:
        """Signals that brought these ballots."""
        ...


@dataclass(frozen=True, slots=True)
class Watch:
    """Runs the monitor over one election."""

    election: ElectionId
    journal: Journal
    signals: Signals
    scanner: Scanner
    cases: CaseDesk
    policies: Mapping[str, Policy]
    """By their SHA-256; the board says which one holds."""
    clock: Clock

    def scan(self) -> ScanReport:
        """Look at all signals so far, by the policy on the board. Opens nothing.

        Raises RefusedError `unknown_policy` when that policy is not here; as `Scanner.scan`.
        """
        policy = self.policies.get(self.journal.state().monitor)
        if policy is None:
            raise RefusedError("unknown_policy")
        disputed = {
            ballot
            for contest in self.journal.state().manifest.contests
            for ballot in self.cases.contested(contest.id)
        }
        reported = self.signals.casts_of(disputed)
        task = ScanTask(self.election, self.clock.now(), policy, reported)
        return self.scanner.scan(task)

    def open_cases(self, report: ScanReport) -> tuple[Case, ...]:
        """A case for each cluster, or what is new added to the case it has."""
        return tuple(self._open(cluster) for cluster in report.clusters)

    def _open(self, cluster: Cluster) -> Case:
        ballots = self.signals.ballots_of(cluster.signal_ids)
        state = self.journal.state()
        contest = state.ballots[ballots[0]].contest
        named = title(cluster.scope, len(ballots))
        finding = Finding(contest, named, cluster.evidence, ballots)
        return self.cases.open_by_monitor(finding, cluster.id)


def open_case_for(cases: CaseDesk, queue: ClusterQueue, cluster: str) -> Case:
    """Bring a cluster of the queue before the commission. Raises `unknown_cluster`."""
    proposed = queue.get(cluster).proposed
    evidence = msgspec.convert(proposed.details["evidence"], tuple[Text, ...])
    named = title(str(proposed.details["scope"]), len(proposed.ballots))
    finding = Finding(proposed.contest, named, evidence, proposed.ballots)
    case = cases.open_by_monitor(finding, cluster)
    queue.case_opened(cluster, case.number)
    return case
