"""What a scan reports, and the file `clusters.json`."""

from collections import Counter
from collections.abc import Mapping

import msgspec

from dauys.core.canonical import Record
from dauys.core.errors import MalformedError
from dauys.core.forms import Text
from dauys.core.ids import ContestId
from dauys.monitor.innocent import Innocent


class FamilyScore(Record, frozen=True, kw_only=True):
    """What one family of evidence found; `score` is -log10 of the chance, at most 40."""

    family: str
    count: int
    observed: float
    expected: float
    score: float


class Cluster(Record, frozen=True, kw_only=True):
    """Ballots that came in a way nothing innocent explains.

    `id` is the same in every scan that finds the group again. `ballots` are the voters in it,
    `expected` how many of its kind would be usual. `value` (address, block or device) is for
    the analyst only; `evidence` holds none of it. `signal_ids` name the casts, by time.
    """

    id: str
    contest: ContestId
    scope: str
    value: str
    network: str
    score: float
    chance: float
    ballots: int
    expected: float
    signal_ids: tuple[str, ...]
    families: tuple[FamilyScore, ...]
    evidence: tuple[Text, ...]
    innocent: tuple[Innocent, ...]


class ScanReport(Record, frozen=True, kw_only=True):
    """All clusters over the threshold, best first; `flagged` is the union of their signals."""

    policy_sha256: str
    detector_version: str
    clusters: tuple[Cluster, ...]
    flagged: tuple[str, ...]


def kept_cluster(details: Mapping[str, object]) -> Cluster:
    """A cluster as the queue kept it. Raises MalformedError for what is none.

    Version 2 of the detector kept no chance; theirs is 1, which says nothing and alerts nobody.
    """
    try:
        return msgspec.convert({"chance": 1.0, **details}, Cluster)
    except msgspec.ValidationError as error:
        raise MalformedError("cluster", "not of a detector known here") from error


def told_apart(report: ScanReport) -> ScanReport:
    """Give every cluster a name of its own.

    A scan may split the ballots of one address or device into two clusters and name both by it.
    The queue keeps one of a name, and the weaker would hide the stronger, which comes first.
    """
    known: Counter[str] = Counter()
    clusters = []
    for cluster in report.clusters:
        known[cluster.id] += 1
        turn = known[cluster.id]
        named = (
            cluster if turn == 1 else msgspec.structs.replace(cluster, id=f"{cluster.id}-{turn}")
        )
        clusters.append(named)
    return msgspec.structs.replace(report, clusters=tuple(clusters))


def report_json(report: ScanReport, runtime_s: float) -> bytes:
    """Print `clusters.json`, indented for people. `runtime_s`: seconds the scan took."""
    document = {
        "policy_sha256": report.policy_sha256,
        "detector_version": report.detector_version,
        "clusters": [_cluster_tree(cluster) for cluster in report.clusters],
        "flagged": report.flagged,
        "runtime_s": round(runtime_s, 3),
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def _cluster_tree(cluster: Cluster) -> dict[str, object]:
    tree = msgspec.structs.asdict(cluster)
    tree["signals"] = tree.pop("signal_ids")
    tree["families"] = {
        score.family: {
            "count": score.count,
            "observed": score.observed,
            "expected": score.expected,
            "score": score.score,
        }
        for score in cluster.families
    }
    return tree
