"""From sealed to announced through the pages: nothing out of turn, nothing from the wrong hand."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dauys.conduct.parts import DecryptionParts
from dauys.core.canonical import encode
from dauys.core.state import Phase
from dauys.scenario.clockwork import SimulatedClock
from dauys.scenario.electorate import make_electorate
from dauys.scenario.founding import found
from dauys.scenario.people_keys import OfficeKeys
from dauys.store.models import CeremonyMessage, RoleGrant, Staff
from dauys.web.console import frame
from dauys.wiring import Office, Services

pytestmark = pytest.mark.django_db(databases=["default", "signals"], transaction=True)

START = datetime(2027, 5, 1, 4, 0, tzinfo=UTC)
LENGTH = timedelta(days=2)
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


class Election:
    """A sealed election under a clock of its own."""

    def __init__(self, folder: Path, threshold: int = 0) -> None:
        self.clock = SimulatedClock(START - timedelta(hours=1))
        self.keys = OfficeKeys.generate(os.urandom, threshold)
        self.office = Office(folder, self.clock)
        people = make_electorate(40, 3, START, START + LENGTH)
        self.services: Services = found(
            self.office, people, self.keys, slug="spring", random=os.urandom
        )

    def phase(self) -> Phase:
        return self.services.journal.state().phase

    def parts(self, number: int) -> bytes:
        parts = self.services.counting.decrypt(self.keys.trustees[number], os.urandom)
        return encode(DecryptionParts(parts=parts))


@pytest.fixture
def election(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Election:
    election = Election(tmp_path)
    monkeypatch.setattr(frame, "office", lambda: election.office)
    return election


@pytest.fixture
def group_election(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Election:
    """Any two of three trustees can count."""
    election = Election(tmp_path, threshold=2)
    monkeypatch.setattr(frame, "office", lambda: election.office)
    return election


def client_of(role: str) -> Client:
    person = Staff.objects.create_user(role)
    RoleGrant.objects.create(staff=person, role=role)
    TOTP.activate(person, SECRET)
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(person)
    return client


def take(client: Client, step: str) -> str:
    answer = client.post(f"/en/console/spring/steps/{step}/", follow=True)
    return text(answer)


def hand_in(client: Client, data: bytes) -> Any:
    file = SimpleUploadedFile("parts.json", data)
    return client.post("/en/console/spring/trustee/", {"file": file}, follow=True)


def text(answer: Any) -> str:
    assert answer.status_code in {200, 422}
    return str(answer.content.decode())


def test_the_steps_wait_for_their_time_and_for_every_trustee(election: Election) -> None:
    organiser, trustee = client_of("organiser"), client_of("trustee")
    assert "It is too early." in take(organiser, "open")
    assert election.phase() is Phase.SEALED

    election.clock.advance(START)
    assert "Voting is open." in take(organiser, "open")
    assert "It is too early." in take(organiser, "close")
    assert "Voting has not closed." in take(organiser, "tally")
    assert election.phase() is Phase.OPEN
    assert "no result yet" in text(organiser.get("/en/console/spring/results/"))

    election.clock.advance(START + LENGTH)
    assert "Voting is closed." in take(organiser, "close")
    assert "not published yet" in take(organiser, "announce")
    assert "sums are published." in take(organiser, "tally")
    assert "Parts of trustees are missing." in take(organiser, "announce")

    for number in range(len(election.keys.trustees)):
        assert election.phase() is not Phase.FINAL
        hand_in(trustee, election.parts(number))
    assert "The result is announced." in take(organiser, "announce")
    assert election.phase() is Phase.FINAL
    page = text(organiser.get("/en/console/spring/results/"))
    assert "Margin" in page
    assert "no result yet" not in page


def test_a_group_counts_without_one_of_its_members(group_election: Election) -> None:
    organiser, trustee = client_of("organiser"), client_of("trustee")
    ceremony = text(trustee.get("/en/console/spring/ceremony/"))
    assert ceremony.count("c-pip--sent") == 9
    assert "Complete" in ceremony
    group_election.clock.advance(START)
    take(organiser, "open")
    group_election.clock.advance(START + LENGTH)
    take(organiser, "close")
    page = take(organiser, "tally")
    assert "Group of 3: any 2 are enough." in page
    assert "2 more needed" in page
    forged = group_election.parts(2).replace(b'"trustee":3', b'"trustee":2')
    page = text(hand_in(trustee, forged))
    assert "the part of trustee 2 does not hold" in page
    assert "2 more needed" in page
    page = text(hand_in(trustee, group_election.parts(2)))
    assert "1 more needed" in page
    assert "of: Notary chamber, University" in page
    assert "Parts of trustees are missing." in take(organiser, "announce")
    assert "Enough" in text(hand_in(trustee, group_election.parts(0)))
    assert "The result is announced." in take(organiser, "announce")
    assert group_election.phase() is Phase.FINAL


def test_nobody_changes_a_ceremony_after_sealing(group_election: Election) -> None:
    organiser, trustee = client_of("organiser"), client_of("trustee")
    size = group_election.services.journal.state().size
    file = SimpleUploadedFile("certificate-1.json", b"{}")
    answer = trustee.post("/en/console/spring/ceremony/1/", {"file": file})
    assert answer.status_code == 422
    assert "is sealed" in text(answer)
    members = {"members": "A\nB\nC", "threshold": "2"}
    for path, form in (("groups/1/remove/", {}), ("new-group/", members)):
        answer = organiser.post(f"/en/console/spring/set-up/trustees/{path}", form, follow=True)
        assert "is sealed" in text(answer)
    assert text(trustee.get("/en/console/spring/ceremony/")).count("c-pip--sent") == 9
    assert group_election.services.journal.state().size == size
    strangers = trustee.post("/en/console/spring/set-up/trustees/groups/1/remove/")
    assert strangers.status_code == 403
    assert trustee.post("/en/console/spring/ceremony/7/", {"file": file}).status_code == 404


def test_a_kept_message_that_was_altered_is_told_not_shown(group_election: Election) -> None:
    trustee = client_of("trustee")
    CeremonyMessage.objects.filter(stage="voutput", place=2).update(text="{}")
    page = text(trustee.get("/en/console/spring/ceremony/"))
    assert "It is damaged" in page
    assert "c-pip" not in page
    assert group_election.phase() is Phase.SEALED


def test_parts_that_are_changed_cut_or_repeated_are_refused(election: Election) -> None:
    organiser, trustee = client_of("organiser"), client_of("trustee")
    election.clock.advance(START)
    take(organiser, "open")
    election.clock.advance(START + LENGTH)
    take(organiser, "close")
    take(organiser, "tally")
    parts = election.parts(0)
    other = encode(
        DecryptionParts(
            parts=election.services.counting.decrypt(election.keys.trustees[1], os.urandom)[:1]
        )
    )
    size = election.services.journal.state().size
    spaced = parts.replace(b',"parts"', b', "parts"')
    for bad in (parts[:-1], spaced, parts.replace(b'"trustee":1', b'"trustee":2'), b""):
        assert hand_in(trustee, bad).status_code == 422
        assert election.services.journal.state().size == size
    assert hand_in(trustee, parts).status_code == 200
    assert hand_in(trustee, parts).status_code == 422
    assert hand_in(trustee, other).status_code == 200


def test_a_sealed_election_is_locked_for_whoever_sends_the_old_form(election: Election) -> None:
    organiser = client_of("organiser")
    before = election.services.journal.state().size
    for path, form in {
        "contests/karaganda/remove/": {},
        "trustees/1/remove/": {},
        "commission/chair/remove/": {},
        "contests/karaganda/candidates/c1/remove/": {},
        "seal/": {"sure": "1"},
    }.items():
        answer = organiser.post(f"/en/console/spring/set-up/{path}", form, follow=True)
        assert "The election is sealed." in text(answer), path
    assert election.services.journal.state().size == before
