"""Which entry may follow which: the table of docs/protocol.md, section 4, place by place.

The election of these tests is led through all its phases; at each, every kind of entry is
tried that must not stand there, and the state must not notice.
"""

from collections.abc import Callable, Iterator
from copy import deepcopy

import msgspec
import pytest

from dauys.core.entries import (
    AnyEntry,
    BallotEntry,
    Booth,
    Candidates,
    CandidateVotes,
    ClockTick,
    Close,
    Decision,
    Decryption,
    Final,
    Manifest,
    Open,
    QuestionResult,
    Result,
    StratumTally,
    Tally,
    Trustees,
)
from dauys.core.errors import VerificationError
from dauys.core.remedies import Dismiss, Extend, Restrict
from dauys.core.replay import Replay
from dauys.core.state import Phase
from dauys.crypto.signing import verify_signature
from tests.unit.asking import ONE
from tests.unit.tally.small_board import (
    CLOSES,
    EDS,
    MEMBERS,
    NAMES,
    NORTH,
    OPENS,
    SMS,
    SOUTH,
    SmallBoard,
    contest,
    manifest,
    sealing,
    text,
)

LATER = "2026-08-20T13:00:00Z"
MIDDLE = "2026-08-10T00:00:00Z"
RULES = manifest(contests=(contest(NORTH), contest(SOUTH)))


def refuse(board: SmallBoard, entry: AnyEntry) -> str:
    """The board refuses `entry` and stays as it was; why."""
    before = deepcopy(board.state)
    with pytest.raises(VerificationError) as refused:
        board.add(entry)
    assert board.state == before
    return str(refused.value)


def a_tally(of: str = NORTH, *names: str) -> Tally:
    strata = tuple(
        StratumTally(name=name, methods=(SMS,), ballots=1, weight=1, encrypted_tally="[]")
        for name in names or ("total",)
    )
    return Tally(contest=contest().id if of == NORTH else SOUTH, strata=strata)


def a_decryption(of: str = NORTH, trustee: int = 1, stratum: str = "total") -> Decryption:
    where = NORTH if of == NORTH else SOUTH
    return Decryption(
        contest=where, stratum=stratum, trustee=trustee, decryption="{}", binding="{}"
    )


def a_result(of: str = NORTH) -> Result:
    return Result(
        contest=NORTH if of == NORTH else SOUTH,
        strata=(),
        questions=(
            QuestionResult(
                question=ONE,
                zeroed=(),
                counts=(CandidateVotes(candidate=NAMES[0], votes=1),),
                lists=(),
                blank=None,
                elected=(),
                tied=(),
            ),
        ),
    )


def a_decision(number: int = 50) -> Decision:
    return Decision(
        number=number, proposed=OPENS, case=None, remedy=Dismiss(), reason=text("because")
    )


def a_ballot(board: SmallBoard) -> BallotEntry:
    return BallotEntry(permit=board.permit(99, EDS), ballot="ballot of 99")


def every_kind(board: SmallBoard) -> Iterator[AnyEntry]:
    """One entry of each kind, as right as it can be at the board's time."""
    now = board.state.now or OPENS
    yield from sealing(RULES)
    yield Open(at=now)
    yield ClockTick(at=now)
    yield a_ballot(board)
    yield a_decision()
    if board.state.decisions:
        first = board.state.decisions[min(board.state.decisions)].decision
        yield board.approval(first, "third")
    yield Close(at=max(now, board.state.closes), permits=1000)
    yield a_tally()
    yield a_decryption()
    yield a_result()
    yield Final(at=now)


def sealed() -> SmallBoard:
    return SmallBoard(RULES, opened=False)


def opened() -> SmallBoard:
    board = SmallBoard(RULES)
    board.propose(Dismiss())
    return board


def closed() -> SmallBoard:
    board = opened()
    board.close()
    return board


def one_tallied() -> SmallBoard:
    board = closed()
    board.add(a_tally(NORTH))
    return board


