"""What the commission is shown before it signs."""

import pytest

from dauys.core.entries import RevotePolicy
from dauys.core.errors import RefusedError
from dauys.core.remedies import Annul, Dismiss, Extend, Remedy, Restore, Restrict, Zero
from dauys.response.preview import Change, Consequences, Counting, VotersAfter, preview
from dauys.tally.countable import countable
from dauys.tally.strata import strata
from tests.unit.tally.small_board import (
    CLOSES,
    EDS,
    NAMES,
    NORTH,
    SMS,
    SOUTH,
    SmallBoard,
    contest,
    manifest,
)

COUNTING = Counting(countable, strata)
NOW = "2026-08-06T04:00:00Z"
LATER = "2026-08-20T13:00:00Z"
ZERO = Zero(contest=NORTH, candidate=NAMES[0], method=SMS)


def look(board: SmallBoard, remedy: Remedy, instant: str = NOW) -> Consequences:
    return preview(board.state, remedy, COUNTING, instant)


def test_an_annulment_in_ballots_voters_and_turnout() -> None:
    board = SmallBoard(manifest(contests=(contest(NORTH), contest(SOUTH))))
    honest = [board.cast(voter) for voter in range(6)]
    stuffed = [board.cast(voter) for voter in (10, 11)]
    board.cast(11, EDS)  # came back already
    elsewhere = board.cast(1, contest=SOUTH)
    size = board.state.size
    seen = look(board, Annul(ballots=(*stuffed, elsewhere)))
    north, south = seen.groups
    assert (north.contest, north.method, north.ballots, north.counting) == (NORTH, SMS, 2, 1)
    assert (north.voters, north.turnout, north.share) == (2, 8, 1 / 8)
    assert (south.contest, south.ballots, south.share) == (SOUTH, 1, 1.0)
    assert seen.ballots == 3
    assert seen.changes == (Change(NORTH, 8, 7, 8, 7, 1), Change(SOUTH, 1, 0, 1, 0, 1))
    assert seen.voters == VotersAfter(counted=1, may_vote=2, shut_out=0)
    assert seen.closes == (CLOSES, CLOSES)
    assert seen.joined == ((NORTH, SMS), (NORTH, EDS))
    assert board.state.size == size
    assert not board.state.annulled
    assert honest


def test_ballots_of_some_weight_are_shown_as_the_votes_that_they_are() -> None:
    board = SmallBoard(manifest(contests=(contest(NORTH, weight=5000),)))
    heavy = board.cast(1, weight=700)
    light = [board.cast(voter) for voter in range(2, 6)]
    board.cast(7, EDS, weight=40)
    seen = look(board, Annul(ballots=(heavy, light[0])))
    assert [(g.counting, g.votes, g.turnout, g.share) for g in seen.groups] == [
        (2, 701, 744, 701 / 744)
    ]
    assert seen.changes == (Change(NORTH, 6, 4, 744, 43, 701),)
    board.decide(Annul(ballots=(heavy, light[0])))
    (back,) = look(board, Restore(ballots=(heavy,))).groups
    assert (back.ballots, back.counting, back.votes, back.turnout) == (1, 0, 0, 43)
    assert look(board, Restore(ballots=(heavy,))).changes == (Change(NORTH, 4, 5, 43, 743, 700),)
    (zeroed,) = look(board, ZERO).groups
    assert (zeroed.ballots, zeroed.votes) == (3, 3)


def test_who_is_annulled_after_closing_cannot_come_back_unless_voting_is_extended() -> None:
    board = SmallBoard()
    stuffed = board.cast(1)
    board.close()
    seen = look(board, Annul(ballots=(stuffed,)), CLOSES)
    assert seen.voters == VotersAfter(counted=0, may_vote=0, shut_out=1)
    assert not seen.reopens
    extended = look(board, Extend(closes=LATER), CLOSES)
    assert (extended.closes, extended.reopens) == ((CLOSES, LATER), True)
    assert extended.voters is None


def test_who_voted_by_the_strongest_method_cannot_come_back() -> None:
    board = SmallBoard()
    ballot = board.cast(1, EDS)
    seen = look(board, Annul(ballots=(ballot,)))
    assert seen.voters == VotersAfter(counted=0, may_vote=0, shut_out=1)


def test_a_zeroing_reaches_the_ballots_of_its_method_that_count() -> None:
    board = SmallBoard()
    for voter in range(4):
        board.cast(voter)
    for voter in (0, 10, 11):
        board.cast(voter, EDS)
    seen = look(board, ZERO)
    assert [(g.method, g.ballots, g.turnout) for g in seen.groups] == [(SMS, 3, 6)]
    assert not seen.without_effect
    assert seen.joined == ()


@pytest.mark.parametrize("by_signature", [0, 2])
def test_a_zeroing_without_effect(by_signature: int) -> None:
    board = SmallBoard()
    if by_signature:
        board.cast(1)
    for voter in range(by_signature):
        board.cast(10 + voter, EDS)
    assert look(board, ZERO).without_effect


def test_an_annulment_that_leaves_an_earlier_zeroing_without_effect() -> None:
    board = SmallBoard()
    ballots = [board.cast(voter) for voter in range(3)]
    for voter in range(10, 14):
        board.cast(voter, EDS)
    zeroing = board.decide(ZERO)
    seen = look(board, Annul(ballots=(ballots[0],)))
    assert seen.zeroings_lost == (zeroing.number,)
    assert seen.joined == ((NORTH, SMS), (NORTH, EDS))


def test_a_restriction_names_the_methods_left_and_since_when() -> None:
    board = SmallBoard()
    seen = look(board, Restrict(methods=(EDS,), since=LATER))
    assert (seen.methods, seen.methods_since) == (((SMS, EDS), (EDS,)), LATER)
    at_once = look(board, Restrict(methods=(EDS,), since=NOW), LATER)
    assert at_once.methods_since == LATER


def test_a_restoration_of_a_ballot_whose_voter_came_back() -> None:
    board = SmallBoard(manifest(policy=RevotePolicy.ONCE))
    ballots = tuple(board.cast(voter) for voter in (1, 2))
    board.decide(Annul(ballots=ballots))
    board.cast(1, EDS)
    seen = look(board, Restore(ballots=ballots))
    assert seen.changes == (Change(NORTH, 1, 2, 1, 2, 1),)
    assert seen.voters == VotersAfter(counted=2, may_vote=0, shut_out=0)


def test_a_dismissal_changes_nothing() -> None:
    seen = look(SmallBoard(), Dismiss())
    assert (seen.groups, seen.changes) == ((), (Change(NORTH, 0, 0, 0, 0, 0),))


def test_a_preview_of_what_cannot_be_is_refused() -> None:
    with pytest.raises(RefusedError, match="not_later"):
        look(SmallBoard(), Extend(closes=CLOSES))
    with pytest.raises(RefusedError, match="not_open"):
        look(SmallBoard(opened=False), Extend(closes=LATER))
