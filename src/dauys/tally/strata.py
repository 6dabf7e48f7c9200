"""Strata: how the countable ballots of a contest are summed. docs/protocol.md, section 7.

Besides the total there is a sum for each identification method, so that the votes of one
candidate by one method can be taken away in the open. Small groups are joined: the sum of
a few ballots says too much about each of them.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dauys.core.entries import Manifest
from dauys.core.ids import MethodId
from dauys.core.replay import TOTAL
from dauys.core.state import BallotRecord


@dataclass(frozen=True, slots=True)
class Stratum:
    """The ballots that are summed together: those by one of `methods`, weakest first.

    How many they are decides whether a sum is too small; `weight` bounds the numbers in it.
    """

    name: str
    methods: tuple[MethodId, ...]
    ballots: int
    weight: int


def strata(manifest: Manifest, ballots: Iterable[BallotRecord]) -> tuple[Stratum, ...]:
    """Strata of one contest's countable `ballots`, `total` first.

    A total of nothing is a stratum too. docs/protocol.md, section 7.
    """
    found: Counter[MethodId] = Counter()
    weights: Counter[MethodId] = Counter()
    for ballot in ballots:
        found[ballot.method] += 1
        weights[ballot.method] += ballot.weight
    occurring = tuple(method for method in manifest.methods if method in found)
    total = Stratum(TOTAL, occurring, found.total(), weights.total())
    groups = [Stratum(one, (one,), found[one], weights[one]) for one in occurring]
    while len(groups) > 1 and any(g.ballots < manifest.stratum_minimum for g in groups):
        groups = _join_smallest(groups, manifest.methods)
    return (total, *groups) if len(groups) > 1 else (total,)


def own_stratum(found: Sequence[Stratum], method: MethodId) -> Stratum | None:
    """The stratum that holds ballots by `method` only, or None where they were joined.

    A contest in which everyone came by `method` has it in its total.
    """
    for stratum in found[1:]:
        if stratum.methods == (method,):
            return stratum
    return found[0] if len(found) == 1 and found[0].methods == (method,) else None


def _join_smallest(groups: list[Stratum], order: Sequence[MethodId]) -> list[Stratum]:
    # Groups stand in the order of their weakest methods, and sorting keeps that order.
    first, second, *_ = sorted(groups, key=lambda group: group.ballots)
    methods = tuple(sorted(first.methods + second.methods, key=order.index))
    ballots, weight = first.ballots + second.ballots, first.weight + second.weight
    joined = Stratum("+".join(methods), methods, ballots, weight)
    rest = [group for group in groups if group not in (first, second)]
    return sorted([*rest, joined], key=lambda group: order.index(group.methods[0]))
