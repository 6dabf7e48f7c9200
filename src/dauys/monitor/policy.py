"""The monitor's policy: fixed before an election, named by its hash in every report."""

from hashlib import sha256
from typing import Annotated

from msgspec import Meta

from dauys.core.canonical import Record, decode, encode
from dauys.core.errors import MalformedError

DETECTOR_VERSION = "4"


class Policy(Record, frozen=True, kw_only=True):
    """What it takes to propose a cluster. Integers only, so that it has one canonical form.

    `detector` is the version of the detector that it was made for, so that the hash on the board
    fixes both. `fewest_voters`: smaller groups are not tested. `least_score`: what a cluster must
    reach; the standard value keeps simulated honest elections of very different kinds quiet, and
    `dauys monitor calibrate` finds the value for one election's own margins.
    """

    detector: str = DETECTOR_VERSION
    fewest_voters: Annotated[int, Meta(ge=3)] = 5
    least_score: Annotated[int, Meta(ge=1, le=400)] = 8

    def sha256(self) -> str:
        """Hash of the canonical JSON, hex."""
        return sha256(encode(self)).hexdigest()


def read_policy(data: bytes) -> Policy:
    """Read canonical JSON with every value. Raises MalformedError, also for another detector."""
    policy = decode(data, Policy, "policy")
    if policy.detector != DETECTOR_VERSION:
        why = f"it is for detector {policy.detector}; this is {DETECTOR_VERSION}"
        raise MalformedError("policy", why)
    return policy