def tallied() -> SmallBoard:
    board = one_tallied()
    board.add(a_result(NORTH))
    board.add(a_tally(SOUTH))
    board.add(a_result(SOUTH))
    return board


def final() -> SmallBoard:
    board = tallied()
    board.add(Final(at=board.state.now))
    return board


@pytest.mark.parametrize(
    ("lead", "phase", "may_follow"),
    [
        (sealed, Phase.SEALED, {"Open"}),
        (opened, Phase.OPEN, {"ClockTick", "BallotEntry", "Decision", "Approval", "Close"}),
        (closed, Phase.CLOSED, {"ClockTick", "Decision", "Approval", "Tally"}),
        (one_tallied, Phase.CLOSED, {"ClockTick", "Decryption", "Result"}),
        (tallied, Phase.TALLIED, {"Final"}),
        (final, Phase.FINAL, set[str]()),
    ],
)
def test_only_what_the_table_names_may_follow(
    lead: Callable[[], SmallBoard], phase: Phase, may_follow: set[str]
) -> None:
    assert lead().state.phase is phase
    accepted = set()
    for entry in every_kind(lead()):
        try:
            lead().add(entry)
        except VerificationError:
            refuse(lead(), entry)
        else:
            accepted.add(type(entry).__name__)
    assert accepted == may_follow


@pytest.mark.parametrize("first", [*sealing(RULES)[1:], Open(at=OPENS), Final(at=OPENS)])
def test_a_log_that_does_not_begin_with_the_manifest(first: AnyEntry) -> None:
    with pytest.raises(VerificationError, match="the manifest comes first"):
        Replay(verify_signature).apply(first)


@pytest.mark.parametrize("missing", [Candidates, Trustees, Booth])
def test_voting_opens_with_a_part_of_the_sealing_missing(missing: type) -> None:
    def lead() -> None:
        replay = Replay(verify_signature)
        for entry in (*sealing(RULES), Open(at=OPENS)):
            if not isinstance(entry, missing):
                replay.apply(entry)

    with pytest.raises(VerificationError):
        lead()


def manifests() -> Iterator[Manifest]:
    first = RULES.commission[0]
    double_key = msgspec.structs.replace(first, id="other")
    double_name = msgspec.structs.replace(first, key="2" * 64)
    yield msgspec.structs.replace(RULES, contests=(contest(NORTH), contest(NORTH)))
    yield msgspec.structs.replace(RULES, methods=(SMS, SMS))
    yield msgspec.structs.replace(RULES, quorum=len(MEMBERS) + 1)
    yield msgspec.structs.replace(RULES, commission=(*RULES.commission, double_key))
    yield msgspec.structs.replace(RULES, commission=(*RULES.commission, double_name))
    yield msgspec.structs.replace(RULES, closes=OPENS)


@pytest.mark.parametrize("rules", [*manifests()])
def test_a_manifest_that_contradicts_itself(rules: Manifest) -> None:
    with pytest.raises(VerificationError):
        Replay(verify_signature).apply(rules)


def test_sealing_twice_or_in_the_wrong_order() -> None:
    rules, north, south, trustees, booth = sealing(RULES)
    assert isinstance(north, Candidates)
    assert isinstance(trustees, Trustees)
    replay = Replay(verify_signature)
    replay.apply(rules)
    replay.apply(north)
    twins = msgspec.structs.replace(north, candidates=north.candidates[:1] * 2, contest=SOUTH)
    stranger = msgspec.structs.replace(north, contest="west")
    doubled = msgspec.structs.replace(trustees, elections=trustees.elections * 2)
    for wrong in (north, twins, stranger, trustees, doubled):
        with pytest.raises(VerificationError):
            replay.apply(wrong)
    for right in (south, trustees, booth):
        replay.apply(right)
    for again in (trustees, booth):
        with pytest.raises(VerificationError):
            replay.apply(again)


@pytest.mark.parametrize("at", ["2026-08-05T03:59:59Z", CLOSES, LATER])
def test_voting_opens_outside_its_hours(at: str) -> None:
    assert "hours" in refuse(sealed(), Open(at=at))


