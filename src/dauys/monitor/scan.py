"""Signals become clusters of suspicious ballots: the detector proposes, people decide.

A pure function of a table, a policy and what voters reported. Small contests are looked at
together first (`parts`); then each contest by itself, without what was found. So a large election
is scanned on several processes or machines, a part each, and where there are none one part at a
time is in memory beside the table.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor
from functools import partial
from hashlib import sha256

import numpy as np
import polars as pl

from dauys.core.executors import in_order
from dauys.core.ids import ContestId
from dauys.monitor.ballots import Ballots, make_ballots
from dauys.monitor.discovery import FALSE_SHARE, chance, level_kept
from dauys.monitor.findings import Finding
from dauys.monitor.innocent import innocent_explanations
from dauys.monitor.parts import contests, small_contests
from dauys.monitor.policy import DETECTOR_VERSION, Policy
from dauys.monitor.report import Cluster, FamilyScore, ScanReport, told_apart
from dauys.monitor.search import Suspect, search
from dauys.monitor.words import evidence_text, wider_text

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

    Of those that each part proposes, as many are kept as so many parts allow. `reported`:
    signal ids of casts that their voters disown. `executor`: where to scan the parts, here if
    None. Deterministic; the order of rows makes no difference. Raises WorkersLostError, if
    there is an executor.
    """
    look = partial(_looks, policy, reported, executor)
    together = look(small_contests(table))
    share = FALSE_SHARE / 2 if together else FALSE_SHARE  # half for each kind of look
    clusters = _kept(together, share)
    found = {name for cluster in clusters for name in cluster.signal_ids}
    clusters += _kept(look(contests(_without(table, found))), share)
    clusters.sort(key=lambda cluster: (-cluster.score, cluster.id))
    report = ScanReport(
        policy_sha256=policy.sha256(),
        detector_version=DETECTOR_VERSION,
        clusters=tuple(clusters),
        flagged=tuple(sorted({name for cluster in clusters for name in cluster.signal_ids})),
    )
    return told_apart(report)


def _kept(parts: Sequence[tuple[Cluster, ...]], false_share: float) -> list[Cluster]:
    """The clusters of these parts, of which that share may be false."""
    best = [min((one.chance for one in part), default=1.0) for part in parts]
    level = level_kept(best, false_share)
    return [one for part in parts for one in part if one.chance <= level]


def _without(table: pl.DataFrame, names: set[str]) -> pl.DataFrame:
    if not names:
        return table
    found = pl.Series(sorted(names), dtype=pl.String).implode()
    return table.filter(~pl.col("signal_id").is_in(found))


def _looks(
    policy: Policy,
    reported: frozenset[str],
    executor: Executor | None,
    parts: Iterable[pl.DataFrame],
) -> list[tuple[Cluster, ...]]:
    if executor is None:
        return [scan_part(part, policy, reported) for part in parts]
    work = partial(_scan_packed, policy, reported)
    return list(in_order(work, map(_packed, parts), executor))


def _packed(signals: pl.DataFrame) -> bytes:
    """Pack a part for another process or machine: a fifth of what it is in memory."""
    target = io.BytesIO()
    signals.write_ipc(target, compression="zstd")
    return target.getvalue()


def _scan_packed(policy: Policy, reported: frozenset[str], part: bytes) -> tuple[Cluster, ...]:
    return scan_part(pl.read_ipc(io.BytesIO(part)), policy, reported)


def scan_part(
    signals: pl.DataFrame, policy: Policy, reported: frozenset[str]
) -> tuple[Cluster, ...]:
    """Find the clusters of one contest, or of several together, in the order of the search."""
    ballots = make_ballots(signals, reported)
    suspects = search(ballots, float(policy.least_score), policy.fewest_voters)
    return tuple(one for suspect in suspects for one in _clusters(ballots, suspect, policy))


def _clusters(ballots: Ballots, suspect: Suspect, policy: Policy) -> Iterator[Cluster]:
    """Give the suspect's ballots of each contest, as contests are decided on one by one.

    What speaks for and against them is that of all of them.
    """
    example = ballots.origin.row(suspect.seed, named=True)
    value = _value(suspect.scope, example)
    of_row = ballots.origin["contest"].gather(suspect.rows).to_numpy()
    voters = len(np.unique(ballots.line[suspect.rows]))
    evidence = tuple(evidence_text(finding, suspect.scope) for finding in suspect.findings)
    innocent = innocent_explanations(ballots, suspect)
    contests = sorted(set(of_row.tolist()))
    for contest in contests:
        rows = suspect.rows[of_row == contest]
        own = len(np.unique(ballots.line[rows]))
        wider = (wider_text(own, voters, len(contests)),) if len(contests) > 1 else ()
        yield Cluster(
            id=sha256(f"{contest}\n{suspect.scope}\n{value}".encode()).hexdigest()[:_ID_LENGTH],
            contest=ContestId(contest),
            scope=suspect.scope,
            value=value,
            network=example["asn"] or "",
            score=round(suspect.score, 2),
            chance=chance(suspect.score, float(policy.least_score)),
            ballots=own,
            expected=round(min(suspect.expected, voters) * own / voters, 2),
            signal_ids=ballots.signal_ids(rows),
            families=tuple(map(_family_score, suspect.findings)),
            evidence=evidence + wider,
            innocent=innocent,
        )


def _family_score(finding: Finding) -> FamilyScore:
    return FamilyScore(
        family=finding.family,
        count=finding.count,
        observed=round(finding.observed, 2),
        expected=round(finding.expected, 2),
        score=round(finding.score, 2),
    )


def _value(scope: str, example: dict[str, object]) -> str:
    """What the first members share, for the analyst; the first of them where nothing has a name."""
    names = [
        str(example[_SCOPE_COLUMNS.get(part, part)] or "")
        for part in scope.split("+")
        if part in _NAMED or part in {"ua_family", "region"}
    ]
    return " ".join(names) or str(example["signal_id"])
