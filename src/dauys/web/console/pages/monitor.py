"""The analyst's desk: alerts, health of the monitor, and the queue of clusters."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from dauys.core.errors import MalformedError
from dauys.core.state import ElectionState
from dauys.monitor.blind_spots import BLIND_SPOTS
from dauys.monitor.discovery import PROMISE
from dauys.monitor.report import Cluster, kept_cluster
from dauys.monitor.titles import title
from dauys.response.queue import Queued, Standing
from dauys.store.scans import DatabaseScans, Scan
from dauys.web.console import saying
from dauys.web.console.pages.running import voters_by_contest
from dauys.wiring import Services

STANDINGS = {
    Standing.NEW: _("new"),
    Standing.WATCHED: _("watched"),
    Standing.VERIFYING: _("voters are being asked"),
    Standing.CASE: _("before the commission"),
    Standing.DISMISSED: _("dismissed"),
}
FAMILIES = {
    "colocation": _("many from one place"),
    "complaints": _("voters' complaints"),
    "code_pace": _("pace of codes"),
    "page_pace": _("pace on the page"),
    "order": _("order of the register"),
    "roaming": _("devices in many places"),
    "devices": _("many devices that vote for others"),
    "refusals": _("attempts for people who had voted"),
    "quick": _("quick at everything"),
    "phones": _("phones that homes share"),
    "phone_blocks": _("phone numbers in a row"),
    "disguise": _("browsers that are not what they say"),
    "distance": _("far from the voter"),
    "automation": _("a program at work"),
    "hosting": _("data centres"),
    "night": _("in the dead of night"),
    "no_mistakes": _("never a mistyped code"),
    "no_checks": _("never a look at the ballot"),
}
MOST_CHIPS = 3
STRENGTHS = ((25.0, 3, _("very strong")), (15.0, 2, _("strong")), (0.0, 1, _("moderate")))


@dataclass(frozen=True, slots=True)
class AlertLine:
    """An alert that nobody has marked as seen."""

    number: int
    words: str
    at: str
    cluster: str
    """The group that it is about, if that is in the queue."""
    again: str
    """When it is tried again to send it, if some way out of the house has failed."""


@dataclass(frozen=True, slots=True)
class ClusterLine:
    """A cluster in the queue: its strongest `families`, and how many more there are."""

    cluster: str
    title: str
    contest: str
    voters: int
    share: str
    strength: str
    bars: int
    families: tuple[str, ...]
    more_families: int
    age: str
    found: str
    assignee: str
    standing: str
    is_waiting: bool
    case: int | None


@dataclass(frozen=True, slots=True)
class Health:
    """Whether the monitor is looking."""

    last: str
    minutes_ago: int | None
    seconds: str
    failed: int
    looks: int
    detector: str
    policy: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class MonitorPage:
    """The desk as a whole."""

    alerts: tuple[AlertLine, ...]
    waiting: tuple[ClusterLine, ...]
    others: tuple[ClusterLine, ...]
    health: Health
    promise: str
    blind_spots: tuple[str, ...]


def monitor_page(services: Services) -> MonitorPage:
    """What is there now."""
    now = services.clock.now()
    scans = DatabaseScans(services.election)
    with services.journal.reading() as state:
        zone = state.manifest.zone
        lines = [cluster_line(state, queued, now) for queued in services.queue.all()]
    known = {line.cluster for line in lines}
    return MonitorPage(
        alerts=tuple(
            AlertLine(
                alert.number,
                saying.say(alert.text),
                saying.when(alert.at, zone),
                alert.subject if alert.subject in known else "",
                saying.when(alert.next_try, zone) if alert.next_try else "",
            )
            for alert in services.alerts.waiting()
        ),
        waiting=tuple(line for line in lines if line.is_waiting),
        others=tuple(line for line in lines if not line.is_waiting),
        health=_health(scans.latest(), scans.last_good(), zone, now),
        promise=saying.say(PROMISE),
        blind_spots=tuple(map(saying.say, BLIND_SPOTS)),
    )


def cluster_line(state: ElectionState, queued: Queued, now: datetime) -> ClusterLine:
    """A cluster as the queue shows it."""
    proposed = queued.proposed
    found = report_of(queued)
    bars, words = strength(proposed.score)
    families = tuple(family_name(one.family) for one in found.families) if found else ()
    return ClusterLine(
        cluster=queued.cluster,
        title=saying.say(title(found.scope if found else "", proposed.voters)),
        contest=saying.say(state.contest(proposed.contest).name),
        voters=proposed.voters,
        share=saying.percent(proposed.voters, voters_by_contest(state)[proposed.contest]),
        strength=words,
        bars=bars,
        families=families[:MOST_CHIPS],
        more_families=len(families[MOST_CHIPS:]),
        age=age(now, queued.first_seen),
        found=saying.when(queued.first_seen, state.manifest.zone),
        assignee=queued.assignee,
        standing=gettext(STANDINGS[queued.standing]),
        is_waiting=queued.standing in {Standing.NEW, Standing.WATCHED, Standing.VERIFYING},
        case=queued.case,
    )


def report_of(queued: Queued) -> Cluster | None:
    """What the monitor said of a cluster; None if an earlier version said it differently."""
    try:
        return kept_cluster(queued.proposed.details)
    except MalformedError:
        return None


def strength(score: float) -> tuple[int, str]:
    """How strong the evidence is: 1 to 3 bars, and in words."""
    return next((bars, gettext(words)) for least, bars, words in STRENGTHS if score >= least)


def family_name(family: str) -> str:
    """A family of evidence in a few words."""
    return gettext(FAMILIES[family]) if family in FAMILIES else family


def age(now: datetime, since: datetime) -> str:
    """How long ago it was found, in the largest unit that fits."""
    minutes = max(0, int((now - since).total_seconds() // 60))
    if minutes == 0:
        return gettext("found just now")
    if minutes < 60:
        return gettext("found %(n)s min ago") % {"n": minutes}
    hours = minutes // 60
    if hours < 48:
        return gettext("found %(n)s h ago") % {"n": hours}
    return gettext("found %(n)s days ago") % {"n": hours // 24}


def _health(scans: tuple[Scan, ...], good: datetime | None, zone: str, now: datetime) -> Health:
    newest = next((scan for scan in scans if scan.seconds is not None and not scan.failure), None)
    minutes = int((now - good).total_seconds() // 60) if good else None
    report = newest.report if newest else {}
    return Health(
        last=saying.when(good, zone) if good else "",
        minutes_ago=minutes,
        seconds=saying.decimal(newest.seconds) if newest and newest.seconds is not None else "",
        failed=sum(bool(scan.failure) for scan in scans),
        looks=len(scans),
        detector=str(report.get("detector", "")),
        policy=str(report.get("policy", "")),
        is_late=minutes is None or minutes > 20,
    )
