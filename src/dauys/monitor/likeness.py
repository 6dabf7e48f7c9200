"""Which ballots came like those that their own voters complained of.

Complaints are labels, though few and not all true: a voter who forgot complains too, and so, it
seems, does a thief who comes late. What most of them have in common, and other ballots have not,
is learned by naive Bayes from half of them (Elkan and Noto, "Learning classifiers from only
positive and unlabeled data", KDD 2008). The other half then says whether anything was learned: a
ballot whose own complaint was learned from is not counted.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy import stats

from dauys.monitor.ballots import Ballots, Flags, Floats, Ints
from dauys.monitor.members import frequency, manners, step_towards, together

Columns = Sequence[Sequence[Ints]]

_FEWEST = 10
_FEWEST_VISITS = 20
_LEFT_OUT = 3
_ROUNDS = 60
_TURNS = 5
_LIKE_A_THIEF = 2.0
_REFINEMENTS = 6
_SETTLED = 0.02
_START = 0.02
_MOST_SHARE = 0.5
_RATHER = 0.5
_LIKELY = 0.8
_SURE = 0.95
_BY_LUCK = 0.01


def complaints_of_victims(ballots: Ballots) -> Flags:
    """Complaints, without those that seem to be the thief's own late visits.

    A visit meets a ballot: either the ballot is a thief's and the visit its owner's, or the other
    way round. Which of them comes like the others of its side is learned, again, from one half of
    them for the other. What is discarded depends on the visit alone, so that the complaints that
    stay favour no ballot.
    """
    visits = ballots.visits
    place = np.full(len(ballots.origin), -1)
    place[ballots.row] = np.arange(len(ballots))
    at = place[visits.of]
    kept = at >= 0
    if kept.sum() < _FEWEST_VISITS:
        return ballots.complained
    at = at[kept]
    columns = manners(_and_visits(ballots, kept))
    others = np.concatenate([(~ballots.complained).astype(np.float64), np.zeros(len(at))])
    usual = _usual(columns, others)
    sides = np.append(at, len(ballots) + np.arange(len(at)))
    columns = [[column[sides] for column in kin] for kin in columns]
    half = _halves(ballots.line)[at]
    late = np.zeros(len(at), bool)
    for own in (0, 1):
        taught = half == own
        late |= ~taught & (_thief_likeness(columns, taught, usual) > _LIKE_A_THIEF)
    out = ballots.disowned.copy()
    out[at[~late]] = True
    return out


def _thief_likeness(columns: Columns, taught: Flags, usual: list[list[Floats]]) -> Floats:
    """Log odds of each visit to be a thief's, learned from those `taught`.

    `columns` describe the ballots that were met, then the visits that met them, in one order.
    """
    is_thief = np.full(len(taught), 0.5)
    visit = np.zeros(len(taught))
    for _ in range(_TURNS):
        kind = np.append(taught * (1 - is_thief), taught * is_thief)
        ballot, visit = np.split(_odds(columns, kind, usual), 2)
        is_thief = 1 / (1 + np.exp(-np.clip(visit - ballot, -50, 50)))
    return visit


def _and_visits(ballots: Ballots, kept: Flags) -> Ballots:
    """Put visits below the ballots, so that both are described in the same words."""
    visits, nothing = ballots.visits, np.full(int(kept.sum()), np.nan)
    time = visits.time[kept]
    return replace(
        ballots,
        time=np.append(ballots.time, time),
        place=np.append(ballots.place, np.searchsorted(ballots.time, time) / len(ballots)),
        line=np.append(ballots.line, visits.line[kept]),
        code={
            name: np.append(ballots.code[name], column[kept])
            for name, column in visits.code.items()
        },
        latency=np.append(ballots.latency, visits.latency[kept]),
        dwell=np.append(ballots.dwell, nothing),
        attempts=np.append(ballots.attempts, visits.attempts[kept]),
    )


def _halves(line: Ints) -> Ints:
    """Cut by a hash of the line: halves that have nothing to do with the register's order."""
    return np.asarray((line * 2_654_435_761 >> 13) & 1)


def like_complained(ballots: Ballots, columns: Columns) -> Flags:
    """Ballots that came like the complained ones of the other half; none if nothing was learned.

    Something was, if among them more are complained of than luck explains. `columns`: ways in
    which ballots came. Complaints, and whether a code was mistyped or the ballot looked up, are
    left out: what a group was not chosen by may speak against it.
    """
    alike = np.zeros(len(ballots), bool)
    complained, half = ballots.complained, _halves(ballots.line)
    if complained.sum() < _FEWEST:
        return alike
    for own in (0, 1):
        taught = complained & (half == own)
        alike |= (half != own) & (_kind(columns[:-_LEFT_OUT], taught, ~complained) > _LIKELY)
    told = complained & alike
    usual = ((complained & ~alike).sum() + 1) / ((~alike).sum() + 1)
    learned = stats.binom.sf(told.sum() - 1, alike.sum(), usual) < _BY_LUCK
    return alike if learned else np.zeros(len(ballots), bool)


def surely_alike(ballots: Ballots, columns: Columns, free: Flags) -> Ints:
    """Rows of the free ballots that are nearly certain to be of the complained kind."""
    rows = np.flatnonzero(free)
    columns = [[column[rows] for column in kin] for kin in columns]
    complained = ballots.complained[rows]
    return rows[_kind(columns, complained, ~complained) > _SURE]


def _kind(columns: Columns, taught: Flags, others: Flags) -> Floats:
    """Chance of each ballot to be of the kind that most of those `taught` are.

    First it is learned from them beside `others`; then from all that rather are of the kind
    beside the rest, some times over.
    """
    taught_, rest = taught.astype(np.float64), others.astype(np.float64)
    share, chance = _mixed(_odds(columns, taught_, _usual(columns, rest)), _START)
    for _ in range(_REFINEMENTS):
        sure, before = np.where(chance > _RATHER, chance, 0.0), share
        share, chance = _mixed(_odds(columns, sure + taught_, _usual(columns, 1 - chance)), share)
        if abs(share - before) < _SETTLED * share:
            break
    return chance


def _usual(columns: Columns, others: Floats) -> list[list[Floats]]:
    """Share of each value of each column among the others."""
    return [[frequency(c, others, int(c.max(initial=0))) for c in kin] for kin in columns]


def _odds(columns: Columns, kind: Floats, usual: list[list[Floats]]) -> Floats:
    """Log odds of each ballot to be of a kind; `kind` says how much each is of it."""
    odds, of_kind = np.zeros(len(kind)), np.flatnonzero(kind)
    for kin, bases in zip(columns, usual, strict=True):
        steps = []
        for column, base in zip(kin, bases, strict=True):
            alike = frequency(column[of_kind], kind[of_kind], len(base) - 1, base)
            steps.append(step_towards(alike, base, column))
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
