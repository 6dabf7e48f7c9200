"""What each gateway says, and what we take it to mean."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from dauys.core.errors import MalformedError
from dauys.identity.kazakhstan.gateways import kazinfoteh as kazinfoteh_module
from dauys.identity.kazakhstan.gateways import mobizon as mobizon_module
from dauys.identity.kazakhstan.gateways import smsc as smsc_module
from dauys.identity.messages.gateway import (
    Gateway,
    NotTakenError,
    PerhapsTakenError,
    ReportRefusedError,
    Then,
    UnknownThereError,
)
from dauys.identity.messages.gateways import smpp as smpp_module
from dauys.identity.messages.message import Message, MessageState, Sent
from tests.gateways.stand_ins import (
    ENVIRONMENT,
    SECRET,
    SMPP_SECRET,
    StandIn,
    read_settings,
    section,
    smsc_report,
    standing_in,
)

PHONE = "+77012345678"
TEXT = "123456 – дауыс беру коды, 5 минут жарамды. Ешкімге айтпаңыз."
NOW = datetime.now(UTC)
MESSAGE = Message("0123456789abcdef" * 2, "sms", PHONE, TEXT, NOW + timedelta(minutes=5), NOW)
HERE = Path(__file__).parent
Result = TypeVar("Result")


def with_gateway(text: str, work: Callable[[Gateway], Awaitable[Result]]) -> Result:
    """Do `work` with the first gateway of a settings file."""

    async def run() -> Result:
        (gateway,) = read_settings(text, ENVIRONMENT, HERE).gateways()
        try:
            return await work(gateway)
        finally:
            await gateway.close()

    return asyncio.run(run())


def send(stand_in: StandIn, **settings: object) -> str:
    return with_gateway(section(stand_in, "", **settings), lambda gateway: gateway.send(MESSAGE))


def not_taken(stand_in: StandIn, **settings: object) -> NotTakenError:
    with pytest.raises(NotTakenError) as refused:
        send(stand_in, **settings)
    return refused.value


def test_a_message_arrives_as_it_was_written(stand_in: StandIn) -> None:
    reference = send(stand_in)
    assert stand_in.inbox == [(PHONE.lstrip("+"), TEXT)]
    assert reference


def test_no_secret_phone_or_code_is_in_an_address_or_a_log(
    stand_in: StandIn, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        send(stand_in)
        refusals = {"kazinfoteh": "error:100", "smpp": "error:0x45"}
        stand_in.mood = refusals.get(stand_in.kind, "error:2")
        error = not_taken(stand_in)
    gateway = read_settings(section(stand_in), ENVIRONMENT, HERE).gateways()[0]
    said = "".join((caplog.text, *capfd.readouterr(), repr(gateway), repr(error), repr(MESSAGE)))
    for secret in (SECRET, SMPP_SECRET, PHONE.lstrip("+"), "123456 –"):
        assert secret not in said
        assert secret not in "".join(stand_in.addresses)
    assert not any("?" in address for address in stand_in.addresses)


@pytest.mark.parametrize("code", sorted(smsc_module.ERRORS))
def test_each_error_of_smsc(smsc: StandIn, code: int) -> None:
    smsc.mood = f"error:{code}"
    error = not_taken(smsc)
    assert (error.reason, error.then) == smsc_module.ERRORS[code]
    assert smsc.inbox == []


def test_what_smsc_errors_make_us_do() -> None:
    then = {code: what for code, (_, what) in smsc_module.ERRORS.items()}
    assert [code for code, what in then.items() if what is Then.STOP] == [2, 3, 4]
    assert [code for code, what in then.items() if what is Then.GIVE_UP] == [7]
    assert [code for code, what in then.items() if what is Then.WAIT] == [9]
    assert [code for code, what in then.items() if what is Then.NEXT] == [1, 5, 6, 8]


@pytest.mark.parametrize("code", sorted(mobizon_module.ERRORS))
def test_each_error_of_mobizon(mobizon: StandIn, code: int) -> None:
    mobizon.mood = f"error:{code}"
    error = not_taken(mobizon)
    wanted = ("bad_phone", Then.GIVE_UP) if code == 1 else mobizon_module.ERRORS[code]
    assert (error.reason, error.then) == wanted


@pytest.mark.parametrize("code", sorted(mobizon_module.UNSURE))
def test_mobizon_that_is_not_sure_itself(mobizon: StandIn, code: int) -> None:
    mobizon.mood = f"error:{code}"
    with pytest.raises(PerhapsTakenError):
        send(mobizon)


@pytest.mark.parametrize(
    ("code", "then"),
    [
        (100, Then.STOP),
        (101, Then.STOP),
        (102, Then.GIVE_UP),
        (103, Then.NEXT),
        (104, Then.WAIT),
        (105, Then.NEXT),
    ],
)
def test_each_error_of_kazinfoteh(kazinfoteh: StandIn, code: int, then: Then) -> None:
    kazinfoteh.mood = f"error:{code}"
    error = not_taken(kazinfoteh)
    assert error.then is then
    assert error.reason.endswith(f"_{code}")


@pytest.mark.parametrize(
    "status",
    [status for status, (_, then) in smpp_module.ERRORS.items() if "login" not in _],
    ids=str,
)
def test_each_error_of_a_network(smpp: StandIn, status: int) -> None:
    smpp.mood = f"error:{status:#x}"
    error = not_taken(smpp)
    assert (error.reason, error.then) == smpp_module.ERRORS[status]


def test_a_gateway_that_does_not_know_us_is_stopped(stand_in: StandIn) -> None:
    login = {"login": "nobody"} if stand_in.kind != "mobizon" else {}
    wrong = {**ENVIRONMENT, "STAND_IN": "wrong"}
    text = section(stand_in, **login)

    async def run() -> None:
        (gateway,) = read_settings(text, wrong, HERE).gateways()
        try:
            await gateway.send(MESSAGE)
        finally:
            await gateway.close()

    with pytest.raises(NotTakenError) as refused:
        asyncio.run(run())
    assert refused.value.then is Then.STOP
    assert stand_in.wrong_logins in {1, 2}  # a session is tried once more at once
    assert stand_in.inbox == []


@pytest.mark.parametrize("mood", ["silent", "drop"])
def test_a_gateway_that_took_it_and_says_nothing(stand_in: StandIn, mood: str) -> None:
    stand_in.mood = mood
    with pytest.raises(PerhapsTakenError):
        send(stand_in, timeout_s=0.4)
    assert len(stand_in.inbox) == 1, "it had taken the message: sending again would be twice"


@pytest.mark.parametrize("kind", ["smsc", "mobizon", "kazinfoteh"])
@pytest.mark.parametrize(
    ("mood", "then"), [("http:429", Then.WAIT), ("http:403", Then.STOP), ("http:404", Then.NEXT)]
)
def test_an_answer_of_http_alone(kind: str, mood: str, then: Then) -> None:
    with standing_in(kind) as stand_in:
        stand_in.mood = mood
        assert not_taken(stand_in).then is then


@pytest.mark.parametrize("kind", ["smsc", "mobizon", "kazinfoteh"])
@pytest.mark.parametrize("mood", ["http:502", "nonsense"])
def test_an_answer_that_tells_nothing(kind: str, mood: str) -> None:
    with standing_in(kind) as stand_in:
        stand_in.mood = mood
        with pytest.raises(PerhapsTakenError):
            send(stand_in)


def test_a_gateway_that_is_not_there_was_certainly_not_told(stand_in: StandIn) -> None:
    with standing_in(stand_in.kind) as gone:
        text = section(gone, connect_s=0.3)
    with pytest.raises(NotTakenError) as refused:
        with_gateway(text, lambda gateway: gateway.send(MESSAGE))
    assert (refused.value.reason, refused.value.then) == ("unreachable", Then.NEXT)


@pytest.mark.parametrize("kind", ["smsc", "mobizon"])
def test_a_gateway_is_asked_what_became_of_a_message(kind: str) -> None:
    states = {
        "smsc": {"": "sent", "1": "delivered", "3": "undelivered", "20": "undelivered"},
        "mobizon": {"NEW": "sent", "DELIVRD": "delivered", "UNDELIV": "undelivered"},
    }[kind]
    with standing_in(kind) as stand_in:

        async def work(gateway: Gateway) -> list[MessageState]:
            reference = await gateway.send(MESSAGE)
            sent = Sent(MESSAGE.id, gateway.name, reference, PHONE, MessageState.SENT)
            found = []
            for state in states:
                stand_in.states[reference] = state
                found.append(await gateway.ask(sent))
            stand_in.states.clear()
            with pytest.raises(UnknownThereError):
                await gateway.ask(sent)
            return found

        assert with_gateway(section(stand_in), work) == [MessageState(s) for s in states.values()]


def test_a_network_tells_of_deliveries_by_itself(smpp: StandIn) -> None:
    async def work(gateway: Gateway) -> list[tuple[str, MessageState]]:
        heard: list[tuple[str, MessageState]] = []
        for state in smpp_module.RECEIPTS:
            smpp.states["receipt"] = state
            await gateway.send(MESSAGE)
            for _ in range(100):
                if found := gateway.heard():
                    heard += found
                    break
                await asyncio.sleep(0.01)
        return heard

    heard = with_gateway(section(smpp), work)
    assert [state for _, state in heard] == list(smpp_module.RECEIPTS.values())
    assert heard[0][0] == "m0"


def test_a_report_of_smsc_is_believed_only_with_its_signature(smsc: StandIn) -> None:
    text = section(smsc, callback_secret_env="STAND_IN_CALLBACK")
    (gateway,) = read_settings(text, ENVIRONMENT, HERE).gateways()
    report = smsc_report("77", PHONE, 1)
    assert gateway.read_report(report) == ("77", MessageState.DELIVERED)
    forged = (
        report | {"status": "20"},
        report | {"id": "78"},
        report | {"sha1": ""},
        {key: value for key, value in report.items() if key != "sha1"},
        smsc_report("77", PHONE, 1, "guess"),
        smsc_report("77", PHONE, 99),
    )
    for fields in forged:
        with pytest.raises(ReportRefusedError):
            gateway.read_report(fields)
    (unset,) = read_settings(section(smsc), ENVIRONMENT, HERE).gateways()
    with pytest.raises(ReportRefusedError):
        unset.read_report(smsc_report("77", PHONE, 1, ""))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ('name = "two\\nlines"', "matching regex"),
        ('name = "line\\n"', "matching regex"),
        ('kind = "carrier-pigeon"', "no gateway of the kind"),
        ('url = "http://smsc.example"', "https://"),
        ('secret_env = "NOT_SET"', "NOT_SET is empty"),
        ('secret_env = ""', "no secret_file"),
        ('secret = "in the open"', "unknown field"),
        ('secret_file = "/nowhere/at/all"', "cannot be read"),
    ],
)
def test_settings_that_cannot_be_right_are_refused(smsc: StandIn, change: str, why: str) -> None:
    key = change.partition(" ")[0]
    gone = {key} | ({"secret_env"} if key == "secret_file" else set())
    lines = [li for li in section(smsc).splitlines() if li.partition(" ")[0] not in gone]
    with pytest.raises(MalformedError, match=why) as refused:
        read_settings("\n".join([*lines, change]), ENVIRONMENT, HERE)
    assert SECRET not in str(refused.value)


def test_limits_and_prices_are_read(smsc: StandIn, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from a file\n")
    text = (
        section(smsc, secret_env="", secret_file="key")
        + "[limits]\nper_voter = 9\nwindow_minutes = 30\n"
    )
    read = read_settings(text, {}, tmp_path)
    assert (read.limits.per_voter, read.limits.window) == (9, timedelta(minutes=30))
    assert read.prices[0].per_segment == pytest.approx(22.5)
    assert kazinfoteh_module.MEANINGS
