"""Cases for the analyst and the commission: evidence in words, addresses masked."""

import ipaddress
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from dauys.conduct.recheck import CLUSTER as RECHECK
from dauys.core.errors import MalformedError
from dauys.core.ids import ElectionId
from dauys.core.state import ElectionState
from dauys.monitor.blind_spots import BLIND_SPOTS
from dauys.monitor.report import Cluster, ScanReport, kept_cluster
from dauys.response.cases import Case, CaseStatus
from dauys.store.figures import Figures, Source
from dauys.web.console import saying
from dauys.web.console.pages.monitor import strength
from dauys.wiring import Services

STATUSES = {
    "open": _("waiting for a decision"),
    "decided": _("decided"),
    "dismissed": _("dismissed"),
}
ORIGINS = {"monitor": _("the monitor"), "voter": _("a voter"), "staff": _("staff")}
NETWORKS = {
    "mobile": _("mobile network"),
    "fixed": _("fixed network"),
    "hosting": _("data centre"),
    "vpn": _("VPN"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A case in the queue. `votes` that its ballots are, and `share` of all that were cast."""

    number: int
    title: str
    contest: str
    origin: str
    opened: str
    ballots: int
    votes: int
    weighted: bool
    share: str
    disputed: int
    strength: str
    bars: int
    status: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """A line of evidence and who brought it."""

    words: str
    origin: str
    at: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """An explanation without fraud, and whether and why it fits."""

    words: str
    fits: bool
    why: str


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour: ballots of the case, and all of the contest; bars are 0 to 100."""

    words: str
    ours: int
    total: int
    our_bar: int
    total_bar: int


@dataclass(frozen=True, slots=True)
class Address:
    """Where ballots of the case came from."""

    address: str
    network: str
    ballots: int
    devices: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class CasePage:
    """A case with everything that helps to decide it."""

    line: Line
    evidence: tuple[Evidence, ...]
    innocent: tuple[Explanation, ...]
    hours: tuple[Hour, ...]
    addresses: tuple[Address, ...]
    blind_spots: tuple[str, ...]
    entries: tuple[int, ...]
    decision: int | None


_scans: dict[ElectionId, tuple[int, ScanReport]] = {}


def queue(services: Services) -> tuple[Line, ...]:
    """Open cases first, the most suspicious at the top; then settled ones."""
    cases = services.cases.find()
    clusters = known_clusters(services, cases)
    with services.journal.reading() as state:
        lines = [_line(state, case, clusters) for case in cases]
    return tuple(sorted(lines, key=lambda line: (not line.is_open, -line.ballots, line.number)))


def case_page(services: Services, case: Case, *, unmasked: bool) -> CasePage:
    """The page of a case. With `unmasked` the caller has logged the access."""
    figures = Figures(services.election)
    clusters = known_clusters(services, [case])
    cluster = clusters.get(case.cluster or "")
    with services.journal.reading() as state:
        zone = state.manifest.zone
        line = _line(state, case, clusters)
    return CasePage(
        line=line,
        evidence=tuple(
            Evidence(
                saying.say(one.text),
                gettext(ORIGINS[one.origin.value]),
                saying.when(one.at, zone),
            )
            for one in case.evidence
        ),
        innocent=tuple(
            Explanation(saying.say(one.explanation), one.fits, saying.say(one.why))
            for one in (cluster.innocent if cluster else ())
        ),
        hours=_hours(figures, case, zone),
        addresses=tuple(
            _address(source, zone, unmasked=unmasked) for source in figures.sources(case.ballots)
        ),
        blind_spots=tuple(map(saying.say, BLIND_SPOTS)),
        entries=tuple(case.ballots),
        decision=case.decision,
    )


def known_clusters(services: Services, cases: Iterable[Case]) -> dict[str, Cluster]:
    """The monitor's clusters by name: as its queue last had those of these cases.

    For a case that never was in the queue all signals are scanned, which in a large election takes
    seconds; what was found is kept until the board grows.
    """
    known = {}
    for queued in services.queue.all():
        with suppress(MalformedError):  # of a detector of long ago: what it found is scanned for
            known[queued.cluster] = kept_cluster(queued.proposed.details)
    if {case.cluster for case in cases} <= {None, RECHECK, *known}:
        return known
    size = services.journal.state().size
    kept = _scans.get(services.election)
    if kept is None or kept[0] != size:
        kept = _scans[services.election] = (size, services.watch.scan())
    return known | {cluster.id: cluster for cluster in kept[1].clusters}


def network_words(network: str, kind: str) -> str:
    """A network: what kind it is, and its name or number; either may be unknown."""
    words = gettext(NETWORKS[kind]) if kind in NETWORKS else ""
    return ", ".join(filter(None, (words, network)))


def mask_address(address: str) -> str:
    """The network of an address, without what names the one customer."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "•••"
    if parsed.version == 4:
        return ".".join([*address.split(".")[:2], "•••", "•••"])
    return ":".join([*parsed.exploded.split(":")[:2], "•••"])


def _line(state: ElectionState, case: Case, clusters: dict[str, Cluster]) -> Line:
    zone = state.manifest.zone
    contest, votes = state.contest(case.contest), state.votes(case.ballots)
    cluster = clusters.get(case.cluster or "")
    bars, words = strength(cluster.score) if cluster else (0, "")
    return Line(
        number=case.number,
        title=saying.say(case.title),
        contest=saying.say(contest.name),
        origin=gettext(ORIGINS[case.origin.value]),
        opened=saying.briefly(case.opened, zone),
        ballots=len(case.ballots),
        votes=votes,
        weighted=contest.weighted,
        share=saying.percent(votes, state.heard.get(case.contest, 0)),
        disputed=len(case.disputed),
        strength=words,
        bars=bars,
        status=gettext(STATUSES[case.status.value]),
        is_open=case.status is CaseStatus.OPEN,
    )


def _hours(figures: Figures, case: Case, zone: str) -> tuple[Hour, ...]:
    """Hours in which ballots of the case came, beside all ballots of the contest."""
    local = ZoneInfo(zone)
    ours = Counter({c.hour: c.ballots for c in figures.by_hour(local, case.ballots)})
    totals = Counter(
        {c.hour: c.ballots for c in figures.by_hour(local) if c.contest == case.contest}
    )
    most = max((totals[hour] for hour in ours), default=1) or 1
    return tuple(
        Hour(
            saying.briefly(hour, zone),
            ours[hour],
            totals[hour],
            round(100 * ours[hour] / most),
            round(100 * totals[hour] / most),
        )
        for hour in sorted(ours)
    )


def _address(source: Source, zone: str, *, unmasked: bool) -> Address:
    return Address(
        address=source.address if unmasked else mask_address(source.address),
        network=network_words(source.network, source.kind),
        ballots=source.ballots,
        devices=source.devices,
        first=saying.briefly(source.first, zone),
        last=saying.briefly(source.last, zone),
    )


def contests_to_choose(state: ElectionState) -> Iterable[tuple[str, str]]:
    """Contests as a form offers them."""
    return [(contest.id, saying.say(contest.name)) for contest in state.manifest.contests]
