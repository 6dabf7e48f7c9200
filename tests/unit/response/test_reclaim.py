"""What a voter hears whose vote was taken."""

import pytest

from dauys.core.entries import RevotePolicy
from dauys.core.errors import RefusedError
from dauys.core.remedies import Annul, Restrict
from dauys.response.reclaim import EarlierBallot, check_reclaim, earlier_ballot
from tests.unit.tally.small_board import (
    CLOSES,
    EDS,
    NORTH,
    SMS,
    SmallBoard,
    manifest,
    pseudonym,
)

NOW = "2026-08-06T04:00:00Z"


def told(board: SmallBoard, voter: int = 1, instant: str = NOW) -> EarlierBallot:
    earlier = earlier_ballot(board.state, NORTH, pseudonym(voter), instant)
    assert earlier is not None
    return earlier


def test_a_new_voter_has_no_earlier_ballot() -> None:
    assert earlier_ballot(SmallBoard().state, NORTH, pseudonym(1), NOW) is None


def test_a_vote_stolen_by_sms_is_taken_back_by_signature() -> None:
    board = SmallBoard(manifest(policy=RevotePolicy.ONCE))
    stolen = board.cast(1)
    earlier = told(board)
    assert (earlier.index, earlier.method, earlier.stands) == (stolen, SMS, True)
    assert (earlier.reclaim_by, earlier.replace_by) == ((EDS,), ())
    check_reclaim(board.state, board.state.ballots[stolen], EDS, NOW)
    with pytest.raises(RefusedError, match="nothing_to_reclaim"):
        check_reclaim(board.state, board.state.ballots[stolen], SMS, NOW)
    own = board.cast(1, EDS, reclaims=stolen)
    assert (told(board).index, told(board).reclaim_by) == (own, ())
    with pytest.raises(RefusedError, match="already_fallen"):
        check_reclaim(board.state, board.state.ballots[stolen], EDS, NOW)


def test_under_stronger_a_signature_replaces_without_a_reclaim() -> None:
    board = SmallBoard()
    board.cast(1)
    assert (told(board).reclaim_by, told(board).replace_by) == ((EDS,), (EDS,))


def test_an_annulled_voter_is_told_the_decision_and_the_way_back() -> None:
    board = SmallBoard(manifest(policy=RevotePolicy.ONCE))
    ballot = board.cast(1)
    decision = board.decide(Annul(ballots=(ballot,)))
    earlier = told(board)
    assert (earlier.stands, earlier.annulled_by) == (False, decision.number)
    assert (earlier.reclaim_by, earlier.replace_by) == ((), (EDS,))


def test_no_way_back_by_a_method_that_is_closed_or_after_the_end() -> None:
    board = SmallBoard()
    board.cast(1)
    assert told(board, instant=CLOSES).reclaim_by == ()
    board.decide(Restrict(methods=(SMS,), since=NOW))
    assert told(board).reclaim_by == ()
