"""What a remedy would do, in numbers: shown to the commission before anyone signs.

Which ballots count and how they are summed is the tally's to say; it is handed in.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from dauys.core.contests import CandidateList
from dauys.core.entries import Decision, Manifest
from dauys.core.errors import RefusedError
from dauys.core.forms import Text
from dauys.core.ids import ContestId, DecisionNumber, LeafIndex, MethodId, Pseudonym
from dauys.core.remedies import Annul, Remedy, Restore, Restrict, Zero
from dauys.core.state import BallotRecord, ElectionState, Phase
from dauys.response.rehearsal import rehearse
from dauys.response.remedy_rules import check_remedy, check_time_for_decisions

Counted = Mapping[ContestId, tuple[BallotRecord, ...]]


class SummedTogether(Protocol):
    """A stratum, as far as a preview asks."""

    @property
    def methods(self) -> tuple[MethodId, ...]:
        """Methods of its ballots."""
        ...


@dataclass(frozen=True, slots=True)
class Counting:
    """docs/protocol.md, sections 6 and 7: `tally.countable`, `tally.strata`."""

    countable: Callable[[ElectionState], Counted]
    strata: Callable[[Manifest, Iterable[BallotRecord]], Sequence[SummedTogether]]


@dataclass(frozen=True, slots=True)
class Group:
    """Ballots of one contest and method that the remedy names, and their voters.

    `counting` of the ballots count now: `votes` of the `turnout` that count in the contest.
    """

    contest: ContestId
    method: MethodId
    ballots: int
    counting: int
    votes: int
    voters: int
    turnout: int

    @property
    def share(self) -> float:
        """Part of the contest's votes that those of the counting ballots are, 0 to 1."""
        return self.votes / self.turnout if self.turnout else 0.0


@dataclass(frozen=True, slots=True)
class Change:
    """How many ballots count in a contest, and the votes that they are, before and after.

    `moved` votes count before or after and not both: so far can the numbers of each question go.
    """

    contest: ContestId
    before: int
    after: int
    votes_before: int
    votes_after: int
    moved: int


@dataclass(frozen=True, slots=True)
class VotersAfter:
    """Where the voters of the named ballots stand afterwards; the three add up to all.

    A ballot of `counted` of them counts (this one or another); `may_vote` have none that
    counts and may cast one until the closing time; `shut_out` have none and may not.
    """

    counted: int
    may_vote: int
    shut_out: int


@dataclass(frozen=True, slots=True)
class Consequences:
    """What would change if `remedy` were in force now.

    `closes` and `methods` (allowed from `methods_since`) are (before, after). `reopens`
    when voting has ended and would go on. `groups` are the ballots named; by a zeroing,
    all of its method, of which the candidate's are an unknown part. `stays` is the list that
    keeps the votes which a zeroing takes from its candidate. `voters` only where ballots are
    named. `joined` are contests and methods whose countable ballots would be
    too few for a sum of their own, `zeroings_lost` earlier zeroings that this would leave
    without effect; `without_effect` when a zeroing itself would be.
    """

    remedy: Remedy
    groups: tuple[Group, ...]
    stays: CandidateList | None
    changes: tuple[Change, ...]
    voters: VotersAfter | None
    closes: tuple[str, str]
    reopens: bool
    methods: tuple[tuple[MethodId, ...], tuple[MethodId, ...]]
    methods_since: str
    joined: tuple[tuple[ContestId, MethodId], ...]
    zeroings_lost: tuple[DecisionNumber, ...]
    without_effect: bool

    @property
    def ballots(self) -> int:
        """Ballots named, over all contests."""
        return sum(group.ballots for group in self.groups)


def preview(state: ElectionState, remedy: Remedy, counting: Counting, instant: str) -> Consequences:
    """What `remedy` would do at `instant`. Raises RefusedError as `check_remedy` does."""
    check_time_for_decisions(state)
    check_remedy(state, remedy, instant)
    after = rehearse(state, _draft(state, remedy, instant))
    counted, counted_after = counting.countable(state), counting.countable(after)
    named = _named(state, remedy, counted)
    since = max(instant, remedy.since) if isinstance(remedy, Restrict) else instant
    apart = _apart(after, counted_after, counting)
    joined = tuple(
        (contest, method)
        for contest, ballots in counted_after.items()
        for method in state.manifest.methods
        if any(b.method == method for b in ballots) and (contest, method) not in apart
    )
    return Consequences(
        remedy=remedy,
        groups=_groups(state, named, counted),
        stays=_list_of(state, remedy) if isinstance(remedy, Zero) else None,
        changes=tuple(
            _change(contest, counted[contest], counted_after[contest]) for contest in counted
        ),
        voters=(
            _voters_after(after, named, counted_after, instant)
            if isinstance(remedy, Annul | Restore)
            else None
        ),
        closes=(state.closes, after.closes),
        reopens=state.phase is Phase.CLOSED and instant < after.closes,
        methods=(state.methods_at(since), after.methods_at(since)),
        methods_since=since,
        joined=joined,
        zeroings_lost=_zeroings_lost(state, _apart(state, counted, counting), apart),
        without_effect=isinstance(remedy, Zero) and (remedy.contest, remedy.method) not in apart,
    )


