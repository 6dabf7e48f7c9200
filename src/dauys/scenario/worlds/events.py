"""What happens when attempts meet: the first ballot stands, whoever comes later is refused."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dauys.scenario.worlds.casts import HONEST, Casts, join
from dauys.scenario.worlds.honest import Town
from dauys.scenario.worlds.register import Ints
from dauys.scenario.worlds.rhythm import Floats

KINDS = (
    "code_requested",
    "code_wrong",
    "identified",
    "cast",
    "refused_voted",
    "reclaimed",
    "checked",
)
_REQUESTED, _WRONG, _IDENTIFIED, _CAST, _REFUSED, _RECLAIMED, _CHECKED = range(7)

_RECLAIM_SHARE = 0.35


@dataclass(frozen=True, slots=True)
class Events:
    """Events in columns: `row` is the attempt of `attempts` each belongs to."""

    attempts: Casts
    row: Ints
    kind: Ints
    time: Floats


def play(town: Town, attacks: list[Casts]) -> Events:
    """Let voters and thieves (`attacks[i]` gets the label i + 1) meet."""
    for number, attack in enumerate(attacks, start=1):
        attack.label = np.full(len(attack), number)
        attack.time = np.clip(
            attack.time, town.rhythm.end - town.world.days * 86400, town.rhythm.end - 1
        )
    attempts = join([town.casts, *attacks, _forgetful(town)])
    order = np.lexsort((attempts.time, attempts.line))
    attempts = attempts.take(order)
    first = np.ones(len(attempts), bool)
    first[1:] = attempts.line[1:] != attempts.line[:-1]
    robbed = _robbed(attempts, first)
    takes_back = robbed & (
        town.random.random(len(attempts)) < _RECLAIM_SHARE * town.world.signature
    )
    return _collect(attempts, first, takes_back, town.random)


def _forgetful(town: Town) -> Casts:
    """People who come again, mostly with what they had at hand the first time."""
    rows = np.flatnonzero(town.random.random(len(town.casts)) < town.world.forgetful)
    again = town.casts.take(rows)
    again.time = again.time + town.random.exponential(2 * 86400, len(rows))
    elsewhere = town.random.random(len(rows)) < 0.3
    again.device[elsewhere] = town.random.integers(1, 1 << 62, int(elsewhere.sum()))
    region = town.lines.region[again.line - 1]
    ip, network, seat = town.internet.mobile(region)
    again.ip[elsewhere], again.network[elsewhere] = ip[elsewhere], network[elsewhere]
    again.ip_region[elsewhere] = seat[elsewhere]
    return again


def _robbed(attempts: Casts, first: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whose ballot was cast by a thief before they came."""
    begin = np.maximum.accumulate(np.where(first, np.arange(len(first)), 0))
    robbed = ~first & (attempts.label == HONEST) & (attempts.label[begin] != HONEST)
    return np.asarray(robbed, bool)


def _collect(
    attempts: Casts,
    first: NDArray[np.bool_],
    takes_back: NDArray[np.bool_],
    random: np.random.Generator,
) -> Events:
    rows = np.arange(len(attempts))
    coded = rows[~np.isnan(attempts.latency)]
    identified = attempts.time - attempts.dwell
    asked = identified - np.nan_to_num(attempts.latency)
    mistaken = coded[attempts.attempts[coded] > 1]
    later = attempts.time + random.exponential(900, len(rows)) + 5
    checked = rows[first & (attempts.checked == 1)]
    back = rows[takes_back]
    parts = (
        (coded, _REQUESTED, asked),
        (mistaken, _WRONG, (asked + identified) / 2),
        (rows, _IDENTIFIED, identified),
        (rows[first], _CAST, attempts.time),
        (rows[~first], _REFUSED, identified + 1),
        (back, _RECLAIMED, later),
        (back, _CAST, later + 60),
        (checked, _CHECKED, later),
    )
    row = np.concatenate([which for which, _, _ in parts])
    kind = np.concatenate([np.full(len(which), code) for which, code, _ in parts])
    time = np.concatenate([when[which] for which, _, when in parts])
    order = np.lexsort((kind, row, time))
    return Events(attempts, row[order], kind[order], time[order])
