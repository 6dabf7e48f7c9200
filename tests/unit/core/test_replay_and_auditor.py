"""The board and the auditor, written apart from one text, say the same of the same entries.

`core.replay` decides what the server takes in, `verify.replay` what an auditor objects to.
"""

from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dauys.core.entries import (
    AnyEntry,
    BallotEntry,
    ClockTick,
    Close,
    Decision,
    Open,
    RevotePolicy,
    encode_entry,
)
from dauys.core.errors import VerificationError
from dauys.core.ids import CandidateId, LeafIndex
from dauys.core.remedies import Annul, Dismiss, Extend, Remedy, Restore, Restrict, Zero
from dauys.tally.countable import countable
from dauys.tally.strata import strata
from dauys.verify.checks import Findings
from dauys.verify.countable import countable as audited_countable
from dauys.verify.history import History
from dauys.verify.replay import Replay as Audit
from dauys.verify.strata import strata as audited_strata
from tests.unit.core import test_replay_order as order
from tests.unit.tally.small_board import (
    CLOSES,
    EDS,
    ID,
    MEMBERS,
    NORTH,
    OPENS,
    REGISTRAR,
    SMS,
    SOUTH,
    SmallBoard,
    contest,
    manifest,
    text,
)

METHODS = (SMS, ID, EDS)
TIMES = (OPENS, "2026-08-10T00:00:00Z", CLOSES, "2026-08-20T13:00:00Z", "2026-08-21T13:00:00Z")


class Objections(Findings):
    """All faults found, with nothing left out."""

    def __init__(self) -> None:
        super().__init__()
        self.all: list[str] = []

    def fault(self, name: str, detail: str) -> None:
        super().fault(name, detail)
        self.all.append(f"{name}: {detail}")


def audit(entries: list[bytes]) -> tuple[History, list[str]]:
    objections = Objections()
    auditor = Audit(objections)
    for number, data in enumerate(entries):
        auditor.take(number, data)
    assert auditor.history is not None
    return auditor.history, objections.all


def objections(entries: list[bytes], entry: AnyEntry) -> list[str]:
    """What the auditor has against `entry` after `entries`."""
    _, found = audit([*entries, encode_entry(entry)])
    return [fault for fault in found if f"entry {len(entries)}:" in fault]


def taken(board: SmallBoard, entry: AnyEntry) -> bool:
    try:
        board.add(entry)
    except VerificationError:
        return False
    return True


@pytest.mark.parametrize(
    "lead",
    [order.sealed, order.opened, order.closed, order.one_tallied, order.tallied, order.final],
)
def test_what_the_board_refuses_the_auditor_objects_to(lead: Callable[[], SmallBoard]) -> None:
    for entry in order.every_kind(lead()):
        board = lead()
        found = objections(board.entries, entry)
        assert taken(board, entry) == (not found), (type(entry).__name__, found)


def remedies(board: SmallBoard, number: int) -> Remedy:
    places = sorted(board.state.ballots) or [LeafIndex(1)]
    some = tuple(sorted({places[number % len(places)], places[number // 2 % len(places)]}))
    candidate = CandidateId(("aigul", "nobody")[number % 5 == 0])
    return (
        Annul(ballots=some),
        Restore(ballots=some),
        Extend(closes=TIMES[number % len(TIMES)]),
        Restrict(methods=METHODS[number % 3 :], since=TIMES[number % len(TIMES)]),
        Zero(contest=NORTH, candidate=candidate, method=METHODS[number % 3]),
        Annul(ballots=(LeafIndex(number),)),
        Dismiss(),
    )[number % 7]


def an_entry(board: SmallBoard, kind: str, number: int) -> AnyEntry:
    """An entry that may or may not follow: times, places and members as they come."""
    at = TIMES[number % len(TIMES)]
    records = list(board.state.decisions.values())
    if kind == "approval" and records:
        decision = records[-1 - number % min(3, len(records))].decision
        approval = board.approval(decision, list(MEMBERS)[number % 3])
        return msgspec.structs.replace(approval, digest="0" * 64) if number % 11 == 0 else approval
    if kind == "decision":
        return Decision(
            number=1 + (number if number % 6 == 0 else len(records)),
            proposed=OPENS,
            case=None,
            remedy=remedies(board, number),
            reason=text("because"),
        )
    if kind == "time":
        options = (ClockTick(at=at), Open(at=at), Close(at=at, permits=number))
        return options[number % 3]
    earlier = list(board.state.by_tracker)
    permit = board.permit(
        number % 3,
        METHODS[number % 4 % 3],
        contest=SOUTH if number % 5 == 0 else NORTH,
        reclaims=earlier[number % len(earlier)] if earlier and number % 2 else None,
    )
    if number % 13 == 0:  # the auditor checks permits' signatures later, with the proofs
        statement = msgspec.structs.replace(permit.statement, serial=1 + number % 7)
        signature = REGISTRAR.sign(statement.signed_bytes()).hex()
        permit = msgspec.structs.replace(permit, statement=statement, signature=signature)
    return BallotEntry(permit=permit, ballot=f"ballot {number % 30}")


@settings(max_examples=60)
@given(
    policy=st.sampled_from(RevotePolicy),
    moves=st.lists(
        st.tuples(
            st.sampled_from(["ballot"] * 5 + ["decision", "approval", "approval", "time"]),
            st.integers(0, 60),
        ),
        max_size=40,
    ),
)
def test_a_log_of_rights_and_wrongs_is_read_alike(
    policy: RevotePolicy, moves: list[tuple[str, int]]
) -> None:
    rules = manifest(contests=(contest(NORTH), contest(SOUTH)), methods=METHODS, policy=policy)
    board = SmallBoard(rules)
    for kind, number in moves:
        entry = an_entry(board, kind, number)
        found = objections(board.entries, entry)
        assert taken(board, entry) == (not found), (entry, found)
    state = board.state
    history, _ = audit(board.entries)
    assert (history.time, history.closes) == (state.now, state.closes)
    assert history.annulled == set(state.annulled)
    audited = audited_countable(history)
    for name, ballots in countable(state).items():
        assert [b.index for b in ballots] == [b.entry for b in audited[name]]
        ours = [(s.name, s.methods, s.ballots) for s in strata(rules, ballots)]
        theirs = audited_strata([b.method for b in ballots], METHODS, rules.stratum_minimum)
        assert ours == [(s.name, s.methods, s.ballots) for s in theirs]
