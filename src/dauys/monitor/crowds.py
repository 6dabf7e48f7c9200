"""How many ballots a group would usually have, and how unlikely so many are."""

import numpy as np
from scipy import stats

from dauys.monitor.ballots import Ballots, Floats, Ints
from dauys.monitor.chains import find_chains
from dauys.monitor.groups import BROAD, PAIRED, ROOM, SINGLE, Groups, concatenate, scope_code, split

MOST = 40.0
_LEAST_EXCESS = 0.5
_ENOUGH_SIBLINGS = 10
_LIFT_SPREAD = 0.15
_DRAWN = 20.0


def make_groups(ballots: Ballots, fewest: int) -> Groups:
    """All groups of all scopes, with their expectations."""
    parts: list[Groups] = []
    for scope in (*SINGLE, *PAIRED):
        code = scope_code(ballots, scope)
        rows, first, size, value = split(code, fewest)
        if scope in ROOM:
            expected, crowd = _beside_siblings(ballots, code, rows[first], size)
        elif scope in BROAD:
            expected, crowd = np.asarray(size / 2), np.zeros(len(size))
        elif "+" in scope:
            expected, crowd = _by_independence(ballots, scope, rows[first], size)
        else:
            expected, crowd = _beside_all(code, size)
        scopes = np.full(len(first), scope, "<U16")
        parts.append(Groups(rows, first, size, scopes, value, expected, crowd))
    parts.extend(_chain_groups(ballots, max(fewest, 8)))
    return concatenate(parts)


def _chain_groups(ballots: Ballots, fewest: int) -> list[Groups]:
    parts = []
    everybody = np.arange(len(ballots))
    subsets = {"chain": everybody}
    for mark in ("quick", "brisk", "distance"):  # fewer honest ballots come between
        subsets[f"chain+{mark}"] = np.flatnonzero(ballots.code[mark] >= 0)
    found = [
        (scope, chains)
        for scope, among in subsets.items()
        for chains in find_chains(ballots, among, fewest)
    ]
    for name, chains in found:
        rows, first, size, value = split(chains.code, fewest)
        scope = np.full(len(first), name, "<U16")
        parts.append(
            Groups(rows, first, size, scope, value, np.asarray(size / 10), chains.score[value])
        )
    return parts


def tail(size: Ints | Floats, mean: Floats, variance: Floats) -> Floats:
    """-log10 of the chance of `size` or more: 1 + negative binomial of this mean, variance."""
    mean = np.maximum(mean, 0.05)
    variance = np.maximum(variance, mean + _LEAST_EXCESS * mean**2)
    log_p = stats.nbinom.logsf(size - 2, mean**2 / (variance - mean), mean / variance)
    return np.asarray(np.clip(-log_p / np.log(10), 0, MOST))


def _moments(sizes: Ints) -> tuple[float, float]:
    """Mean and variance of sizes less one; the largest tenth is cut, lest thieves be the norm."""
    beyond = sizes - 1.0
    if len(beyond) >= _ENOUGH_SIBLINGS:
        beyond = np.minimum(beyond, np.percentile(beyond, 90))
    mean = (beyond.sum() + 1) / (len(beyond) + 1)
    variance = float(beyond.var(ddof=1)) if len(beyond) > 1 else mean
    return float(mean), variance


def _beside_siblings(
    ballots: Ballots, code: Ints, example: Ints, size: Ints
) -> tuple[Floats, Floats]:
    """Compare addresses (blocks) with those of the same network, or class where few are."""
    asn, kind = ballots.code["asn"], ballots.code["ip_class"]
    rows, first, sizes, _ = split(code, 1)
    of_asn, of_kind = asn[rows[first]], kind[rows[first]]
    mean, variance = np.zeros(len(size)), np.zeros(len(size))
    for network in np.unique(asn[example]):
        own = asn[example] == network
        siblings = sizes[of_asn == network]
        if len(siblings) < _ENOUGH_SIBLINGS:
            alike = of_kind == kind[example[own][0]]
            for group in np.flatnonzero(own):
                others = sizes[alike & (of_asn != network)]
                beside = np.concatenate([others, _without(siblings, int(size[group]))])
                mean[group], variance[group] = _moments(beside)
        else:
            mean[own], variance[own] = _moments(siblings)
    return 1 + mean, tail(size, mean, variance)


def _without(sizes: Ints, one: int) -> Ints:
    place = np.flatnonzero(sizes == one)[:1]
    return np.delete(sizes, place)


def _beside_all(code: Ints, size: Ints) -> tuple[Floats, Floats]:
    """Compare with all groups of the scope."""
    _, _, sizes, _ = split(code, 1)
    mean, variance = _moments(sizes)
    return np.full(len(size), 1 + mean), tail(
        size, np.full(len(size), mean), np.full(len(size), variance)
    )


def _by_independence(
    ballots: Ballots, scope: str, example: Ints, size: Ints
) -> tuple[Floats, Floats]:
    """Compare a pair with what its halves would make by chance, each without the pair itself.

    Where hardly anybody is outside the first half, what is usual there is drawn towards what is
    usual everywhere: a network in which everybody is says nothing of a browser.
    """
    one, _, other = scope.partition("+")
    count = float(len(ballots))
    of_one = np.bincount(ballots.code[one] + 1)[ballots.code[one][example] + 1] - size
    of_other = np.bincount(ballots.code[other] + 1)[ballots.code[other][example] + 1] - size
    outside = count - of_one - size
    everywhere = (of_other + size) / count
    usual = np.minimum((of_other + _DRAWN * everywhere) / (outside + _DRAWN), 0.95)
    expected = of_one * usual / (1 - usual)
    variance = expected + (_LIFT_SPREAD * expected) ** 2
    return np.minimum(expected, size), tail(size, expected, variance)
