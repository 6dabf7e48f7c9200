"""Which ballots of a suspicious group are the thief's, and which merely share its address.

Two kinds of ballots are mixed in the group: some like everybody else's, some like one another.
Expectation-maximisation with independent columns tells them apart (naive Bayes, tempered,
since columns are not quite independent); what everybody else is like is known from the rest.
"""

from collections.abc import Sequence

import numpy as np

from dauys.monitor.ballots import Ballots, Flags, Floats, Ints
from dauys.monitor.families import TELLING
from dauys.monitor.marks import Mark, count_of, distinct_by, homes, pace_scores, pairs

_ROUNDS = 12
_SMOOTH = 10.0
_MOST_ODDS = 6.0
_CERTAIN = 0.99
_SET_APART = 0.3
_ALIKE = 0.95
_ALONG = "along"
_NEAR_IN_TIME = 0.01
_FEWEST_ON_LINE = 8
_ALIKE_IN_ONE_HAND = 0.25
_TIME_PROGRAM_SHARING_PHONE = (1, 2, 4, 5)
_RESEMBLES = 2.0
_CROWDED = 30


def ways(ballots: Ballots, marks: dict[str, Mark]) -> list[list[Ints]]:
    """Ways in which ballots came, as small numbers; unknown is -1 and says nothing.

    Columns that say much the same stand together: those of `manners`, then each mark by itself.
    The last three are whether a code was mistyped, the ballot looked up, and a complaint made.
    """
    tries = np.nan_to_num(ballots.attempts).clip(0, 3).astype(np.int64)
    return [
        *manners(ballots),
        *([_carried(marks[name])] for name in _BY_MARK),
        [np.where(np.isnan(ballots.attempts), -1, tries)],
        *([_carried(marks[name])] for name in ("checked", "complaints")),
    ]