def test_time_goes_backwards() -> None:
    board = opened()
    board.tick(MIDDLE)
    board.tick(MIDDLE)
    for entry in (ClockTick(at=OPENS), Close(at=OPENS, permits=9)):
        assert "backwards" in refuse(board, entry)
    late = board.approval(a_decision(1), "chair")
    assert "backwards" in refuse(board, msgspec.structs.replace(late, at=OPENS))


def test_voting_is_closed_before_the_announced_time() -> None:
    board = opened()
    assert "no earlier" in refuse(board, Close(at="2026-08-19T12:59:59Z", permits=9))
    board.decide(Extend(closes=LATER))
    assert "no earlier" in refuse(board, Close(at=CLOSES, permits=9))
    board.add(Close(at=LATER, permits=9))


def test_a_permit_more_than_the_registrar_says_were_issued() -> None:
    board = opened()
    board.cast(1)
    board.cast(2)
    assert "among those issued" in refuse(board, Close(at=CLOSES, permits=1))
    board.add(Close(at=CLOSES, permits=2))


def test_permits_become_fewer_between_two_closings() -> None:
    board = opened()
    board.add(Close(at=CLOSES, permits=9))
    board.decide(Extend(closes=LATER))
    board.add(Open(at=CLOSES))
    assert "fewer" in refuse(board, Close(at=LATER, permits=8))
    board.add(Close(at=LATER, permits=9))


def test_times_that_no_clock_shows() -> None:
    impossible = "2026-09-31T12:00:00Z"
    board = opened()
    made = a_decision()
    for wrong in (
        ClockTick(at=impossible),
        msgspec.structs.replace(made, proposed=impossible),
        msgspec.structs.replace(made, remedy=Extend(closes=impossible)),
        msgspec.structs.replace(made, remedy=Restrict(methods=(EDS,), since=impossible)),
    ):
        assert "times are real" in refuse(board, wrong)
    with pytest.raises(VerificationError, match="times are real"):
        Replay(verify_signature).apply(msgspec.structs.replace(RULES, closes=impossible))


def test_an_extension_after_closing_opens_the_election_again_until_the_tally() -> None:
    board = closed()
    assert "hours" in refuse(board, Open(at=CLOSES))
    board.decide(Extend(closes=LATER))
    board.add(Open(at=board.state.now))
    assert board.state.phase is Phase.OPEN
    board.cast(1)
    board.close()
    board.decide(Extend(closes="2026-08-21T13:00:00Z"))
    assert "closing time" in refuse(board, a_tally())
    board.add(ClockTick(at="2026-08-21T13:00:00Z"))
    board.add(a_tally())
    assert "hours" in refuse(board, Open(at=board.state.now))


def test_tallies_decryptions_and_results_of_nothing_or_twice() -> None:
    board = closed()
    for wrong in (
        a_decryption(),
        a_result(),
        a_tally(NORTH, "sms", "total"),
        a_tally(NORTH, "total", "sms", "sms"),
        msgspec.structs.replace(a_tally(), contest="west"),
    ):
        refuse(board, wrong)
    board.add(a_tally(NORTH, "total", "sms", "eds"))
    refuse(board, a_tally())
    board.add(a_decryption())
    for other in (a_decryption(trustee=2), a_decryption(stratum="eds")):
        board.add(other)
    for wrong in (a_decryption(), a_decryption(stratum="card"), a_decryption(SOUTH)):
        refuse(board, wrong)
    board.add(a_result())
    for wrong in (a_result(), a_decryption(trustee=3), a_result(SOUTH)):
        refuse(board, wrong)
    assert board.state.phase is Phase.CLOSED


def test_an_entry_of_a_kind_nobody_knows() -> None:
    class Rumour(Dismiss, frozen=True, tag="rumour"):
        pass

    with pytest.raises(VerificationError, match="known kind"):
        opened().add(Rumour())  # type: ignore[arg-type]  # not an entry, on purpose
