"""Weights that say who somebody is: those that few voters of a contest have.

The weight stands beside the encrypted ballot for everybody to read. Who knows the register
then knows which ballot is whose; how they voted stays encrypted, and when does not.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from dauys.core.ids import ContestId


@dataclass(frozen=True, slots=True)
class RareWeight:
    """A weight that `voters` voters of the contest have."""

    contest: ContestId
    weight: int
    voters: int


def rare_weights(
    weights: Mapping[ContestId, Mapping[int, int]], minimum: int
) -> tuple[RareWeight, ...]:
    """Weights held by fewer than `minimum` voters of a contest in which not all weigh the same.

    `weights` says how many voters of each contest have each weight.
    """
    return tuple(
        RareWeight(contest, weight, voters)
        for contest, found in weights.items()
        if len(found) > 1
        for weight, voters in sorted(found.items())
        if voters < minimum
    )