def _draft(state: ElectionState, remedy: Remedy, instant: str) -> Decision:
    number = max(state.decisions, default=0) + 1
    reason = Text(kk="-", ru="-", en="-")
    return Decision(number=number, proposed=instant, case=None, remedy=remedy, reason=reason)


def _named(state: ElectionState, remedy: Remedy, counted: Counted) -> list[BallotRecord]:
    match remedy:
        case Annul(ballots=leaves) | Restore(ballots=leaves):
            return [state.ballots[LeafIndex(leaf)] for leaf in leaves]
        case Zero(contest=contest, method=method):
            return [ballot for ballot in counted[contest] if ballot.method == method]
        case _:
            return []


def _groups(
    state: ElectionState, named: Iterable[BallotRecord], counted: Counted
) -> tuple[Group, ...]:
    counting = {ballot.index for ballots in counted.values() for ballot in ballots}
    ballots: dict[tuple[ContestId, MethodId], list[BallotRecord]] = {}
    for ballot in named:
        ballots.setdefault((ballot.contest, ballot.method), []).append(ballot)
    return tuple(
        Group(
            contest=contest.id,
            method=method,
            ballots=len(group),
            counting=len(now := [ballot for ballot in group if ballot.index in counting]),
            votes=_votes(now),
            voters=len({ballot.pseudonym for ballot in group}),
            turnout=_votes(counted[contest.id]),
        )
        for contest in state.manifest.contests
        for method in state.manifest.methods
        if (group := ballots.get((contest.id, method)))
    )


def _change(
    contest: ContestId, before: Collection[BallotRecord], after: Collection[BallotRecord]
) -> Change:
    moved = {b.index: b.weight for b in before}.items() ^ {b.index: b.weight for b in after}.items()
    return Change(
        contest,
        before=len(before),
        after=len(after),
        votes_before=_votes(before),
        votes_after=_votes(after),
        moved=sum(weight for _, weight in moved),
    )


def _votes(ballots: Iterable[BallotRecord]) -> int:
    return sum(ballot.weight for ballot in ballots)


def _list_of(state: ElectionState, remedy: Zero) -> CandidateList | None:
    """The list on which the candidate stands, if the question is one of lists."""
    lists = (group for paper in state.papers(remedy.contest) for group in paper.lists)
    return next((g for g in lists if remedy.candidate in {c.id for c in g.candidates}), None)


def _voters_after(
    after: ElectionState, named: Iterable[BallotRecord], counted: Counted, instant: str
) -> VotersAfter:
    heard = {(b.contest, b.pseudonym) for ballots in counted.values() for b in ballots}
    found: Counter[str] = Counter()
    for voter in {(ballot.contest, ballot.pseudonym) for ballot in named}:
        if voter in heard:
            found["counted"] += 1
        else:
            found["may_vote" if _may_vote(after, *voter, instant) else "shut_out"] += 1
    return VotersAfter(found["counted"], found["may_vote"], found["shut_out"])


def _may_vote(state: ElectionState, contest: ContestId, pseudonym: Pseudonym, instant: str) -> bool:
    for method in state.manifest.methods:
        try:
            state.check_may_cast(contest, pseudonym, method, None, instant)
        except RefusedError:
            continue
        return True
    return False


def _apart(
    state: ElectionState, counted: Counted, counting: Counting
) -> frozenset[tuple[ContestId, MethodId]]:
    """Contests and methods whose countable ballots have a sum of their own."""
    return frozenset(
        (contest, stratum.methods[0])
        for contest, ballots in counted.items()
        for stratum in counting.strata(state.manifest, ballots)
        if len(stratum.methods) == 1
    )


def _zeroings_lost(
    state: ElectionState,
    before: frozenset[tuple[ContestId, MethodId]],
    after: frozenset[tuple[ContestId, MethodId]],
) -> tuple[DecisionNumber, ...]:
    lost = before - after
    return tuple(sorted(n for n, zero in state.zeroed if (zero.contest, zero.method) in lost))