def manners(ballots: Ballots) -> list[list[Ints]]:
    """Place, time, program, pace, sharing, phone and method, as small numbers; unknown is -1."""
    code, home = ballots.code, homes(ballots)

    def several(name: str) -> Ints:
        many = np.minimum(distinct_by(code[name], home), 64)
        return np.where(code[name] >= 0, np.log2(many).astype(np.int64), -1)

    def binned(scores: Floats) -> Ints:
        bins = np.clip(np.nan_to_num(scores) * 2, -8, 8).astype(np.int64) + 8
        return np.where(np.isnan(scores), -1, bins)

    last_line = int(ballots.line.max(initial=0)) + 1
    crowded = np.where(count_of(code["ip"]) >= _CROWDED, code["ip"], -1)
    return [
        [
            *(code["asn"], pairs(code["ip_region"], code["ip_class"])),
            *(ballots.line * 40 // last_line, pairs(crowded, crowded)),
        ],
        [(ballots.time // 3600 % 24).astype(np.int64), (ballots.place * 40).astype(np.int64)],
        [pairs(code["tls"], code["ua_family"]), code["ua_family"]],
        [binned(pace_scores(ballots.latency)), binned(pace_scores(ballots.dwell))],
        [several("device"), several("ip")],
        [several("phone"), np.where(count_of(code["phone_100"]) > 5, 1, 0)],
        [code["method"]],
    ]


def _carried(mark: Mark) -> Ints:
    return np.where(mark.known, mark.carried, -1)


_BY_MARK = ("distance", "automation", "roaming", "disguise")


def posterior(
    columns: Sequence[Sequence[Ints]],
    rows: Ints,
    rest: Flags,
    share: float,
    told: Flags | None = None,
    one_hand: Ints | None = None,
) -> Floats:
    """Chance, for each of `rows`, to belong to the odd part, of which about `share` do.

    A column in which the group is all alike follows from what it was chosen by, and is left out.
    `told`: who carries a mark that tells; then the others of the group show what its innocent
    part is like. `one_hand`: ballots with the same number (not -1) are judged together.
    """
    columns = [[c for c in kin if not _all_alike(c[rows])] for kin in columns]
    columns = [kin for kin in columns if kin]
    share = float(np.clip(share, 0.05, 0.98))
    usual = [[frequency(c[rest], None, int(c.max(initial=0))) for c in kin] for kin in columns]
    found = np.full(len(rows), share)
    if told is not None:
        found = np.where(told, 0.95, 0.05)
        share = float(np.clip(found.mean(), 0.05, 0.98))
    for turn in range(_ROUNDS):
        odds = np.zeros(len(rows))
        for kin, bases in zip(columns, usual, strict=True):
            steps = []
            for column, outside in zip(kin, bases, strict=True):
                base = outside
                if told is not None:
                    base = frequency(column[rows], 1 - found, len(outside) - 1, outside)
                weights = None if turn == 0 and told is None else found
                alike = frequency(column[rows], weights, int(column.max(initial=0)), base)
                if weights is None:  # take what is usual away from the group
                    alike = np.maximum(alike - (1 - share) * base, 0.02 * base)
                    alike /= alike.sum()
                steps.append(step_towards(alike, base, column[rows]))
            odds += together(steps)
        if one_hand is not None:
            odds = _judged_together(odds, one_hand[rows])
        odds += np.log(share / (1 - share))
        before, found = found, 1 / (1 + np.exp(-np.clip(odds, -50, 50)))
        share = float(np.clip(found.mean(), 0.02, 0.98))
        if np.abs(found - before).max() < 1e-3:
            break
    return found


def resembling(
    columns: Sequence[Sequence[Ints]], rows: Ints, found: Flags, outside: Flags
) -> Flags:
    """Which of `rows` came at the times, by the programs and the phones of those found.

    Where a mark told the two parts of a group apart, a thief's ballots that lack the mark stay on
    the wrong side; but they do not come like those outside the group. Place and pace are left
    out: place is what the group has in common, and pace may be the mark.
    """
    if not found.any():
        return found
    odds = np.zeros(len(rows))
    for kin in [columns[place] for place in _TIME_PROGRAM_SHARING_PHONE]:
        steps = []
        for column in kin:
            most = int(column.max(initial=0))
            base = frequency(column[outside], None, most)
            alike = frequency(column[rows[found]], None, most, base)
            steps.append(step_towards(alike, base, column[rows]))
        odds += together(steps)
    return np.asarray(odds > _RESEMBLES)


def _judged_together(odds: Floats, hand: Ints) -> Floats:
    """Add up the odds of all that one hand did, tempered: what one hand does is much alike."""
    total = np.bincount(hand + 1, odds)[hand + 1]
    many = count_of(hand)
    return np.where(hand >= 0, total / many**_ALIKE_IN_ONE_HAND, odds)


def grow(
    ballots: Ballots,
    columns: Sequence[Sequence[Ints]],
    marks: dict[str, Mark],
    seed: Ints,
    free: Flags,
    one_hand: Ints | None = None,
) -> Ints:
    """Rows of free ballots that came in the ways of the seed, which is a part of them.

    Step by step: whoever is nearly certain to be of the kind of those found so far, and carries
    the marks that set the seed apart, joins them. Of those found, what is likelier not of their
    kind is left out again.
    """
    rows = np.flatnonzero(free)
    seeded = np.isin(rows, seed)
    found = seeded.copy()
    chance = found.astype(np.float64)
    for _ in range(_ROUNDS):
        along = np.full(len(ballots), -1)
        along[rows] = _along(ballots, rows, found)
        chance = _alike([*columns, [along]], rows, found, one_hand)
        kinds = {**marks, _ALONG: Mark(along == 1, along >= 0, np.zeros(0))}
        alike = _of_a_kind(kinds, rows, seeded, found)
        joined = (found & (chance > 0.8)) | (alike & (chance > _CERTAIN))
        settled = bool((joined == found).all())
        found = joined
        if settled or not found.any():
            break
    return rows[found]


def _alike(
    columns: Sequence[Sequence[Ints]], rows: Ints, found: Flags, one_hand: Ints | None
) -> Floats:
    share = float(np.clip(found.mean(), 1e-4, 0.9))
    odds = np.zeros(len(rows))
    for kin in columns:
        steps = []
        for column in kin:
            most = int(column.max(initial=0))
            base = frequency(column[rows[~found]], None, most)
            alike = frequency(column[rows[found]], None, most, base)
            steps.append(step_towards(alike, base, column[rows]))
        odds += together(steps)
    if one_hand is not None:
        odds = _judged_together(odds, one_hand[rows])
    odds += np.log(share / (1 - share))
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -50, 50))))


