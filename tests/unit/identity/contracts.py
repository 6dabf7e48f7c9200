"""What every implementation of identity's ports must do; run for memory and for the database.

Each function takes a factory that makes an empty store, and asserts. Those with `threads`
in the name need a store that several threads may use.
"""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from dauys.core.errors import RefusedError
from dauys.core.ids import ContestId, Credential, ElectionId, MethodId, Pseudonym, Serial
from dauys.core.permit import Permit
from dauys.identity.code_limits import Asked, Count, Key, Origin, Usage
from dauys.identity.code_ports import CodeRecord, CodeStatus, CodeStore
from dauys.identity.permits import PermitRequest, PermitStore
from dauys.identity.signature.desk import Challenge, NonceStore
from tests.unit.identity.memory import START

MakeCodeStore = Callable[[], CodeStore]
MakeNonceStore = Callable[[], NonceStore]
MakePermitStore = Callable[[], PermitStore]


def code_record(request_id: str = "00", **fields: object) -> CodeRecord:
    """A record of a code sent at START."""
    record = CodeRecord(
        request_id=request_id * 16,
        channel="sms",
        number="900101300017",
        sent_to="+77012345678",
        block="+7701234",
        origin=Origin("203.0.113.7", "device"),
        salt=b"salt",
        digest=b"digest",
        message_id="message",
        sent_at=START,
        expires=START + timedelta(minutes=5),
    )
    return replace(record, **fields)  # type: ignore[arg-type]  # fields of the record, by name


def permit_request(credential: int = 1, /, **fields: object) -> PermitRequest:
    """A request of one voter, whose pseudonym is all zeros, for a credential."""
    values: dict[str, object] = {
        "election": ElectionId("AbCdEfGhJkLmNp"),
        "contest": ContestId("karaganda"),
        "pseudonym": Pseudonym("0" * 32),
        "credential": Credential(f"{credential:064x}"),
        "method": MethodId("sms"),
        "weight": 1,
        "evidence": None,
        "reclaims": None,
    }
    return PermitRequest(**(values | fields))  # type: ignore[arg-type]  # fields, by name


# ------------------------------------------------------------------------ CodeStore


def code_store_returns_a_record_as_written(make: MakeCodeStore) -> None:
    store, record = make(), code_record()
    with store.locked(record.number):
        store.add(record)
    assert store.get(record.request_id) == record
    decoy = code_record("11", sent_to=None)
    entered = replace(
        record,
        attempts=2,
        status=CodeStatus.ENTERED,
        entered_at=START + timedelta(minutes=1),
        entered_from=Origin("198.51.100.9", "another"),
    )
    with store.locked(record.number):
        store.add(decoy)
        store.update(entered)
    assert store.get(record.request_id) == entered
    assert store.get(decoy.request_id) == decoy


def code_store_knows_no_request_it_was_not_given(make: MakeCodeStore) -> None:
    with pytest.raises(RefusedError) as refused:
        make().get("f" * 32)
    assert refused.value.code == "unknown_request"


def code_store_forgets_what_a_failed_transaction_wrote(make: MakeCodeStore) -> None:
    store, record = make(), code_record()

    def fail() -> None:
        with store.locked(record.number):
            store.add(record)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    with pytest.raises(RefusedError):
        store.get(record.request_id)


def code_store_counts_by_where_codes_go_and_come_from(make: MakeCodeStore) -> None:
    store = make()
    origin = Origin("198.51.100.9", "another")
    minute = timedelta(minutes=1)
    first = code_record("00")
    with store.locked("900101300017"):
        store.add(first)
        store.add(code_record("11", sent_at=START + minute, origin=origin))
        store.add(code_record("22", number="080540010396", sent_to=None, block="", origin=origin))
        store.update(replace(first, status=CodeStatus.ENTERED, attempts=1))
    before = START - minute
    counts = (
        (Key.SENT_TO, "+77012345678", before, Usage(2, 1)),
        (Key.SENT_TO, "decoy 080540010396", before, Usage(0, 0)),
        (Key.BLOCK, "+7701234", before, Usage(2, 1)),
        (Key.ADDRESS, "198.51.100.9", before, Usage(2, 0)),
        (Key.NETWORK, "198.51.100.0/24", before, Usage(2, 0)),
        (Key.DEVICE, "device", before, Usage(1, 1)),
        (Key.ALL, "", before, Usage(3, 1)),
        (Key.ALL, "", START, Usage(1, 0)),
    )
    asked = [Count(key, value, since) for key, value, since, _ in counts]
    assert list(store.usage(asked)) == [usage for *_, usage in counts]


def code_store_tells_who_asked_for_a_voter(make: MakeCodeStore) -> None:
    store = make()
    later, there = START + timedelta(minutes=1), Origin("198.51.100.9", "another")
    with store.locked(""):
        store.add(code_record("11", sent_at=later, origin=there))
        store.add(code_record("00"))
        store.add(code_record("22", number="080540010396"))
    asked = store.asked_for("900101300017", START - timedelta(minutes=1))
    assert list(asked) == [Asked(START, Origin("203.0.113.7", "device")), Asked(later, there)]
    assert list(store.asked_for("900101300017", START)) == [Asked(later, there)]


