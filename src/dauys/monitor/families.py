"""Families of evidence: each asks one question of every group at once, and answers with odds.

An answer is -log10 of the chance that an innocent group does as much, at most 40. Innocent
groups differ more than chance does, so each family compares with the worst of them that is still
plausible (`ALLOWED`), not with the average.
"""

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from dauys.monitor.ballots import Ballots, Floats, Ints
from dauys.monitor.groups import BROAD, ROOM, Groups
from dauys.monitor.marks import Mark, pace_scores, pairs, usual_devices

MOST = 40.0
PACES = ("code_pace", "page_pace", "quick")

_NEIGHBOURS = 40
_LEAN = 0.52
_FEWEST_PAIRS = 5
_PART = 0.4
_FEW_STACKS = 3
_ONE_STACK_MOST = 3.0
_SCATTERED = 0.4
_SLOWER = -0.5
_ONE_PLACE = 2


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much more of a mark an innocent group may have: `times` the usual rate and `plus`."""

    times: float
    plus: float


ALLOWED = MappingProxyType(
    {
        "complaints": Allowance(2, 0.005),
        "quick": Allowance(2, 0.1),
        "disguise": Allowance(3, 0.05),
        "distance": Allowance(1.2, 0.15),
        "automation": Allowance(4, 0.02),
        "night": Allowance(3, 0.1),
        "phones": Allowance(2, 0.05),
        "phone_blocks": Allowance(2, 0.1),
        "roaming": Allowance(2, 0.05),
        "hosting": Allowance(3, 0.1),
    }
)
"""Marks that thieves leave. Only ballots of which a mark is known are compared by it."""

LACKING = MappingProxyType({"no_mistakes": "wrong_code", "no_checks": "checked"})
"""Marks of everyday life that thieves do not leave."""

NOT_LEARNED = frozenset({"complaints", "order", "no_mistakes", "no_checks"})
"""What ballots that came like the complained ones are not chosen by; see `likeness`."""

TELLING = ("quick", "disguise", "automation", "phones", "phone_blocks", "roaming")
"""Marks that tell how much of a mixed group is the thief's."""


def all_scores(ballots: Ballots, groups: Groups, marks: dict[str, Mark]) -> dict[str, Floats]:
    """Scores of every family for every group; `correct` takes away what is innocent in some."""
    scores = {name: _carrying(groups, marks[name], ALLOWED[name]) for name in ALLOWED}
    for name, mark in LACKING.items():
        scores[name] = _lacking(groups, marks[mark])
    scores["code_pace"] = _pace(groups, ballots.latency)
    scores["page_pace"] = _pace(groups, ballots.dwell)
    scores["order"] = _order(ballots, groups)
    scores["refusals"] = _refusals(ballots, groups)
    scores["devices"] = _devices(ballots, groups, marks["roaming"])
    scores["colocation"] = groups.crowd
    _one_fact_once(groups, scores)
    return scores


def counted(groups: Groups, mark: Mark) -> tuple[Floats, Floats, Floats]:
    """Give of each group how many are known, how many carry the mark, and the usual rate."""
    known, carried = groups.total(mark.known), groups.total(mark.carried)
    if mark.apart:
        outside = float(mark.known.sum()) - known
        return known, carried, (float(mark.carried.sum()) - carried + 0.5) / (outside + 1)
    return known, carried, groups.total(mark.usual * mark.known) / np.maximum(known, 1)


def share_beyond(groups: Groups, marks: dict[str, Mark]) -> Floats:
    """Estimate how much of each group is not usual: the largest excess of a telling mark."""
    return np.asarray(np.max([share_of(groups, marks[name]) for name in TELLING], axis=0))


def share_of(groups: Groups, mark: Mark) -> Floats:
    """Share of each group by which a mark exceeds the usual; 0 where few of it are known."""
    known, carried, usual = counted(groups, mark)
    usual = np.minimum(usual, 0.9)
    beyond = (carried / np.maximum(known, 1) - usual) / (1 - usual)
    return np.where(known >= 0.5 * groups.size, np.maximum(beyond, 0), 0.0)


def _score(log_p: float | NDArray[np.floating]) -> Floats:
    return np.asarray(np.clip(-log_p / np.log(10), 0, MOST))


def _carrying(groups: Groups, mark: Mark, allowance: Allowance) -> Floats:
    known, carried, rate = counted(groups, mark)
    rate = np.minimum(0.95, rate * allowance.times + allowance.plus)
    return _score(stats.binom.logsf(carried - 1, known, rate))


def _lacking(groups: Groups, mark: Mark) -> Floats:
    known, carried, rate = counted(groups, mark)
    return _score(stats.binom.logcdf(carried, known, rate * _PART))


def _pace(groups: Groups, seconds: Floats) -> Floats:
    """Quick on average, or quick and more even than people are.

    Means of innocent groups scatter by 0.3 standard deviations beside chance; spreads may be
    a third of the usual variance.
    """
    z = pace_scores(seconds)
    known = ~np.isnan(z)
    n = groups.total(known)
    filled = np.where(known, z, 0.0)
    mean = groups.total(filled) / np.maximum(n, 1)
    spread = np.maximum(groups.total(filled**2) / np.maximum(n, 1) - mean**2, 0)
    quick = _score(stats.norm.logsf((-mean - 0.4) / np.sqrt(1 / np.maximum(n, 1) + 0.3**2)))
    even = _score(stats.chi2.logcdf(n * spread / 0.35, np.maximum(n - 1, 1)))
    return np.where((n >= _FEWEST_PAIRS) & (mean < _SLOWER), np.maximum(quick, even), 0.0)


