"""A cluster's page: what is alleged, how strong it is, what speaks against it, what comes next."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from dauys.monitor.blind_spots import BLIND_SPOTS
from dauys.monitor.report import Cluster
from dauys.response.queue import Queued, Standing
from dauys.response.verification import MOST_ASKED, Outcome
from dauys.store.signals.plots import cast_points
from dauys.web.console import plots, saying
from dauys.web.console.pages.cases import mask_address
from dauys.web.console.pages.monitor import ClusterLine, cluster_line, family_name, report_of
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


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """A family of evidence: words, and what was seen beside what would be usual."""

    family: str
    words: str
    observed: str
    expected: str
    observed_bar: int
    expected_bar: int


@dataclass(frozen=True, slots=True)
class Innocent:
    """An explanation without fraud, whether it fits, and why."""

    words: str
    fits: bool
    why: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """A bin of the timeline in words, for its table."""

    words: str
    ours: int
    usual: str


@dataclass(frozen=True, slots=True)
class AddressLine:
    """An address of the group; masked unless that was asked for and written down."""

    network: str
    address: str
    ballots: int
    bar: int


@dataclass(frozen=True, slots=True)
class Pictures:
    """The plots, each with its numbers."""

    timeline: plots.Timeline
    line_points: str
    step: str
    stretches: tuple[Stretch, ...]
    first: str
    last: str
    ours: plots.DotPlot
    others: plots.DotPlot
    lines: int
    addresses: tuple[AddressLine, ...]
    more_addresses: int
    siblings: plots.Siblings
    usual: str


@dataclass(frozen=True, slots=True)
class ClusterPage:
    """The page as a whole. `votes` are what its ballots weigh."""

    line: ClusterLine
    votes: int
    evidence: tuple[EvidenceLine, ...]
    innocent: tuple[Innocent, ...]
    fitting: int
    pictures: Pictures | None
    blind_spots: tuple[str, ...]
    first_seen: str
    last_seen: str
    reason: str
    expected: str
    may_change: bool
    to_ask: int
    asked: int
    voted: int
    not_me: int
    unreached: int
    unmasked: bool


MOST_ADDRESSES = 12
_SECONDS = frozenset({"code_pace", "page_pace"})
"""Families whose numbers are seconds; those of the others are ballots, pairs or devices."""


def cluster_page(services: Services, queued: Queued, *, unmasked: bool) -> ClusterPage:
    """The page of a cluster. With `unmasked` the caller has logged the access."""
    found = report_of(queued)
    with services.journal.reading() as state:
        zone = state.manifest.zone
        line = cluster_line(state, queued, services.clock.now())
        votes = state.votes(queued.proposed.ballots)
        registered = state.manifest.registered
    answers = services.verification.answers(queued.cluster)
    innocent = tuple(
        Innocent(saying.say(one.explanation), one.fits, saying.say(one.why))
        for one in (found.innocent if found else ())
    )
    return ClusterPage(
        line=line,
        votes=votes,
        evidence=_evidence(found) if found else (),
        innocent=innocent,
        fitting=sum(one.fits for one in innocent),
        pictures=_pictures(services, queued, zone, registered, unmasked=unmasked),
        blind_spots=tuple(map(saying.say, BLIND_SPOTS)),
        first_seen=saying.briefly(queued.first_seen, zone),
        last_seen=saying.briefly(queued.last_seen, zone),
        reason=queued.reason,
        expected=number(queued.proposed.expected),
        may_change=queued.standing is not Standing.CASE,
        to_ask=min(MOST_ASKED, queued.proposed.voters),
        asked=sum(answers.values()),
        voted=answers.get(Outcome.VOTED, 0),
        not_me=answers.get(Outcome.NOT_ME, 0),
        unreached=answers.get(Outcome.UNREACHED, 0),
        unmasked=unmasked,
    )


def number(value: float) -> str:
    """At most one decimal, as the reader's language writes it."""
    text = f"{value:.1f}".removesuffix(".0")
    return text if saying.locale() == "en" else text.replace(".", ",")


def _evidence(found: Cluster) -> tuple[EvidenceLine, ...]:
    lines = []
    for one, words in zip(found.families, found.evidence, strict=False):
        most = max(one.observed, one.expected, 1e-9)
        unit = gettext("%(n)s s") if one.family in _SECONDS else "%(n)s"
        lines.append(
            EvidenceLine(
                family_name(one.family),
                saying.say(words),
                unit % {"n": number(one.observed)},
                unit % {"n": number(one.expected)},
                round(100 * one.observed / most),
                round(100 * one.expected / most),
            )
        )
    return tuple(lines)


def _pictures(
    services: Services, queued: Queued, zone: str, registered: int, *, unmasked: bool
) -> Pictures | None:
    """The plots; None when the signals are gone."""
    wanted = frozenset(queued.proposed.ballots)
    points = cast_points(services.election, queued.proposed.contest)
    ours = [p for p in points if p.leaf in wanted]
    others = [p for p in points if p.leaf not in wanted]
    if not ours:
        return None
    line = plots.timeline(ours, others)
    begin, end = line.bins[0].start, line.bins[-1].start + line.step
    lines = max(registered, *(p.register_number for p in points))
    matched = plots.controls(ours, [p for p in others if begin <= p.time <= end])
    beside = plots.siblings(ours, others)
    most = max(beside.addresses[0][2], beside.most, 1)
    return Pictures(
        timeline=line,
        line_points=" ".join(f"{x * 10:.1f},{y:.1f}" for x, y in line.usual),
        step=gettext(STEP_WORDS[line.step]),
        stretches=tuple(
            Stretch(saying.briefly(one.start, zone), one.ours, number(one.usual))
            for one in line.bins
            if one.ours or one.usual
        ),
        first=saying.briefly(ours[0].time, zone),
        last=saying.briefly(ours[-1].time, zone),
        ours=plots.dot_plot(ours, begin, end, lines),
        others=plots.dot_plot(matched, begin, end, lines),
        lines=lines,
        addresses=tuple(
            AddressLine(
                network or "—",
                address if unmasked else mask_address(address),
                ballots,
                round(100 * ballots / most),
            )
            for network, address, ballots in beside.addresses[:MOST_ADDRESSES]
        ),
        more_addresses=max(0, len(beside.addresses) - MOST_ADDRESSES),
        siblings=beside,
        usual=number(beside.usual),
    )
