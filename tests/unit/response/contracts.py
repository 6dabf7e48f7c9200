"""What every CaseStore and ProposalStore promises: run these with a factory of yours.

A factory returns an empty store. Each function is one promise.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dauys.core.entries import Decision
from dauys.core.errors import RefusedError
from dauys.core.forms import Text
from dauys.core.ids import CaseId, ContestId, DecisionNumber, LeafIndex
from dauys.core.remedies import Annul, Extend, Restrict, Zero
from dauys.response.cases import Case, CaseStatus, CaseStore, EvidenceLine, Origin
from dauys.response.proposals import (
    Proposal,
    ProposalStatus,
    ProposalStore,
    SignedApproval,
)

NOON = datetime(2026, 8, 6, 12, 0, 1, 250_000, tzinfo=UTC)
WORDS = Text(kk="Дауыс", ru="Голос", en="Vote")


class StoppedError(Exception):
    """Something went wrong inside a transaction."""


def a_case(number: CaseId, contest: str = "north") -> Case:
    return Case(
        number=number,
        contest=ContestId(contest),
        opened=NOON,
        origin=Origin.MONITOR,
        title=WORDS,
        evidence=(
            EvidenceLine(NOON, Origin.MONITOR, WORDS),
            EvidenceLine(NOON + timedelta(hours=1), Origin.VOTER, Text(kk="а", ru="б", en="c")),
        ),
        ballots=tuple(map(LeafIndex, range(7, 2000))),
        disputed=(LeafIndex(9),),
        cluster="cluster-1",
    )


def a_proposal(number: DecisionNumber) -> Proposal:
    remedies = (
        Annul(ballots=(4, 7)),
        Zero(contest=ContestId("north"), candidate="a", method="sms"),  # type: ignore[arg-type]  # plain words
        Extend(closes="2026-08-20T13:00:00Z"),
        Restrict(methods=("eds",), since="2026-08-19T13:00:00Z"),  # type: ignore[arg-type]  # plain words
    )
    decision = Decision(
        number=number,
        proposed="2026-08-06T12:00:01Z",
        case=3 if number % 2 else None,
        remedy=remedies[number % 4],
        reason=WORDS,
    )
    return Proposal(decision, f"{number:064x}", "secretary")


def cases_come_back_as_they_were_put(make: Callable[[], CaseStore]) -> None:
    store = make()
    with store.locked():
        case = a_case(store.next_number())
        store.put(case)
    assert case.number == 1
    assert store.get(case.number) == case
    settled = replace(case, status=CaseStatus.DECIDED, decision=DecisionNumber(5))
    with store.locked():
        store.put(settled)
    assert store.get(case.number) == settled


def cases_are_numbered_without_gaps_and_found(make: Callable[[], CaseStore]) -> None:
    store = make()
    for contest in ("north", "south", "north"):
        with store.locked():
            store.put(a_case(store.next_number(), contest))
    with store.locked():
        store.put(replace(store.get(CaseId(3)), status=CaseStatus.DISMISSED))
    assert [c.number for c in store.find()] == [1, 2, 3]
    assert [c.number for c in store.find(contest=ContestId("north"))] == [1, 3]
    assert [c.number for c in store.find(status=CaseStatus.OPEN)] == [1, 2]
    north_open = store.find(contest=ContestId("north"), status=CaseStatus.OPEN)
    assert [c.number for c in north_open] == [1]


def a_failed_transaction_leaves_no_case(make: Callable[[], CaseStore]) -> None:
    store = make()

    def fail() -> None:
        with store.locked():
            store.put(a_case(store.next_number()))
            raise StoppedError

    with pytest.raises(StoppedError):
        fail()
    assert store.find() == ()
    with store.locked():
        assert store.next_number() == 1


def two_writers_at_once_get_different_numbers(make: Callable[[], CaseStore]) -> None:
    """Not in CASE_STORE: needs a database that several threads see."""
    store = make()

    def open_one(_: int) -> None:
        with store.locked():
            store.put(a_case(store.next_number()))

    with ThreadPoolExecutor(4) as writers:
        list(writers.map(open_one, range(12)))
    assert [case.number for case in store.find()] == list(range(1, 13))


def an_unknown_case_is_refused(make: Callable[[], CaseStore]) -> None:
    with pytest.raises(RefusedError) as refusal:
        make().get(CaseId(1))
    assert refusal.value.code == "unknown_case"


def proposals_come_back_as_they_were_put(make: Callable[[], ProposalStore]) -> None:
    store = make()
    kept = []
    for _ in range(4):
        with store.locked():
            proposal = a_proposal(store.next_number())
            store.put(proposal)
        signed = proposal.with_approval(SignedApproval("chair", "ab" * 64, NOON))
        with store.locked():
            store.put(signed)
        kept.append(signed)
    assert [store.get(DecisionNumber(n)) for n in (1, 2, 3, 4)] == kept
    assert store.find() == tuple(kept)


def proposals_are_found_by_status(make: Callable[[], ProposalStore]) -> None:
    store = make()
    with store.locked():
        for status in ProposalStatus:
            store.put(replace(a_proposal(store.next_number()), status=status))
    for status in ProposalStatus:
        assert [p.status for p in store.find(status=status)] == [status]


def a_failed_transaction_leaves_no_proposal(make: Callable[[], ProposalStore]) -> None:
    store = make()

    def fail() -> None:
        with store.locked():
            store.put(a_proposal(store.next_number()))
            raise StoppedError

    with pytest.raises(StoppedError):
        fail()
    assert store.find() == ()


def an_unknown_proposal_is_refused(make: Callable[[], ProposalStore]) -> None:
    with pytest.raises(RefusedError) as refusal:
        make().get(DecisionNumber(1))
    assert refusal.value.code == "unknown_proposal"


CASE_STORE = (
    cases_come_back_as_they_were_put,
    cases_are_numbered_without_gaps_and_found,
    a_failed_transaction_leaves_no_case,
    an_unknown_case_is_refused,
)
PROPOSAL_STORE = (
    proposals_come_back_as_they_were_put,
    proposals_are_found_by_status,
    a_failed_transaction_leaves_no_proposal,
    an_unknown_proposal_is_refused,
)
