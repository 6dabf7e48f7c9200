"""What was seen in a cluster, beside what would be usual: the numbers of its evidence."""

from dataclasses import dataclass

import numpy as np

from dauys.monitor.ballots import Ballots, Floats, Ints
from dauys.monitor.families import ALLOWED, LACKING, order_pairs, refusals_of
from dauys.monitor.groups import Groups
from dauys.monitor.marks import Mark, usual_devices

_SAYS = 2.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One family's answer: `observed` against `expected`, among `count`; `score` is -log10 p.

    Units: ballots of those of which the mark is known; for `code_pace` and `page_pace` seconds
    (medians); for `order` pairs of neighbours; for `devices` devices; for `refusals` visits;
    for `colocation` all ballots of the address (or whatever they share) and what is usual for it.
    """

    family: str
    count: int
    observed: float
    expected: float
    score: float


def find(
    ballots: Ballots,
    marks: dict[str, Mark],
    members: Ints,
    scores: dict[str, float],
    groups: Groups,
    group: int,
) -> tuple[Finding, ...]:
    """Findings of the families that say something, the strongest first.

    Scores are those of the group that was tested; counts are those of the members that were
    singled out of it and added to it.
    """
    inside = np.zeros(len(ballots), bool)
    inside[members] = True
    findings = []
    for family, score in sorted(scores.items(), key=lambda item: -item[1]):
        if score < _SAYS:
            continue
        if family in ALLOWED or family in LACKING:
            numbers = _of_mark(marks[LACKING.get(family, family)], inside)
        elif family in {"code_pace", "page_pace"}:
            numbers = _of_pace(ballots.latency if family == "code_pace" else ballots.dwell, inside)
        elif family == "order":
            pairs, down = order_pairs(ballots, members, np.zeros(len(members), np.int64), 1)
            numbers = int(pairs[0]), float(max(down[0], pairs[0] - down[0])), float(pairs[0] / 2)
        elif family == "refusals":
            met = refusals_of(ballots, str(groups.scope[group]), groups.value[group : group + 1])
            usual = len(ballots.refusals["ip"]) / max(1, len(ballots)) * len(members)
            numbers = len(members), float(met[0]), usual
        elif family == "devices":
            devices = len(np.unique(ballots.code["device"][members]))
            numbers = len(members), float(devices), usual_devices(ballots, members)
        else:
            size = int(groups.size[group])
            numbers = size, float(size), float(groups.expected[group])
        findings.append(Finding(family, *numbers, score))
    return tuple(findings)


def _of_mark(mark: Mark, inside: np.ndarray) -> tuple[int, float, float]:
    known = int((mark.known & inside).sum())
    outside = mark.known & ~inside
    rate = float((mark.carried & outside).sum() + 0.5) / (float(outside.sum()) + 1)
    return known, float((mark.carried & inside).sum()), rate * known


def _of_pace(seconds: Floats, inside: np.ndarray) -> tuple[int, float, float]:
    timed = ~np.isnan(seconds)
    own, others = seconds[timed & inside], seconds[timed & ~inside]
    return (
        len(own),
        float(np.median(own)) if len(own) else 0.0,
        float(np.median(others)) if len(others) else 0.0,
    )
