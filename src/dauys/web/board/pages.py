"""What the overview, the turnout and the reclaims of the board show."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from dauys.core.state import Phase
from dauys.web.board import words
from dauys.web.board.charts import HourChart, HourCount, hour_chart, share
from dauys.web.board.doors import Board
from dauys.web.board.figures import ContestFigures


@dataclass(frozen=True, slots=True)
class Frame:
    """What every page of a board knows."""

    slug: str
    name: str
    organiser: str
    phase: str
    zone: str
    has_results: bool
    voting: bool


@dataclass(frozen=True, slots=True)
class ContestLine:
    """A contest on the overview. `percent` is the turnout, `share` the width of its bar."""

    id: str
    name: str
    registered: int
    standing: int
    percent: float
    share: str
    by_method: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """The election in plain numbers."""

    phase_told: str
    opens: str
    closes: str
    year: int
    extended: bool
    restricted: str
    registered: int
    ballots: int
    standing: int
    annulled: int
    taken_back: int
    decisions: int
    permits: int | None
    size: int
    percent: float
    warnings: tuple[str, ...]
    contests: tuple[ContestLine, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """A contest to choose; the empty `id` is all of them."""

    id: str
    name: str
    current: bool


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day of the table: ballots, those that fell, and all up to its end."""

    day: str
    ballots: int
    fallen: int
    so_far: int
    hours: tuple[HourCount, ...]


@dataclass(frozen=True, slots=True)
class Turnout:
    """Ballots by hour. `chart` is None while there are none."""

    choices: tuple[Choice, ...]
    chart: HourChart | None
    told: str
    days: tuple[DayRow, ...]


@dataclass(frozen=True, slots=True)
class ReclaimRow:
    """How many took a ballot back on a day in a contest."""

    day: str
    contest: str
    count: int


@dataclass(frozen=True, slots=True)
class Reclaims:
    """Ballots that their voters took back."""

    total: int
    rows: tuple[ReclaimRow, ...]
    contests: tuple[tuple[str, int], ...]


def frame(board: Board) -> Frame:
    """What the pages have in common."""
    state, reader = board.state, board.reader
    return Frame(
        slug=board.slug,
        name=reader.text(state.manifest.name),
        organiser=reader.text(state.manifest.organiser),
        phase=words.phase(state.phase),
        zone=state.manifest.zone,
        has_results=bool(state.results),
        voting=state.phase is Phase.OPEN,
    )


def overview(board: Board) -> Overview:
    """The first page."""
    figures, manifest, reader = board.figures, board.manifest, board.reader
    allowed = board.state.methods_at(max(figures.now, manifest.opens))
    return Overview(
        phase_told=words.phase_told(figures.phase),
        opens=reader.moment(manifest.opens),
        closes=reader.moment(figures.closes),
        year=reader.year(manifest.opens),
        extended=figures.closes != manifest.closes,
        restricted="" if allowed == manifest.methods else words.methods(allowed),
        registered=figures.registered,
        ballots=figures.ballots,
        standing=figures.standing,
        annulled=figures.annulled,
        taken_back=figures.taken_back,
        decisions=figures.in_force,
        permits=figures.permits,
        size=figures.size,
        percent=_percent(figures.standing, figures.registered),
        warnings=tuple(map(reader.text, manifest.warnings)),
        contests=tuple(_contest_line(board, one) for one in figures.contests),
    )


def turnout(board: Board, contest: str) -> Turnout:
    """Ballots by hour of one contest, or of all (""). Raises LookupError for another."""
    names = {c.id: board.reader.text(c.name) for c in board.manifest.contests}
    if contest and contest not in names:
        raise LookupError(contest)
    counts = _hour_counts(board, contest)
    choices = (
        Choice("", pgettext("board", "All contests"), current=not contest),
        *(Choice(word, name, current=word == contest) for word, name in names.items()),
    )
    chart = hour_chart(counts, _midnights(board, counts)) if counts else None
    return Turnout(
        choices if len(names) > 1 else (), chart, _told(counts), _day_rows(board, counts)
    )


def reclaims(board: Board) -> Reclaims:
    """How many ballots were taken back, when and where."""
    names = {c.id: board.reader.text(c.name) for c in board.manifest.contests}
    figures = board.figures
    return Reclaims(
        total=figures.taken_back,
        rows=tuple(
            ReclaimRow(board.reader.day(day), names[contest], count)
            for day, contest, count in figures.reclaims
        ),
        contests=tuple((names[c.id], c.taken_back) for c in figures.contests),
    )


def _contest_line(board: Board, figures: ContestFigures) -> ContestLine:
    return ContestLine(
        id=figures.id,
        name=board.reader.text(board.state.contest(figures.id).name),
        registered=figures.registered,
        standing=figures.standing,
        percent=_percent(figures.standing, figures.registered),
        share=share(figures.standing, figures.registered),
        by_method=tuple((words.method(method), n) for method, n in figures.by_method),
    )


def _hour_counts(board: Board, contest: str) -> tuple[HourCount, ...]:
    ballots: Counter[datetime] = Counter()
    fallen: Counter[datetime] = Counter()
    for hour in board.figures.hours:
        if contest in {"", hour.contest}:
            ballots[hour.start] += hour.ballots
            fallen[hour.start] += hour.fallen
    return tuple(
        HourCount(start, board.reader.hour(start), ballots[start], fallen[start])
        for start in sorted(ballots)
    )


def _midnights(board: Board, counts: tuple[HourCount, ...]) -> dict[datetime, str]:
    first, last = counts[0].start, counts[-1].start
    found = {first: board.reader.day(first.date())} if len(counts) == 1 else {}
    day = first.date() + timedelta(days=1)
    while (midnight := datetime.combine(day, time(), first.tzinfo)) <= last:
        found[midnight] = board.reader.day(day)
        day += timedelta(days=1)
    return found or {first: board.reader.day(first.date())}


def _day_rows(board: Board, counts: tuple[HourCount, ...]) -> tuple[DayRow, ...]:
    by_day: dict[date, list[HourCount]] = {}
    for count in counts:
        by_day.setdefault(count.start.date(), []).append(count)
    rows, so_far = [], 0
    for day, hours in by_day.items():
        ballots = sum(hour.ballots for hour in hours)
        so_far += ballots
        fallen = sum(hour.fallen for hour in hours)
        rows.append(DayRow(board.reader.day(day), ballots, fallen, so_far, tuple(hours)))
    return tuple(rows)


def _told(counts: tuple[HourCount, ...]) -> str:
    """The sentence that says what the chart shows."""
    if not counts:
        return _("There are no ballots on the board yet.")
    total = sum(count.ballots for count in counts)
    fallen = sum(count.fallen for count in counts)
    busiest = max(counts, key=lambda count: count.ballots)
    told = ngettext(
        "%(total)d ballot came so far. The busiest hour began on %(hour)s: %(most)d.",
        "%(total)d ballots came so far. The busiest hour began on %(hour)s: %(most)d.",
        total,
    ) % {"total": total, "hour": busiest.label, "most": busiest.ballots}
    if not fallen:
        return told
    return (
        told
        + " "
        + ngettext(
            "%(fallen)d of them was annulled or taken back later.",
            "%(fallen)d of them were annulled or taken back later.",
            fallen,
        )
        % {"fallen": fallen}
    )


def _percent(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 0.0
