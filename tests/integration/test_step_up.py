"""Asking one network's voters for a signature: two people, a notice first, an end by itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from dauys.conduct.stepping_up import SteppedUpNetworks
from dauys.core.entries import Notice
from dauys.core.errors import RefusedError
from dauys.core.ids import ElectionId, MethodId
from dauys.core.state import ElectionState, Phase
from dauys.monitor.network import FileAddressBook
from dauys.response.step_up import StepUp, StepUpDesk
from dauys.store.models import ElectionRow
from dauys.store.step_ups import DatabaseStepUps
from tests.unit.board.elections import OPENS

ELECTION = ElectionId("1" * 22)
NETWORK = "AS64500 Example"


class Board:
    """The state of an open election, and the notices that were put on the board."""

    def __init__(self) -> None:
        self.state = ElectionState(phase=Phase.OPEN, now="2020-08-05T04:00:00Z")
        methods = (MethodId("sms"), MethodId("eds"))
        rules = SimpleNamespace(methods=methods, signed=methods[1:], zone="Asia/Almaty")
        self.state.rules = cast("Any", rules)
        self.notices: list[Notice] = []
        self.cut = False

    @contextmanager
    def reading(self) -> Iterator[ElectionState]:
        yield self.state

    @contextmanager
    def writing(self) -> Iterator[Any]:
        if self.cut:
            raise OSError("the database is gone")
        yield SimpleNamespace(state=self.state, append=self.notices.append)


class Clock:
    """Shows what it is set to."""

    time: datetime = OPENS + timedelta(hours=1)

    def now(self) -> datetime:
        return self.time


@pytest.fixture
def board() -> Board:
    return Board()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(database: str, board: Board, clock: Clock) -> StepUpDesk:
    ElectionRow.objects.create(pk=ELECTION, slug="stepped-up")
    return StepUpDesk(DatabaseStepUps(ELECTION), cast("Any", board), clock)


def asked(desk: StepUpDesk, hours: int = 3) -> StepUp:
    return desk.ask(NETWORK, hours, "thirty ballots in a row", "analyst")


def refused(code: str) -> Any:
    return pytest.raises(RefusedError, match=code)


def test_nobody_is_asked_for_more_until_a_second_person_agrees(
    desk: StepUpDesk, board: Board
) -> None:
    number = asked(desk).number
    assert desk.until(NETWORK) is None
    with refused("second_person"):
        desk.confirm(number, "analyst")
    assert board.notices == []
    desk.confirm(number, "member")
    assert desk.until(NETWORK) == OPENS + timedelta(hours=4)
    assert desk.until("AS64501 Other") is None
    with refused("already_confirmed"):
        desk.confirm(number, "chair")


def test_the_public_is_told_before_it_begins(desk: StepUpDesk, board: Board) -> None:
    number = asked(desk).number
    board.cut = True
    with pytest.raises(OSError, match="gone"):
        desk.confirm(number, "member")
    assert desk.until(NETWORK) is None
    board.cut = False
    desk.confirm(number, "member")
    (notice,) = board.notices
    assert (notice.at, notice.until) == ("2020-08-05T05:00:00Z", "2020-08-05T08:00:00Z")
    assert NETWORK in notice.text.kk
    assert "05.08.2020 14:00 (UTC+6)" in notice.text.ru  # Almaty, before March 2024
    assert "thirty ballots" not in notice.text.en


def test_it_ends_by_itself_and_can_be_ended_before(
    desk: StepUpDesk, board: Board, clock: Clock
) -> None:
    first = asked(desk).number
    desk.confirm(first, "member")
    clock.time += timedelta(hours=3) - timedelta(seconds=1)
    assert desk.until(NETWORK) is not None
    clock.time += timedelta(seconds=1)
    assert desk.until(NETWORK) is None
    with refused("not_in_force"):
        desk.lift(first, "member")
    second = asked(desk, hours=24).number
    desk.confirm(second, "member")
    desk.lift(second, "analyst")
    assert desk.until(NETWORK) is None
    assert len(board.notices) == 3


@pytest.mark.parametrize("hours", [0, -1, 25])
def test_it_cannot_last_longer_than_a_day(desk: StepUpDesk, hours: int) -> None:
    with refused("bad_hours"):
        asked(desk, hours)


def test_voters_are_never_left_without_a_way_to_vote(desk: StepUpDesk, board: Board) -> None:
    board.state.rules = cast("Any", SimpleNamespace(methods=(MethodId("sms"),), signed=()))
    with refused("no_signature"):
        asked(desk)
    board.state.phase = Phase.CLOSED
    with refused("not_open"):
        asked(desk)


def test_only_requests_through_the_network_meet_it(desk: StepUpDesk) -> None:
    book = FileAddressBook(
        [
            "prefix,asn,name,class,region",
            "192.0.2.0/24,64500,Example,mobile,",
            "198.51.100.0/24,64501,Other,fixed,",
        ]
    )
    networks = SteppedUpNetworks(desk, book)
    label = book.find("192.0.2.7").label
    desk.confirm(desk.ask(label, 2, "thirty ballots in a row", "analyst").number, "member")
    assert networks.until("192.0.2.7") == OPENS + timedelta(hours=3)
    for elsewhere in ("198.51.100.7", "203.0.113.1", "2001:db8::1", "", "no address"):
        assert networks.until(elsewhere) is None
