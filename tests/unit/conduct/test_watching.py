"""The monitor looks by the policy that the board names, and by no other."""

import subprocess
import sys
from types import SimpleNamespace
from typing import Any, cast

import pytest

from dauys.conduct.watching import ScanTask, Watch
from dauys.core.errors import RefusedError
from dauys.monitor.policy import Policy
from dauys.monitor.report import ScanReport
from dauys.monitor.scan import scan
from dauys.monitor.table import table_of

STANDARD, STRICT = Policy(), Policy(least_score=40)


class Here:
    """Scans nothing at all, in this process."""

    def scan(self, task: ScanTask) -> ScanReport:
        return scan(table_of(()), task.policy, task.reported)


def watch(on_the_board: str) -> Watch:
    state = SimpleNamespace(monitor=on_the_board, manifest=SimpleNamespace(contests=()))
    parts: Any = {
        "journal": SimpleNamespace(state=lambda: state),
        "signals": SimpleNamespace(casts_of=lambda _: frozenset()),
        "election": "1" * 22,
        "scanner": Here(),
        "cases": None,
        "clock": SimpleNamespace(now=lambda: None),
    }
    policies = {policy.sha256(): policy for policy in (STANDARD, STRICT)}
    return Watch(policies=policies, **cast("dict[str, Any]", parts))


@pytest.mark.parametrize("policy", [STANDARD, STRICT])
def test_the_policy_is_that_of_the_manifest_or_of_the_last_decision(policy: Policy) -> None:
    assert watch(policy.sha256()).scan().policy_sha256 == policy.sha256()


def test_an_operator_cannot_look_by_a_policy_of_their_own() -> None:
    with pytest.raises(RefusedError, match="unknown_policy"):
        watch("cd" * 32).scan()


def test_scipy_is_loaded_when_something_is_scanned_and_not_before() -> None:
    code = "import sys, dauys.conduct.watching; print('scipy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
