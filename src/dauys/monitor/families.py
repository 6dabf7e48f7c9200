"""Families of evidence: each asks one question of a group and answers with odds.

Network, time and alike devices in one room are one innocent fact and one family, colocation.
The others do not follow from it: complaints, the pace of a script, the order of the register,
and one device on the move.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from math import exp, sqrt

import numpy as np
from scipy import stats

from dauys.monitor.ballots import Ballot, Group, Scope, count_voters
from dauys.monitor.peers import Pace, Peers, paces
from dauys.monitor.policy import Policy

LEAST_P = 1e-40

_FEWEST_PEERS = 20
# Homes and offices differ more than chance does, even where few were seen to.
_LEAST_EXCESS = 0.5


class Family(StrEnum):
    """Independent kinds of evidence."""

    COLOCATION = "colocation"
    COMPLAINTS = "complaints"
    CODE_PACE = Pace.CODE.value
    PAGE_PACE = Pace.PAGE.value
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


def complaints(group: Sequence[Ballot], peers: Peers) -> Finding:
    """Compare how many voters complain with the peers outside the group.

    A complaint: the voter met "already voted" from elsewhere, took the vote back, or
    reported it.
    """
    voters, found = count_voters(group), peers.complaining(group)
    usual = peers.usual_complaints(group)
    p = stats.binom.sf(found - 1, voters, usual)
    return _finding(Family.COMPLAINTS, voters, found, usual * voters, float(p))


def pace(pace: Pace, group: Sequence[Ballot], peers: Peers, policy: Policy) -> Finding | None:
    """Compare code latency or time on the page with the peers outside the group.

    Only a faster pace counts, and only a difference as large as the policy asks. One-sided
    two-sample test of Kolmogorov and Smirnov, chance by Hodges, Arkiv for Matematik 3 (1958).
    """
    own = paces(pace, group)
    others = peers.outside(pace, own)
    n, m = len(own), len(others)
    if n < policy.fewest_voters or m < _FEWEST_PEERS:
        return None
    up_to = np.searchsorted(own, own, side="right") / n
    distance = float(np.max(up_to - np.searchsorted(others, own, side="right") / m))
    p = 1.0
    if distance * 100 >= policy.pace_effect_percent:
        long, short = max(n, m), min(n, m)
        z = sqrt(n * m / (n + m)) * distance
        p = exp(-2 * z**2 - 2 * z * (long + 2 * short) / sqrt(n * m * (n + m)) / 3)
    return _finding(Family(pace), n, float(np.median(own)), float(np.median(others)), p)


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


def roaming(group: Sequence[Ballot], peers: Peers, policy: Policy) -> Finding | None:
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
    usual = peers.other_devices(device)
    if len(usual) < _FEWEST_PEERS:
        return None
    mean = (float(usual.sum()) - len(usual) + 1) / (len(usual) + 1)
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


def _finding(family: Family, count: int, observed: float, expected: float, p: float) -> Finding:
    return Finding(family, count, observed, expected, max(p, LEAST_P))
