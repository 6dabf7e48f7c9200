"""Decisions by quorum: strangers, double signatures, crashes, and remedies that cannot be."""

from collections.abc import Iterable

import msgspec
import pytest

from dauys.core.entries import Approval, Decision, StratumTally, Tally, encode_entry
from dauys.core.errors import RefusedError
from dauys.core.forms import Text
from dauys.core.ids import CandidateId, CaseId, ContestId, LeafIndex, MethodId
from dauys.core.remedies import Annul, Dismiss, Extend, Remedy, Restore, Restrict, Zero
from dauys.crypto.signing import SigningKey, verify_signature
from dauys.response.cases import CaseDesk, CaseStatus, Finding, Origin
from dauys.response.decisions import DecisionDesk
from dauys.response.proposals import Proposal, ProposalStatus
from dauys.response.remedy_rules import TooManyBallotsError, check_size
from tests.unit.response.keys import sign
from tests.unit.response.memory import (
    MemoryCases,
    MemoryJournal,
    MemoryProposals,
    PowerCutError,
)
from tests.unit.tally.small_board import (
    CLOSES,
    EDS,
    NORTH,
    OPENS,
    SMS,
    Bytes,
    SmallBoard,
    SmallClock,
    text,
)

LATER = "2026-08-20T13:00:00Z"


def an_empty_tally() -> Tally:
    total = StratumTally(name="total", methods=(), ballots=0, weight=0, encrypted_tally="[]")
    return Tally(contest=NORTH, strata=(total,))


class Commission:
    """A desk, its board, and members who sign."""

    def __init__(self, board: SmallBoard | None = None) -> None:
        self.board = board or SmallBoard()
        self.clock = SmallClock()
        self.journal = MemoryJournal(self.board)
        self.store = MemoryProposals()
        self.cases = CaseDesk(MemoryCases(), self.clock)
        self.desk = self.new_desk()

    def new_desk(self) -> DecisionDesk:
        """As after a restart."""
        return DecisionDesk(self.store, self.cases, self.journal, self.clock, verify_signature)

    def propose(self, remedy: Remedy, case: CaseId | None = None) -> Proposal:
        return self.desk.propose(remedy, text("because"), case, "secretary")

    def approve(self, proposal: Proposal, member: str) -> Proposal:
        return self.desk.approve(proposal.number, member, sign(member, proposal.digest))

    def refusal(self, remedy: Remedy, case: CaseId | None = None) -> str:
        with pytest.raises(RefusedError) as refused:
            self.propose(remedy, case)
        return refused.value.code

    def approvals(self) -> list[str]:
        entries = [msgspec.json.decode(data) for data in self.board.entries]
        return [entry["member"] for entry in entries if entry["kind"] == "approval"]


@pytest.fixture
def commission() -> Commission:
    return Commission()


def code(error: pytest.ExceptionInfo[RefusedError]) -> str:
    return error.value.code


def test_nothing_is_published_before_the_quorum(commission: Commission) -> None:
    stolen = commission.board.cast(1)
    size = commission.board.state.size
    proposal = commission.propose(Annul(ballots=(stolen,)))
    assert commission.approve(proposal, "chair").status is ProposalStatus.WAITING
    assert commission.board.state.size == size


def test_the_quorum_publishes_decision_and_approvals_together(commission: Commission) -> None:
    stolen = commission.board.cast(1)
    proposal = commission.propose(Annul(ballots=(stolen,)))
    commission.approve(proposal, "second")
    assert commission.approve(proposal, "chair").status is ProposalStatus.PUBLISHED
    assert commission.board.state.annulled == {stolen: proposal.number}
    assert commission.approvals() == ["second", "chair"]
    late = commission.approve(proposal, "third")
    assert len(late.approvals) == 3
    assert commission.approvals() == ["second", "chair", "third"]