def _along(ballots: Ballots, rows: Ints, found: Flags) -> Ints:
    """Whether each row stands, in register and time, between two of those found: 1, 0, or -1.

    A thief who goes down the register passes between them; others do so by chance only. It is
    not known beyond the ends, or where the two are far apart in time.
    """
    out = np.full(len(rows), -1)
    if ballots.numbered_on_arrival or found.sum() < _FEWEST_ON_LINE:
        return out
    line, place = ballots.line[rows], ballots.place[rows]
    way = np.flatnonzero(found)[np.argsort(line[found], kind="stable")]
    at = np.searchsorted(line[way], line, side="left")
    above = np.searchsorted(line[way], line, side="right")  # past itself, where it is found
    inside = (at > 0) & (above < len(way))
    before = place[way[np.maximum(at - 1, 0)]]
    after = place[way[np.minimum(above, len(way) - 1)]]
    inside &= np.abs(after - before) <= _NEAR_IN_TIME
    slack = 2 / len(ballots)
    between = (place >= np.minimum(before, after) - slack) & (
        place <= np.maximum(before, after) + slack
    )
    return np.where(inside, between, out)


def _of_a_kind(marks: dict[str, Mark], rows: Ints, seeded: Flags, found: Flags) -> Flags:
    """Which rows carry at least half of the marks that set the seed apart; none if none does."""
    telling, carried = 0, np.zeros(len(rows))
    for name in (*TELLING, "brisk", "distance", "hosting", _ALONG):
        mark = marks[name]
        if _rate(mark, rows[seeded]) - _rate(mark, rows[~found]) >= _SET_APART:
            telling += 1
            carried += mark.carried[rows] | ~mark.known[rows]
    return np.asarray(2 * carried >= telling) if telling else np.zeros(len(rows), bool)


def _rate(mark: Mark, rows: Ints) -> float:
    known = mark.known[rows].sum()
    return float(mark.carried[rows].sum() / known) if known else 0.0


def _all_alike(own: Ints) -> bool:
    known = own[own >= 0]
    return not len(known) or bool(np.bincount(known).max() >= _ALIKE * len(known))


def step_towards(alike: Floats, base: Floats, own: Ints) -> Floats:
    """Log odds, for each ballot, of its value in one column; 0 where it is unknown."""
    steps = np.clip(np.log(alike / base), -_MOST_ODDS, _MOST_ODDS)
    return np.append(steps, 0.0)[own]  # -1 is the last


def together(steps: Sequence[Floats]) -> Floats:
    """Of kindred columns the best speaks for the thief, and all of them against."""
    against = np.sum([np.minimum(step, 0) for step in steps], axis=0)
    return np.asarray(np.max([np.maximum(step, 0) for step in steps], axis=0) + against)


def frequency(
    values: Ints, weights: Floats | None, most: int, base: Floats | None = None
) -> Floats:
    """Share of each value from 0 to `most` among the known ones, drawn a little towards `base`."""
    counts = np.bincount(values + 1, weights, most + 2)[1:]  # the first are the unknown
    prior = np.full(most + 1, 1 / (most + 1)) if base is None else base
    return np.asarray((counts + _SMOOTH * prior) / (counts.sum() + _SMOOTH))
