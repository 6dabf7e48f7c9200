"""What a scan reports: every cluster has a name of its own."""

from typing import Any

from dauys.monitor.report import Cluster, ScanReport, told_apart


def test_a_device_split_in_two_does_not_hide_its_larger_half() -> None:
    whole: dict[str, Any] = {
        "contest": "karaganda",
        "scope": "device",
        "value": "d7",
        "network": "",
        "chance": 1e-9,
        "expected": 1.0,
        "signal_ids": (),
        "families": (),
        "evidence": (),
        "innocent": (),
    }
    halves = tuple(
        Cluster(id="6ed78a5be6e6", score=score, ballots=ballots, **whole)
        for score, ballots in ((79.0, 203), (9.0, 42))
    )
    report = ScanReport(policy_sha256="", detector_version="", clusters=halves, flagged=())
    names = {cluster.id: cluster.ballots for cluster in told_apart(report).clusters}
    assert names == {"6ed78a5be6e6": 203, "6ed78a5be6e6-2": 42}