def test_a_member_signs_twice(commission: Commission) -> None:
    proposal = commission.propose(Extend(closes=LATER))
    commission.approve(proposal, "chair")
    with pytest.raises(RefusedError) as refused:
        commission.approve(proposal, "chair")
    assert code(refused) == "already_approved"
    commission.approve(proposal, "second")
    with pytest.raises(RefusedError) as refused:
        commission.approve(proposal, "second")
    assert code(refused) == "already_approved"


def test_a_stranger_signs(commission: Commission) -> None:
    proposal = commission.propose(Extend(closes=LATER))
    with pytest.raises(RefusedError) as refused:
        commission.desk.approve(proposal.number, "stranger", sign("chair", proposal.digest))
    assert code(refused) == "not_a_member"


def forgeries(proposal: Proposal, other: Proposal) -> Iterable[str]:
    yield sign("second", proposal.digest)  # another member's
    yield sign("chair", other.digest)  # for another decision
    yield sign("chair", proposal.digest, "2QmYxvPkXz4LrTdW")  # type: ignore[arg-type]  # another election
    yield SigningKey.generate(Bytes("thief")).sign(proposal.digest.encode()).hex()
    yield sign("chair", proposal.digest).upper()
    yield sign("chair", proposal.digest)[:-2]
    yield sign("chair", proposal.digest) + "\n"
    yield ""


def test_signatures_that_are_not_this_members_under_this_decision(commission: Commission) -> None:
    proposal, other = (commission.propose(Extend(closes=LATER)) for _ in range(2))
    for forgery in forgeries(proposal, other):
        with pytest.raises(RefusedError) as refused:
            commission.desk.approve(proposal.number, "chair", forgery)
        assert code(refused) == "bad_signature"
    assert commission.desk.get(proposal.number).approvals == ()


def test_what_members_sign_is_what_the_log_checks(commission: Commission) -> None:
    proposal = commission.propose(Extend(closes=LATER))
    message = commission.desk.bytes_to_sign(proposal.number)
    assert message == f"dauys approval v1\n9QmYxvPkXz4LrTdW\n{proposal.digest}\n".encode()


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_reason_is_missing_in_one_language(commission: Commission, language: str) -> None:
    words = {"kk": "себебі", "ru": "причина", "en": "reason", language: " \n"}
    with pytest.raises(RefusedError) as refused:
        commission.desk.propose(Extend(closes=LATER), Text(**words), None, "secretary")
    assert (code(refused), refused.value.detail) == ("empty_reason", language)


def test_remedies_that_cannot_be(commission: Commission) -> None:
    ballot = commission.board.cast(1)
    no_ballot = LeafIndex(ballot - 1)
    refused: dict[Remedy, str] = {
        Extend(closes=OPENS): "in_the_past",
        Extend(closes=CLOSES): "not_later",
        Extend(closes="2026-13-01T00:00:00Z"): "malformed",
        Restrict(methods=(), since=LATER): "no_method_left",
        Restrict(methods=(MethodId("card"),), since=LATER): "unknown_method",
        Restrict(methods=(SMS, EDS), since=LATER): "nothing_restricted",
        Restrict(methods=(EDS, EDS), since=LATER): "method_named_twice",
        Restrict(methods=(EDS,), since="soon"): "malformed",
        Annul(ballots=()): "no_ballots",
        Annul(ballots=(ballot, ballot)): "not_ascending",
        Annul(ballots=(no_ballot,)): "unknown_ballot",
        Annul(ballots=(ballot, LeafIndex(99))): "unknown_ballot",
        Restore(ballots=(ballot,)): "nothing_to_restore",
        Zero(contest=ContestId("west"), candidate=CandidateId("aigul"), method=SMS): (
            "unknown_contest"
        ),
        Zero(contest=NORTH, candidate=CandidateId("nobody"), method=SMS): "unknown_candidate",
        Zero(contest=NORTH, candidate=CandidateId("aigul"), method=MethodId("card")): (
            "unknown_method"
        ),
        Dismiss(): "no_case",
    }
    assert {remedy: commission.refusal(remedy) for remedy in refused} == refused
    assert commission.refusal(Extend(closes=LATER), CaseId(4)) == "unknown_case"


