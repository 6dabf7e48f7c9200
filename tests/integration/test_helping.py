"""The help desk: never alone where somebody could vote in a voter's place, never unseen."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from dauys.conduct.code_watch import KEPT, CodeWatch
from dauys.conduct.helping import Deed
from dauys.conduct.methods import EMAIL, SMS
from dauys.conduct.people import CastRecord, Visit, Voter
from dauys.conduct.weaknesses import Chosen, weaker_rules
from dauys.core.errors import RefusedError
from dauys.core.ids import ElectionId, LeafIndex, MethodId
from dauys.core.state import Phase
from dauys.crypto.election import new_uuid
from dauys.identity.messages.settings import MessageSettings
from dauys.identity.register import read_table, suggest_mapping
from dauys.identity.texts import Notice, notice_text
from dauys.scenario import asking, founding
from dauys.scenario.clockwork import SimulatedClock
from dauys.scenario.electorate import make_electorate
from dauys.scenario.people_keys import SEATS, TRUSTEES, OfficeKeys
from dauys.store.codes import DemonstrationOutbox
from dauys.store.drafting import DraftDesk
from dauys.store.models import CodeRow, KnownDevice, NonceRow, OutboxMessage, VoterRow
from dauys.store.signals.models import SignalRow
from dauys.wiring import Office, Services
from tests.unit.board.elections import OPENS

VISIT = Visit("198.51.100.7", "device", "Firefox")
ANNA, BORIS = 1, 2


class Hall:
    """A sealed election that opens in three days, its clock and its people."""

    def __init__(
        self,
        folder: Path,
        messages: MessageSettings | None = None,
        methods: tuple[str, ...] = ("desk", "sms", "eds"),
    ) -> None:
        self.methods = methods
        self.clock = SimulatedClock(OPENS - timedelta(days=3))
        self.office = Office(
            folder,
            self.clock,
            messenger=DemonstrationOutbox(self.clock),
            messages=messages or MessageSettings(),
        )
        self.services = self._found()
        self.help = self.services.voting.help

    def _found(self) -> Services:
        electorate = make_electorate(24, 7, OPENS, OPENS + timedelta(days=3))
        election, keys = ElectionId(new_uuid(os.urandom)), OfficeKeys.generate(os.urandom)
        draft = DraftDesk(election)
        draft.create("hall", founding.NAME, founding.ORGANISER)
        draft.set_times(OPENS, OPENS + timedelta(days=3), "Asia/Almaty")
        draft.set_rules(
            methods=self.methods,
            policy="stronger",
            stratum_minimum=1,
            quorum=2,
            clock_step=300,
        )
        for plan in electorate.contests:
            draft.put_contest(
                plan.id,
                plan.name,
                region=str(plan.id),
                uuid=ElectionId(new_uuid(os.urandom)),
            )
            draft.put_question(plan.id, asking.QUESTION, plan.name, seats=plan.seats)
            for candidate in plan.candidates:
                draft.put_candidate(plan.id, asking.QUESTION, candidate)
        for number, (name, key) in enumerate(zip(TRUSTEES, keys.trustees, strict=True), 1):
            draft.put_trustee(number, name, key.public.to_json())
        for seat, title in SEATS:
            draft.put_seat(seat, title, keys.commission[seat].public_hex)
        services = self.office.services(election)
        table = read_table(founding.register_csv(electorate).encode(), "register.csv")
        report = services.set_up.read_register(table, suggest_mapping(table.columns))
        services.set_up.accept_register(report.voters)
        services.set_up.seal()
        return services

    def open(self) -> None:
        self.clock.advance(OPENS)
        self.services.counting.open()

    def voter(self, line: int = 1) -> Voter:
        return self.services.voters.by_register_number(line)

    def without_phone(self, line: int) -> Voter:
        VoterRow.objects.filter(register_number=line).update(phone="")
        return self.voter(line)

    def with_mailbox(self, line: int, address: str) -> Voter:
        VoterRow.objects.filter(register_number=line).update(email=address)
        return self.voter(line)

    def told(self, address: str | None) -> list[str]:
        rows = OutboxMessage.objects.filter(address=address or "-").order_by("pk")
        return [row.text for row in rows]


@pytest.fixture
def hall(database: str, tmp_path: Path) -> Hall:
    return Hall(tmp_path)


@contextmanager
def refused(code: str) -> Iterator[None]:
    with pytest.raises(RefusedError) as error:
        yield
    assert error.value.code == code


def test_a_link_takes_two_people_and_works_once(hall: Hall) -> None:
    hall.open()
    voter = hall.without_phone(1)
    request = hall.help.ask_link(voter, "Called from the office; passport seen.", ANNA)
    with refused("same_person"):
        hall.help.approve(request.number, ANNA)
    with refused("asked_already"):
        hall.help.ask_link(voter, "Again", BORIS)
    token = hall.help.approve(request.number, BORIS)
    assert token not in repr(hall.help.book.get(request.number))
    with refused("decided"):
        hall.help.approve(request.number, BORIS)
    written = " ".join(token[place : place + 4] for place in range(0, 24, 4)).upper()
    identified = hall.services.voting.enter_link(written, VISIT)
    assert (identified.voter.number, identified.method) == (voter.number, "desk")
    assert (identified.sent_to, identified.evidence) == (None, None)
    with refused("link_used"):
        hall.services.voting.enter_link(token, VISIT)
    kept = hall.help.book.get(request.number)
    assert (kept.asked_by, kept.decided_by, kept.approved) == (ANNA, BORIS, True)
    assert kept.used_at is not None


def test_a_link_is_worth_nothing_a_day_later_or_with_a_slip(hall: Hall) -> None:
    hall.open()
    number = hall.help.ask_link(hall.without_phone(1), "Reason", ANNA).number
    token = hall.help.approve(number, BORIS)
    for wrong in ("", "a" * 24, token[:-1], token[:-1] + "0", token + "a", "é" * 24):
        with refused("link_unknown"):
            hall.help.use_link(wrong)
    hall.clock.advance(hall.clock.now() + timedelta(hours=24))
    with refused("link_expired"):
        hall.help.use_link(token)


def test_who_can_get_a_code_gets_no_link(hall: Hall) -> None:
    hall.open()
    voter = hall.voter()
    with refused("has_phone"):
        hall.help.ask_link(voter, "Reason", ANNA)
    hall.help.hold_codes(voter)
    request = hall.help.ask_link(hall.voter(), "The phone was stolen.", ANNA)
    hall.help.approve(request.number, BORIS)
    assert len(hall.told(voter.phone)) == 2, "told that codes stopped, and of the link"


def test_a_refused_request_gives_nothing(hall: Hall) -> None:
    hall.open()
    request = hall.help.ask_link(hall.without_phone(1), "Reason", ANNA)
    hall.help.refuse(request.number, BORIS)
    with refused("decided"):
        hall.help.approve(request.number, BORIS)
    assert hall.help.book.find(decided=False) == ()
    assert hall.help.book.get(request.number).approved is False


def test_a_ballot_by_link_is_beaten_by_any_of_the_voters_own(hall: Hall) -> None:
    hall.open()
    state = hall.services.journal.state()
    strengths = [state.strength(MethodId(method)) for method in ("desk", "sms", "eds")]
    assert strengths == [0, 1, 2]
    assert state.manifest.signed == ("eds",)
    assert any("one-time link" in warning.en for warning in state.manifest.warnings)


def test_no_link_is_given_before_voting_or_where_the_rules_have_none(hall: Hall) -> None:
    with refused("not_open"):
        hall.help.ask_link(hall.without_phone(1), "Reason", ANNA)


def test_a_phone_is_changed_by_two_people_and_both_phones_are_told(hall: Hall) -> None:
    voter, new = hall.voter(), "+77770001122"
    request = hall.help.ask_phone(voter, new, "Came with the passport.", ANNA)
    with refused("same_person"):
        hall.help.approve(request.number, ANNA)
    assert hall.voter().phone == voter.phone
    assert hall.help.approve(request.number, BORIS) == ""
    assert hall.voter().phone == new
    assert [len(hall.told(phone)) for phone in (voter.phone, new)] == [1, 1]
    kept = hall.help.book.get(request.number)
    assert (kept.deed, kept.phone_before, kept.phone_after) == (Deed.PHONE, voter.phone, new)


def test_one_phone_stays_with_one_voter(hall: Hall) -> None:
    other = hall.voter(2)
    assert other.phone
    with refused("phone_taken"):
        hall.help.ask_phone(hall.voter(), other.phone, "Reason", ANNA)
    with refused("same_phone"):
        hall.help.ask_phone(other, other.phone, "Reason", ANNA)
    request = hall.help.ask_phone(hall.voter(), "+77770001122", "Reason", ANNA)
    VoterRow.objects.filter(register_number=3).update(phone="+77770001122")
    with refused("phone_taken"):
        hall.help.approve(request.number, BORIS)


def test_phones_are_frozen_a_day_before_voting(hall: Hall) -> None:
    waiting = hall.help.ask_phone(hall.voter(), "+77770001122", "Reason", ANNA)
    hall.clock.advance(OPENS - timedelta(hours=24))
    for attempt in (
        lambda: hall.help.ask_phone(hall.voter(2), "+77770001133", "Reason", ANNA),
        lambda: hall.help.approve(waiting.number, BORIS),
        lambda: hall.help.phone_by_signature(hall.voter(2), "+77770001133"),
    ):
        with refused("phones_frozen"):
            attempt()
    hall.open()
    assert hall.services.journal.state().phase is Phase.OPEN
    assert hall.help.phones_frozen()


def test_a_voter_changes_the_phone_with_a_signature_alone(hall: Hall) -> None:
    voter = hall.voter()
    hall.help.phone_by_signature(voter, "+77770001122")
    assert hall.voter().phone == "+77770001122"
    (kept,) = hall.help.book.find(decided=True)
    assert (kept.asked_by, kept.decided_by, kept.phone_before) == (0, 0, voter.phone)


def test_stopped_codes_reach_nobody_and_start_anew(hall: Hall) -> None:
    hall.open()
    voter, voting = hall.voter(), hall.services.voting
    hall.help.hold_codes(voter)
    before = len(hall.told(voter.phone))
    asked = voting.request_code(voter.number, VISIT, "ru")
    assert asked.masked.endswith((voter.phone or "")[-2:])
    assert len(hall.told(voter.phone)) == before
    hall.help.free_codes(hall.voter())
    voting.request_code(voter.number, replace(VISIT, address="192.0.2.1"), "ru")
    assert len(hall.told(voter.phone)) == before + 2


def test_every_use_of_an_identity_is_told_to_its_voter(hall: Hall) -> None:
    hall.open()
    voter, voting, now = hall.voter(), hall.services.voting, hall.clock.now()
    voting.request_code(voter.number, VISIT, "ru")
    voting.request_code(hall.voter(2).number, replace(VISIT, address="192.0.2.9"), "ru")
    hall.services.signals.note(
        "cast", voter, MethodId("sms"), now, VISIT, phone=voter.phone, leaf_index=LeafIndex(7)
    )
    uses = hall.services.signals.uses_of(voter.register_number)
    assert [(use.kind, use.browser, use.phone) for use in uses] == [
        ("cast", "Firefox", voter.phone),
        ("code_requested", "Firefox", voter.phone),
    ]
    assert VISIT.address not in repr(uses)


def watch_of(hall: Hall) -> CodeWatch:
    return hall.services.code_watch


def alerts(hall: Hall) -> list[tuple[str, str]]:
    return [(alert.kind, alert.text.en) for alert in hall.services.alerts.waiting()]


def test_codes_that_nobody_enters_are_an_alarm(hall: Hall) -> None:
    hall.open()
    for line in range(1, 25):
        voter = hall.voter(line)
        visit = Visit("203.0.113.9", f"d{line}")
        try:
            hall.services.voting.request_code(voter.number, visit, "ru")
        except RefusedError as error:
            assert error.detail == "address"  # noqa: PT017 -- twenty open codes, then no more
    now = hall.clock.now() + timedelta(minutes=6)
    watch_of(hall).look(now)
    (found,) = alerts(hall)
    assert found[0] == "conversion"
    assert "20 codes" in found[1]
    assert "203.0.113" not in found[1]
    watch_of(hall).look(now)
    assert len(alerts(hall)) == 1, "told once"


def test_messages_that_do_not_go_out_are_an_alarm(hall: Hall) -> None:
    outbox, now = hall.office.outbox, hall.clock.now()
    outbox.rest("smsc", now + timedelta(minutes=5), "no_money", 1)
    watch_of(hall).look(now)
    assert [kind for kind, _ in alerts(hall)] == ["delivery"]
    assert "no_money" in alerts(hall)[0][1]


def test_stale_codes_and_challenges_are_deleted_by_the_caretaker(hall: Hall) -> None:
    hall.open()
    hall.services.voting.request_code(hall.voter().number, VISIT, "ru")
    KnownDevice.objects.create(election="x", number="y", device="z", seen_at=hall.clock.now())
    NonceRow.objects.create(
        nonce="n",
        election=hall.services.election,
        digest="d",
        expires=hall.clock.now() + timedelta(minutes=10),
    )
    state = hall.services.journal.state()
    watch_of(hall)(state, hall.clock.now())
    assert (CodeRow.objects.count(), NonceRow.objects.count()) == (1, 1)
    watch_of(hall)(state, hall.clock.now() + KEPT + timedelta(minutes=11))
    assert (CodeRow.objects.count(), NonceRow.objects.count()) == (0, 0)
    assert KnownDevice.objects.count() == 1, "a voter's device is known for the whole election"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"one_phone": False, "shared_phones": (3, 7)},
            "on the register: 3; voters who have them: 7",
        ),
        ({"methods": ("desk", "sms", "eds")}, "weakest method"),
        ({"methods": ("sms",)}, "cannot be taken back"),
        ({"quorum": 1}, "decide alone"),
        ({"policy": "once"}, "cast once"),
        ({"phone_freeze_hours": 0}, "until voting opens"),
    ],
)
def test_each_weaker_choice_is_warned_of(change: dict[str, object], words: str) -> None:
    plain = Chosen(methods=("sms", "eds"), policy="stronger", one_phone=True)
    assert len(weaker_rules(plain)) == 1
    warned = weaker_rules(replace(plain, **change))  # type: ignore[arg-type]  # fields, by name
    assert any(words in warning.en for warning in warned)
    assert all(text for warning in warned for text in (warning.kk, warning.ru, warning.en))


MAILBOX = "aliya@example.org"


def test_a_code_by_email_is_entered_as_what_it_is_and_the_ballot_tells_where_it_went(
    database: str, tmp_path: Path
) -> None:
    hall = Hall(tmp_path, methods=("email", "sms"))
    voter = hall.with_mailbox(1, MAILBOX)
    hall.open()
    voting = hall.services.voting
    sent = voting.request_code(voter.number, VISIT, "ru", EMAIL)
    assert sent.masked == "a•••@e•••.org"
    assert hall.told(voter.phone) == []
    (letter,) = hall.told(MAILBOX)
    with refused("unknown_request"):  # of the other channel, whatever its code is
        voting.enter_code(sent.request_id, letter[:6], VISIT, SMS)
    identified = voting.enter_code(sent.request_id, letter[:6], VISIT, EMAIL)
    assert (identified.method, identified.sent_to) == ("email", MAILBOX)
    row = SignalRow.objects.get(kind="identified")
    assert (row.method, row.phone) == ("email", "")
    record = CastRecord(LeafIndex(7), hall.clock.now(), EMAIL, MAILBOX)
    assert voting.mask(record) == "a•••@e•••.org"


def test_a_stranger_and_a_voter_without_a_mailbox_get_a_decoy_of_the_register(
    database: str, tmp_path: Path
) -> None:
    hall = Hall(tmp_path, methods=("email",))
    hall.with_mailbox(1, MAILBOX)
    hall.open()
    before = OutboxMessage.objects.count()
    for number in ("900101300017", hall.voter(2).number):
        sent = hall.services.voting.request_code(number, VISIT, "ru", EMAIL)
        assert sent.masked == "a•••@e•••.org", "what this register looks like"
        with refused("wrong_code"):
            hall.services.voting.enter_code(sent.request_id, "000000", VISIT, EMAIL)
    assert set(OutboxMessage.objects.values_list("address", "text")[: before + 2]) == {("", "")}


def test_where_codes_go_by_email_the_help_desk_goes_by_mailboxes(
    database: str, tmp_path: Path
) -> None:
    hall = Hall(tmp_path, methods=("desk", "email"))
    reached, unreached = hall.with_mailbox(1, MAILBOX), hall.voter(2)
    hall.open()
    with refused("has_phone"):
        hall.help.ask_link(reached, "Called from the office.", ANNA)
    assert unreached.phone, "which is of no use here"
    hall.help.ask_link(unreached, "Called from the office.", ANNA)
    hall.help.hold_codes(reached)
    assert hall.told(MAILBOX) == [notice_text(Notice.HELD, "ru")]
    with refused("method_not_allowed"):
        hall.services.voting.request_code(reached.number, VISIT, "ru", SMS)


def test_mailboxes_of_several_voters_are_counted_in_the_manifest(
    database: str, tmp_path: Path
) -> None:
    hall = Hall(tmp_path, methods=("email",))
    for line in (1, 2, 3):
        hall.with_mailbox(line, MAILBOX)
    assert hall.services.voters.shared_emails() == (1, 3)
    chosen = Chosen(methods=("email",), policy="last", one_phone=False, shared_emails=(1, 3))
    said = " ".join(text.en for text in weaker_rules(chosen))
    assert "Such addresses on the register: 1; voters who have them: 3" in said
    assert "sent by e-mail" in said
    assert "phone" not in said
