"""The courier between the real outbox and gateways on real sockets: nothing twice, nothing lost."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from dauys.core.ids import ElectionId
from dauys.identity.messages.courier import LOST_AFTER, Courier
from dauys.identity.messages.gateway import Gateway
from dauys.identity.messages.message import Message, MessageState
from dauys.store.messages import DatabaseMessenger, DatabaseOutbox
from dauys.store.models import MessageRow
from tests.gateways.stand_ins import (
    ENVIRONMENT,
    StandIn,
    read_settings,
    section,
    smsc_report,
    standing_in,
)
from tests.unit.board.elections import ELECTION
from tests.unit.identity.memory import StoppedClock

PHONE = "+77012345678"
KEY = b"k" * 32
TEXT = "123456 – код для голосования на 5 мин. Никому не сообщайте."


class Desk:
    """An outbox, its courier and a clock that stands still, on `kinds` of gateways."""

    def __init__(self, gateways: list[StandIn]) -> None:
        self.clock = StoppedClock()
        self.outbox = DatabaseOutbox(lambda _election: KEY)
        self.stand_ins = gateways
        self.settings = "".join(
            section(one, f"g{place}-{one.kind}", timeout_s=0.4, connect_s=0.4)
            for place, one in enumerate(gateways)
        )

    def put(self, address: str | None = PHONE, lives_s: float = 300.0) -> str:
        messenger = DatabaseMessenger(ElectionId(ELECTION), "sms", KEY, self.clock)
        return messenger.send(address, TEXT, self.clock.moment + timedelta(seconds=lives_s))

    def rounds(self, times: int = 1, each_s: float = 0.0, pause_s: float = 0.0) -> None:
        """Let the courier work, in a process that begins and ends."""

        async def work() -> None:
            gateways = read_settings(self.settings, ENVIRONMENT, Path()).gateways()
            courier = Courier(self.outbox, gateways, self.clock)
            for _ in range(times):
                await courier.round()
                self.clock.advance(seconds=each_s)
                await asyncio.sleep(pause_s)
            from django.db import connections

            await courier.call(connections.close_all)
            await courier.close()

        asyncio.run(work())

    def state(self, message_id: str) -> tuple[str, str]:
        row = MessageRow.objects.get(pk=message_id)
        return row.state, row.reason


@pytest.fixture
def make(database: str) -> Iterator[Callable[..., Desk]]:
    with ExitStack() as stack:
        yield lambda *kinds: Desk([stack.enter_context(standing_in(kind)) for kind in kinds])


def test_a_message_is_sent_and_its_text_is_gone(make: Callable[..., Desk]) -> None:
    desk = make("smsc")
    message_id = desk.put()
    assert TEXT.encode() not in bytes(MessageRow.objects.get(pk=message_id).sealed)
    desk.rounds()
    assert desk.stand_ins[0].inbox == [(PHONE.lstrip("+"), TEXT)]
    row = MessageRow.objects.get(pk=message_id)
    assert (row.state, row.gateway, bytes(row.sealed)) == ("sent", "g0-smsc", b"")
    desk.rounds(3)
    assert len(desk.stand_ins[0].inbox) == 1


def test_a_decoy_is_never_sent(make: Callable[..., Desk]) -> None:
    desk = make("smsc")
    real, decoy = desk.put(), desk.put(None)
    sealed = [len(MessageRow.objects.get(pk=one).sealed) for one in (real, decoy)]
    assert sealed[0] == sealed[1]
    desk.rounds(2)
    assert len(desk.stand_ins[0].inbox) == 1
    assert desk.state(decoy) == ("decoy", "")


@pytest.mark.parametrize("mood", ["error:2", "error:3", "error:6", "error:9", "http:404"])
def test_what_one_gateway_refuses_the_next_sends(make: Callable[..., Desk], mood: str) -> None:
    desk = make("smsc", "mobizon")
    desk.stand_ins[0].mood = mood
    message_id = desk.put()
    desk.rounds(2)
    assert [len(one.inbox) for one in desk.stand_ins] == [0, 1]
    assert desk.state(message_id) == ("sent", "")


@pytest.mark.parametrize("mood", ["silent", "drop", "nonsense", "http:502"])
@pytest.mark.parametrize("kind", ["mobizon", "kazinfoteh"])
def test_what_may_have_been_sent_is_not_sent_again(
    make: Callable[..., Desk], kind: str, mood: str
) -> None:
    desk = make(kind, "smsc")
    desk.stand_ins[0].mood = mood
    message_id = desk.put()
    desk.rounds(12, each_s=20)
    assert desk.stand_ins[1].inbox == []
    assert len(desk.stand_ins[0].inbox) == (0 if mood == "http:502" else 1)
    assert desk.state(message_id)[0] == "uncertain"


def test_smsc_knows_whether_it_has_a_message_whose_answer_was_lost(
    make: Callable[..., Desk],
) -> None:
    desk = make("smsc", "mobizon")
    desk.stand_ins[0].mood = "drop"
    taken = desk.put()
    desk.rounds()
    desk.stand_ins[0].mood = "http:502"
    never = desk.put()
    desk.rounds()
    assert [desk.state(one)[0] for one in (taken, never)] == ["uncertain", "uncertain"]
    desk.stand_ins[0].mood = "ok"
    desk.clock.advance(seconds=11)
    desk.rounds(2, each_s=40)
    assert [desk.state(one)[0] for one in (taken, never)] == ["sent", "sent"]
    assert sum(len(one.inbox) for one in desk.stand_ins) == 2


def test_a_gateway_without_money_rests_and_the_operator_is_called(
    make: Callable[..., Desk], caplog: pytest.LogCaptureFixture
) -> None:
    desk = make("smsc", "mobizon")
    desk.stand_ins[0].mood = "error:3"
    with caplog.at_level(logging.ERROR, "dauys.messages"):
        desk.put()
        desk.rounds(2)
    assert "g0-smsc rests" in caplog.text
    assert "no_money" in caplog.text
    assert PHONE not in caplog.text
    health = desk.outbox.health()["g0-smsc"]
    assert (health.reason, health.resting_until) == (
        "no_money",
        desk.clock.moment + timedelta(minutes=5),
    )
    desk.stand_ins[0].mood = "ok"
    desk.put()
    desk.rounds(2)
    assert len(desk.stand_ins[1].inbox) == 2, "a gateway at rest is left alone"
    desk.clock.advance(minutes=5)
    desk.put()
    desk.rounds(2)
    assert len(desk.stand_ins[0].inbox) == 1
    assert desk.outbox.health()["g0-smsc"].resting_until is None


def test_a_number_that_does_not_exist_is_tried_once(make: Callable[..., Desk]) -> None:
    desk = make("smsc", "mobizon")
    desk.stand_ins[0].mood = "error:7"
    message_id = desk.put()
    desk.rounds(3, each_s=20)
    assert desk.state(message_id) == ("failed", "bad_phone")
    assert desk.stand_ins[1].inbox == []
    assert desk.outbox.health().get("g0-smsc") is None, "no fault of the gateway"


def test_gateways_that_are_down_are_tried_again_while_the_code_is_good(
    make: Callable[..., Desk],
) -> None:
    desk = make("mobizon")
    desk.stand_ins[0].mood = "http:404"
    message_id = desk.put()
    desk.rounds(2, each_s=11)
    assert desk.state(message_id) == ("waiting", "http_404")
    desk.stand_ins[0].mood = "ok"
    desk.rounds()
    assert desk.state(message_id)[0] == "sent"


def test_a_message_that_comes_too_late_is_not_sent(make: Callable[..., Desk]) -> None:
    desk = make("smsc")
    message_id = desk.put(lives_s=60)
    desk.clock.advance(seconds=61)
    desk.rounds(2)
    assert desk.state(message_id)[0] == "expired"
    assert desk.stand_ins[0].inbox == []


def test_a_process_killed_while_sending_sends_nothing_twice(make: Callable[..., Desk]) -> None:
    desk = make("mobizon", "kazinfoteh")
    message_id = desk.put()
    claimed = desk.outbox.claim({"sms": ["g0-mobizon"]}, desk.clock.moment, 10)
    assert [name for name, _ in claimed] == ["g0-mobizon"]  # ... and here the power went
    desk.rounds(2, each_s=LOST_AFTER.total_seconds() / 3)
    assert desk.state(message_id)[0] == "handing", "the other process may still be at it"
    desk.rounds(4, each_s=LOST_AFTER.total_seconds())
    assert desk.state(message_id) == ("uncertain", "server_ended")
    assert [one.inbox for one in desk.stand_ins] == [[], []]


def test_letters_and_messages_to_phones_go_by_gateways_of_their_own(
    make: Callable[..., Desk],
) -> None:
    desk = make("smsc")
    phone = desk.put()
    letters = DatabaseMessenger(ElectionId(ELECTION), "email", KEY, desk.clock)
    letter = letters.send("a@example.org", "654321", desk.clock.moment + timedelta(minutes=5))
    none = desk.outbox.claim({"email": []}, desk.clock.moment, 10)
    assert none == []
    desk.clock.advance(seconds=3)
    usable = {"sms": ["g0-smsc"], "email": ["mail"]}
    claimed = desk.outbox.claim(usable, desk.clock.moment, 10)
    assert {(name, message.id) for name, message in claimed} == {
        ("g0-smsc", phone),
        ("mail", letter),
    }
    assert {message.text for _, message in claimed} == {TEXT, "654321"}


def test_two_couriers_share_the_messages(make: Callable[..., Desk]) -> None:
    desk = make("smsc")
    wanted = {desk.put() for _ in range(20)}
    halves = [desk.outbox.claim({"sms": ["g0-smsc"]}, desk.clock.moment, 12) for _ in range(3)]
    ids = [message.id for half in halves for _, message in half]
    assert len(ids) == 20
    assert set(ids) == wanted


def test_what_became_of_it_is_asked_and_told(make: Callable[..., Desk]) -> None:
    desk = make("smsc", "mobizon")
    message_id = desk.put()
    desk.rounds()
    (reference,) = desk.stand_ins[0].states
    desk.clock.advance(seconds=11)
    desk.rounds()
    assert (desk.state(message_id)[0], desk.stand_ins[0].asked) == ("sent", 1)
    desk.rounds(2, each_s=1)
    assert desk.stand_ins[0].asked == 1, "asked again only after a while"
    desk.stand_ins[0].states[reference] = "1"
    desk.clock.advance(seconds=30)
    desk.rounds()
    assert desk.state(message_id)[0] == "delivered"


def test_a_report_tells_and_a_final_state_stays(make: Callable[..., Desk]) -> None:
    desk = make("smsc")
    message_id = desk.put()
    desk.rounds()
    (reference,) = desk.stand_ins[0].states
    text = section(desk.stand_ins[0], "g0-smsc", callback_secret_env="STAND_IN_CALLBACK")
    gateway: Gateway = read_settings(text, ENVIRONMENT, Path()).gateways()[0]
    report = partial(desk.outbox.report, "g0-smsc")
    for status, state in ((0, "sent"), (1, "delivered"), (20, "delivered"), (0, "delivered")):
        known = report(
            *gateway.read_report(smsc_report(reference, PHONE, status)), desk.clock.now()
        )
        assert known
        assert desk.state(message_id)[0] == state
    assert not report("999", MessageState.DELIVERED, desk.clock.now())
    assert not desk.outbox.report("other", reference, MessageState.SENT, desk.clock.now())


def test_a_receipt_of_the_network_tells_too(make: Callable[..., Desk]) -> None:
    desk = make("smpp")
    desk.stand_ins[0].states["receipt"] = "DELIVRD"
    message_id = desk.put()
    desk.rounds(40, pause_s=0.02)
    assert desk.state(message_id)[0] == "delivered"


def test_a_full_outbox_is_not_held_up_by_what_cannot_go(make: Callable[..., Desk]) -> None:
    desk = make("mobizon", "smsc")
    stuck = [desk.put() for _ in range(40)]
    MessageRow.objects.filter(pk__in=stuck).update(tried=["g0-mobizon"])
    desk.outbox.rest("g1-smsc", desk.clock.moment + timedelta(minutes=9), "no_money", 1)
    last = desk.put()
    desk.rounds(3)
    assert desk.state(last)[0] == "sent"


def test_messages_are_forgotten(make: Callable[..., Desk]) -> None:
    desk = make("mobizon")
    desk.stand_ins[0].mood = "silent"
    message_id = desk.put()
    desk.rounds()
    now = desk.clock.moment + timedelta(minutes=6)
    desk.outbox.forget(desk.clock.moment, now)
    assert bytes(MessageRow.objects.get(pk=message_id).sealed) == b"", "the text is of no use"
    assert desk.outbox.forget(now, now) == 1


def test_a_text_opens_with_the_key_of_its_election(make: Callable[..., Desk]) -> None:
    desk = make("mobizon")
    desk.put()
    (_, message), *_ = desk.outbox.claim({"sms": ["g0-mobizon"]}, desk.clock.moment, 1)
    assert isinstance(message, Message)
    assert message.text == TEXT
