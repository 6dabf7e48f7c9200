"""Geometry of a cluster's pictures. Widths are percent, heights pixels, as on the board.

A picture compares: the group's hours with the hours of everybody else, the group's dots with
the dots of as many other voters who came at the same time.
"""

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from dauys.store.signals.plots import CastPoint
from dauys.web.board.charts import nice_top

HEIGHT = 160
TOP = 20
BASE = TOP + HEIGHT
MOST_BINS = 48
TICKS = 3
STEPS = tuple(timedelta(minutes=m) for m in (10, 30, 60, 120, 180, 360, 720, 1440))


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar that stands on the base line: across in percent, up in pixels."""

    x: str
    width: str
    y: str
    height: str


@dataclass(frozen=True, slots=True)
class Bin:
    """A stretch of time: ballots of the group, and how many would be usual then."""

    start: datetime
    ours: int
    usual: float
    bar: Bar
    usual_bar: Bar


@dataclass(frozen=True, slots=True)
class Timeline:
    """The group's ballots over time, beside as many that came as everybody else's did.

    `ticks` are moments to write under the bars, with their places in percent.
    """

    bins: tuple[Bin, ...]
    step: timedelta
    ticks: tuple[tuple[str, datetime], ...]
    top: int
    base: int = BASE
    height: int = BASE + 28

    def place(self, moment: datetime) -> str | None:
        """Where a moment stands, in percent; None for one outside."""
        share = (moment - self.bins[0].start) / (len(self.bins) * self.step)
        return f"{100 * share:.2f}%" if 0 <= share <= 1 else None


@dataclass(frozen=True, slots=True)
class Dot:
    """A ballot: time across, line of the register up. Positions in percent and pixels."""

    x: str
    y: str


@dataclass(frozen=True, slots=True)
class DotPlot:
    """Register line against time, and the same in two numbers.

    Of `pairs` neighbours on the register (ten lines or nearer), `one_way` voted in the same
    direction; by chance about half do.
    """

    dots: tuple[Dot, ...]
    pairs: int
    one_way: int
    lowest: int
    highest: int
    base: int = BASE
    height: int = BASE + 28


def timeline(
    ours: Sequence[CastPoint], others: Sequence[CastPoint], first: datetime, last: datetime
) -> Timeline:
    """Time from `first` to `last` in at most 48 bins."""
    span = last - first
    step = next((s for s in STEPS if span / s < MOST_BINS), STEPS[-1])
    begin = first - timedelta(seconds=first.timestamp() % step.total_seconds())
    count = int((last - begin) / step) + 1
    mine = _histogram(ours, begin, step, count)
    theirs = _histogram(others, begin, step, count)
    scale = len(ours) / sum(theirs) if sum(theirs) else 0.0
    usual = [one * scale for one in theirs]
    top = nice_top(math.ceil(max(*mine, *usual, 1)))
    width = 100 / count
    bins = tuple(
        Bin(
            start=begin + n * step,
            ours=mine[n],
            usual=round(usual[n], 1),
            bar=_bar((n + 0.25) * width, width * 0.5, mine[n] / top),
            usual_bar=_bar((n + 0.04) * width, width * 0.92, usual[n] / top),
        )
        for n in range(count)
    )
    apart = -(-count // TICKS)
    ticks = tuple((one.usual_bar.x, one.start) for one in bins[::apart])
    return Timeline(bins, step, ticks, top)


def _bar(x: float, width: float, share: float) -> Bar:
    height = HEIGHT * share
    return Bar(f"{x:.3f}%", f"{width:.3f}%", f"{BASE - height:.1f}", f"{height:.1f}")


def dot_plot(
    points: Sequence[CastPoint], begin: datetime, end: datetime, lowest: int, highest: int
) -> DotPlot:
    """Dots of `points` between two moments, from line `lowest` of the register to `highest`."""
    span = max((end - begin).total_seconds(), 1.0)
    lines = max(highest - lowest, 1)
    dots = tuple(
        Dot(
            f"{2 + 96 * (p.time - begin).total_seconds() / span:.2f}%",
            f"{BASE - HEIGHT * (p.register_number - lowest) / lines:.1f}",
        )
        for p in points
        if begin <= p.time <= end
    )
    by_line = sorted({p.register_number: p for p in points}.items())
    near = [one.time < other.time for (a, one), (b, other) in pairwise(by_line) if b - a <= 10]
    one_way = max(sum(near), len(near) - sum(near))
    return DotPlot(dots, len(near), one_way, lowest, highest)


def controls(ours: Sequence[CastPoint], others: Sequence[CastPoint]) -> tuple[CastPoint, ...]:
    """For each ballot of the group another voter's, by the same method, nearest in time.

    Nobody is taken twice; where there are fewer others than ours, all of them.
    """
    pools: dict[str, list[CastPoint]] = {}
    for point in others:
        pools.setdefault(point.method, []).append(point)
    taken: list[CastPoint] = []
    for point in ours:
        pool = pools.get(point.method, [])
        if pool:
            taken.append(pool.pop(_nearest(pool, point.time)))
    return tuple(sorted(taken, key=lambda p: p.time))


@dataclass(frozen=True, slots=True)
class Siblings:
    """Addresses of the group, each with its ballots, beside the others of the same network."""

    addresses: tuple[tuple[str, str, int], ...]
    """Network, address, ballots of the group; the most first."""
    kinds: dict[str, str]
    """Of each network: mobile, fixed, hosting, vpn or unknown."""
    others: int
    usual: float
    most: int


def siblings(ours: Sequence[CastPoint], others: Sequence[CastPoint]) -> Siblings:
    """Compare how many ballots addresses brought. `usual` is the median of the siblings'."""
    mine: dict[tuple[str, str], int] = {}
    for point in ours:
        key = (point.network, point.address)
        mine[key] = mine.get(key, 0) + 1
    networks = {network for network, _ in mine}
    theirs: dict[tuple[str, str], int] = {}
    for point in others:
        key = (point.network, point.address)
        if point.network in networks and key not in mine:
            theirs[key] = theirs.get(key, 0) + 1
    ranked = sorted(mine.items(), key=lambda item: (-item[1], item[0]))
    return Siblings(
        tuple((network, address, ballots) for (network, address), ballots in ranked),
        {point.network: point.kind for point in ours},
        len(theirs),
        float(median(theirs.values())) if theirs else 0.0,
        max(theirs.values(), default=0),
    )


def _histogram(
    points: Sequence[CastPoint], begin: datetime, step: timedelta, count: int
) -> list[int]:
    found = [0] * count
    for point in points:
        place = (point.time - begin) // step
        if 0 <= place < count:
            found[place] += 1
    return found


def _nearest(pool: Sequence[CastPoint], time: datetime) -> int:
    place = bisect_left(pool, time, key=lambda p: p.time)
    if place == len(pool):
        return place - 1
    if place and time - pool[place - 1].time <= pool[place].time - time:
        return place - 1
    return place
