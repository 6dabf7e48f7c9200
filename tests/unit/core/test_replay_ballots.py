"""What ballots the board takes in, and whom the ballot box lets cast."""

from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauys.core.entries import BallotEntry, RevotePolicy
from dauys.core.errors import RefusedError, VerificationError
from dauys.core.ids import LeafIndex, MethodId, Tracker
from dauys.core.permit import Permit, Statement
from dauys.core.remedies import Annul, Extend, Restore, Restrict
from dauys.core.state import ElectionState
from dauys.crypto.signing import SigningKey
from dauys.tally.countable import choose
from tests.unit.core.test_replay_order import refuse
from tests.unit.tally.small_board import (
    CLOSES,
    EDS,
    ID,
    NORTH,
    REGISTRAR,
    SMS,
    SOUTH,
    Bytes,
    SmallBoard,
    contest,
    manifest,
    pseudonym,
    unsigned,
)

MIDDLE, LATER = "2026-08-10T00:00:00Z", "2026-08-20T13:00:00Z"


def signed(statement: Statement, key: SigningKey = REGISTRAR) -> Permit:
    return Permit(statement=statement, signature=key.sign(statement.signed_bytes()).hex())


def forgeries(board: SmallBoard) -> Iterator[tuple[str, Permit]]:
    """Permits that the registrar never gave."""
    right = board.permit(5)
    change = msgspec.structs.replace
    other = change(right.statement, election="2QmYxvPkXz4LrTdW")
    nowhere = change(right.statement, contest="west")
    card = change(right.statement, method=MethodId("card"))
    yield "election", signed(other)
    yield "contest", signed(nowhere)
    yield "method", signed(card)
    yield "signature", signed(right.statement, SigningKey.generate(Bytes("thief")))
    yield "signature", change(right, statement=change(right.statement, serial=77))
    yield "signature", change(right, statement=change(right.statement, evidence="0" * 64))
    yield "signature", change(right, signature="0" * 128)


def test_permits_that_the_registrar_never_gave() -> None:
    board = SmallBoard()
    for what, permit in forgeries(board):
        assert what in refuse(board, BallotEntry(permit=permit, ballot="forged"))


def test_one_permit_for_two_ballots() -> None:
    board = SmallBoard()
    permit = board.permit(1)
    board.add(BallotEntry(permit=permit, ballot="first"))
    assert "used once" in refuse(board, BallotEntry(permit=permit, ballot="second"))
    again = msgspec.structs.replace(board.permit(2).statement, serial=permit.statement.serial)
    assert "used once" in refuse(board, BallotEntry(permit=signed(again), ballot="second"))
    same_key = msgspec.structs.replace(
        board.permit(2).statement, credential=permit.statement.credential
    )
    assert "used once" in refuse(board, BallotEntry(permit=signed(same_key), ballot="second"))


def test_one_signature_of_a_voter_for_two_permits() -> None:
    board = SmallBoard()
    for voter in (1, 2):  # for the methods that leave none
        board.add(BallotEntry(permit=board.permit(voter), ballot=f"{voter}"))
    first, second = (
        signed(msgspec.structs.replace(board.permit(voter, EDS).statement, evidence="ab" * 32))
        for voter in (3, 4)
    )
    board.add(BallotEntry(permit=first, ballot="3"))
    assert "one permit" in refuse(board, BallotEntry(permit=second, ballot="4"))


def test_a_ballot_copied_under_another_permit() -> None:
    board = SmallBoard()
    board.add(BallotEntry(permit=board.permit(1), ballot="the same"))
    copy = BallotEntry(permit=board.permit(2), ballot="the same")
    assert "stands once" in refuse(board, copy)


def test_a_ballot_after_the_closing_time_but_before_the_close() -> None:
    board = SmallBoard()
    board.tick("2026-08-19T12:59:59Z")
    board.cast(1)
    board.tick(CLOSES)
    late = BallotEntry(permit=board.permit(2), ballot="late")
    assert "in time" in refuse(board, late)
    board.decide(Extend(closes=LATER))
    board.add(late)


def test_a_restriction_holds_from_its_moment_and_not_for_ballots_before() -> None:
    board = SmallBoard()
    board.decide(Restrict(methods=(EDS,), since=MIDDLE))
    before = board.cast(1, SMS)
    board.tick(MIDDLE)
    assert "allowed method" in refuse(board, BallotEntry(permit=board.permit(2), ballot="2"))
    board.cast(2, EDS)
    assert before in board.state.ballots
    board.decide(Restrict(methods=(SMS,), since=MIDDLE))
    for method in (SMS, EDS):
        entry = BallotEntry(permit=board.permit(3, method), ballot="3")
        assert "allowed method" in refuse(board, entry)


