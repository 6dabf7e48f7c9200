"""Chains through the register: ballots that come one after another, in its order.

Two ballots are linked when the later one stands a little further down the register (or up, for
the other direction) and hardly any ballots came between. Honest neighbours are linked either way
alike, even inside a reminder wave that was sent in register order; a script goes one way and makes
long chains. Several widths are tried: a thief may take every name, or one in a hundred.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from dauys.monitor.ballots import Ballots, Floats, Ints
from dauys.monitor.marks import homes

_STEPS = (200, 60, 20, 7, 2)
_CHANCE_LINKS = 0.06
_WORSE = 2.0
_MOST = 40.0


@dataclass(frozen=True, slots=True)
class Chains:
    """A chain number for each ballot (-1: none), and each chain's -log10 of chance."""

    code: Ints
    score: Floats


def find_chains(ballots: Ballots, among: Ints, fewest: int) -> list[Chains]:
    """Chains of each width among these rows, in the direction that has more of them."""
    order = among[np.lexsort((ballots.line[among], ballots.time[among]))]
    line, home = ballots.line[order], homes(ballots)[order]
    span = float(np.ptp(line)) + 1 if len(line) else 1.0
    found: list[Chains] = []
    if ballots.numbered_on_arrival:
        return found
    for steps in _STEPS:
        width = int(_CHANCE_LINKS * span / steps)
        if width < 2 or len(line) < 50:
            continue
        up, down = _links(line, home, ballots.time[order], width, steps)
        one = _components(up, down, len(line), fewest)
        other = _components(down, up, len(line), fewest)
        best, control = (one, other) if one.score.sum() >= other.score.sum() else (other, one)
        code = np.full(len(ballots), -1)
        code[order] = best.code
        found.append(Chains(code, np.maximum(best.score - 1.5 * control.score.max(initial=0), 0)))
    return found


def _links(line: Ints, home: Ints, time: Floats, width: int, steps: int) -> tuple[Ints, Ints]:
    """Pairs of ballots, as a table of two rows, linked down the register and up.

    Ballots of the very same moment were written together, and have no order.
    """
    up: list[Ints] = []
    down: list[Ints] = []
    for step in range(1, min(steps, len(line) - 1) + 1):
        apart = line[step:] - line[:-step]
        near = (np.abs(apart) <= width) & (home[step:] != home[:-step])
        near &= time[step:] > time[:-step]
        for pairs, way in ((up, near & (apart > 0)), (down, near & (apart < 0))):
            first = np.flatnonzero(way)
            pairs.append(np.stack([first, first + step]))
    return np.concatenate(up, axis=1), np.concatenate(down, axis=1)


def _components(links: Ints, against: Ints, count: int, fewest: int) -> Chains:
    """Chains of these links; those of the other direction say how long chance makes them."""
    graph = coo_array((np.ones(links.shape[1]), (links[0], links[1])), (count, count))
    number, label = connected_components(graph, directed=False)
    size = np.bincount(label, minlength=number)
    usual = min(0.9, _WORSE * 2 * (against.shape[1] + 10) / max(1, count))
    ratio = usual * np.exp(1 - usual)  # tail of a subcritical branching process
    score = np.clip(-size * np.log10(ratio) - np.log10(max(1, count)), 0, _MOST)
    code = np.where(size[label] >= fewest, label, -1)
    return Chains(code, score)
