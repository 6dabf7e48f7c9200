"""Decisions and approvals on the board: what a dishonest server would slip in."""

import msgspec
import pytest

from dauys.core.entries import Decision, approval_bytes
from dauys.core.ids import CandidateId, ContestId, LeafIndex, MethodId
from dauys.core.remedies import Annul, Dismiss, Extend, Remedy, Restore, Restrict, Retune, Zero
from tests.unit.core.test_replay_order import refuse
from tests.unit.tally.small_board import (
    CLOSES,
    EDS,
    MEMBERS,
    NORTH,
    OPENS,
    SMS,
    SmallBoard,
    manifest,
    text,
)

LATER, LATEST = "2026-08-20T13:00:00Z", "2026-08-21T13:00:00Z"


def decision(remedy: Remedy, number: int = 1) -> Decision:
    return Decision(number=number, proposed=OPENS, case=None, remedy=remedy, reason=text("because"))


def test_a_decision_is_in_force_from_the_approval_that_completes_the_quorum() -> None:
    board = SmallBoard()
    made = board.propose(Extend(closes=LATER))
    record = board.state.decisions[next(iter(board.state.decisions))]
    board.add(board.approval(made, "third"))
    assert (record.in_force, board.state.closes) == (None, CLOSES)
    place = board.add(board.approval(made, "chair"))
    assert (record.in_force, board.state.closes) == (place, LATER)
    board.add(board.approval(made, "second"))
    assert record.in_force == place
    assert record.approved_by == ["third", "chair", "second"]


def test_a_member_approves_twice_to_make_a_quorum() -> None:
    board = SmallBoard()
    made = board.propose(Extend(closes=LATER))
    board.add(board.approval(made, "chair"))
    assert "once" in refuse(board, board.approval(made, "chair"))


def test_approvals_that_nobody_gave() -> None:
    board = SmallBoard()
    made = board.propose(Extend(closes=LATER))
    other = board.propose(Extend(closes=LATEST))
    change = msgspec.structs.replace
    right = board.approval(made, "chair")
    of_other = board.approval(other, "chair")
    bare = MEMBERS["chair"].sign(bytes.fromhex(right.digest)).hex()
    elsewhere = MEMBERS["chair"].sign(approval_bytes("2QmYxvPkXz4LrTdW", right.digest)).hex()
    for wrong in (
        change(right, member="second"),
        change(right, member="stranger"),
        change(right, decision=9),
        change(right, decision=other.number),
        change(right, digest="0" * 64),
        change(right, signature=of_other.signature),
        change(right, signature=bare),
        change(right, signature=elsewhere),
    ):
        refuse(board, wrong)
    board.add(right)


@pytest.mark.parametrize(
    "remedy",
    [
        Annul(ballots=(LeafIndex(0),)),
        Annul(ballots=(LeafIndex(99),)),
        Restore(ballots=(LeafIndex(99),)),
        Restrict(methods=(MethodId("card"),), since=LATER),
        Restrict(methods=(EDS, EDS), since=LATER),
        Zero(contest=ContestId("west"), candidate=CandidateId("aigul"), method=SMS),
        Zero(contest=NORTH, candidate=CandidateId("nobody"), method=SMS),
        Zero(contest=NORTH, candidate=CandidateId("aigul"), method=MethodId("card")),
    ],
)
def test_a_decision_about_what_does_not_exist(remedy: Remedy) -> None:
    refuse(SmallBoard(), decision(remedy))


def test_ballots_of_a_decision_out_of_order_or_twice() -> None:
    board = SmallBoard()
    first, second = board.cast(1), board.cast(2)
    for ballots in ((second, first), (first, first)):
        for remedy in (Annul(ballots=ballots), Restore(ballots=ballots)):
            assert "ascend" in refuse(board, decision(remedy))


def test_one_number_for_two_decisions() -> None:
    board = SmallBoard()
    board.add(decision(Dismiss()))
    assert "different numbers" in refuse(board, decision(Extend(closes=LATER)))
    board.add(decision(Extend(closes=LATER), number=7))


def test_an_extension_that_is_no_later_changes_nothing() -> None:
    board = SmallBoard()
    board.decide(Extend(closes=LATEST))
    board.decide(Extend(closes=LATER))
    assert board.state.closes == LATEST


def test_annulled_twice_restored_once_and_annulled_again() -> None:
    board = SmallBoard()
    one, two, three = (board.cast(voter) for voter in range(3))
    first = board.decide(Annul(ballots=(one, two)))
    board.decide(Annul(ballots=(two, three)))
    assert board.state.annulled[two] == first.number
    back = board.decide(Restore(ballots=(two,)))
    assert set(board.state.annulled) == {one, three}
    again = board.decide(Annul(ballots=(two,)))
    assert board.state.annulled[two] == again.number
    assert board.state.restored == {two: back.number}


def test_a_restoration_of_what_was_never_annulled_leaves_no_mark() -> None:
    board = SmallBoard()
    ballot = board.cast(1)
    board.decide(Restore(ballots=(ballot,)))
    assert board.state.restored == {}


def test_the_monitors_policy_changes_by_a_quorum_only() -> None:
    board = SmallBoard()
    before, other = board.state.monitor, "ab" * 32
    made = board.propose(Retune(policy=other))
    board.add(board.approval(made, "chair"))
    assert board.state.monitor == before == board.state.manifest.monitor
    board.add(board.approval(made, "second"))
    assert board.state.monitor == other
    assert board.state.annulled == {}


def test_restrictions_and_zeroings_count_only_in_force() -> None:
    board = SmallBoard(manifest(quorum=3))
    zero = Zero(contest=NORTH, candidate=CandidateId("aigul"), method=SMS)
    for remedy in (zero, Restrict(methods=(EDS,), since=OPENS)):
        board.decide(remedy, ("chair", "second"))
    assert (board.state.zeroed, board.state.restrictions) == ([], [])
    board.add(
        board.approval(board.state.decisions[next(iter(board.state.decisions))].decision, "third")
    )
    assert [remedy for _, remedy in board.state.zeroed] == [zero]
    assert board.state.methods_at(LATER) == (SMS, EDS)
