"""Who was harmed: what became of the vote of everybody who came, by what the simulator knows.

Every voter who came is in exactly one class. The test suite finds the same from the published
entries alone.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from enum import StrEnum

from dauys.core.ids import LeafIndex, RegisterNumber
from dauys.core.state import ElectionState
from dauys.scenario.people import Actor
from dauys.scenario.visits import TrueBallot, Truth
from dauys.tally.countable import countable


class Fate(StrEnum):
    """What became of the vote of somebody who came to vote. `heard`: their own ballot counts."""

    UNTOUCHED = "untouched"
    """Heard, and nothing was done to the vote."""
    ROBBED_HEARD = "robbed_heard"
    """A thief voted first; the voter got the vote back and cast it."""
    HIT_HEARD = "hit_heard"
    """A decision annulled the voter's own ballot; the voter cast another, which counts."""
    HIT_RESTORED = "hit_restored"
    """Likewise, and a decision restored it."""
    ROBBED_UNHEARD = "robbed_unheard"
    """A thief voted first, and the voter never got so far as to cast a ballot that counts."""
    HIT_UNHEARD = "hit_unheard"
    """A decision annulled the voter's own ballot, and the voter did not come back."""
    TURNED_AWAY = "turned_away"
    """Nobody took the vote; the voter was refused by the rules and did not come back."""


HEARD = (Fate.UNTOUCHED, Fate.ROBBED_HEARD, Fate.HIT_HEARD, Fate.HIT_RESTORED)


def fates(state: ElectionState, truth: Truth) -> Mapping[RegisterNumber, Fate]:
    """The fate of each voter who came, by line of the register."""
    counted = {ballot.index for ballots in countable(state).values() for ballot in ballots}
    own: defaultdict[RegisterNumber, list[TrueBallot]] = defaultdict(list)
    for ballot in truth.ballots:
        if ballot.by is Actor.VOTER:
            own[ballot.register_number].append(ballot)
    came = {visit.register_number for visit, _ in truth.refused if visit.by is Actor.VOTER}
    return {
        number: _fate(state, own[number], counted, robbed=number in truth.robbed)
        for number in sorted(came | own.keys())
    }


def by_fate(found: Mapping[RegisterNumber, Fate]) -> dict[Fate, int]:
    """How many voters met each fate."""
    counts = Counter(found.values())
    return {fate: counts[fate] for fate in Fate}


def _fate(
    state: ElectionState, own: list[TrueBallot], counted: set[LeafIndex], *, robbed: bool
) -> Fate:
    heard = [ballot.index for ballot in own if ballot.index in counted]
    if any(index in state.restored for index in heard):
        return Fate.HIT_RESTORED
    if any(ballot.index in state.annulled or ballot.index in state.restored for ballot in own):
        return Fate.HIT_HEARD if heard else Fate.HIT_UNHEARD
    if robbed:
        return Fate.ROBBED_HEARD if heard else Fate.ROBBED_UNHEARD
    return Fate.UNTOUCHED if heard else Fate.TURNED_AWAY
