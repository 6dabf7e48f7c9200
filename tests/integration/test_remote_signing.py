"""Signing on a phone for a browser that waits: who may do what, how often, and until when."""

import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dauys.conduct.people import Visit
from dauys.conduct.remote_signing import Begun, RemoteSigningDesk, RemoteState, code_of
from dauys.core.errors import RefusedError
from dauys.crypto.ballot import CredentialKey
from dauys.scenario.rush import found_rush
from dauys.scenario.test_ca import TestAuthority
from dauys.store.models import RemoteSigningRow
from dauys.wiring import Office, Services

VISIT = Visit("127.0.0.1")


@dataclass
class Hands:
    """A clock that is set by hand."""

    time: datetime = field(default_factory=lambda: datetime.now(UTC))

    def now(self) -> datetime:
        return self.time


@dataclass
class Signing:
    """An open election with one signing begun for its first voter."""

    clock: Hands
    services: Services
    authority: TestAuthority

    @property
    def desk(self) -> RemoteSigningDesk:
        return self.services.remote

    def begin(self) -> Begun:
        return self.desk.begin(CredentialKey.generate(os.urandom).public)

    def token(self, begun: Begun) -> str:
        return self.desk.find(begun.number).token

    def cms(self, content: bytes, line: int = 1) -> bytes:
        voter = self.services.voters.by_register_number(line)
        leaf = self.authority.issue_person(voter.number, voter.name)
        return self.authority.sign_cms(leaf, content)

    def hand_in(self, begun: Begun, cms: bytes) -> None:
        self.desk.hand_in(begun.number, self.token(begun), cms)


def code(refused: pytest.ExceptionInfo[RefusedError]) -> str:
    return refused.value.code


@pytest.fixture
def signing(database: str, tmp_path: Path) -> Signing:
    clock = Hands()
    authority = TestAuthority.create(clock.now() - timedelta(days=1))
    (tmp_path / "anchors").mkdir()
    (tmp_path / "anchors" / "root.cer").write_bytes(authority.root)
    services = found_rush(Office(tmp_path, clock), 2)
    services.counting.open()
    return Signing(clock, services, authority)


def test_a_signing_serves_one_signature_and_one_browser(signing: Signing) -> None:
    begun, desk = signing.begin(), signing.desk
    assert desk.ask(begun.number, begun.secret) == (RemoteState.WAITING, "")
    content = desk.document(begun.number, signing.token(begun))
    assert content == begun.challenge
    assert begun.code == code_of(content)
    assert desk.ask(begun.number, begun.secret) == (RemoteState.OPENED, "")
    cms, token = signing.cms(content), signing.token(begun)
    desk.hand_in(begun.number, token, cms)
    with pytest.raises(RefusedError) as refused:
        desk.hand_in(begun.number, token, cms)
    assert code(refused) == "challenge_used"
    assert desk.ask(begun.number, begun.secret) == (RemoteState.SIGNED, "")
    identified = desk.take(begun.number, begun.secret, VISIT)
    assert identified.voter.register_number == 1
    assert identified.evidence
    assert signing.services.evidence.read(identified.evidence) == cms
    with pytest.raises(RefusedError) as refused:
        desk.take(begun.number, begun.secret, VISIT)
    assert code(refused) == "challenge_used"


def test_each_side_has_a_key_of_its_own(signing: Signing) -> None:
    begun, desk = signing.begin(), signing.desk
    token = signing.token(begun)
    for wrong in ("", begun.secret, token[:-1], token.upper() + "x"):
        with pytest.raises(RefusedError) as refused:
            desk.document(begun.number, wrong)
        assert code(refused) == "wrong_token"
    for wrong in ("", token, signing.begin().secret):
        with pytest.raises(RefusedError) as refused:
            desk.ask(begun.number, wrong)
        assert code(refused) == "challenge_unknown"
    with pytest.raises(RefusedError) as refused:
        desk.take(begun.number, begun.secret, VISIT)  # nobody has signed
    assert code(refused) == "challenge_used"
    with pytest.raises(RefusedError) as refused:
        desk.find("0" * 32)
    assert code(refused) == "challenge_unknown"


def test_a_refused_signature_is_told_and_may_be_made_again(signing: Signing) -> None:
    begun, other = signing.begin(), signing.begin()
    for cms, why in (
        (signing.cms(other.challenge), "wrong_content"),
        (signing.cms(begun.challenge)[:-9], "unreadable"),
        (
            signing.authority.sign_cms(
                signing.authority.issue_person("900101300017", "БӨТЕН"), begun.challenge
            ),
            "not_registered",
        ),
    ):
        with pytest.raises(RefusedError) as refused:
            signing.hand_in(begun, cms)
        assert code(refused) == why
        assert signing.desk.ask(begun.number, begun.secret)[1] == why
    signing.hand_in(begun, signing.cms(begun.challenge))


def test_ten_minutes_later_it_is_over_and_a_day_later_forgotten(signing: Signing) -> None:
    begun = signing.begin()
    token, cms = signing.token(begun), signing.cms(begun.challenge)
    signing.clock.time = begun.expires
    for late in (
        lambda: signing.desk.document(begun.number, token),
        lambda: signing.desk.hand_in(begun.number, token, cms),
        lambda: signing.desk.ask(begun.number, begun.secret),
    ):
        with pytest.raises(RefusedError) as refused:
            late()
        assert code(refused) == "challenge_expired"
    signing.clock.time += timedelta(days=1, seconds=1)
    signing.begin()
    assert [row.id for row in RemoteSigningRow.objects.all()] != [begun.number]
    assert RemoteSigningRow.objects.count() == 1


def test_what_was_signed_in_time_is_taken_a_little_later(signing: Signing) -> None:
    """The phone's owner comes back to the page when the ten minutes are over."""
    begun = signing.begin()
    signing.hand_in(begun, signing.cms(begun.challenge))
    signing.clock.time = begun.expires + timedelta(minutes=1)
    assert signing.desk.ask(begun.number, begun.secret)[0] is RemoteState.SIGNED
    assert signing.desk.take(begun.number, begun.secret, VISIT).voter.register_number == 1
