"""Several people at once, each with a connection of their own: nobody slips between two steps."""

import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier

import pytest

from dauys.board.journal import Journal
from dauys.conduct.setting_up import SetUpDesk, Surroundings
from dauys.core.contests import CategoryCount
from dauys.core.errors import RefusedError
from dauys.core.ids import ContestId, Credential, ElectionId, MethodId, Pseudonym, RegisterNumber
from dauys.core.permit import Permit
from dauys.crypto.signing import SigningKey, verify_signature
from dauys.identity.code_limits import CodeLimits, Origin
from dauys.identity.codes import CodeDesk
from dauys.identity.kazakhstan.numbering import NationalNumbers
from dauys.identity.kazakhstan.phones import NationalPhones
from dauys.identity.permits import PermitRequest, Registrar
from dauys.identity.register import RegisterVoter, register_commitment
from dauys.identity.sms import SmsChannel
from dauys.store.codes import DatabaseCodes
from dauys.store.drafts import DatabaseDrafts
from dauys.store.entries import DatabaseEntries
from dauys.store.evidence import DatabaseEvidence
from dauys.store.evidence_keys import EvidenceKeys
from dauys.store.models import CodeRow, ElectionRow, EvidenceRow, LogHead, PermitRow
from dauys.store.permits import DatabasePermits
from dauys.store.voters import DatabaseVoters
from tests.unit.board.elections import ELECTION, LOG, ballot, opened
from tests.unit.identity.memory import MemoryMessenger

AT_ONCE = 6
NUMBER = "900101300017"
PHONE = "+77012345678"
ORIGIN = Origin("203.0.113.7", "device")


class Clock:
    """The machine's."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@pytest.fixture
def election(database: str) -> ElectionId:
    row = ElectionRow.objects.create(pk=ELECTION, slug="at-once")
    LogHead.objects.create(election=row)
    return ELECTION


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """Do all `deeds` in the same instant; what each returned, or the code of its refusal."""
    start = Barrier(len(deeds))

    def do(deed: Callable[[], object]) -> object:
        start.wait()
        try:
            return deed()
        except RefusedError as refused:
            return refused.code

    with ThreadPoolExecutor(len(deeds)) as people:
        return list(people.map(do, deeds))


def request(credential: int, pseudonym: str = "0" * 32) -> PermitRequest:
    return PermitRequest(
        election=ELECTION,
        contest=ContestId("north"),
        pseudonym=Pseudonym(pseudonym),
        credential=Credential(f"{credential:064x}"),
        method=MethodId("sms"),
        weight=1,
        evidence=None,
        reclaims=None,
    )


def registrars(election: ElectionId) -> list[Registrar]:
    key = SigningKey.generate(secrets.token_bytes)
    return [Registrar(key, DatabasePermits(election, Clock())) for _ in range(AT_ONCE)]


def test_registrars_at_once_leave_no_gap_and_give_no_serial_twice(election: ElectionId) -> None:
    def issue_four(registrar: Registrar, first: int) -> list[int]:
        pseudonym = f"{first:032x}"
        issued = [registrar.issue(request(first + n, pseudonym)) for n in range(4)]
        return [permit.statement.serial for permit in issued]

    serials = at_once(
        *(
            lambda registrar=registrar, n=n: issue_four(registrar, 100 * n)
            for n, registrar in enumerate(registrars(election), 1)
        )
    )
    given = [serial for some in serials for serial in some]  # type: ignore[attr-defined]  # lists
    assert sorted(given) == list(range(1, 4 * AT_ONCE + 1))
    assert PermitRow.objects.filter(cancelled=False).count() == AT_ONCE


def test_one_request_sent_many_times_at_once_has_one_permit(election: ElectionId) -> None:
    permits = at_once(
        *(
            lambda registrar=registrar: registrar.issue(request(1))
            for registrar in registrars(election)
        )
    )
    assert all(isinstance(permit, Permit) and permit == permits[0] for permit in permits)
    assert DatabasePermits(election, Clock()).issued() == 1


def test_one_voter_in_many_windows_keeps_one_live_permit(election: ElectionId) -> None:
    at_once(
        *(
            lambda registrar=registrar, n=n: registrar.issue(request(n))
            for n, registrar in enumerate(registrars(election), 1)
        )
    )
    live = PermitRow.objects.filter(cancelled=False)
    assert [row.serial for row in live] == [AT_ONCE]


def test_writers_of_one_log_take_turns(election: ElectionId) -> None:
    journals = [Journal(DatabaseEntries(election), LOG, verify_signature) for _ in range(AT_ONCE)]
    with journals[0].writing() as writer:
        for entry in opened():
            writer.append(entry)

    def cast(journal: Journal, serials: range) -> None:
        for serial in serials:
            with journal.writing() as writer:
                writer.append(ballot(serial))

    results = at_once(
        *(
            lambda journal=journal, n=n: cast(journal, range(1 + n, 25, AT_ONCE))
            for n, journal in enumerate(journals)
        )
    )
    assert results == [None] * AT_ONCE
    assert journals[0].state().serials == set(range(1, 25))
    fresh = Journal(DatabaseEntries(election), LOG, verify_signature)
    assert fresh.state() == journals[0].state()


def code_desk(election: ElectionId, gateway: MemoryMessenger) -> CodeDesk:
    return CodeDesk(
        DatabaseCodes(election),
        gateway,
        SmsChannel(NationalPhones()),
        Clock(),
        secrets.token_bytes,
        CodeLimits(),
        b"k" * 32,
    )


def test_guesses_in_the_same_instant_count_each(election: ElectionId) -> None:
    gateway = MemoryMessenger()
    sent = code_desk(election, gateway).request(NUMBER, PHONE, ORIGIN)
    right = gateway.last_code()
    wrong = [f"{(int(right) + n) % 10**6:06d}" for n in range(1, AT_ONCE + 1)]
    desks = [code_desk(election, gateway) for _ in wrong]
    answers = at_once(
        *(
            lambda desk=desk, code=code: desk.enter(sent.request_id, code, ORIGIN)
            for desk, code in zip(desks, wrong, strict=True)
        )
    )
    assert sorted(map(str, answers)) == ["too_many_tries"] * (AT_ONCE - 2) + ["wrong_code"] * 2
    with pytest.raises(RefusedError, match="too_many_tries"):
        desks[0].enter(sent.request_id, right, ORIGIN)


def test_the_right_code_entered_many_times_at_once_identifies_once(election: ElectionId) -> None:
    gateway = MemoryMessenger()
    sent = code_desk(election, gateway).request(NUMBER, PHONE, ORIGIN)
    desks = [code_desk(election, gateway) for _ in range(AT_ONCE)]
    answers = at_once(
        *(
            lambda desk=desk: desk.enter(sent.request_id, gateway.last_code(), ORIGIN).number
            for desk in desks
        )
    )
    assert sorted(map(str, answers)) == [NUMBER] + ["expired"] * (AT_ONCE - 1)


def test_codes_asked_for_in_the_same_instant_send_one_message(election: ElectionId) -> None:
    gateway = MemoryMessenger()
    desks = [code_desk(election, gateway) for _ in range(AT_ONCE)]
    answers = at_once(*(lambda desk=desk: desk.request(NUMBER, PHONE, ORIGIN) for desk in desks))
    assert answers.count("too_soon") == AT_ONCE - 1
    assert len(gateway.sent) == CodeRow.objects.count() == 1


def test_a_signature_kept_by_many_at_once_is_kept_once(
    election: ElectionId, tmp_path: Path
) -> None:
    evidence = DatabaseEvidence(election, EvidenceKeys(tmp_path, election, b"k" * 32))
    hashes = at_once(
        *(lambda: evidence.keep(b"cms", Clock().now(), "good") for _ in range(AT_ONCE))
    )
    assert len(set(hashes)) == EvidenceRow.objects.count() == 1
    assert evidence.read(str(hashes[0])) == b"cms"


def voter(place: int) -> RegisterVoter:
    return RegisterVoter(
        register_number=RegisterNumber(place),
        number=f"{place:012d}",
        name=f"Voter {place}",
        category="entrepreneur",
        region="all",
        contest=ContestId("north"),
        weight=1,
        phone=None,
        precinct=None,
        household=None,
    )


def set_up(election: ElectionId) -> SetUpDesk:
    """The organiser's desk, in a process of its own."""
    voters = DatabaseVoters(election)
    journal = Journal(DatabaseEntries(election), LOG, verify_signature)
    around = Surroundings(registrar="", log_key="", log_origin="", monitor="", booth=())
    drafts = DatabaseDrafts(election, voters)
    return SetUpDesk(
        journal, drafts, voters, lambda: around, secrets.token_bytes, NationalNumbers()
    )


