"""The numbers of the board, computed from the log once for all who look.

Counting which ballots stand takes a second with a hundred thousand of them, so the figures
are kept until the board has grown, and then for a while. They are computed from a copy:
nobody who votes waits for them. Single look-ups do not come through here.
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from threading import RLock
from zoneinfo import ZoneInfo

from dauys.core.forms import parse_instant
from dauys.core.ids import ContestId, ElectionId, LeafIndex, MethodId
from dauys.core.state import BallotRecord, ElectionState, Phase
from dauys.tally.countable import countable
from dauys.tally.how_sure import HowSure, how_sure
from dauys.web.board.timeline import Timeline
from dauys.wiring import Services

KEPT = timedelta(seconds=5)
"""How long figures are shown at least, also while the board grows."""
SPARED = 20
"""They are shown this many times longer than it took to compute them."""
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class ContestFigures:
    """A contest in numbers. `standing` are voters with a ballot that counts as things are.

    `by_method` divides them; `annulled` and `taken_back` are ballots. `weight` is what all
    voters' votes add up to, `standing_weight` those of the standing.
    """

    id: ContestId
    registered: int
    weight: int
    ballots: int
    standing: int
    standing_weight: int
    annulled: int
    taken_back: int
    by_method: tuple[tuple[MethodId, int], ...]
    how_sure: tuple[HowSure, ...]
    """Of each question, once there is a result."""


@dataclass(frozen=True, slots=True)
class HourFigures:
    """Ballots of a contest that came in the hour from `start`, in the election's zone.

    `fallen` of them were annulled or taken back later.
    """

    start: datetime
    contest: ContestId
    ballots: int
    fallen: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The election in numbers, as of `size` entries. Nothing here says who leads.

    `permits` were issued, known once voting closed. `reclaims` are ballots by which voters
    took an earlier one back, by day and contest.
    """

    size: int
    phase: Phase
    now: str
    closes: str
    registered: int
    ballots: int
    standing: int
    annulled: int
    taken_back: int
    decisions: int
    in_force: int
    permits: int | None
    contests: tuple[ContestFigures, ...]
    hours: tuple[HourFigures, ...]
    reclaims: tuple[tuple[date, ContestId, int], ...]

    def contest(self, contest: ContestId) -> ContestFigures:
        """Figures of one contest. Raises LookupError."""
        for one in self.contests:
            if one.id == contest:
                return one
        raise LookupError(contest)


class Reading:
    """The timeline and the figures of one board, brought up to date when asked for."""

    def __init__(self, services: Services) -> None:
        """Read nothing yet."""
        self.services = services
        self._lock = RLock()
        self._timeline = Timeline()
        self._figures: Figures | None = None
        self._until: datetime | None = None

    def timeline(self) -> Timeline:
        """The timeline, with everything on the board now."""
        with self._lock:
            self._timeline.follow(self.services.journal.entries(self._timeline.size))
            return self._timeline

    def figures(self) -> Figures:
        """The figures, a few seconds behind the board at most unless it is very large."""
        with self._lock:
            begun = self.services.clock.now()
            if self._figures is None or self._until is None or begun >= self._until:
                self._figures = self._bring_up(self._figures)
                took = self.services.clock.now() - begun
                self._until = begun + max(KEPT, SPARED * took)
            return self._figures

    def _bring_up(self, old: Figures | None) -> Figures:
        with self.services.journal.reading() as state:
            if old is not None and old.size == state.size:
                return old
            still = _copy(state)
        return _figures(self.services, still, self.timeline())


_readings: dict[ElectionId, Reading] = {}
_lock = RLock()


def reading_of(services: Services) -> Reading:
    """The one reading of an election's board in this process."""
    with _lock:
        found = _readings.get(services.election)
        if found is None or found.services is not services:
            found = _readings[services.election] = Reading(services)
        return found


