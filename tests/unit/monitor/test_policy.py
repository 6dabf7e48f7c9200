"""Thresholds cannot be changed without changing the hash that reports name."""

import pytest

from dauys.core.canonical import encode
from dauys.core.errors import MalformedError
from dauys.monitor.policy import Policy, read_policy


def test_policy_reads_back_and_keeps_its_hash() -> None:
    policy = Policy(fewest_voters=7)
    assert read_policy(encode(policy)) == policy
    assert read_policy(encode(policy)).sha256() == policy.sha256() != Policy().sha256()


@pytest.mark.parametrize(
    "data", [b"{}", b"[]", b'{"fewest_voters":1}', encode(Policy()) + b"\n", b"\xff"]
)
def test_other_bytes_are_no_policy(data: bytes) -> None:
    with pytest.raises(MalformedError):
        read_policy(data)
