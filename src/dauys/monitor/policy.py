"""The monitor's thresholds: fixed before an election, named by their hash in every report."""

from hashlib import sha256
from typing import Annotated

from msgspec import Meta

from dauys.core.canonical import Record, decode, encode

Odds = Annotated[int, Meta(ge=2, le=10**15)]
"""Chance alone would do it once in this many cases."""

Percent = Annotated[int, Meta(ge=0, le=100)]


class Policy(Record, frozen=True, kw_only=True):
    """What it takes to propose a cluster. Integers only, so that it has one canonical form.

    `fewest_voters`: smaller groups are not tested. `family_odds`: how unlikely one family of
    evidence must be to count. `cluster_odds`: how unlikely all of it together, after counting
    how many groups were tested. `purity_percent`: how much of a group must be beyond what its
    neighbours would send. `pace_effect_percent`: least Kolmogorov-Smirnov distance that
    matters. `neighbour_lines`: how far apart neighbours in the register may stand.
    `device_blocks`: from how many blocks of addresses a device must vote to be roaming.
    """

    fewest_voters: Annotated[int, Meta(ge=3)] = 5
    family_odds: Odds = 1_000
    cluster_odds: Odds = 1_000_000
    purity_percent: Percent = 60
    pace_effect_percent: Percent = 50
    neighbour_lines: Annotated[int, Meta(ge=1)] = 30
    device_blocks: Annotated[int, Meta(ge=2)] = 3

    def sha256(self) -> str:
        """Hash of the canonical JSON, hex."""
        return sha256(encode(self)).hexdigest()


def read_policy(data: bytes) -> Policy:
    """Read canonical JSON with every threshold. Raises MalformedError."""
    return decode(data, Policy, "policy")
