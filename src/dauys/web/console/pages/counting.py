"""The steps from opening to the announcement, the trustees' parts, and the results."""

from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from dauys.core.forms import format_instant
from dauys.core.ids import ContestId
from dauys.core.state import ElectionState, Phase
from dauys.store.outline import outline
from dauys.tally.how_sure import how_sure
from dauys.web.console import saying
from dauys.web.console.pages.running import voters_by_contest
from dauys.wiring import Services

STEPS = (
    ("open", _("Open voting"), Phase.SEALED, _("Voters can vote from then on.")),
    ("close", _("Close voting"), Phase.OPEN, _("No ballot is taken any more.")),
    (
        "tally",
        _("Publish the encrypted sums"),
        Phase.CLOSED,
        _("After this the commission can no longer decide about ballots."),
    ),
    ("announce", _("Announce the result"), Phase.TALLIED, _("The board is closed for good.")),
)
_ORDER = tuple(Phase)


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the election: state is done, now or later; `hint` says what it does."""

    name: str
    words: str
    hint: str
    state: str
    waits: str


@dataclass(frozen=True, slots=True)
class TrusteeParts:
    """Whose parts are there."""

    number: int
    name: str
    missing: int
    of: int


@dataclass(frozen=True, slots=True)
class QuorumParts:
    """The single trustees, or a group of whom `needed` are enough; `short` more must decrypt."""

    group: bool
    needed: int
    short: int
    absent: str
    trustees: tuple[TrusteeParts, ...]


@dataclass(frozen=True, slots=True)
class Conduct:
    """All steps, and the trustees' parts once there are sums."""

    steps: tuple[Step, ...]
    trustees: tuple[QuorumParts, ...]
    sealed: bool


@dataclass(frozen=True, slots=True)
class CandidateResult:
    """A candidate's votes; `bar` is the share of counted votes of the first, 0 to 100."""

    name: str
    votes: int
    share: str
    bar: int
    elected: bool
    tied: bool


@dataclass(frozen=True, slots=True)
class ContestResult:
    """The result of a contest."""

    name: str
    seats: int
    registered: int
    voted: int
    turnout: str
    blank: int | None
    candidates: tuple[CandidateResult, ...]
    margin: int | None
    in_doubt: int
    could_change: bool
    sums: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Results:
    """Results of all contests, or none yet."""

    contests: tuple[ContestResult, ...]
    phase: str
    size: int
    root: str


def conduct(services: Services) -> Conduct:
    """Where the election stands and what can be done now."""
    draft = outline(services.election)
    state = services.journal.state()
    return Conduct(
        steps=tuple(
            Step(
                name,
                gettext(words),
                gettext(hint),
                _state_of(state.phase, phase),
                _waits(services, state, name) if state.phase is phase else "",
            )
            for name, words, phase, hint in STEPS
        ),
        trustees=trustees(services) if state.tallies else (),
        sealed=draft.sealed,
    )


def trustees(services: Services) -> tuple[QuorumParts, ...]:
    """Who has decrypted, and who is still needed: single trustees together, then groups."""
    names = dict(enumerate(outline(services.election).trustee_names, 1))
    standing = services.counting.standing()
    singles = [one for one in standing if len(one.owners) == 1]
    groups = [[one] for one in standing if len(one.owners) > 1]
    return tuple(
        QuorumParts(
            group=len(some[0].owners) > 1,
            needed=sum(one.needed for one in some),
            short=sum(one.short for one in some),
            absent=", ".join(names.get(n, str(n)) for one in some for n in one.absent),
            trustees=tuple(
                TrusteeParts(owner, names.get(owner, ""), one.sums - done, one.sums)
                for one in some
                for owner, done in zip(one.owners, one.decrypted, strict=True)
            ),
        )
        for some in ([singles] if singles else []) + groups
    )


def results(services: Services) -> Results:
    """The results so far: none before all parts are there and the result is announced."""
    with services.journal.reading() as state:
        return Results(
            contests=tuple(_result(services, state, contest) for contest in state.results),
            phase=state.phase.value,
            size=state.size,
            root=services.journal.checkpoint().split("\n")[2],
        )


def _result(services: Services, state: ElectionState, contest: ContestId) -> ContestResult:
    entry = state.results[contest]
    rules = state.contest(contest)
    names = {one.id: one.name for one in state.candidates[contest].candidates}
    most = max((one.votes for one in entry.counts), default=0) or 1
    counted = state.tallies[contest].strata[0].ballots
    sure = how_sure(
        state, contest, services.cases.flagged(contest), services.cases.contested(contest)
    )
    voted = voters_by_contest(state)[contest]
    registered = sum(count.voters for count in rules.registered)
    return ContestResult(
        name=saying.say(rules.name),
        seats=rules.seats,
        registered=registered,
        voted=voted,
        turnout=saying.percent(voted, registered),
        blank=entry.blank,
        candidates=tuple(
            CandidateResult(
                names[one.candidate],
                one.votes,
                saying.percent(one.votes, counted),
                round(100 * one.votes / most),
                one.candidate in entry.elected,
                one.candidate in entry.tied,
            )
            for one in sorted(entry.counts, key=lambda one: -one.votes)
        ),
        margin=sure.margin,
        in_doubt=sure.in_doubt,
        could_change=sure.could_change,
        sums=tuple(
            (saying.methods_said(stratum.methods) or gettext("none"), stratum.ballots)
            for stratum in state.tallies[contest].strata
        ),
    )


def _state_of(now: Phase, phase: Phase) -> str:
    here, there = _ORDER.index(now), _ORDER.index(phase)
    return "now" if here == there else "done" if here > there else "later"


def _waits(services: Services, state: ElectionState, step: str) -> str:
    """What the step still waits for; empty when it can be done."""
    now, zone = format_instant(services.clock.now()), state.manifest.zone
    if step == "open" and now < state.manifest.opens:
        return gettext("Possible from %s.") % saying.when(state.manifest.opens, zone)
    if step == "close" and now < state.closes:
        return gettext("Possible from %s.") % saying.when(state.closes, zone)
    if step == "announce" and any(one.short for one in services.counting.standing()):
        return gettext("Waits for the parts of the trustees.")
    return ""