def test_restrictions_that_add_up_to_no_method(commission: Commission) -> None:
    commission.board.decide(Restrict(methods=(EDS,), since=LATER))
    assert commission.refusal(Restrict(methods=(SMS,), since=LATER)) == "no_method_left"


def test_an_earlier_restriction_would_leave_no_method_once_a_later_one_begins(
    commission: Commission,
) -> None:
    commission.board.decide(Restrict(methods=(EDS,), since=LATER))
    assert commission.refusal(Restrict(methods=(SMS,), since=OPENS)) == "no_method_left"


def test_the_same_again(commission: Commission) -> None:
    ballot = commission.board.cast(1)
    zero = Zero(contest=NORTH, candidate=CandidateId("aigul"), method=SMS)
    commission.board.decide(zero)
    commission.board.decide(Annul(ballots=(ballot,)))
    assert commission.refusal(zero) == "already_zeroed"
    assert commission.refusal(Annul(ballots=(ballot,))) == "already_annulled"


def test_more_ballots_than_one_entry_holds(commission: Commission) -> None:
    commission.board = SmallBoard()
    decision = Decision(
        number=1,
        proposed=OPENS,
        case=None,
        remedy=Annul(ballots=tuple(range(9_990, 25_000))),
        reason=text("because"),
    )
    with pytest.raises(TooManyBallotsError) as refused:
        check_size(decision)
    fit = refused.value.fit

    def of(count: int) -> Decision:
        remedy = Annul(ballots=tuple(range(9_990, 9_990 + count)))
        return msgspec.structs.replace(decision, remedy=remedy)

    encode_entry(of(fit))
    check_size(of(fit))
    with pytest.raises(TooManyBallotsError):
        check_size(of(fit + 1))
    long = msgspec.structs.replace(decision, reason=text("x" * 30_000))
    with pytest.raises(RefusedError) as too_long:
        check_size(long)
    assert code(too_long) == "reason_too_long"


def test_decisions_before_voting_and_after_the_tally(commission: Commission) -> None:
    sealed = Commission(SmallBoard(opened=False))
    assert sealed.refusal(Extend(closes=LATER)) == "not_open"
    waiting, in_force = (commission.propose(Extend(closes=LATER)) for _ in range(2))
    for member in ("chair", "second"):
        commission.approve(in_force, member)
    commission.board.close()
    commission.board.add(an_empty_tally())
    assert commission.refusal(Extend(closes=LATER)) == "tally_began"
    for proposal in (waiting, in_force):
        with pytest.raises(RefusedError) as refused:
            commission.approve(proposal, "third")
        assert code(refused) == "tally_began"
    assert commission.new_desk().resume() == ()
    assert commission.desk.find(status=ProposalStatus.WAITING) == (waiting,)


def test_the_tally_begins_between_the_last_signature_and_its_publication(
    commission: Commission,
) -> None:
    proposal = commission.propose(Extend(closes=LATER))
    commission.approve(proposal, "chair")
    commission.journal.cut_power = "before"
    with pytest.raises(PowerCutError):
        commission.approve(proposal, "second")
    commission.journal.cut_power = ""
    commission.board.close()
    commission.board.add(an_empty_tally())
    stuck = commission.new_desk().resume()
    assert stuck == (commission.desk.get(proposal.number),)
    assert stuck[0].status is ProposalStatus.WAITING
    assert commission.approvals() == []


def test_the_proposals_were_lost_and_their_numbers_stand_on_the_board(
    commission: Commission,
) -> None:
    proposal = commission.propose(Extend(closes=LATER))
    commission.approve(proposal, "chair")
    commission.board.decide(Dismiss())  # made elsewhere, under the same number
    with pytest.raises(RefusedError) as refused:
        commission.approve(proposal, "third")
    assert code(refused) == "number_taken"
    assert len(commission.desk.get(proposal.number).approvals) == 1
    assert commission.propose(Extend(closes=LATER)).number == proposal.number + 1


