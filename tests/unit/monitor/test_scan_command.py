"""`dauys monitor scan` writes clusters.json, or says what is wrong with the table."""

import json
from pathlib import Path

from typer.testing import CliRunner

from dauys.cli.monitor import app
from dauys.core.canonical import encode
from dauys.monitor.policy import Policy
from dauys.monitor.signals import write_signals
from tests.unit.monitor.towns import town


def test_scan_of_a_robbed_election_writes_its_clusters(tmp_path: Path) -> None:
    robbed = town(400, 3, robbed=True)
    table, policy = tmp_path / "signals.csv", tmp_path / "policy.json"
    with table.open("w", encoding="utf-8", newline="") as file:
        write_signals(robbed.signals, file)
    policy.write_bytes(encode(Policy()))
    arguments = ["scan", str(table), "--out", str(tmp_path / "out"), "--policy", str(policy)]
    answer = CliRunner().invoke(app, arguments)
    assert answer.exit_code == 0
    assert "An innocent group" in answer.stdout
    report = json.loads((tmp_path / "out" / "clusters.json").read_text("utf-8"))
    assert report["policy_sha256"] == Policy().sha256()
    found = {name for cluster in report["clusters"] for name in cluster["signals"]}
    assert found == set(report["flagged"])
    assert len(found & robbed.stolen) >= 0.9 * len(robbed.stolen)
    assert set(report["clusters"][0]["evidence"][0]) == {"kk", "ru", "en"}


def test_broken_table_is_named_with_its_row(tmp_path: Path) -> None:
    table = tmp_path / "signals.csv"
    table.write_text("signal_id,time,kind,contest,register_number\nx,now,cast,c,1\n", "utf-8")
    answer = CliRunner().invoke(app, ["scan", str(table), "--out", str(tmp_path)])
    assert answer.exit_code == 1
    assert "row 2, column time" in answer.stderr
    assert not (tmp_path / "clusters.json").exists()