def is_the_one_committed_to(register: tuple[RegisterVoter, ...]) -> bool:
    row = ElectionRow.objects.get()
    return register_commitment(register, bytes.fromhex(row.register_salt)) == row.register_sha256


def test_registers_imported_at_once_do_not_mix(election: ElectionId) -> None:
    registers = {n: tuple(map(voter, range(n, n + 10))) for n in range(1, 10 * AT_ONCE, 10)}
    desks = [(set_up(election), register) for register in registers.values()]
    at_once(*(lambda desk=desk, register=r: desk.accept_register(register) for desk, r in desks))
    kept = [one.register_number for one in DatabaseVoters(election).all()]
    register = registers[kept[0]]
    assert kept == [one.register_number for one in register]
    assert is_the_one_committed_to(register)


def test_a_register_that_breaks_off_leaves_the_one_before(election: ElectionId) -> None:
    voters = DatabaseVoters(election)
    voters.replace(map(voter, range(1, 4)), secrets.token_bytes)
    before = list(voters.all())

    def breaks_off() -> Iterator[RegisterVoter]:
        yield voter(7)
        raise KeyboardInterrupt

    with suppress(KeyboardInterrupt):
        voters.replace(breaks_off(), secrets.token_bytes)
    assert list(voters.all()) == before
    three = CategoryCount(category="entrepreneur", voters=3, weight=3)
    assert voters.counts() == {ContestId("north"): (three,)}


def test_the_register_of_a_sealed_election_is_not_replaced(election: ElectionId) -> None:
    desk, register = set_up(election), tuple(map(voter, range(1, 4)))
    desk.accept_register(register)
    before = list(DatabaseVoters(election).all())
    ElectionRow.objects.update(sealed=True)
    with pytest.raises(RefusedError, match="sealed"):
        desk.accept_register(tuple(map(voter, range(1, 9))))
    assert list(DatabaseVoters(election).all()) == before
    assert is_the_one_committed_to(register)
