"""Signals become clusters of suspicious ballots: the detector proposes, people decide.

A pure function of a table, a policy and what voters reported. Contests do not know of one
another, so a large election is scanned on several processes or machines, one contest each, and
where there are none one contest at a time is in memory beside the table.
"""

import io
from collections.abc import Iterator
from concurrent.futures import Executor
from functools import partial
from hashlib import sha256

import numpy as np
import polars as pl

from dauys.core.executors import in_order
from dauys.core.ids import ContestId
from dauys.monitor.ballots import Ballots, make_ballots
from dauys.monitor.discovery import chance, level_kept
from dauys.monitor.innocent import innocent_explanations
from dauys.monitor.policy import DETECTOR_VERSION, Policy
from dauys.monitor.report import Cluster, FamilyScore, ScanReport
from dauys.monitor.search import Suspect, search
from dauys.monitor.words import evidence_text

_ID_LENGTH = 12
_SCOPE_COLUMNS = {"block": "block", "phone_100": "phone", "phone_10k": "phone"}
_NAMED = frozenset({"ip", "block", "device", "phone", "phone_100", "phone_10k", "asn", "tls"})


def scan(
    table: pl.DataFrame,
    policy: Policy,
    reported: frozenset[str] = frozenset(),
    executor: Executor | None = None,
) -> ScanReport:
    """Find clusters among the casts of a checked table (see `table.read_table`).

    Of those that each contest proposes, as many are kept as so many contests allow.
    `reported`: signal ids of casts that their voters disown. `executor`: where to scan the
    contests, here if None. Deterministic; the order of rows makes no difference. Raises
    WorkersLostError, if there is an executor.
    """
    contests = _contests(table)
    work = partial(_scan_packed, policy, reported)
    found = (
        in_order(work, map(_packed, contests), executor)
        if executor
        else (scan_contest(contest, policy, reported) for contest in contests)
    )
    parts = tuple(found)
    level = level_kept([min((one.chance for one in part), default=1.0) for part in parts])
    clusters = [one for part in parts for one in part if one.chance <= level]
    clusters.sort(key=lambda cluster: (-cluster.score, cluster.id))
    return ScanReport(
        policy_sha256=policy.sha256(),
        detector_version=DETECTOR_VERSION,
        clusters=tuple(clusters),
        flagged=tuple(sorted({name for cluster in clusters for name in cluster.signal_ids})),
    )


def _contests(table: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The signals of each contest, the largest first, so that no worker is left with it."""
    contests = table["contest"].value_counts(sort=True)["contest"]
    if len(contests) == 1:
        yield table
        return
    for contest in contests:
        yield table.filter(pl.col("contest") == contest)


def _packed(signals: pl.DataFrame) -> bytes:
    """Pack a contest for another process or machine: a fifth of what it is in memory."""
    target = io.BytesIO()
    signals.write_ipc(target, compression="zstd")
    return target.getvalue()


def _scan_packed(policy: Policy, reported: frozenset[str], contest: bytes) -> tuple[Cluster, ...]:
    return scan_contest(pl.read_ipc(io.BytesIO(contest)), policy, reported)


def scan_contest(
    signals: pl.DataFrame, policy: Policy, reported: frozenset[str]
) -> tuple[Cluster, ...]:
    """Find the clusters of one contest, in the order of the search."""
    ballots = make_ballots(signals, reported)
    suspects = search(ballots, float(policy.least_score), policy.fewest_voters)
    return tuple(_cluster(ballots, suspect, policy) for suspect in suspects)


def _cluster(ballots: Ballots, suspect: Suspect, policy: Policy) -> Cluster:
    example = ballots.origin.row(suspect.seed, named=True)
    contest = ContestId(example["contest"])
    value = _value(suspect.scope, example)
    voters = len(np.unique(ballots.line[suspect.rows]))
    findings = suspect.findings
    return Cluster(
        id=sha256(f"{contest}\n{suspect.scope}\n{value}".encode()).hexdigest()[:_ID_LENGTH],
        contest=contest,
        scope=suspect.scope,
        value=value,
        network=example["asn"] or "",
        score=round(suspect.score, 2),
        chance=chance(suspect.score, float(policy.least_score)),
        ballots=voters,
        expected=round(min(suspect.expected, voters), 2),
        signal_ids=ballots.signal_ids(suspect.rows),
        families=tuple(
            FamilyScore(
                family=finding.family,
                count=finding.count,
                observed=round(finding.observed, 2),
                expected=round(finding.expected, 2),
                score=round(finding.score, 2),
            )
            for finding in findings
        ),
        evidence=tuple(evidence_text(finding, suspect.scope) for finding in findings),
        innocent=innocent_explanations(ballots, suspect),
    )


def _value(scope: str, example: dict[str, object]) -> str:
    """What the first members share, for the analyst; the first of them where nothing has a name."""
    names = [
        str(example[_SCOPE_COLUMNS.get(part, part)] or "")
        for part in scope.split("+")
        if part in _NAMED or part in {"ua_family", "region"}
    ]
    return " ".join(names) or str(example["signal_id"])
