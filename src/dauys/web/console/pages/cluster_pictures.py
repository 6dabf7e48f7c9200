"""Pictures of a cluster with their numbers: when, in what order and from where its ballots came."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from dauys.core.entries import Notice
from dauys.core.forms import parse_instant
from dauys.response.queue import Queued
from dauys.store.signals.plots import CastPoint, cast_points
from dauys.web.console import plots, saying
from dauys.web.console.pages.cases import mask_address, network_words
from dauys.wiring import Services

STEP_WORDS = {
    timedelta(minutes=10): _("10 minutes"),
    timedelta(minutes=30): _("half an hour"),
    timedelta(hours=1): _("one hour"),
    timedelta(hours=2): _("two hours"),
    timedelta(hours=3): _("three hours"),
    timedelta(hours=6): _("six hours"),
    timedelta(hours=12): _("twelve hours"),
    timedelta(days=1): _("one day"),
}
MOST_ADDRESSES = 12
MOST_IN_ORDER = 20
LONG_STEP = timedelta(hours=3)
SHORT = 6
"""A group that came in less than such a part of the voting is also drawn closer."""
NARROW = 3
"""Dots in less than such a part of the register are drawn without the rest of it."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A bin of the timeline in words, for its table."""

    words: str
    ours: int
    usual: str


@dataclass(frozen=True, slots=True)
class Told:
    """A notice to voters, by its place on the timeline and its number there."""

    place: str
    number: int
    at: str
    words: str


@dataclass(frozen=True, slots=True)
class Hours:
    """A timeline: its geometry, and in words what it shows from when to when."""

    plot: plots.Timeline
    ticks: tuple[tuple[str, str], ...]
    told: tuple[Told, ...]
    step: str
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """The n-th ballot of the group and of the others: when it came, and its register line."""

    ours: str
    line: int
    others: str
    other_line: int | None


@dataclass(frozen=True, slots=True)
class AddressLine:
    """An address of the group; masked unless that was asked for and written down."""

    network: str
    address: str
    ballots: int
    bar: int


@dataclass(frozen=True, slots=True)
class Pictures:
    """The plots, each with its numbers.

    `share`: how many of all other ballots came between `first` and `last`, the group's own.
    `closer` is None where the group's hours are much of the voting anyway. Bars of addresses,
    `usual_bar` and `most_bar` are percent of the longest.
    """

    first: str
    last: str
    zone: str
    share: str
    hours: Hours
    closer: Hours | None
    ours: plots.DotPlot
    others: plots.DotPlot
    places: tuple[Place, ...]
    addresses: tuple[AddressLine, ...]
    more_addresses: int
    siblings: plots.Siblings
    usual: str
    usual_bar: int
    most_bar: int


@dataclass(frozen=True, slots=True)
class Background:
    """What the board says of the election: its zone, the register's size, notices to voters."""

    zone: str
    registered: int
    notices: tuple[Notice, ...]


def pictures(
    services: Services, queued: Queued, election: Background, *, unmasked: bool
) -> Pictures | None:
    """Draw a cluster; None when the signals are gone. With `unmasked` the access was logged."""
    zone = election.zone
    wanted = frozenset(queued.proposed.ballots)
    points = cast_points(services.election, queued.proposed.contest)
    ours = [p for p in points if p.leaf in wanted]
    others = [p for p in points if p.leaf not in wanted]
    if not ours:
        return None
    first, last = ours[0].time, ours[-1].time
    begin, end = points[0].time, points[-1].time
    then = [p for p in others if first <= p.time <= last]
    matched = plots.controls(ours, then)
    lines = max(election.registered, *(p.register_number for p in points))
    beside = plots.siblings(ours, others)
    most = max(beside.addresses[0][2], beside.most, 1)
    return Pictures(
        first=saying.briefly(first, zone),
        last=saying.briefly(last, zone),
        zone=saying.zone_words(last, zone),
        share=saying.percent(len(then), len(others)),
        hours=_hours(ours, others, begin, end, election),
        closer=_hours(ours, others, first, last, election) if _is_short(points, ours) else None,
        ours=plots.dot_plot(ours, first, last, *_lines(ours, lines)),
        others=plots.dot_plot(matched, first, last, 0, lines),
        places=_places(ours, matched, zone),
        addresses=tuple(
            AddressLine(
                network_words(network, beside.kinds[network]) or "—",
                address if unmasked else mask_address(address),
                ballots,
                round(100 * ballots / most),
            )
            for network, address, ballots in beside.addresses[:MOST_ADDRESSES]
        ),
        more_addresses=max(0, len(beside.addresses) - MOST_ADDRESSES),
        siblings=beside,
        usual=saying.number(beside.usual),
        usual_bar=round(100 * beside.usual / most),
        most_bar=round(100 * beside.most / most),
    )


def _is_short(points: Sequence[CastPoint], ours: Sequence[CastPoint]) -> bool:
    return SHORT * (ours[-1].time - ours[0].time) < points[-1].time - points[0].time


def _lines(points: Sequence[CastPoint], lines: int) -> tuple[int, int]:
    """Give the part of the register that is drawn: the group's own, where it is narrow."""
    numbers = [p.register_number for p in points]
    lowest, highest = min(numbers), max(numbers)
    return (lowest, highest) if NARROW * (highest - lowest) < lines else (0, lines)


def _hours(
    ours: Sequence[CastPoint],
    others: Sequence[CastPoint],
    first: datetime,
    last: datetime,
    election: Background,
) -> Hours:
    zone = election.zone
    line = plots.timeline(ours, others, first, last)
    told = [
        (place, at, notice)
        for notice in election.notices
        if (place := line.place(at := parse_instant(notice.at)))
    ]
    return Hours(
        plot=line,
        ticks=tuple((place, _tick(moment, line.step, zone)) for place, moment in line.ticks),
        told=tuple(
            Told(place, number, saying.briefly(at, zone), saying.say(notice.text))
            for number, (place, at, notice) in enumerate(told, start=1)
        ),
        step=gettext(STEP_WORDS[line.step]),
        stretches=tuple(
            Stretch(saying.briefly(one.start, zone), one.ours, saying.number(one.usual))
            for one in line.bins
            if one.ours or one.usual
        ),
    )


def _tick(moment: datetime, step: timedelta, zone: str) -> str:
    """Three of them have to fit a telephone: a day, or where bars are short an hour."""
    return saying.clock(moment, zone) if step < LONG_STEP else saying.month_day(moment, zone)


def _places(ours: Sequence[CastPoint], others: Sequence[CastPoint], zone: str) -> tuple[Place, ...]:
    return tuple(
        Place(
            saying.briefly(one.time, zone),
            one.register_number,
            saying.briefly(others[n].time, zone) if n < len(others) else "",
            others[n].register_number if n < len(others) else None,
        )
        for n, one in enumerate(ours[:MOST_IN_ORDER])
    )
