"""Geometry of the bar charts, in percent and pixels, so that SVG needs no styles.

Widths are percent of the picture and heights are pixels: text keeps its size on a
telephone and on a wide screen.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

PLOT_HEIGHT = 180
"""Pixels between the zero line and the top of the plot."""
TOP = 24
"""Pixels above the plot, for the number at its top."""
BASE = TOP + PLOT_HEIGHT
LAST_FIFTH = 80.0
"""Percent of the width after which words would leave the picture of a telephone."""
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Column:
    """One bar: what fell (annulled, taken back) stands on top of what stands."""

    label: str
    x: str
    width: str
    standing_y: str
    standing_height: str
    fallen_y: str
    fallen_height: str


@dataclass(frozen=True, slots=True)
class DayMark:
    """Where a day begins. `minor` ones have no words: there is no room for all."""

    x: str
    label: str
    minor: bool


@dataclass(frozen=True, slots=True)
class Level:
    """A line of the grid."""

    y: str
    label: int


@dataclass(frozen=True, slots=True)
class HourChart:
    """Ballots by hour."""

    columns: tuple[Column, ...]
    days: tuple[DayMark, ...]
    levels: tuple[Level, ...]
    base: int = BASE
    height: int = BASE + 28


@dataclass(frozen=True, slots=True)
class HourCount:
    """What one bar shows; `label` names the hour."""

    start: datetime
    label: str
    ballots: int
    fallen: int


def hour_chart(counts: tuple[HourCount, ...], day_label: dict[datetime, str]) -> HourChart:
    """The chart of `counts`, at least one, in order. `day_label` has the midnights to mark."""
    first = counts[0].start
    hours = int((counts[-1].start - first) / HOUR) + 1
    top = nice_top(max(count.ballots for count in counts))
    width = 100 / hours
    columns = tuple(
        _column(count, (count.start - first) / HOUR * width, width, top) for count in counts
    )
    every = max(1, -(-len(day_label) // 4))
    days = tuple(
        _day_mark((midnight - first) / HOUR * width, label, minor=number % every != 0)
        for number, (midnight, label) in enumerate(day_label.items())
    )
    levels = tuple(
        Level(_pixels(BASE - PLOT_HEIGHT * part / 2), top * part // 2)
        for part in (range(1, 3) if top % 2 == 0 else range(2, 3))
    )
    return HourChart(columns, days, levels)


def nice_top(largest: int) -> int:
    """The smallest of 1, 2, 4, 5, 10, 20, 40, 50, … that is not below `largest`."""
    scale = 1
    while True:
        for step in (1, 2, 4, 5):
            if step * scale >= largest:
                return step * scale
        scale *= 10


def share(part: int, whole: int) -> str:
    """The width of a bar: `part` of `whole`, as SVG has it."""
    return _percent(100 * part / whole if whole else 0)


def _column(count: HourCount, x: float, width: float, top: int) -> Column:
    standing = PLOT_HEIGHT * (count.ballots - count.fallen) / top
    fallen = PLOT_HEIGHT * count.fallen / top
    return Column(
        label=count.label,
        x=_percent(x),
        width=_percent(width * 0.9),
        standing_y=_pixels(BASE - standing),
        standing_height=_pixels(standing),
        fallen_y=_pixels(BASE - standing - fallen),
        fallen_height=_pixels(fallen),
    )


def _day_mark(x: float, label: str, *, minor: bool) -> DayMark:
    return DayMark(_percent(x), label, minor or x > LAST_FIFTH)


def _percent(value: float) -> str:
    return f"{value:.3f}%"


def _pixels(value: float) -> str:
    return f"{value:.1f}"