def _copy(state: ElectionState) -> ElectionState:
    """The state as it is, while the original goes on growing."""
    return replace(
        state,
        decisions=dict(state.decisions),
        annulled=dict(state.annulled),
        ballots=dict(state.ballots),
        by_pseudonym=dict(state.by_pseudonym),
        tallies=dict(state.tallies),
        results=dict(state.results),
    )


def _figures(services: Services, state: ElectionState, timeline: Timeline) -> Figures:
    reclaimed = {b.reclaims for b in state.ballots.values() if b.reclaims is not None}
    taken_back = {b.index for b in state.ballots.values() if b.tracker in reclaimed}
    contests = _contests(services, state, taken_back)
    return Figures(
        size=state.size,
        phase=state.phase,
        now=state.now,
        closes=state.closes,
        registered=state.manifest.registered,
        ballots=len(state.ballots),
        standing=sum(contest.standing for contest in contests),
        annulled=len(state.annulled),
        taken_back=len(taken_back),
        decisions=len(state.decisions),
        in_force=sum(record.in_force is not None for record in state.decisions.values()),
        permits=state.permits if state.phase not in {Phase.SEALED, Phase.OPEN} else None,
        contests=contests,
        hours=_hours(state, timeline, taken_back | set(state.annulled)),
        reclaims=_reclaims(state, timeline),
    )


def _contests(
    services: Services, state: ElectionState, taken_back: set[LeafIndex]
) -> tuple[ContestFigures, ...]:
    standing = countable(state)
    ballots = Counter(ballot.contest for ballot in state.ballots.values())
    annulled = Counter(state.ballots[index].contest for index in state.annulled)
    back = Counter(b.contest for b in state.ballots.values() if b.index in taken_back)
    return tuple(
        ContestFigures(
            id=contest.id,
            registered=contest.voters,
            weight=contest.weight,
            ballots=ballots[contest.id],
            standing=len(standing[contest.id]),
            standing_weight=sum(ballot.weight for ballot in standing[contest.id]),
            annulled=annulled[contest.id],
            taken_back=back[contest.id],
            by_method=_by_method(state, standing[contest.id]),
            how_sure=_how_sure(services, state, contest.id),
        )
        for contest in state.manifest.contests
    )


def _by_method(
    state: ElectionState, ballots: tuple[BallotRecord, ...]
) -> tuple[tuple[MethodId, int], ...]:
    found = Counter(ballot.method for ballot in ballots)
    return tuple((method, found[method]) for method in state.manifest.methods)


def _how_sure(services: Services, state: ElectionState, contest: ContestId) -> tuple[HowSure, ...]:
    if contest not in state.results:
        return ()
    cases = services.cases
    return how_sure(state, contest, cases.flagged(contest), cases.contested(contest))


def _hours(
    state: ElectionState, timeline: Timeline, fallen: set[LeafIndex]
) -> tuple[HourFigures, ...]:
    came: Counter[tuple[datetime, ContestId]] = Counter()
    fell: Counter[tuple[datetime, ContestId]] = Counter()
    hour_of: dict[str, datetime] = {}
    for ballot in state.ballots.values():
        at = timeline.time_at(ballot.index) or state.manifest.opens
        if at not in hour_of:
            hour_of[at] = _local(state, at).replace(minute=0, second=0)
        key = hour_of[at], ballot.contest
        came[key] += 1
        fell[key] += ballot.index in fallen
    return tuple(HourFigures(*key, came[key], fell[key]) for key in sorted(came))


def _reclaims(state: ElectionState, timeline: Timeline) -> tuple[tuple[date, ContestId, int], ...]:
    found: Counter[tuple[date, ContestId]] = Counter()
    for ballot in state.ballots.values():
        if ballot.reclaims is not None:
            at = timeline.time_at(ballot.index) or state.manifest.opens
            found[_local(state, at).date(), ballot.contest] += 1
    return tuple((*key, found[key]) for key in sorted(found))


def _local(state: ElectionState, at: str) -> datetime:
    return parse_instant(at).astimezone(ZoneInfo(state.manifest.zone))