def test_a_case_is_decided_or_dismissed_by_the_decision_in_force(commission: Commission) -> None:
    ballot = commission.board.cast(1)
    finding = Finding(NORTH, text("cluster"), (text("evidence"),), (ballot,))
    case = commission.cases.open_case(finding, Origin.STAFF)
    for remedy, status in (
        (Extend(closes=LATER), CaseStatus.OPEN),
        (Annul(ballots=(ballot,)), CaseStatus.DECIDED),
        (Restore(ballots=(ballot,)), CaseStatus.DECIDED),
        (Dismiss(), CaseStatus.DISMISSED),
    ):
        proposal = commission.propose(remedy, case.number)
        for member in ("chair", "second"):
            commission.approve(proposal, member)
        assert commission.cases.get(case.number).status is status


def test_the_proposer_withdraws(commission: Commission) -> None:
    proposal = commission.propose(Extend(closes=LATER))
    commission.approve(proposal, "chair")
    with pytest.raises(RefusedError) as refused:
        commission.desk.withdraw(proposal.number, "chair")
    assert code(refused) == "not_the_proposer"
    assert commission.desk.withdraw(proposal.number, "secretary").status == "withdrawn"
    with pytest.raises(RefusedError) as refused:
        commission.approve(proposal, "second")
    assert code(refused) == "withdrawn"
    with pytest.raises(RefusedError) as refused:
        commission.desk.withdraw(proposal.number, "secretary")
    assert code(refused) == "withdrawn"
    assert commission.propose(Extend(closes=LATER)).number == proposal.number + 1


def test_nobody_withdraws_what_the_quorum_signed(commission: Commission) -> None:
    proposal = commission.propose(Extend(closes=LATER))
    for member in ("chair", "second"):
        commission.approve(proposal, member)
    with pytest.raises(RefusedError) as refused:
        commission.desk.withdraw(proposal.number, "secretary")
    assert code(refused) == "quorum_reached"


@pytest.mark.parametrize("cut", ["before", "after"])
def test_power_goes_while_the_decision_is_published(commission: Commission, cut: str) -> None:
    stolen = commission.board.cast(1)
    proposal = commission.propose(Annul(ballots=(stolen,)))
    commission.approve(proposal, "chair")
    commission.journal.cut_power = cut
    with pytest.raises(PowerCutError):
        commission.approve(proposal, "second")
    assert bool(commission.board.state.annulled) == (cut == "after")

    commission.journal.cut_power = ""
    for _ in range(2):
        commission.new_desk().resume()
    assert commission.board.state.annulled == {stolen: proposal.number}
    assert commission.approvals() == ["chair", "second"]
    assert commission.desk.get(proposal.number).status is ProposalStatus.PUBLISHED


def test_the_second_signature_comes_after_the_moment_to_extend_to(commission: Commission) -> None:
    proposal = commission.propose(Extend(closes=LATER))
    commission.approve(proposal, "chair")
    commission.clock.time = commission.clock.time.replace(month=9)
    with pytest.raises(RefusedError) as refused:
        commission.approve(proposal, "second")
    assert code(refused) == "in_the_past"
    assert len(commission.desk.get(proposal.number).approvals) == 1


def test_the_clock_of_another_process_is_ahead(commission: Commission) -> None:
    proposal = commission.propose(Extend(closes=LATER))
    commission.board.tick("2026-08-10T00:00:00Z")
    for member in ("chair", "second"):
        commission.approve(proposal, member)
    last = msgspec.json.decode(commission.board.entries[-1])
    assert last["at"] == "2026-08-10T00:00:00Z"


def test_a_signature_from_an_approval_on_the_board_is_no_use_again(commission: Commission) -> None:
    first = commission.propose(Extend(closes=LATER))
    second = commission.propose(Extend(closes=LATER))
    assert first.digest != second.digest
    approval = Approval(
        at=OPENS,
        decision=second.number,
        digest=second.digest,
        member="chair",
        signature=sign("chair", first.digest),
    )
    with pytest.raises(RefusedError) as refused:
        commission.desk.approve(second.number, "chair", approval.signature)
    assert code(refused) == "bad_signature"