def order_pairs(ballots: Ballots, rows: Ints, group_of: Ints, count: int) -> tuple[Ints, Ints]:
    """Count for each group its pairs of near neighbours, and those voting down the register."""
    by_line = np.lexsort((ballots.time, ballots.line))
    rank = np.empty(len(by_line), np.int64)
    rank[by_line] = np.arange(len(by_line))
    # One number for group and place in the register sorts ten times as fast as three columns.
    bits = len(rank).bit_length()
    both = np.sort((group_of << bits) | rank[rows])
    group, row = both >> bits, by_line[both & ((1 << bits) - 1)]
    line, home, time = ballots.line[row], ballots.code["household"][row], ballots.time[row]
    near = (group[1:] == group[:-1]) & (line[1:] - line[:-1] <= _NEIGHBOURS)
    near &= not ballots.numbered_on_arrival
    near &= ((home[1:] != home[:-1]) | (home[1:] < 0)) & (time[1:] != time[:-1])
    down = near & (time[1:] > time[:-1])
    return (
        np.bincount(group[1:][near], minlength=count),
        np.bincount(group[1:][down], minlength=count),
    )


def _order(ballots: Ballots, groups: Groups) -> Floats:
    """Neighbours in the register that voted one after another, all in one direction."""
    pairs_, down = order_pairs(ballots, groups.rows, groups.numbers(), len(groups))
    one_way = np.maximum(down, pairs_ - down)
    score = _score(np.log(2) + stats.binom.logsf(one_way - 1, pairs_, _LEAN))
    return np.where(pairs_ >= _FEWEST_PAIRS, score, 0.0)


def refusals_of(ballots: Ballots, scope: str, value: Ints) -> Ints:
    """How often each value of the scope met "already voted" for a ballot from elsewhere."""
    codes = ballots.refusals.get(scope)
    if codes is None or not len(codes):
        return np.zeros(len(value), np.int64)
    return np.bincount(codes + 1, minlength=int(value.max(initial=0)) + 2)[value + 1]


def _refusals(ballots: Ballots, groups: Groups) -> Floats:
    out = np.zeros(len(groups))
    usual = np.minimum(0.9, 3 * len(ballots.refusals["ip"]) / max(1, len(ballots)) + 0.01)
    for scope in ballots.refusals.keys() - BROAD | {"roaming"}:  # honest people share these too
        own = np.flatnonzero(groups.scope == scope)
        met = refusals_of(ballots, scope, groups.value[own])
        out[own] = _score(stats.poisson.logsf(met - 1, usual * groups.size[own]))
    return out


def _devices(ballots: Ballots, groups: Groups, roaming: Mark) -> Floats:
    """So many devices go about and vote for others; asked of all of them together."""
    carried = np.flatnonzero(roaming.carried)
    devices = len(np.unique(ballots.code["device"][carried]))
    usual = usual_devices(ballots, carried)
    score = _score(stats.poisson.logsf(np.asarray(devices - 1), usual))
    return np.where(groups.scope == "roaming", score, 0.0)


def _one_fact_once(groups: Groups, scores: dict[str, Floats]) -> None:
    """Take away what follows from how a group was chosen."""
    scope = groups.scope
    for name in ALLOWED:
        scores[name] *= np.char.find(scope, name) < 0
    chosen_quick = (np.char.find(scope, "quick") >= 0) | (np.char.find(scope, "brisk") >= 0)
    scores["quick"] *= ~chosen_quick
    scores["code_pace"] *= ~chosen_quick
    scores["page_pace"] *= ~chosen_quick
    scores["night"] *= np.char.find(scope, "hour") < 0
    scores["disguise"] *= scope != "tls+ua_family"
    # A program under its own name drives a browser, and is not the browser it drives.
    by_name = (np.char.find(scope, "ua_family") >= 0) | (scope == "tls")
    scores["disguise"] *= ~(by_name & (scores["automation"] > 0))
    chain = np.char.startswith(scope, "chain")
    scores["order"] = np.where(chain, groups.crowd, scores["order"])
    scores["colocation"] = np.where(chain | np.isin(scope, list(BROAD)), 0, groups.crowd)
    for name in scores.keys() - NOT_LEARNED:
        scores[name] = scores[name] * (scope != "victims")
    company = np.isin(scope, ["phone", "phone_100", "phone_10k", *ROOM])
    scores["phone_blocks"] *= ~company


def correct(ballots: Ballots, groups: Groups, scores: dict[str, Floats]) -> None:
    """Take away what follows from being in one room, or in one network; scores only fall."""
    company = groups.distinct(ballots.code["block"]) <= _ONE_PLACE
    scores["phone_blocks"] *= ~company
    # Alike computers are one fact; a program with many faces is another.
    stacks = groups.distinct(pairs(ballots.code["tls"], ballots.code["ua_family"]))
    one = np.minimum(scores["disguise"], _ONE_STACK_MOST)
    scores["disguise"] = np.where(stacks >= _FEW_STACKS, scores["disguise"], one)
    # A wrong entry in the file of regions moves a whole network: ask of scattered groups only.
    scattered = groups.distinct(ballots.code["ip"]) >= _SCATTERED * groups.size
    scores["distance"] *= scattered
