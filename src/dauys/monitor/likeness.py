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

_FEWEST = 10
_FEWEST_VISITS = 20
_LEFT_OUT = 3
_ROUNDS = 60
_TURNS = 5
_LIKE_A_THIEF = 2.0
_REFINEMENTS = 6
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
    half = _halves(ballots.line)[at]
    late = np.zeros(len(at), bool)
    others = np.concatenate([(~ballots.complained).astype(np.float64), np.zeros(len(at))])
    for own in (0, 1):
        taught = half == own
        late |= ~taught & (_thief_likeness(columns, at, taught, others) > _LIKE_A_THIEF)
    out = ballots.disowned.copy()
    out[at[~late]] = True
    return out


def _thief_likeness(
    columns: Sequence[Sequence[Ints]], at: Ints, taught: Flags, others: Floats
) -> Floats:
    """Log odds of each visit to be a thief's, learned from those `taught`.

    `columns` describe ballots, then visits; `at` is the ballot that each visit met.
    """
    count = len(others) - len(at)
    is_thief = np.full(len(at), 0.5)
    odds = np.zeros(len(others))
    for _ in range(_TURNS):
        kind = np.zeros(len(others))
        np.add.at(kind, at[taught], 1 - is_thief[taught])
        kind[count:] = np.where(taught, is_thief, 0.0)
        odds = _odds(columns, kind, others)
        is_thief = 1 / (1 + np.exp(-np.clip(odds[count:] - odds[at], -50, 50)))
    return odds[count:]


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


def like_complained(ballots: Ballots, columns: Sequence[Sequence[Ints]]) -> Flags:
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


def surely_alike(ballots: Ballots, columns: Sequence[Sequence[Ints]], free: Flags) -> Ints:
    """Rows of the free ballots that are nearly certain to be of the complained kind."""
    rows = np.flatnonzero(free)
    columns = [[column[rows] for column in kin] for kin in columns]
    complained = ballots.complained[rows]
    return rows[_kind(columns, complained, ~complained) > _SURE]


def _kind(columns: Sequence[Sequence[Ints]], taught: Flags, others: Flags) -> Floats:
    """Chance of each ballot to be of the kind that most of those `taught` are.

    First it is learned from them beside `others`; then from all that rather are of the kind
    beside the rest, some times over.
    """
    taught_, rest = taught.astype(np.float64), others.astype(np.float64)
    share, chance = _mixed(_odds(columns, taught_, rest), _START)
    for _ in range(_REFINEMENTS):
        sure = np.where(chance > _RATHER, chance, 0.0)
        share, chance = _mixed(_odds(columns, sure + taught_, 1 - chance), share)
    return chance


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
