"""Cases: nightly scans that find the same again, and voters who report."""

import pytest

from dauys.core.entries import Decision
from dauys.core.errors import RefusedError
from dauys.core.ids import CaseId, LeafIndex
from dauys.core.remedies import Annul, Dismiss, Remedy
from dauys.core.state import BallotRecord
from dauys.response.cases import CaseDesk, CaseStatus, Finding, Origin, decisions_in_force
from tests.unit.response.memory import MemoryCases
from tests.unit.tally.small_board import NORTH, OPENS, SmallBoard, SmallClock, text

NOT_ME = text("This was not me")


@pytest.fixture
def board() -> SmallBoard:
    board = SmallBoard()
    for voter in range(5):
        board.cast(voter)
    return board


@pytest.fixture
def ballots(board: SmallBoard) -> list[BallotRecord]:
    return list(board.state.ballots.values())


@pytest.fixture
def desk() -> CaseDesk:
    return CaseDesk(MemoryCases(), SmallClock())


def _decision(board: SmallBoard, remedy: Remedy, case: CaseId) -> Decision:
    """As it would stand on the board, in force."""
    number = len(board.state.decisions) + (2 if isinstance(remedy, Dismiss) else 1)
    return Decision(number=number, proposed=OPENS, case=case, remedy=remedy, reason=text("because"))


def finding(ballots: list[BallotRecord], *words: str) -> Finding:
    places = tuple(ballot.index for ballot in reversed(ballots))
    return Finding(NORTH, text("One address"), tuple(map(text, words)), places)


def test_a_cluster_found_again_grows_its_case(desk: CaseDesk, ballots: list[BallotRecord]) -> None:
    first = desk.open_by_monitor(finding(ballots[:2], "9 of 10"), "c1")
    again = desk.open_by_monitor(finding(ballots[:3], "9 of 10", "19 of 20"), "c1")
    assert again.number == first.number
    assert again.ballots == tuple(ballot.index for ballot in ballots[:3])
    assert [line.text for line in again.evidence] == [text("9 of 10"), text("19 of 20")]
    assert desk.open_by_monitor(finding(ballots[:3], "9 of 10", "19 of 20"), "c1") == again
    assert desk.open_by_monitor(finding(ballots[3:]), "c2").number != first.number


def test_what_the_monitor_says_today_stands_in_the_place_of_yesterdays(
    desk: CaseDesk, ballots: list[BallotRecord]
) -> None:
    desk.open_by_monitor(finding(ballots[:2], "2 votes came"), "c1")
    desk.report_by_voter(ballots[1], text("Report"), NOT_ME)
    case = desk.open_by_monitor(finding(ballots[:3], "3 votes came"), "c1")
    assert [line.text for line in case.evidence] == [NOT_ME, text("3 votes came")]
    smaller = desk.open_by_monitor(finding(ballots[1:2], "3 votes came"), "c1")
    assert smaller.ballots == case.ballots


def test_an_address_that_became_a_block_stays_one_case(
    desk: CaseDesk, ballots: list[BallotRecord]
) -> None:
    address = desk.open_by_monitor(finding(ballots[:2], "one address"), "c1")
    block = desk.open_by_monitor(finding(ballots[1:4], "five addresses"), "c2")
    assert block.number == address.number
    assert block.ballots == tuple(ballot.index for ballot in ballots[:4])


def test_a_dismissed_cluster_comes_back_only_with_new_ballots(
    desk: CaseDesk, board: SmallBoard, ballots: list[BallotRecord]
) -> None:
    case = desk.open_by_monitor(finding(ballots[:2], "evidence"), "c1")
    desk.settle([_decision(board, Dismiss(), case.number)])
    dismissed = desk.open_by_monitor(finding(ballots[:2], "evidence"), "c1")
    assert (dismissed.number, dismissed.status) == (case.number, CaseStatus.DISMISSED)
    assert desk.flagged(NORTH) == frozenset()
    reopened = desk.open_by_monitor(finding(ballots[:3], "evidence"), "c1")
    assert (reopened.number, reopened.status) == (case.number + 1, CaseStatus.OPEN)


def test_a_voters_report_joins_the_monitors_case(
    desk: CaseDesk, ballots: list[BallotRecord]
) -> None:
    case = desk.open_by_monitor(finding(ballots[:2], "evidence"), "c1")
    joined = desk.report_by_voter(ballots[1], text("Report"), NOT_ME)
    assert joined.number == case.number
    assert joined.disputed == (ballots[1].index,)
    assert joined.evidence[-1].origin is Origin.VOTER
    assert desk.flagged(NORTH) == {ballots[0].index, ballots[1].index}
    assert desk.contested(NORTH) == {ballots[1].index}


def test_a_voters_report_alone_is_a_case_and_twice_the_same(
    desk: CaseDesk, ballots: list[BallotRecord]
) -> None:
    case = desk.report_by_voter(ballots[4], text("Report"), NOT_ME)
    assert (case.origin, case.ballots, case.disputed) == (
        Origin.VOTER,
        (ballots[4].index,),
        (ballots[4].index,),
    )
    assert desk.report_by_voter(ballots[4], text("Report"), NOT_ME) == case
    assert desk.flagged(NORTH) == frozenset()


def test_staff_add_evidence_to_open_cases_only(
    desk: CaseDesk, board: SmallBoard, ballots: list[BallotRecord]
) -> None:
    case = desk.open_case(finding(ballots[:1]), Origin.STAFF)
    grown = desk.add_evidence(case.number, text("seen"), [ballots[2].index])
    assert grown.ballots == (ballots[0].index, ballots[2].index)
    desk.settle([_decision(board, Annul(ballots=grown.ballots), case.number)])
    with pytest.raises(RefusedError, match="case_closed"):
        desk.add_evidence(case.number, text("late"))
    with pytest.raises(RefusedError, match="unknown_case"):
        desk.get(type(case.number)(77))


def test_decisions_settle_in_the_order_in_which_they_came_into_force(
    desk: CaseDesk, board: SmallBoard, ballots: list[BallotRecord]
) -> None:
    case = desk.open_case(finding(ballots[:1]), Origin.STAFF)
    board.propose(Dismiss())  # number 1, never signed
    annulment = board.decide(Annul(ballots=(ballots[0].index,)))
    assert decisions_in_force(board.state) == (annulment,)
    desk.settle(decisions_in_force(board.state))
    assert desk.get(case.number).status is CaseStatus.OPEN  # the decision names no case
    first = _decision(board, Annul(ballots=(ballots[0].index,)), case.number)
    then = _decision(board, Dismiss(), case.number)
    desk.settle([first, then])
    desk.settle([first, then])
    settled = desk.get(case.number)
    assert (settled.status, settled.decision) == (CaseStatus.DISMISSED, then.number)


def test_ballots_of_a_case_ascend(desk: CaseDesk, ballots: list[BallotRecord]) -> None:
    case = desk.open_case(finding(ballots), Origin.STAFF)
    assert list(case.ballots) == sorted(case.ballots)
    assert isinstance(case.ballots[0], int)
    assert LeafIndex(case.ballots[0]) == ballots[0].index
