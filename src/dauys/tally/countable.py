"""Which ballots count: the rule of docs/protocol.md, section 6, over a replayed board.

A pure function of the entries. The auditor's implementation is another one, written from
the text alone; a slow and literal third one stands in the tests.
"""

from collections.abc import Iterable, Sequence

from dauys.core.entries import RevotePolicy
from dauys.core.ids import ContestId
from dauys.core.state import BallotRecord, ElectionState


def countable(state: ElectionState) -> dict[ContestId, tuple[BallotRecord, ...]]:
    """Countable ballots of every contest of the manifest, in log order.

    At most one for each voter and contest. Final once the tally has begun; before, it is
    how things stand. docs/protocol.md, section 6.
    """
    chosen: dict[ContestId, list[BallotRecord]] = {c.id: [] for c in state.manifest.contests}
    for (contest, _), ballots in state.by_pseudonym.items():
        chosen[contest].extend(choose(state, ballots))
    return {
        contest: tuple(sorted(ballots, key=lambda ballot: ballot.index))
        for contest, ballots in chosen.items()
    }


def choose(state: ElectionState, ballots: Sequence[BallotRecord]) -> tuple[BallotRecord, ...]:
    """The one ballot that counts, or none, of one voter's `ballots` in log order."""
    left = _above_floor(state, ballots)
    if not left:
        return ()
    policy = state.manifest.policy
    if policy is RevotePolicy.ONCE:
        # Who came back after an annulment keeps the new ballot if the old is restored.
        return (next((b for b in left if b.index not in state.restored), left[0]),)
    strongest = max(state.strength(b.method) for b in left)
    best = [b for b in left if state.strength(b.method) == strongest]
    return (best[-1] if policy is RevotePolicy.LAST else best[0],)


def _above_floor(state: ElectionState, ballots: Iterable[BallotRecord]) -> list[BallotRecord]:
    """Ballots stronger than the strongest that fell; all of them when none did."""
    fallen: list[BallotRecord] = []
    standing: list[BallotRecord] = []
    for ballot in ballots:
        (fallen if state.is_fallen(ballot) else standing).append(ballot)
    floor = max((state.strength(b.method) for b in fallen), default=-1)
    return [b for b in standing if state.strength(b.method) > floor]
