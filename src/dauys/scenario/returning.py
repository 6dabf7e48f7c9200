"""Who comes back once the commission has decided: the robbed, and those it hit by mistake."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from dauys.core.ids import LeafIndex, RegisterNumber
from dauys.core.state import ElectionState
from dauys.scenario.people import Actor, Electorate, Visit
from dauys.scenario.visits import Truth, by_signature

COMES_BACK = 0.8
"""Share of those who own a signature and have no vote of their own."""
GETS_SIGNATURE = 0.4
"""Share of the robbed without a signature who have one made for the extension."""
SHOWS_RECEIPT = 0.7
"""Share of those hit by mistake without a signature who show their receipts to the commission."""


@dataclass(frozen=True, slots=True)
class Returns:
    """Visits with a signature, in no order; and ballots whose voters showed their receipts."""

    visits: tuple[Visit, ...]
    shown: tuple[LeafIndex, ...]


def plan_returns(
    electorate: Electorate, truth: Truth, state: ElectionState, now: datetime, random: Random
) -> Returns:
    """What voters do who have no counting vote of their own after the decisions of `now`.

    Visits come 2 to 40 hours after it. The same arguments give the same plan.
    """
    meant = {visit.register_number: visit for visit in electorate.visits}
    visits: list[Visit] = []
    shown: list[LeafIndex] = []

    def come_back(number: RegisterNumber) -> None:
        moment = now + timedelta(hours=random.uniform(2, 40))
        visits.append(by_signature(meant[number], moment))

    for ballot in truth.ballots:
        if ballot.by is not Actor.VOTER or ballot.index not in state.annulled:
            continue
        if electorate.voter(ballot.register_number).has_signature:
            if random.random() < COMES_BACK:
                come_back(ballot.register_number)
        elif random.random() < SHOWS_RECEIPT:
            shown.append(ballot.index)
    for number in _robbed_of_all(truth):
        signs = electorate.voter(number).has_signature
        if random.random() < (COMES_BACK if signs else GETS_SIGNATURE):
            come_back(number)
    return Returns(tuple(visits), tuple(shown))


def _robbed_of_all(truth: Truth) -> Iterator[RegisterNumber]:
    """Voters who were told that they had voted, and have cast nothing themselves."""
    voted = {ballot.register_number for ballot in truth.ballots if ballot.by is Actor.VOTER}
    told = {
        visit.register_number: None
        for visit, code in truth.refused
        if visit.by is Actor.VOTER and code == "already_voted"
    }
    return (number for number in told if number in truth.robbed - voted)
