"""A cluster's page: what is alleged, how strong it is, what speaks against it, what comes next."""

from dataclasses import dataclass

from django.utils.translation import gettext

from dauys.monitor.blind_spots import BLIND_SPOTS
from dauys.monitor.report import Cluster, FamilyScore
from dauys.response.queue import Queued, Standing
from dauys.response.verification import MOST_ASKED, Outcome
from dauys.web.console import saying
from dauys.web.console.pages.cluster_pictures import Background, Pictures, pictures
from dauys.web.console.pages.monitor import (
    FAMILIES,
    ClusterLine,
    cluster_line,
    family_name,
    report_of,
)
from dauys.wiring import Services


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """A family of evidence: words, what was seen beside the usual, and how they differ."""

    family: str
    words: str
    observed: str
    expected: str
    observed_bar: int
    expected_bar: int
    difference: str


@dataclass(frozen=True, slots=True)
class Innocent:
    """An explanation without fraud, whether it fits, and why."""

    words: str
    fits: bool
    why: str


@dataclass(frozen=True, slots=True)
class ClusterPage:
    """The page as a whole. `votes` are what its ballots weigh; `absent` what was not found."""

    line: ClusterLine
    votes: int
    evidence: tuple[EvidenceLine, ...]
    absent: tuple[str, ...]
    wider: tuple[str, ...]
    """What is said of the whole group, where it reaches over several contests."""
    innocent: tuple[Innocent, ...]
    fitting: int
    pictures: Pictures | None
    blind_spots: tuple[str, ...]
    first_seen: str
    last_seen: str
    reason: str
    expected: str
    standing: str
    may_change: bool
    to_ask: int
    asked: int
    voted: int
    not_me: int
    unreached: int
    unmasked: bool


MOST_TIMES = 100
"""Ratios above it say no more than that there is no comparison."""
_SECONDS = frozenset({"code_pace", "page_pace"})
"""Families whose numbers are seconds; those of the others are ballots, pairs or devices."""


def cluster_page(services: Services, queued: Queued, *, unmasked: bool) -> ClusterPage:
    """The page of a cluster. With `unmasked` the caller has logged the access."""
    found = report_of(queued)
    with services.journal.reading() as state:
        zone = state.manifest.zone
        line = cluster_line(state, queued, services.clock.now())
        votes = state.votes(queued.proposed.ballots)
        notices = tuple(state.notices.values())
        background = Background(zone, state.manifest.registered, notices)
    answers = services.verification.answers(queued.cluster)
    innocent = tuple(
        Innocent(saying.say(one.explanation), one.fits, saying.say(one.why))
        for one in (found.innocent if found else ())
    )
    return ClusterPage(
        line=line,
        votes=votes,
        evidence=_evidence(found) if found else (),
        absent=_absent(found) if found else (),
        wider=tuple(map(saying.say, found.evidence[len(found.families) :])) if found else (),
        innocent=innocent,
        fitting=sum(one.fits for one in innocent),
        pictures=pictures(services, queued, background, unmasked=unmasked),
        blind_spots=tuple(map(saying.say, BLIND_SPOTS)),
        first_seen=saying.when(queued.first_seen, zone),
        last_seen=saying.when(queued.last_seen, zone),
        reason=queued.reason,
        expected=saying.number(queued.proposed.expected),
        standing=queued.standing.value,
        may_change=queued.standing is not Standing.CASE,
        to_ask=min(MOST_ASKED, queued.proposed.voters),
        asked=sum(answers.values()),
        voted=answers.get(Outcome.VOTED, 0),
        not_me=answers.get(Outcome.NOT_ME, 0),
        unreached=answers.get(Outcome.UNREACHED, 0),
        unmasked=unmasked,
    )


def _absent(found: Cluster) -> tuple[str, ...]:
    """What was not found; not what the group was chosen by, of which nobody asks once more."""
    seen = {one.family for one in found.families} | set(found.scope.split("+"))
    if "quick" in seen:
        seen |= _SECONDS
    return tuple(family_name(name) for name in FAMILIES if name not in seen)


def _evidence(found: Cluster) -> tuple[EvidenceLine, ...]:
    lines = []
    for one, words in zip(found.families, found.evidence, strict=False):
        most = max(one.observed, one.expected, 1e-9)
        unit = gettext("%(n)s s") if one.family in _SECONDS else "%(n)s"
        lines.append(
            EvidenceLine(
                family_name(one.family),
                saying.say(words),
                unit % {"n": saying.number(one.observed)},
                unit % {"n": _usual(one)},
                round(100 * one.observed / most),
                round(100 * one.expected / most),
                difference(one),
            )
        )
    return tuple(lines)


def _usual(one: FamilyScore) -> str:
    if one.family not in _SECONDS and one.expected < 1:
        return "< 1"
    return saying.number(one.expected)


def difference(one: FamilyScore) -> str:
    """How what was seen differs from the usual: a short bar may say more than a long one."""
    if one.family in _SECONDS:
        words = gettext("%(n)s times quicker than usual")
        most = gettext("over 100 times quicker than usual")
        return _times(one.expected, one.observed, words, most)
    if one.observed >= one.expected:
        words = gettext("%(n)s times as many as usual")
        most = gettext("over 100 times as many as usual")
        return _times(one.observed, one.expected, words, most)
    if one.observed < 1:
        return gettext("never")
    words = gettext("%(n)s times fewer than usual")
    return _times(one.expected, one.observed, words, gettext("over 100 times fewer than usual"))


def _times(large: float, small: float, words: str, most: str) -> str:
    """Put the ratio in `words`, with a decimal: after it Russian has one form of the noun."""
    ratio = large / max(small, 1e-9)
    return most if ratio > MOST_TIMES else words % {"n": saying.decimal(ratio)}
