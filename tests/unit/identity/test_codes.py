import secrets
import threading
from contextlib import suppress
from datetime import datetime, timedelta

import pytest

from dauys.core.errors import MalformedError, RefusedError
from dauys.identity.code_limits import CodeLimits, Origin
from dauys.identity.code_ports import CodeStatus
from dauys.identity.codes import CodeAccepted, CodeDesk, CodeStanding
from dauys.identity.kazakhstan.phones import NationalPhones
from dauys.identity.messages.message import segments
from dauys.identity.sms import SmsChannel
from dauys.identity.texts import all_texts, require_one_segment
from tests.unit.identity.memory import MemoryCodeStore, MemoryMessenger, StoppedClock

VOTER = "900101300017"
PHONE = "+77012345678"
SMS = SmsChannel(NationalPhones())
HERE = Origin("203.0.113.7", "device")
SECRET = b"s" * 32


class Desk:
    """A desk with everything that it was handed."""

    def __init__(self, limits: CodeLimits | None = None) -> None:
        self.store = MemoryCodeStore()
        self.gateway = MemoryMessenger()
        self.clock = StoppedClock()
        self.desk = CodeDesk(
            self.store,
            self.gateway,
            SMS,
            self.clock,
            secrets.token_bytes,
            limits or CodeLimits(),
            SECRET,
        )

    def wrong_code(self) -> str:
        return f"{(int(self.gateway.last_code()) + 1) % 10**6:06d}"

    def refusal(self, request_id: str, code: str) -> tuple[str, str]:
        with pytest.raises(RefusedError) as refused:
            self.desk.enter(request_id, code, HERE)
        return refused.value.code, refused.value.detail


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_the_right_code_identifies_the_voter(desk: Desk) -> None:
    sent = desk.desk.request(VOTER, PHONE, HERE)
    asked_at = desk.clock.moment
    desk.clock.advance(seconds=20)
    accepted = desk.desk.enter(sent.request_id, desk.gateway.last_code(), HERE)
    assert accepted == CodeAccepted(VOTER, PHONE, asked_at, desk.clock.moment, 1)
    assert sent.masked == "+7 70• ••• •• 78"
    assert sent.expires - asked_at == timedelta(minutes=5)
    assert sent.resend_at - asked_at == timedelta(seconds=60)


def test_a_used_code_is_worth_nothing(desk: Desk) -> None:
    sent = desk.desk.request(VOTER, PHONE, HERE)
    code = desk.gateway.last_code()
    desk.desk.enter(sent.request_id, code, HERE)
    assert desk.refusal(sent.request_id, code)[0] == "expired"


def test_a_code_read_five_minutes_later_is_worth_nothing(desk: Desk) -> None:
    sent = desk.desk.request(VOTER, PHONE, HERE)
    desk.clock.advance(minutes=5)
    assert desk.refusal(sent.request_id, desk.gateway.last_code()) == ("expired", "")


def test_the_right_code_after_three_wrong_ones_is_worth_nothing(desk: Desk) -> None:
    sent = desk.desk.request(VOTER, PHONE, HERE)
    wrong = desk.wrong_code()
    assert desk.refusal(sent.request_id, wrong) == ("wrong_code", "2")
    assert desk.refusal(sent.request_id, wrong) == ("wrong_code", "1")
    assert desk.refusal(sent.request_id, wrong) == ("too_many_tries", "")
    assert desk.refusal(sent.request_id, desk.gateway.last_code()) == ("too_many_tries", "")


def test_the_right_code_at_the_third_try_still_counts(desk: Desk) -> None:
    sent = desk.desk.request(VOTER, PHONE, HERE)
    desk.refusal(sent.request_id, desk.wrong_code())
    desk.refusal(sent.request_id, desk.wrong_code())
    assert desk.desk.enter(sent.request_id, desk.gateway.last_code(), HERE).attempts == 3


