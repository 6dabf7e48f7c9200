"""Signals become clusters of suspicious ballots: the detector proposes, people decide.

A cluster needs a reason to be one group (more voters than its siblings, or one device on the
move) and evidence of another, independent family. The best group is taken, its ballots are set
aside, and the rest is tested again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import log10

from dauys.monitor import families
from dauys.monitor.ballots import Ballot, Group, Scope, count_voters, make_ballots, make_groups
from dauys.monitor.families import PACE, Finding
from dauys.monitor.innocent import innocent_explanations
from dauys.monitor.peers import Pace, Peers, Source
from dauys.monitor.policy import Policy
from dauys.monitor.report import Cluster, FamilyScore, ScanReport
from dauys.monitor.signals import Signal
from dauys.monitor.words import evidence_text

DETECTOR_VERSION = "1"

_MOST_PER_FAMILY = 40.0
_LONGEST_ID = 12


@dataclass(frozen=True, slots=True)
class _Suspect:
    group: Group
    members: tuple[Ballot, ...]
    findings: tuple[Finding, ...]
    expected: float
    score: float


def scan(
    signals: Iterable[Signal], policy: Policy, reported: frozenset[str] = frozenset()
) -> ScanReport:
    """Find clusters among the casts of `signals`, of any number of contests.

    `reported`: signal ids of casts that their voters reported as not theirs. Deterministic;
    the order of `signals` does not matter.
    """
    ballots = make_ballots(signals, reported)
    clusters: list[Cluster] = []
    for contest in sorted({ballot.signal.contest for ballot in ballots}):
        own = tuple(ballot for ballot in ballots if ballot.signal.contest == contest)
        clusters.extend(_scan_contest(own, policy))
    clusters.sort(key=lambda cluster: (-cluster.score, cluster.id))
    return ScanReport(
        policy_sha256=policy.sha256(),
        detector_version=DETECTOR_VERSION,
        clusters=tuple(clusters),
        flagged=tuple(sorted({name for cluster in clusters for name in cluster.signal_ids})),
    )


def _scan_contest(ballots: tuple[Ballot, ...], policy: Policy) -> list[Cluster]:
    """Take the best group, set its ballots aside, and test the rest until none is left."""
    clusters: list[Cluster] = []
    known: frozenset[Source] = frozenset()
    while True:
        peers = Peers(ballots, known)
        groups = tuple(make_groups(ballots, policy.fewest_voters))
        luck = log10(max(1, len(groups)))
        suspects = [
            suspect
            for group in groups
            for members in families.cores(group.ballots, policy.fewest_voters)
            if (suspect := _test(group, members, peers, policy))
        ]
        suspects = [s for s in suspects if s.score - luck >= log10(policy.cluster_odds)]
        if not suspects:
            return clusters
        best = max(suspects, key=lambda s: (s.score, len(s.members), s.group.value))
        taken = {ballot.signal.signal_id for ballot in best.members}
        rest = tuple(ballot for ballot in ballots if ballot.signal.signal_id not in taken)
        clusters.append(_cluster(best, rest))
        known |= {ballot.source for ballot in best.members}
        ballots = rest


def _test(
    group: Group, members: tuple[Ballot, ...], peers: Peers, policy: Policy
) -> _Suspect | None:
    """Put every question to these members of a group; None when they make no cluster."""
    least = 1 / policy.family_odds
    crowd = families.colocation(group)
    if group.scope != Scope.DEVICE and (crowd is None or crowd.p > least):
        return None
    moving = families.roaming(members, peers, policy)
    anchors = [finding for finding in (crowd, moving) if finding and finding.p <= least]
    if not anchors:
        return None
    expected = anchors[0].expected
    purity = 1 - expected / group.voters
    if purity * 100 < policy.purity_percent:
        return None
    asked = (
        families.complaints(members, peers),
        families.pace(Pace.CODE, members, peers, policy),
        families.pace(Pace.PAGE, members, peers, policy),
        families.order(members, policy),
    )
    findings = (*anchors, *(finding for finding in asked if finding and finding.p <= least))
    if len(findings) < 2:
        return None
    return _Suspect(group, members, findings, expected, purity * _total(findings))


def _total(findings: Sequence[Finding]) -> float:
    """Add up the families; the two paces are one, since a script is quick at both."""
    paces = [_score(finding) for finding in findings if finding.family in PACE]
    others = sum(_score(finding) for finding in findings if finding.family not in PACE)
    return others + max(paces, default=0.0)


def _score(finding: Finding) -> float:
    return min(_MOST_PER_FAMILY, -log10(finding.p))


def _cluster(suspect: _Suspect, others: Sequence[Ballot]) -> Cluster:
    group = suspect.group
    name = f"{group.contest}\n{group.scope}\n{group.network}\n{group.value}"
    return Cluster(
        id=sha256(name.encode()).hexdigest()[:_LONGEST_ID],
        contest=group.contest,
        scope=group.scope.value,
        value=group.value,
        network=group.network,
        score=round(suspect.score, 2),
        ballots=count_voters(suspect.members),
        expected=round(suspect.expected, 2),
        signal_ids=tuple(
            b.signal.signal_id
            for b in sorted(suspect.members, key=lambda b: (b.signal.time, b.signal.signal_id))
        ),
        families=tuple(
            FamilyScore(
                family=finding.family.value,
                count=finding.count,
                observed=round(finding.observed, 2),
                expected=round(finding.expected, 2),
                score=round(_score(finding), 2),
            )
            for finding in suspect.findings
        ),
        evidence=tuple(evidence_text(finding, group) for finding in suspect.findings),
        innocent=innocent_explanations(group, suspect.members, others, suspect.findings),
    )
