"""Who may cast, against which ballot counts (docs/protocol.md, section 6).

Whoever is let in has a ballot that counts; whoever has none is let in by a method that is
stronger than those of the ballots they lost.
"""

from hypothesis import given
from hypothesis import strategies as st

from dauys.core.entries import AnyEntry, RevotePolicy
from dauys.core.errors import RefusedError
from dauys.core.ids import LeafIndex, Pseudonym
from dauys.core.remedies import Annul, Restore
from dauys.core.replay import Replay
from dauys.core.state import BallotRecord, ElectionState
from tests.unit.board.elections import EDS, NORTH, OPENS, PAPER, SMS, ballot, decided, opened

METHODS = (SMS, EDS, PAPER)
VOTER = Pseudonym(f"{1:032x}")

CAST = st.tuples(st.just("cast"), st.sampled_from(METHODS), st.none() | st.integers(0, 5))
DECIDE = st.tuples(st.sampled_from(["annul", "restore"]), st.integers(0, 5), st.none())
POLICIES = st.sampled_from(RevotePolicy)


def trusting(*_: object) -> None:
    """Signatures are not what this is about."""


def fallen(state: ElectionState, ballots: tuple[BallotRecord, ...]) -> list[BallotRecord]:
    """Section 6, step 2."""
    return [
        b
        for b in ballots
        if b.index in state.annulled
        or any(
            o.reclaims == b.tracker and METHODS.index(o.method) > METHODS.index(b.method)
            for o in ballots
        )
    ]


def floor(state: ElectionState) -> int:
    """Section 6, step 3: strength of the strongest fallen, -1 without any."""
    lost = fallen(state, state.ballots_of(NORTH, VOTER))
    return max((METHODS.index(b.method) for b in lost), default=-1)


def counting(state: ElectionState) -> BallotRecord | None:
    """Section 6, steps 1 to 4, for the one voter."""
    ballots = state.ballots_of(NORTH, VOTER)
    lost = fallen(state, ballots)
    left = [b for b in ballots if b not in lost and METHODS.index(b.method) > floor(state)]
    if not left:
        return None
    strongest = max(METHODS.index(b.method) for b in left)
    top = [b for b in left if METHODS.index(b.method) == strongest]
    match state.manifest.policy:
        case RevotePolicy.ONCE:
            return next((b for b in left if b.index not in state.restored), left[0])
        case RevotePolicy.STRONGER:
            return top[0]
        case RevotePolicy.LAST:
            return top[-1]


def apply(replay: Replay, *entries: AnyEntry) -> None:
    for entry in entries:
        replay.apply(entry)


@given(POLICIES, st.lists(CAST | DECIDE, min_size=1, max_size=12))
def test_who_is_let_in_has_a_vote_and_who_has_none_is_let_in(
    policy: RevotePolicy, steps: list[tuple[str, object, int | None]]
) -> None:
    replay = Replay(trusting)
    apply(replay, *opened(policy))
    state = replay.state
    for number, (step, what, reclaimed) in enumerate(steps, start=1):
        mine = state.ballots_of(NORTH, VOTER)
        if step != "cast":
            if isinstance(what, int) and what < len(mine):
                leaves = (LeafIndex(mine[what].index),)
                kind = Annul if step == "annul" else Restore
                apply(replay, *decided(number, kind(ballots=leaves), OPENS))
            continue
        method = next(m for m in METHODS if m == what)
        reclaims = (
            mine[reclaimed].tracker if reclaimed is not None and reclaimed < len(mine) else None
        )
        lost_all = counting(state) is None and METHODS.index(method) > floor(state)
        try:
            state.check_may_cast(NORTH, VOTER, method, reclaims, state.now)
        except RefusedError:
            if reclaims is None and lost_all:
                raise
            continue
        apply(replay, ballot(number, voter=1, method=method, reclaims=reclaims))
        now = counting(state)
        assert now is not None
        assert now.serial == number