def code_store_knows_a_device_by_its_voter(make: MakeCodeStore) -> None:
    store = make()
    for moment in (START, START + timedelta(days=1)):
        store.remember("900101300017", "device", moment)
    assert store.knows("900101300017", "device")
    assert not store.knows("900101300017", "another")
    assert not store.knows("080540010396", "device")


def code_store_lets_one_of_many_threads_work_on_a_number(make: MakeCodeStore) -> None:
    store, record = make(), code_record()
    with store.locked(record.number):
        store.add(record)

    def try_once() -> None:
        with store.locked(record.number):
            read = store.get(record.request_id)
            store.update(replace(read, attempts=read.attempts + 1))

    _in_threads(8, try_once)
    assert store.get(record.request_id).attempts == 8


# ----------------------------------------------------------------------- NonceStore


def challenge(nonce: str = "0" * 32) -> Challenge:
    """A challenge that lives ten minutes from START."""
    return Challenge(nonce, "a" * 64, START + timedelta(minutes=10))


def nonce_store_returns_a_challenge_as_written(make: MakeNonceStore) -> None:
    store = make()
    store.add(challenge())
    assert store.get("0" * 32) == challenge()
    store.use("0" * 32)
    assert store.get("0" * 32) == replace(challenge(), used=True)


def nonce_store_knows_no_nonce_it_was_not_given(make: MakeNonceStore) -> None:
    with pytest.raises(RefusedError) as refused:
        make().get("f" * 32)
    assert refused.value.code == "challenge_unknown"


def nonce_store_lets_one_of_many_threads_use_a_nonce(make: MakeNonceStore) -> None:
    store = make()
    store.add(challenge())
    refusals: list[str] = []

    def use() -> None:
        try:
            store.use("0" * 32)
        except RefusedError as refused:
            refusals.append(refused.code)

    _in_threads(8, use)
    assert refusals == ["challenge_used"] * 7


# ---------------------------------------------------------------------- PermitStore


def _sign(request: PermitRequest) -> Callable[[Serial], Permit]:
    return lambda serial: Permit(statement=request.numbered(serial), signature="0" * 128)


def _issue(store: PermitStore, request: PermitRequest) -> Permit:
    return store.issue(request, _sign(request))


def permit_store_numbers_permits_without_gaps(make: MakePermitStore) -> None:
    store = make()

    def fail(_: Serial) -> Permit:
        raise KeyboardInterrupt

    assert _issue(store, permit_request(1)).statement.serial == 1
    with pytest.raises(KeyboardInterrupt):
        store.issue(permit_request(2), fail)
    another = permit_request(3, contest=ContestId("turkestan"), pseudonym=Pseudonym("1" * 32))
    assert _issue(store, another).statement.serial == 2


def permit_store_gives_the_same_permit_when_asked_again(make: MakePermitStore) -> None:
    store = make()
    permit = _issue(store, permit_request(1))
    assert _issue(store, permit_request(1)) == permit
    assert _issue(store, permit_request(2)).statement.serial == 2
    assert _issue(store, permit_request(1)) == permit


def permit_store_refuses_another_permit_for_a_credential(make: MakePermitStore) -> None:
    store = make()
    _issue(store, permit_request(1))
    for field, value in (
        ("pseudonym", Pseudonym("1" * 32)),
        ("method", MethodId("eds")),
        ("contest", ContestId("turkestan")),
        ("evidence", "a" * 64),
        ("reclaims", "A" * 43),
    ):
        with pytest.raises(RefusedError) as refused:
            _issue(store, permit_request(1, **{field: value}))
        assert refused.value.code == "credential_used"
    assert _issue(store, permit_request(2)).statement.serial == 2


def permit_store_cancels_the_earlier_permit(
    make: MakePermitStore, is_live: Callable[[PermitStore, Permit], bool]
) -> None:
    store = make()
    first = _issue(store, permit_request(1))
    stronger = _issue(store, permit_request(2, method=MethodId("eds")))
    other = _issue(store, permit_request(3, pseudonym=Pseudonym("1" * 32)))
    again = _issue(store, permit_request(4))
    live = [is_live(store, permit) for permit in (first, stronger, other, again)]
    assert live == [False, True, True, True]


def permit_store_numbers_permits_of_many_threads(make: MakePermitStore) -> None:
    store = make()
    serials: list[int] = []
    credentials = iter(range(1, 9))

    def issue() -> None:
        serials.append(_issue(store, permit_request(next(credentials))).statement.serial)

    _in_threads(8, issue)
    assert sorted(serials) == list(range(1, 9))


def _in_threads(count: int, work: Callable[[], None]) -> None:
    faults: list[BaseException] = []

    def guarded() -> None:
        try:
            work()
        except BaseException as fault:  # noqa: BLE001 - handed to the test below
            faults.append(fault)

    threads = [threading.Thread(target=guarded) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