def test_guesses_sent_at_once_are_three_all_the_same(desk: Desk) -> None:
    sent = desk.desk.request(VOTER, PHONE, HERE)
    wrong = desk.wrong_code()
    answers: list[str] = []
    start = threading.Barrier(12)

    def guess() -> None:
        start.wait()
        try:
            desk.desk.enter(sent.request_id, wrong, HERE)
        except RefusedError as refused:
            answers.append(refused.code)

    threads = [threading.Thread(target=guess) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["too_many_tries"] * 10 + ["wrong_code"] * 2
    assert desk.store.get(sent.request_id).attempts == 3


def test_a_right_code_entered_twice_at_once_is_taken_once(desk: Desk) -> None:
    sent = desk.desk.request(VOTER, PHONE, HERE)
    code = desk.gateway.last_code()
    accepted: list[CodeAccepted] = []
    start = threading.Barrier(8)

    def enter() -> None:
        start.wait()
        try:
            accepted.append(desk.desk.enter(sent.request_id, code, HERE))
        except RefusedError as refused:
            assert refused.code == "expired"  # noqa: PT017 - seven of eight threads come here

    threads = [threading.Thread(target=enter) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(accepted) == 1


@pytest.mark.parametrize("code", ["", "12345", "1234567", "12345a", "١٢٣٤٥٦", "123456\n", " 12345"])
def test_a_slip_of_the_finger_costs_no_try(desk: Desk, code: str) -> None:
    sent = desk.desk.request(VOTER, PHONE, HERE)
    with pytest.raises(MalformedError):
        desk.desk.enter(sent.request_id, code, HERE)
    assert desk.store.get(sent.request_id).attempts == 0


def test_a_request_of_nobody_is_unknown(desk: Desk) -> None:
    assert desk.refusal("0" * 32, "123456")[0] == "unknown_request"


def test_a_code_of_one_request_does_not_open_another(desk: Desk) -> None:
    desk.desk.request(VOTER, PHONE, HERE)
    theirs = desk.gateway.last_code()
    ours = desk.desk.request("080540010396", "+77471112233", HERE)
    if theirs != desk.gateway.last_code():
        assert desk.refusal(ours.request_id, theirs)[0] == "wrong_code"


def test_whoever_types_my_number_cannot_void_my_code(desk: Desk) -> None:
    mine = desk.desk.request(VOTER, PHONE, HERE)
    my_code = desk.gateway.last_code()
    desk.clock.advance(seconds=61)
    desk.desk.request(VOTER, PHONE, Origin("198.51.100.9", "stranger"))
    assert desk.desk.enter(mine.request_id, my_code, HERE).number == VOTER


def test_a_second_code_waits_a_minute(desk: Desk) -> None:
    desk.desk.request(VOTER, PHONE, HERE)
    desk.clock.advance(seconds=59.5)
    with pytest.raises(RefusedError) as refused:
        desk.desk.request(VOTER, PHONE, HERE)
    assert (refused.value.code, refused.value.detail) == ("too_soon", "1")
    desk.clock.advance(seconds=0.5)
    desk.desk.request(VOTER, PHONE, HERE)
    assert len(desk.gateway.sent) == 2


def _flood(desk: Desk, number: str, phone: str | None, origin: Origin = HERE) -> int:
    """Ask whenever the wait is over, until refused; how many codes were sent."""
    for count in range(1000):
        try:
            sent = desk.desk.request(number, phone, origin)
        except RefusedError as refused:
            assert (refused.code, refused.detail) == ("too_many_codes", "voter")  # noqa: PT017 - the loop ends here
            return count
        desk.clock.moment = sent.resend_at
    raise AssertionError("no limit")


def test_a_voter_gets_no_more_than_six_codes_an_hour() -> None:
    desk = Desk()
    for _ in range(6):  # from six addresses: one alone is made to wait longer and longer
        desk.desk.request(VOTER, PHONE, Origin(f"203.0.113.{_}", ""))
    for number, phone in ((VOTER, PHONE),):
        assert _flood(desk, number, phone, Origin("198.51.100.1", "")) == 0
    desk.clock.advance(hours=1)
    desk.desk.request(VOTER, PHONE, HERE)


def test_waits_grow_for_who_asks_and_not_for_the_voter(desk: Desk) -> None:
    stranger, waits = Origin("198.51.100.9", "stranger"), []
    for _ in range(4):
        sent = desk.desk.request(VOTER, PHONE, stranger)
        waits.append((sent.resend_at - desk.clock.moment).total_seconds())
        desk.clock.moment = sent.resend_at
    assert waits == [60, 120, 240, 480]
    desk.desk.request(VOTER, PHONE, HERE)


def test_a_stranger_cannot_keep_a_voter_from_the_device_they_used_before(desk: Desk) -> None:
    sent = desk.desk.request(VOTER, PHONE, HERE)
    desk.desk.enter(sent.request_id, desk.gateway.last_code(), HERE)
    for place in range(40):
        with suppress(RefusedError):
            desk.desk.request(VOTER, PHONE, Origin(f"198.51.{place}.1", f"stranger {place}"))
    with pytest.raises(RefusedError):
        desk.desk.request(VOTER, PHONE, Origin("198.51.100.77", "fresh"))
    desk.clock.advance(minutes=1)
    moved = Origin("192.0.2.55", HERE.device)
    assert desk.desk.request(VOTER, PHONE, moved).masked == sent.masked
    assert desk.gateway.sent[-1][0] == PHONE


def test_a_stranger_keeps_a_new_device_out_for_an_hour_at_the_longest(desk: Desk) -> None:
    for place in range(6):
        desk.desk.request(VOTER, PHONE, Origin(f"198.51.{place}.1", ""))
    with pytest.raises(RefusedError):
        desk.desk.request(VOTER, PHONE, HERE)
    desk.clock.advance(minutes=60)
    desk.desk.request(VOTER, PHONE, HERE)
    assert desk.gateway.sent[-1][0] == PHONE


def test_the_help_desk_lets_a_voter_start_anew(desk: Desk) -> None:
    for place in range(6):
        desk.desk.request(VOTER, PHONE, Origin(f"198.51.{place}.1", ""))
    desk.clock.advance(seconds=1)
    cleared = CodeStanding(cleared=desk.clock.moment)
    desk.desk.request(VOTER, PHONE, HERE, standing=cleared)
    assert desk.gateway.sent[-1][0] == PHONE


def test_a_voter_whose_codes_are_held_gets_none_and_the_answer_is_the_same(desk: Desk) -> None:
    before = desk.desk.request(VOTER, PHONE, HERE)
    desk.clock.advance(minutes=1)
    held = desk.desk.request(VOTER, PHONE, HERE, standing=CodeStanding(held=True))
    assert held.masked == before.masked
    assert desk.gateway.sent[-1][0] is None
    assert desk.refusal(held.request_id, desk.gateway.last_code())[0] == "wrong_code"


def test_a_stranger_is_refused_at_the_same_point_as_a_voter() -> None:
    counts = []
    for number, phone in ((VOTER, PHONE), ("080540010396", None)):
        desk = Desk()
        counts.append(_flood(desk, number, phone))
    assert counts[0] == counts[1]


def test_a_phone_that_two_voters_share_gets_no_more_than_its_own_limit() -> None:
    desk = Desk(CodeLimits(per_phone=3))
    for number in ("900101300017", "080540010396", "000740000728"):
        desk.desk.request(number, PHONE, HERE)
    desk.desk.request("123456789012", PHONE, HERE)
    assert [phone for phone, _ in desk.gateway.sent] == [PHONE, PHONE, PHONE, None]


def test_a_stranger_cannot_tell_by_the_limit_of_a_phone_who_shares_it() -> None:
    desk = Desk(CodeLimits(per_phone=1))
    first = desk.desk.request(VOTER, PHONE, HERE)
    shares = desk.desk.request("080540010396", PHONE, HERE)
    assert (shares.masked, shares.expires) == (first.masked, first.expires)
    assert desk.refusal(shares.request_id, desk.wrong_code()) == ("wrong_code", "2")


def refused_by(desk: Desk, number: str, phone: str | None, origin: Origin) -> str:
    """Whose limit refuses the request."""
    with pytest.raises(RefusedError) as refused:
        desk.desk.request(number, phone, origin)
    assert refused.value.code == "too_many_codes"
    return refused.value.detail


def test_one_address_cannot_flood_the_country() -> None:
    desk = Desk(CodeLimits(per_address=10))
    for number in range(10):
        desk.desk.request(f"{number:012d}", None, Origin(HERE.address, ""))
    assert refused_by(desk, VOTER, PHONE, Origin(HERE.address, "")) == "address"
    desk.desk.request(VOTER, PHONE, Origin("198.51.100.9", "device"))


def test_many_addresses_of_one_network_cannot_either() -> None:
    desk = Desk(CodeLimits(per_network=10))
    for number in range(10):
        desk.desk.request(f"{number:012d}", None, Origin(f"203.0.113.{number}", ""))
    assert refused_by(desk, VOTER, PHONE, Origin("203.0.113.200", "")) == "network"
    assert Origin("2001:db8:1:2::7", "").network == "2001:db8:1::/48"


def test_one_device_cannot_ask_for_many_voters() -> None:
    desk = Desk()
    for number in range(6):
        desk.desk.request(f"{number:012d}", None, Origin(f"203.0.{number}.1", "one"))
    assert refused_by(desk, VOTER, PHONE, Origin("198.51.100.9", "one")) == "device"


def test_a_crowd_behind_one_address_earns_its_room(desk: Desk) -> None:
    crowd = "203.0.113.1"
    for voter in range(80):  # each enters the code before the next two ask
        origin, number = Origin(crowd, f"phone {voter}"), f"{voter:012d}"
        sent = desk.desk.request(number, f"+7701{voter:07d}", origin)
        desk.clock.advance(seconds=2)
        desk.desk.enter(sent.request_id, desk.gateway.last_code(), origin)
    assert len(desk.gateway.sent) == 80


def test_a_range_of_phones_that_nobody_answers_gets_no_more_and_nobody_outside_sees_it() -> None:
    desk = Desk(CodeLimits(per_block=5))
    for voter in range(8):
        origin = Origin(f"203.{voter}.113.1", "")
        desk.desk.request(f"{voter:012d}", f"+770123400{voter:02d}", origin)
    assert [to is not None for to, _ in desk.gateway.sent] == [True] * 5 + [False] * 3


def test_the_bill_of_an_hour_ends_at_its_budget() -> None:
    desk = Desk(CodeLimits(budget_hour=40, budget_day=90))
    friend, flood = Origin("192.0.2.1", "friend"), Origin("203.0.113.1", "")
    sent = desk.desk.request(VOTER, PHONE, friend)
    desk.desk.enter(sent.request_id, desk.gateway.last_code(), friend)
    asked = 0
    for voter in range(60):  # from two addresses, whose codes nobody enters
        with suppress(RefusedError):
            desk.desk.request(f"{voter:012d}", None, Origin(f"203.0.113.{voter % 2}", ""))
            asked += 1
    assert asked == 29  # three quarters, with the friend's: the rest is kept
    assert refused_by(desk, "080540010396", None, flood) == "all"
    desk.clock.advance(minutes=1)
    desk.desk.request(VOTER, PHONE, friend)  # their codes are entered
    for newcomer in range(9):
        desk.desk.request(f"{700 + newcomer:012d}", None, Origin(f"198.51.{newcomer}.1", ""))
    assert refused_by(desk, "080540010396", None, Origin("198.51.100.9", "")) == "all"
    desk.clock.advance(hours=1)
    desk.desk.request("080540010396", None, flood)


def test_a_refused_request_sends_and_keeps_nothing(desk: Desk) -> None:
    desk.desk.request(VOTER, PHONE, HERE)
    before = dict(desk.store.records)
    with pytest.raises(RefusedError):
        desk.desk.request(VOTER, PHONE, HERE)
    assert desk.store.records == before
    assert len(desk.gateway.sent) == 1


def test_a_stranger_gets_the_answer_that_a_voter_gets(desk: Desk) -> None:
    voter = desk.desk.request(VOTER, PHONE, HERE)
    stranger = desk.desk.request("080540010396", None, HERE)
    assert desk.gateway.sent[-1][0] is None
    assert (stranger.expires, stranger.resend_at) == (voter.expires, voter.resend_at)
    assert len(stranger.request_id) == len(voter.request_id)
    assert len(stranger.masked) == len(voter.masked)
    wrong = desk.wrong_code()
    assert desk.refusal(stranger.request_id, wrong) == ("wrong_code", "2")


def test_no_code_is_right_for_a_decoy(desk: Desk) -> None:
    stranger = desk.desk.request("080540010396", None, HERE)
    code = desk.gateway.last_code()
    assert desk.refusal(stranger.request_id, code) == ("wrong_code", "2")
    assert desk.store.get(stranger.request_id).status is CodeStatus.WAITING


def test_the_store_does_not_tell_the_code(desk: Desk) -> None:
    sent = desk.desk.request(VOTER, PHONE, HERE)
    code = desk.gateway.last_code()
    record = desk.store.get(sent.request_id)
    assert code not in repr(record)
    assert record.digest.hex() not in repr(record)
    # Whoever steals the store cannot try all million codes without the desk's key.
    thief = CodeDesk(
        *(desk.store, desk.gateway, SMS, desk.clock),
        *(secrets.token_bytes, CodeLimits(), b"t" * 32),
    )
    with pytest.raises(RefusedError):
        thief.enter(sent.request_id, code, HERE)


def test_a_crash_of_the_gateway_leaves_no_code_behind(desk: Desk) -> None:
    class Broken(MemoryMessenger):
        def send(self, address: str | None, text: str, expires: datetime) -> str:
            raise ConnectionError

    broken = CodeDesk(
        *(desk.store, Broken(), SMS, desk.clock),
        *(secrets.token_bytes, CodeLimits(), SECRET),
    )
    with pytest.raises(ConnectionError):
        broken.request(VOTER, PHONE, HERE)
    assert desk.store.records == {}
    desk.desk.request(VOTER, PHONE, HERE)


def test_where_a_code_was_entered_is_kept_for_the_monitor(desk: Desk) -> None:
    sent = desk.desk.request(VOTER, PHONE, HERE)
    elsewhere = Origin("198.51.100.9", "another")
    desk.desk.enter(sent.request_id, desk.gateway.last_code(), elsewhere)
    record = desk.store.get(sent.request_id)
    assert (record.origin, record.entered_from) == (HERE, elsewhere)


def test_a_short_secret_is_refused() -> None:
    store, gateway, clock = MemoryCodeStore(), MemoryMessenger(), StoppedClock()
    with pytest.raises(ValueError, match="32 bytes") as fault:
        CodeDesk(
            store,
            gateway,
            SMS,
            clock,
            secrets.token_bytes,
            CodeLimits(),
            b"hush",
        )
    assert "hush" not in str(fault.value)


def test_every_text_fits_one_segment() -> None:
    texts = list(all_texts())
    assert len(texts) == 3 * 5
    assert {segments(text) for text in texts} == {1}
    assert all(len(text.encode("utf-16-be")) <= 2 * 70 for text in texts)
    require_one_segment()
    assert [segments("я" * n) for n in (70, 71, 134, 135)] == [1, 2, 2, 3]
