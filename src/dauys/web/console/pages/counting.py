"""The steps from opening to the announcement, the trustees' parts, and the results."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from dauys.core.contests import Candidate, Contest
from dauys.core.forms import format_instant
from dauys.core.ids import ContestId
from dauys.core.state import ElectionState, Phase
from dauys.store.outline import outline
from dauys.tally.how_sure import HowSure, how_sure
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
class Line:
    """Votes of a candidate, or of a list; `bar` is the share of the most votes, 0 to 100."""

    name: str
    votes: int
    share: str
    bar: int
    elected: bool = False
    tied: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Candidates by votes, and the list that they stand on, if any."""

    own: Line | None
    candidates: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """The result of a question; `in_doubt` and `margin` are votes."""

    text: str
    seats: int
    blank: int | None
    groups: tuple[Group, ...]
    margin: int
    in_doubt: int
    could_change: bool


@dataclass(frozen=True, slots=True)
class ContestResult:
    """The result of a contest. `weight` is of all votes counted; None if none is weighted."""

    name: str
    registered: int
    voted: int
    turnout: str
    weight: int | None
    questions: tuple[QuestionResult, ...]
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
    rules, total = state.contest(contest), state.tallies[contest].strata[0]
    sure = how_sure(
        state, contest, services.cases.flagged(contest), services.cases.contested(contest)
    )
    voted = voters_by_contest(state)[contest]
    return ContestResult(
        name=saying.say(rules.name),
        registered=rules.voters,
        voted=voted,
        turnout=saying.percent(voted, rules.voters),
        weight=total.weight if rules.weighted else None,
        questions=tuple(_question(state, rules, one) for one in sure),
        sums=tuple(
            (saying.methods_said(stratum.methods) or gettext("none"), stratum.ballots)
            for stratum in state.tallies[contest].strata
        ),
    )


def _question(state: ElectionState, contest: Contest, sure: HowSure) -> QuestionResult:
    rules = contest.question(sure.question)
    entry = next(
        one for one in state.results[contest.id].questions if one.question == sure.question
    )
    votes: dict[str, int] = {one.candidate: one.votes for one in entry.counts}
    lists: dict[str, int] = {one.list: one.votes for one in entry.lists}
    most = max((*votes.values(), *lists.values()), default=0) or 1
    whole = state.tallies[contest.id].strata[0].weight

    def line(name: str, number: int, *, elected: bool = False, tied: bool = False) -> Line:
        bar = round(100 * number / most)
        return Line(name, number, saying.percent(number, whole), bar, elected, tied)

    def lines(people: Iterable[Candidate]) -> tuple[Line, ...]:
        return tuple(
            line(
                one.name, votes[one.id], elected=one.id in entry.elected, tied=one.id in entry.tied
            )
            for one in sorted(people, key=lambda one: -votes[one.id])
        )

    paper = state.candidates[contest.id, sure.question]
    groups = [Group(None, lines(paper.candidates))] if paper.candidates else []
    groups += (
        Group(line(group.name, lists[group.id]), lines(group.candidates))
        for group in sorted(paper.lists, key=lambda group: -lists[group.id])
    )
    return QuestionResult(
        text=saying.say(rules.text),
        seats=rules.seats,
        blank=entry.blank,
        groups=tuple(groups),
        margin=sure.margin,
        in_doubt=sure.in_doubt,
        could_change=sure.could_change,
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
