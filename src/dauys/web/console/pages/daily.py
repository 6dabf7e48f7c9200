"""The report of one day: what came, what the monitor saw, what staff did. No private data."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from dauys.core.ids import ContestId
from dauys.core.state import ElectionState
from dauys.monitor.discovery import PROMISE
from dauys.response.cases import decisions_in_force
from dauys.store.figures import Figures
from dauys.store.scans import DatabaseScans
from dauys.web.console import saying
from dauys.web.console.pages.monitor import ClusterLine, cluster_line
from dauys.wiring import Services


@dataclass(frozen=True, slots=True)
class DayContest:
    """A contest on that day: voters who cast for the first time, ballots, and so far."""

    name: str
    ballots: int
    so_far: int
    registered: int
    share: str


@dataclass(frozen=True, slots=True)
class DayHour:
    """Ballots of one hour; `bar` is relative to the busiest, 0 to 100."""

    words: str
    ballots: int
    bar: int


@dataclass(frozen=True, slots=True)
class Daily:
    """The report. `facts` are single numbers with their words, in the order of the page."""

    day: date
    title: str
    made: str
    is_over: bool
    contests: tuple[DayContest, ...]
    hours: tuple[DayHour, ...]
    facts: tuple[tuple[str, int], ...]
    clusters: tuple[ClusterLine, ...]
    promise: str
    alerts: tuple[str, ...]
    decisions: tuple[str, ...]


def days(services: Services) -> tuple[date, ...]:
    """Days of voting so far, the newest first, in the election's zone."""
    state = services.journal.state()
    if state.rules is None:
        return ()
    zone = ZoneInfo(state.manifest.zone)
    first = datetime.fromisoformat(state.manifest.opens).astimezone(zone).date()
    closes = datetime.fromisoformat(state.closes).astimezone(zone).date()
    last = min(services.clock.now().astimezone(zone).date(), closes)
    return tuple(last - timedelta(days=n) for n in range((last - first).days + 1))


def daily(services: Services, day: date) -> Daily:
    """The report of `day`. Raises LookupError for a day without voting."""
    if day not in days(services):
        raise LookupError(day)
    state = services.journal.state()
    zone = ZoneInfo(state.manifest.zone)
    begin = datetime.combine(day, time(), zone).astimezone(UTC)
    end = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
    now = services.clock.now()
    figures = Figures(services.election)
    by_hour, by_contest, so_far = _ballots(figures, zone, day)
    queue = services.queue.all()
    return Daily(
        day=day,
        title=saying.day(day),
        made=saying.when(now, state.manifest.zone),
        is_over=now >= end,
        contests=tuple(_contests(state, by_contest, so_far)),
        hours=tuple(_hours(by_hour)),
        facts=tuple(_facts(services, figures, begin, end)),
        clusters=tuple(
            cluster_line(state, queued, now) for queued in queue if begin <= queued.first_seen < end
        ),
        promise=saying.say(PROMISE),
        alerts=tuple(
            f"{saying.briefly(alert.at, state.manifest.zone)}: {saying.say(alert.text)}"
            for alert in services.alerts.store.find()
            if begin <= alert.at < end
        ),
        decisions=tuple(
            f"№ {decision.number}: {saying.say(decision.reason)}"
            for decision in decisions_in_force(state)
            if begin <= datetime.fromisoformat(decision.proposed) < end
        ),
    )


def _ballots(
    figures: Figures, zone: ZoneInfo, day: date
) -> tuple[Counter[int], Counter[ContestId], Counter[ContestId]]:
    by_hour: Counter[int] = Counter()
    by_contest: Counter[ContestId] = Counter()
    so_far: Counter[ContestId] = Counter()
    for count in figures.by_hour(zone):
        local = count.hour.astimezone(zone)
        if local.date() <= day:
            so_far[count.contest] += count.ballots
        if local.date() == day:
            by_hour[local.hour] += count.ballots
            by_contest[count.contest] += count.ballots
    return by_hour, by_contest, so_far


def _contests(
    state: ElectionState, ballots: Counter[ContestId], so_far: Counter[ContestId]
) -> Iterator[DayContest]:
    for contest in state.manifest.contests:
        registered = sum(one.voters for one in contest.registered)
        yield DayContest(
            saying.say(contest.name),
            ballots[contest.id],
            so_far[contest.id],
            registered,
            saying.percent(so_far[contest.id], registered),
        )


def _hours(by_hour: Counter[int]) -> Iterator[DayHour]:
    most = max(by_hour.values(), default=0) or 1
    for hour in range(24):
        yield DayHour(f"{hour:02}:00", by_hour[hour], round(100 * by_hour[hour] / most))


def _facts(
    services: Services, figures: Figures, begin: datetime, end: datetime
) -> Iterator[tuple[str, int]]:
    kinds = figures.signals_by_kind(begin, end)
    scans = [s for s in DatabaseScans(services.election).latest(500) if begin <= s.started < end]
    yield gettext("codes asked for"), kinds["code_requested"]
    yield gettext("codes entered wrongly"), kinds["code_wrong"]
    yield gettext("people who read “already voted”"), kinds["refused_voted"]
    yield gettext("ballots taken back by their voters"), kinds["reclaimed"]
    yield gettext("looks of the monitor"), len(scans)
    yield gettext("looks of the monitor that failed"), sum(bool(scan.failure) for scan in scans)
