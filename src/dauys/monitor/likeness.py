"""Which ballots came like those that their own voters complained of.

Complaints are labels, though few and not all true: a voter who forgot complains too, and so, it
seems, does a thief who comes late. What most of them have in common, and other ballots have not,
is learned by naive Bayes from half of them (Elkan and Noto, "Learning classifiers from only
positive and unlabeled data", KDD 2008). The other half then says whether anything was learned: a
ballot whose own complaint was learned from is not counted.
"""

from collections.abc import Sequence

import numpy as np

from dauys.monitor.ballots import Ballots, Flags, Floats, Ints
from dauys.monitor.members import frequency, step_towards, together

_FEWEST = 10
_LEFT_OUT = 3
_ROUNDS = 60
_REFINEMENTS = 3
_START = 0.02
_MOST_SHARE = 0.5
_LIKELY = 0.5
_SURE = 0.9
_CERTAIN = 0.98
_COMPLAINT_SAYS = 0.2


def like_complained(ballots: Ballots, columns: Sequence[Sequence[Ints]]) -> Flags:
    """Ballots that came like the complained ones, none of which was learned from.

    `columns`: ways in which ballots came. Complaints, and whether a code was mistyped or the ballot
    looked up, are left out: what a group was not chosen by may speak against it.
    """
    columns = columns[:-_LEFT_OUT]
    out = np.zeros(len(ballots), bool)
    complained = ballots.complained
    if complained.sum() < _FEWEST:
        return out
    # A hash of the line: halves that have nothing to do with the order of the register.
    half = (ballots.line * 2_654_435_761 >> 13) & 1
    for own in (0, 1):
        taught = complained & (half == own)
        weights = taught.astype(np.float64)
        _, chance = _mixed(_odds(columns, weights, (~complained).astype(np.float64)), _START)
        out |= (chance > _LIKELY) & ~taught
    return out


def surely_alike(ballots: Ballots, columns: Sequence[Sequence[Ints]], free: Flags) -> Ints:
    """Rows of the free ballots that are nearly certain to be of the complained kind."""
    rows = np.flatnonzero(free)
    columns = [[column[rows] for column in kin] for kin in columns]
    complained = ballots.complained[rows].astype(np.float64)
    share, chance = _mixed(_odds(columns, complained, 1 - complained), _START)
    for _ in range(_REFINEMENTS):
        sure = np.where(chance > _SURE, chance, 0.0)
        odds = _odds(columns, sure + _COMPLAINT_SAYS * complained, 1 - chance)
        share, chance = _mixed(odds, share)
    return rows[chance > _CERTAIN]


def _odds(columns: Sequence[Sequence[Ints]], kind: Floats, others: Floats) -> Floats:
    odds = np.zeros(len(kind))
    for kin in columns:
        steps = []
        for column in kin:
            most = int(column.max(initial=0))
            base = frequency(column, others, most)
            steps.append(step_towards(frequency(column, kind, most, base), base, column))
        odds += together(steps)
    return odds


def _mixed(odds: Floats, share: float) -> tuple[float, Floats]:
    """Find how large the kind is, and the chance of each ballot to be of it."""
    chance = np.zeros(len(odds))
    for _ in range(_ROUNDS):
        prior = np.log(share / (1 - share))
        chance = 1 / (1 + np.exp(-np.clip(odds + prior, -50, 50)))
        before, share = share, float(np.clip(chance.mean(), 1e-4, _MOST_SHARE))
        if abs(share - before) < 1e-6:
            break
    return share, chance