def test_reclaims_of_what_is_not_ones_own_or_not_weaker() -> None:
    board = SmallBoard(manifest(contests=(contest(NORTH), contest(SOUTH))))
    others = board.tracker(board.cast(1))
    own_strong = board.tracker(board.cast(2, EDS))
    elsewhere = board.tracker(board.cast(2, SMS, contest=SOUTH))
    own = board.tracker(board.cast(2, SMS))
    for reclaims in (others, own_strong, elsewhere, Tracker("A" * 43)):
        permit = board.permit(2, EDS, reclaims=reclaims)
        assert "reclaimed" in refuse(board, BallotEntry(permit=permit, ballot="x"))
    weak = board.permit(2, SMS, reclaims=own)
    assert "reclaimed" in refuse(board, BallotEntry(permit=weak, ballot="x"))
    board.add(BallotEntry(permit=board.permit(2, EDS, reclaims=own), ballot="x"))


def test_one_pseudonym_in_two_contests() -> None:
    board = SmallBoard(manifest(contests=(contest(NORTH), contest(SOUTH))))
    board.cast(1)
    there = msgspec.structs.replace(board.permit(2).statement, contest=SOUTH)
    same = msgspec.structs.replace(there, pseudonym=pseudonym(1))
    assert "one voter and contest" in refuse(board, BallotEntry(permit=signed(same), ballot="x"))
    board.add(BallotEntry(permit=signed(there), ballot="x"))


def refusal(
    board: SmallBoard,
    method: MethodId,
    reclaims: LeafIndex | None = None,
    instant: str = MIDDLE,
) -> str:
    """Code with which voter 1 is refused, or nothing."""
    tracker = None if reclaims is None else board.tracker(reclaims)
    try:
        board.state.check_may_cast(NORTH, pseudonym(1), method, tracker, instant)
    except RefusedError as error:
        return error.code
    return ""


@pytest.mark.parametrize(
    ("policy", "after_sms", "after_eds"),
    [
        (RevotePolicy.ONCE, ["already_voted", "already_voted"], ["already_voted"] * 2),
        (RevotePolicy.STRONGER, ["already_voted", ""], ["already_voted"] * 2),
        (RevotePolicy.LAST, ["", ""], ["already_voted", ""]),
    ],
)
def test_who_has_voted_votes_again_as_the_policy_says(
    policy: RevotePolicy, after_sms: list[str], after_eds: list[str]
) -> None:
    for first, expected in ((SMS, after_sms), (EDS, after_eds)):
        board = SmallBoard(manifest(policy=policy))
        assert refusal(board, SMS) == ""
        board.cast(1, first)
        assert [refusal(board, method) for method in (SMS, EDS)] == expected


def test_the_election_is_not_open_or_the_method_is_not_allowed() -> None:
    assert refusal(SmallBoard(opened=False), SMS) == "not_open"
    board = SmallBoard()
    assert refusal(board, SMS, instant=CLOSES) == "closed"
    board.decide(Restrict(methods=(EDS,), since=MIDDLE))
    assert refusal(board, SMS) == "method_not_allowed"
    assert refusal(board, SMS, instant="2026-08-09T23:59:59Z") == ""
    assert refusal(board, MethodId("card")) == "method_not_allowed"
    board.close()
    assert refusal(board, EDS) == "closed"


def test_who_was_annulled_comes_back_by_a_stronger_method_only() -> None:
    board = SmallBoard(manifest(policy=RevotePolicy.ONCE))
    stolen = board.cast(1)
    board.decide(Annul(ballots=(stolen,)))
    assert (refusal(board, SMS), refusal(board, EDS)) == ("stronger_needed", "")
    board.decide(Restore(ballots=(stolen,)))
    assert refusal(board, EDS) == "already_voted"
    assert refusal(board, EDS, reclaims=stolen) == ""
    assert refusal(board, SMS, reclaims=stolen) == "nothing_to_reclaim"


def test_a_thief_with_the_phone_never_overwrites_a_signature() -> None:
    for policy in RevotePolicy:
        board = SmallBoard(manifest(policy=policy))
        stolen = board.cast(1, SMS)
        board.cast(1, EDS, reclaims=stolen)
        assert refusal(board, SMS) == "stronger_needed"


METHODS = (SMS, ID, EDS)


@given(
    policy=st.sampled_from(RevotePolicy),
    moves=st.lists(
        st.tuples(
            st.sampled_from(["cast", "cast", "reclaim", "annul", "restore"]), st.integers(0, 8)
        ),
        max_size=14,
    ),
)
def test_whom_the_ballot_box_lets_cast_that_ballot_counts(
    policy: RevotePolicy, moves: list[tuple[str, int]]
) -> None:
    board = SmallBoard(manifest(methods=METHODS, policy=policy), verify=unsigned)
    places: list[LeafIndex] = []
    for kind, number in moves:
        method, place = METHODS[number % 3], places[number % len(places)] if places else None
        if kind in {"cast", "reclaim"}:
            reclaims = place if kind == "reclaim" else None
            if refusal(board, method, reclaims, MIDDLE):
                continue
            places.append(board.cast(1, method, reclaims=reclaims))
            ballots = board.state.ballots_of(NORTH, pseudonym(1))
            assert [b.index for b in choose(board.state, ballots)] == places[-1:]
        elif place is not None:
            remedy = Annul(ballots=(place,)) if kind == "annul" else Restore(ballots=(place,))
            board.decide(remedy)


def test_the_state_says_nothing_before_the_manifest() -> None:
    with pytest.raises(VerificationError, match="the manifest comes first"):
        _ = ElectionState().manifest
