"""Members who sign in the same second, over the real journal."""

import threading
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest

from dauys.board.journal import Journal
from dauys.core.entries import Open, decode_entry
from dauys.core.errors import RefusedError
from dauys.core.remedies import Extend
from dauys.crypto.signing import SigningKey, verify_signature
from dauys.response.cases import CaseDesk
from dauys.response.decisions import DecisionDesk
from dauys.response.proposals import ProposalStatus
from tests.unit.board.memory import MemoryEntryStore
from tests.unit.response.keys import sign
from tests.unit.response.memory import MemoryCases, MemoryProposals
from tests.unit.tally.small_board import MEMBERS, OPENS, Bytes, SmallClock, manifest, sealing, text

LATER = "2026-08-20T13:00:00Z"


@pytest.fixture
def journal() -> Journal:
    key = SigningKey.generate(Bytes("log"))
    journal = Journal(MemoryEntryStore(), key, verify_signature)
    rules = msgspec.structs.replace(manifest(), log_key=key.public_hex)
    with journal.writing() as writer:
        for entry in (*sealing(rules), Open(at=OPENS)):
            writer.append(entry)
    return journal


@pytest.fixture
def desk(journal: Journal) -> DecisionDesk:
    clock = SmallClock()
    cases = CaseDesk(MemoryCases(), clock)
    return DecisionDesk(MemoryProposals(), cases, journal, clock, verify_signature)


def kinds(journal: Journal) -> list[str]:
    return [type(decode_entry(data)).__name__ for data in journal.entries()]


@pytest.mark.parametrize("round_", range(5))
def test_all_members_sign_in_the_same_second(
    desk: DecisionDesk, journal: Journal, round_: int
) -> None:
    proposal = desk.propose(Extend(closes=LATER), text("because"), None, "secretary")
    together = threading.Barrier(len(MEMBERS))

    def approve(member: str) -> None:
        together.wait()
        desk.approve(proposal.number, member, sign(member, proposal.digest))

    with ThreadPoolExecutor(len(MEMBERS)) as members:
        list(members.map(approve, MEMBERS))
    assert kinds(journal).count("Decision") == 1
    assert kinds(journal).count("Approval") == len(MEMBERS)
    assert desk.get(proposal.number).status is ProposalStatus.PUBLISHED
    with journal.reading() as state:
        assert state.closes == LATER


def test_one_member_sends_the_same_signature_many_times(
    desk: DecisionDesk, journal: Journal
) -> None:
    proposal = desk.propose(Extend(closes=LATER), text("because"), None, "secretary")
    signature = sign("chair", proposal.digest)

    def approve(_: int) -> str:
        try:
            return desk.approve(proposal.number, "chair", signature).status
        except RefusedError as error:
            return error.code

    with ThreadPoolExecutor(4) as clicks:
        answers = sorted(clicks.map(approve, range(4)))
    assert answers == ["already_approved"] * 3 + ["waiting"]
    assert "Approval" not in kinds(journal)


def test_a_proposal_is_withdrawn_while_it_is_signed(desk: DecisionDesk, journal: Journal) -> None:
    proposal = desk.propose(Extend(closes=LATER), text("because"), None, "secretary")
    desk.approve(proposal.number, "chair", sign("chair", proposal.digest))
    together = threading.Barrier(2)

    def approve() -> str:
        together.wait()
        try:
            return desk.approve(proposal.number, "third", sign("third", proposal.digest)).status
        except RefusedError as error:
            return error.code

    def withdraw() -> str:
        together.wait()
        try:
            return desk.withdraw(proposal.number, "secretary").status
        except RefusedError as error:
            return error.code

    with ThreadPoolExecutor(2) as both:
        first, second = both.submit(approve), both.submit(withdraw)
        outcome = (first.result(), second.result())
    assert outcome in {("published", "quorum_reached"), ("withdrawn", "withdrawn")}
    assert ("Decision" in kinds(journal)) == (outcome[0] == "published")


def test_two_desks_never_give_one_number(desk: DecisionDesk) -> None:
    def propose(_: int) -> int:
        made = desk.propose(Extend(closes=LATER), text("because"), None, "secretary")
        return made.number

    with ThreadPoolExecutor(4) as staff:
        numbers = sorted(staff.map(propose, range(8)))
    assert numbers == list(range(1, 9))
