"""`countable` against a slow, literal reading of docs/protocol.md, section 6."""

from hypothesis import given
from hypothesis import strategies as st

from dauys.core.entries import RevotePolicy
from dauys.core.ids import LeafIndex, MethodId
from dauys.core.remedies import Annul, Restore
from dauys.core.state import BallotRecord, ElectionState
from dauys.tally.countable import countable
from dauys.tally.status import Fate, status_of
from tests.unit.tally.small_board import (
    EDS,
    ID,
    NORTH,
    SMS,
    SOUTH,
    SmallBoard,
    contest,
    manifest,
    unsigned,
    voter_of,
)

METHODS = (SMS, ID, EDS)


def literal(state: ElectionState) -> dict[str, list[int]]:
    """The text, sentence by sentence, over all ballots of the log."""
    rank = {method: i for i, method in enumerate(state.manifest.methods)}
    annulled, ever_restored = _decisions(state)
    counted: dict[str, list[int]] = {c.id: [] for c in state.manifest.contests}
    every = sorted(state.ballots.values(), key=lambda b: b.index)
    for who in {(b.contest, b.pseudonym) for b in every}:
        # 1. Take its ballots, in log order.
        ballots = [b for b in every if (b.contest, b.pseudonym) == who]
        # 2. A ballot has fallen if it is annulled, or if a ballot ... reclaims its tracker.
        fallen = [
            b
            for b in ballots
            if b.index in annulled
            or any(o.reclaims == b.tracker and rank[o.method] > rank[b.method] for o in ballots)
        ]
        # 3. Drop the fallen, and every ballot whose method is not stronger than floor.
        if fallen:
            floor = max(rank[b.method] for b in fallen)
            ballots = [b for b in ballots if b not in fallen and rank[b.method] > floor]
        # 4. Of what is left, at most one counts.
        if ballots:
            counted[who[0]].append(_one(state.manifest.policy, ballots, rank, ever_restored))
    return {contest: sorted(indices) for contest, indices in counted.items()}


def _one(
    policy: RevotePolicy, ballots: list[BallotRecord], rank: dict[MethodId, int], restored: set[int]
) -> int:
    never_restored = [b for b in ballots if b.index not in restored]
    if policy == "once":
        return never_restored[0].index if never_restored else ballots[0].index
    top = max(rank[b.method] for b in ballots)
    strongest = [b.index for b in ballots if rank[b.method] == top]
    return strongest[0] if policy == "stronger" else strongest[-1]


def _decisions(state: ElectionState) -> tuple[set[int], set[int]]:
    """Annulled at the end, and restored at any time, from the decisions in force alone."""
    annulled: set[int] = set()
    restored: set[int] = set()
    in_force = [d for d in state.decisions.values() if d.in_force is not None]
    for record in sorted(in_force, key=lambda d: d.in_force or 0):
        match record.decision.remedy:
            case Annul(ballots=ballots):
                annulled |= set(ballots)
            case Restore(ballots=ballots):
                restored |= annulled & set(ballots)
                annulled -= set(ballots)
            case _:
                pass
    return annulled, restored


def _play(board: SmallBoard, move: tuple[str, int, int, int], places: list[LeafIndex]) -> None:
    """One move: a ballot, a reclaim, an annulment or a restoration of a few ballots."""
    kind, voter, method, number = move
    where = SOUTH if number % 4 == 0 else NORTH
    if kind == "cast" or not places:
        places.append(board.cast(voter, METHODS[method], contest=where))
    elif kind == "reclaim":
        target = board.state.ballots[places[number % len(places)]]
        stronger = [m for m in METHODS[1:] if METHODS.index(m) > METHODS.index(target.method)]
        if stronger:
            places.append(
                board.cast(
                    voter_of(target.pseudonym),
                    stronger[method % len(stronger)],
                    contest=target.contest,
                    reclaims=target.index,
                )
            )
    else:
        some = tuple(sorted({places[(number + i) % len(places)] for i in range(voter + 1)}))
        remedy = Annul(ballots=some) if kind == "annul" else Restore(ballots=some)
        board.decide(remedy, ("chair", "second") if number % 7 else ("chair",))


moves = st.lists(
    st.tuples(
        st.sampled_from(["cast", "cast", "cast", "reclaim", "annul", "restore"]),
        st.integers(0, 2),
        st.integers(0, 2),
        st.integers(0, 40),
    ),
    max_size=25,
)


@given(policy=st.sampled_from(RevotePolicy), moves=moves)
def test_countable_is_the_literal_reading_of_the_protocol(
    policy: RevotePolicy, moves: list[tuple[str, int, int, int]]
) -> None:
    rules = manifest(contests=(contest(NORTH), contest(SOUTH)), methods=METHODS, policy=policy)
    board = SmallBoard(rules, verify=unsigned)
    places: list[LeafIndex] = []
    for move in moves:
        _play(board, move, places)
    counted = {c: [b.index for b in ballots] for c, ballots in countable(board.state).items()}
    assert counted == literal(board.state)


@given(policy=st.sampled_from(RevotePolicy), moves=moves)
def test_a_look_up_says_counted_exactly_of_the_ballots_that_count(
    policy: RevotePolicy, moves: list[tuple[str, int, int, int]]
) -> None:
    rules = manifest(contests=(contest(NORTH), contest(SOUTH)), methods=METHODS, policy=policy)
    board = SmallBoard(rules, verify=unsigned)
    places: list[LeafIndex] = []
    for move in moves:
        _play(board, move, places)
    counted = {b.index for ballots in countable(board.state).values() for b in ballots}
    for ballot in board.state.ballots.values():
        status = status_of(board.state, ballot.tracker)
        assert (status.fate is Fate.COUNTED) == (ballot.index in counted)
        assert (status.counts_instead is not None) <= (status.counts_instead in counted)
        assert (status.decision is None) == (ballot.index not in board.state.annulled)
