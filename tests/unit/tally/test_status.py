"""What a voter is told who looks up a tracker."""

import pytest

from dauys.core.entries import RevotePolicy
from dauys.core.errors import RefusedError
from dauys.core.ids import Tracker
from dauys.core.remedies import Annul, Restore
from dauys.tally.status import Fate, status_of
from tests.unit.tally.small_board import EDS, SMS, SmallBoard, manifest


def test_a_ballot_replaced_by_a_stronger_one_names_it() -> None:
    board = SmallBoard()
    weak = board.cast(1)
    strong = board.cast(1, EDS)
    status = status_of(board.state, board.tracker(weak))
    assert (status.fate, status.counts_instead) == (Fate.REPLACED, strong)
    assert status_of(board.state, board.tracker(strong)).fate is Fate.COUNTED


def test_an_annulled_ballot_names_the_decision_and_its_entry() -> None:
    board = SmallBoard()
    stolen = board.cast(1)
    decision = board.decide(Annul(ballots=(stolen,)))
    status = status_of(board.state, board.tracker(stolen))
    assert status.fate is Fate.ANNULLED
    assert status.decision == decision.number
    assert status.decided_at == board.state.size - 1
    assert status.counts_instead is None
    assert not status.settled


def test_a_stolen_vote_is_reclaimed() -> None:
    board = SmallBoard()
    stolen = board.cast(1)
    own = board.cast(1, EDS, reclaims=stolen)
    status = status_of(board.state, board.tracker(stolen))
    assert (status.fate, status.reclaimed_at, status.counts_instead) == (Fate.RECLAIMED, own, own)


def test_a_restored_ballot_counts_again_and_says_so() -> None:
    board = SmallBoard()
    ballot = board.cast(1)
    board.decide(Annul(ballots=(ballot,)))
    back = board.decide(Restore(ballots=(ballot,)))
    status = status_of(board.state, board.tracker(ballot))
    assert (status.fate, status.restored, status.decision) == (Fate.COUNTED, back.number, None)


def test_under_once_who_came_back_keeps_the_new_ballot() -> None:
    board = SmallBoard(manifest(policy=RevotePolicy.ONCE))
    old = board.cast(1)
    board.decide(Annul(ballots=(old,)))
    new = board.cast(1, EDS)
    board.decide(Restore(ballots=(old,)))
    assert status_of(board.state, board.tracker(new)).fate is Fate.COUNTED
    assert status_of(board.state, board.tracker(old)).counts_instead == new


def test_a_ballot_no_stronger_than_one_that_fell_is_set_aside() -> None:
    board = SmallBoard(manifest(policy=RevotePolicy.LAST))
    first, second = board.cast(1, SMS), board.cast(1, SMS)
    board.decide(Annul(ballots=(second,)))
    assert status_of(board.state, board.tracker(first)).fate is Fate.SET_ASIDE


def test_an_unknown_tracker_is_refused() -> None:
    with pytest.raises(RefusedError, match="unknown_tracker"):
        status_of(SmallBoard().state, Tracker("A" * 43))
