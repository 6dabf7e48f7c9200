"""How sure an outcome is: the margin against the votes that are in doubt."""

from collections.abc import Collection
from dataclasses import dataclass

from dauys.core.errors import RefusedError
from dauys.core.ids import ContestId, LeafIndex, QuestionId
from dauys.core.state import ElectionState
from dauys.tally.countable import countable
from dauys.tally.margin import margin


@dataclass(frozen=True, slots=True)
class HowSure:
    """The margin of a question beside everything that could be argued about, in votes.

    A ballot is as many votes as it weighs. `margin` is as `margin.margin` has it.
    `annulled` votes would count but for decisions; `flagged` and `contested` ones count,
    although the monitor or a voter objects (a ballot of both sorts is under `flagged`);
    `zeroed` votes were taken away from candidates.
    """

    contest: ContestId
    question: QuestionId
    margin: int
    annulled: int
    flagged: int
    contested: int
    zeroed: int

    @property
    def in_doubt(self) -> int:
        """Votes of all sorts. Each can bring one candidate, or list, a vote nearer to another."""
        return self.annulled + self.flagged + self.contested + self.zeroed

    @property
    def could_change(self) -> bool:
        """Whether the votes in doubt are as many as the margin."""
        return self.in_doubt >= self.margin


def how_sure(
    state: ElectionState,
    contest: ContestId,
    flagged: Collection[LeafIndex],
    contested: Collection[LeafIndex],
) -> tuple[HowSure, ...]:
    """How sure the result of each question of `contest` is, in order.

    `flagged` are the monitor's ballots in cases that are still open, `contested` those
    that voters reported as not theirs. Raises RefusedError `no_result`.
    """
    if contest not in state.results:
        raise RefusedError("no_result", contest)
    counted = {ballot.index for ballot in countable(state)[contest]}
    doubtful = counted.intersection(flagged)
    # A voter who came back has a ballot that counts: the annulled one takes nothing away.
    annulled = {
        ballot.pseudonym: ballot.weight
        for index in state.annulled
        if (ballot := state.ballots[index]).contest == contest
        and counted.isdisjoint(b.index for b in state.ballots_of(contest, ballot.pseudonym))
    }
    results = state.results[contest].questions
    rules, papers = state.contest(contest).questions, state.papers(contest)
    return tuple(
        HowSure(
            contest=contest,
            question=result.question,
            margin=margin(result, paper, rule.seats),
            annulled=sum(annulled.values()),
            flagged=state.votes(doubtful),
            contested=state.votes(counted.intersection(contested) - doubtful),
            zeroed=sum(zero.votes or 0 for zero in result.zeroed),
        )
        for result, rule, paper in zip(results, rules, papers, strict=True)
    )
