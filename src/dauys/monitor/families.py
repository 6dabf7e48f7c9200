"""Families of evidence: each asks one question of a group and answers with odds.

Network, time and alike devices in one room are one innocent fact and one family, colocation.
The others do not follow from it: complaints, the pace of a script, the order of the register,
and one device on the move.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np
from scipy import stats

from dauys.monitor.ballots import Ballot, Group, Scope, count_voters
from dauys.monitor.policy import Policy

LEAST_P = 1e-40

_FEWEST_PEERS = 20
# Homes and offices differ more than chance does, even where few were seen to.
_LEAST_EXCESS = 0.5


class Family(StrEnum):
    """Independent kinds of evidence."""

    COLOCATION = "colocation"
    COMPLAINTS = "complaints"
    CODE_PACE = "code_pace"
    PAGE_PACE = "page_pace"
    ORDER = "order"
    ROAMING = "roaming"


PACE = frozenset({Family.CODE_PACE, Family.PAGE_PACE})


@dataclass(frozen=True, slots=True)
class Finding:
    """One family's answer: `observed` against `expected`, among `count`, by chance with `p`.

    Units: voters for colocation, complaints and roaming; pairs of neighbours for order;
    seconds (medians) for the two paces. `p` is at least 1e-40.
    """

    family: Family
    count: int
    observed: float
    expected: float
    p: float


def colocation(group: Group) -> Finding | None:
    """Compare the voters of an address or block with its siblings.

    Siblings are seen only with one voter or more, so one less than the count follows a negative
    binomial with the siblings' mean and dispersion; those above the 90th percentile are cut
    to it, lest a second thief or an office hide the first.
    """
    if group.scope == Scope.DEVICE or not group.siblings:
        return None
    beyond_one = np.asarray(group.siblings, dtype=np.float64) - 1
    if len(beyond_one) >= 10:
        beyond_one = np.minimum(beyond_one, np.percentile(beyond_one, 90))
    mean = (float(beyond_one.sum()) + 1) / (len(beyond_one) + 1)
    variance = float(beyond_one.var(ddof=1)) if len(beyond_one) > 1 else mean
    variance = max(variance, mean + _LEAST_EXCESS * mean**2)
    p = stats.nbinom.sf(group.voters - 2, mean**2 / (variance - mean), mean / variance)
    return _finding(Family.COLOCATION, group.voters, group.voters, 1 + mean, float(p))


def complaints(
    group: Sequence[Ballot], others: Sequence[Ballot], known: frozenset[tuple[str, str]]
) -> Finding | None:
    """Compare how many voters complain with all other ballots; `known` sources do not count.

    A complaint: the voter met "already voted" from elsewhere, took the vote back, or
    reported it. Sources of clusters found before are thieves who came too late.
    """

    def complained(ballot: Ballot) -> bool:
        return ballot.reported or any(source not in known for source in ballot.complaints)

    voters, elsewhere = count_voters(group), count_voters(others)
    if not elsewhere:
        return None
    found = count_voters([ballot for ballot in group if complained(ballot)])
    usual = (count_voters([b for b in others if complained(b)]) + 1) / (elsewhere + 1)
    p = stats.binom.sf(found - 1, voters, min(usual, 1.0))
    return _finding(Family.COMPLAINTS, voters, found, usual * voters, float(p))


def pace(
    family: Family, group: Sequence[Ballot], others: Sequence[Ballot], policy: Policy
) -> Finding | None:
    """Compare code latency or time on the page with all others by Kolmogorov-Smirnov.

    Only a faster pace counts, and only a difference as large as the policy asks.
    """
    own = _paces(family, group)
    peers = _paces(family, others)
    if len(own) < policy.fewest_voters or len(peers) < _FEWEST_PEERS:
        return None
    test = stats.ks_2samp(own, peers, alternative="greater", method="asymp")
    large = test.statistic * 100 >= policy.pace_effect_percent
    p = float(test.pvalue) if large else 1.0
    return _finding(family, len(own), float(np.median(own)), float(np.median(peers)), p)


def order(group: Sequence[Ballot], policy: Policy) -> Finding | None:
    """Ask whether neighbours in the register voted one after another in one direction.

    Honest neighbours come in either order, even in a reminder wave that is sent in register
    order; a script goes one way. Of a household, only the first counts.
    """
    voters: dict[int, Ballot] = {}
    households: set[str] = set()
    for ballot in group:
        household = ballot.signal.household
        if household is None or household not in households:
            voters.setdefault(ballot.signal.register_number, ballot)
        if household is not None:
            households.add(household)
    near = [
        voters[first].signal.time < voters[second].signal.time
        for first, second in pairwise(sorted(voters))
        if second - first <= policy.neighbour_lines
    ]
    if len(near) < policy.fewest_voters:
        return None
    one_way = max(sum(near), len(near) - sum(near))
    p = min(1.0, 2 * float(stats.binom.sf(one_way - 1, len(near), 0.5)))
    return _finding(Family.ORDER, len(near), one_way, len(near) / 2, p)


def roaming(group: Sequence[Ballot], others: Sequence[Ballot], policy: Policy) -> Finding | None:
    """Ask whether the group's busiest device voted for many from many blocks of addresses.

    An office with several addresses keeps to its block; a phone moves but votes for few.
    """
    devices = _by_device(group)
    if not devices:
        return None
    device, members = max(devices.items(), key=lambda item: (count_voters(item[1]), item[0]))
    voters = count_voters(members)
    if len({ballot.block for ballot in members}) < policy.device_blocks:
        return None
    usual = [count_voters(found) for other, found in _by_device(others).items() if other != device]
    if len(usual) < _FEWEST_PEERS:
        return None
    mean = (sum(usual) - len(usual) + 1) / (len(usual) + 1)
    variance = max(float(np.var(usual)), mean + _LEAST_EXCESS * mean**2)
    p = stats.nbinom.sf(voters - 2, mean**2 / (variance - mean), mean / variance)
    return _finding(Family.ROAMING, voters, voters, 1 + mean, float(p))


def cores(group: Sequence[Ballot], fewest: int) -> tuple[tuple[Ballot, ...], ...]:
    """Give the parts of a group that may be the thief's, apart from homes and offices beside.

    When devices that `fewest` voters share carry most of the group: all of these together,
    and each alone. Otherwise the whole group.
    """
    shared = [
        tuple(members) for members in _by_device(group).values() if count_voters(members) >= fewest
    ]
    together = tuple(ballot for members in shared for ballot in members)
    if count_voters(together) * 2 <= count_voters(group):
        return (tuple(group),)
    return (together, *shared) if len(shared) > 1 else (together,)


def _by_device(ballots: Sequence[Ballot]) -> dict[str, list[Ballot]]:
    devices: dict[str, list[Ballot]] = defaultdict(list)
    for ballot in ballots:
        if ballot.signal.device:
            devices[ballot.signal.device].append(ballot)
    return devices


_READ_PACE: dict[Family, Callable[[Ballot], float | None]] = {
    Family.CODE_PACE: lambda ballot: ballot.signal.code_latency_s,
    Family.PAGE_PACE: lambda ballot: ballot.signal.dwell_s,
}


def _paces(family: Family, ballots: Sequence[Ballot]) -> list[float]:
    read = _READ_PACE[family]
    return [value for ballot in ballots if (value := read(ballot)) is not None]


def _finding(family: Family, count: int, observed: float, expected: float, p: float) -> Finding:
    return Finding(family, count, observed, expected, max(p, LEAST_P))
