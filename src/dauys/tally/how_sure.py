"""How sure an outcome is: the margin against the ballots that are in doubt."""

from collections.abc import Collection
from dataclasses import dataclass

from dauys.core.errors import RefusedError
from dauys.core.ids import ContestId, LeafIndex
from dauys.core.state import ElectionState
from dauys.tally.countable import countable


@dataclass(frozen=True, slots=True)
class HowSure:
    """The margin of a contest beside everything that could be argued about, in ballots.

    `margin` is the votes of the last elected less those of the first not elected; 0 with
    a tie, None when nobody stands on one of the two sides. `annulled` ballots would count
    but for decisions; `flagged` and `contested` ones count, although the monitor or a
    voter objects (a ballot of both sorts is under `flagged`); `zeroed` votes were taken
    away from candidates.
    """

    contest: ContestId
    margin: int | None
    annulled: int
    flagged: int
    contested: int
    zeroed: int

    @property
    def in_doubt(self) -> int:
        """Ballots of all sorts. Each can move the margin by one vote."""
        return self.annulled + self.flagged + self.contested + self.zeroed

    @property
    def could_change(self) -> bool:
        """Whether the ballots in doubt are as many as the margin."""
        return self.margin is not None and self.in_doubt >= self.margin


def how_sure(
    state: ElectionState,
    contest: ContestId,
    flagged: Collection[LeafIndex],
    contested: Collection[LeafIndex],
) -> HowSure:
    """How sure the result of `contest` is.

    `flagged` are the monitor's ballots in cases that are still open, `contested` those
    that voters reported as not theirs. Raises RefusedError `no_result`.
    """
    if contest not in state.results:
        raise RefusedError("no_result", contest)
    counted = {ballot.index for ballot in countable(state)[contest]}
    doubtful = counted.intersection(flagged)
    # A voter who came back has a ballot that counts: the annulled one takes nothing away.
    annulled = {
        (contest, ballot.pseudonym)
        for index in state.annulled
        if (ballot := state.ballots[index]).contest == contest
        and counted.isdisjoint(b.index for b in state.ballots_of(contest, ballot.pseudonym))
    }
    return HowSure(
        contest=contest,
        margin=_margin(state, contest),
        annulled=len(annulled),
        flagged=len(doubtful),
        contested=len(counted.intersection(contested) - doubtful),
        zeroed=sum(zero.votes or 0 for zero in state.results[contest].zeroed),
    )


def _margin(state: ElectionState, contest: ContestId) -> int | None:
    result = state.results[contest]
    if result.tied:
        return 0
    inside = [c.votes for c in result.counts if c.candidate in result.elected]
    outside = [c.votes for c in result.counts if c.candidate not in result.elected]
    return min(inside) - max(outside) if inside and outside else None
