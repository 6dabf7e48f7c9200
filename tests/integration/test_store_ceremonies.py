"""Messages of a ceremony that members hand in, also all at once, in both databases."""

import os

import pytest

from dauys.conduct.ceremony import SENT, Stage, make_plan
from dauys.core.errors import MalformedError, RefusedError
from dauys.core.ids import ElectionId
from dauys.crypto.ceremony_messages import MemberError
from dauys.scenario.key_ceremony import HeldCeremony, hold
from dauys.store.ceremonies import CeremonyBook
from dauys.store.models import CeremonyMessage, ElectionRow, TrusteeGroup
from tests.integration.test_store_at_once import at_once
from tests.unit.board.elections import ELECTION

NAMES = ("A", "B", "C", "D")
HELD = hold(2, NAMES, os.urandom)


@pytest.fixture
def book(database: str) -> CeremonyBook:
    assert database
    ElectionRow.objects.create(pk=ELECTION, slug="ceremonies")
    return CeremonyBook(ElectionId(ELECTION))


def of(held: HeldCeremony, stage: Stage) -> dict[int, str]:
    return {place: text for one, place, text in held.messages if one is stage}


def test_members_who_hand_in_at_the_same_moment_are_all_heard(book: CeremonyBook) -> None:
    number = book.begin(HELD.plan)
    for stage in SENT:
        deeds = [
            lambda place=place, text=text, stage=stage: book.take(number, stage, place, text)
            for place, text in of(HELD, stage).items()
            for _twice in range(2)
        ]
        assert at_once(*deeds) == [None] * 8
        assert book.ceremony(number).missing(stage) == ()
    assert CeremonyMessage.objects.count() == 12
    assert book.ceremony(number).group().threshold == 2


def test_another_message_in_place_of_the_first_is_refused(book: CeremonyBook) -> None:
    number = book.begin(HELD.plan)
    other = hold(2, NAMES, os.urandom)
    book.take(number, Stage.CERTIFICATE, 1, of(HELD, Stage.CERTIFICATE)[1])
    with pytest.raises(RefusedError, match="already_sent"):
        book.take(number, Stage.CERTIFICATE, 1, of(other, Stage.CERTIFICATE)[1])
    with pytest.raises(RefusedError, match="out_of_turn: certificate of B, certificate of C"):
        book.take(number, Stage.POLYNOMIAL, 1, of(HELD, Stage.POLYNOMIAL)[1])
    with pytest.raises(RefusedError, match="no_such_place"):
        book.take(number, Stage.CERTIFICATE, 5, of(HELD, Stage.CERTIFICATE)[4])
    with pytest.raises(LookupError):
        book.take(2, Stage.CERTIFICATE, 1, "")
    assert CeremonyMessage.objects.count() == 1


def test_a_group_goes_with_its_messages_and_the_next_moves_up(book: CeremonyBook) -> None:
    for threshold in (2, 3):
        book.begin(make_plan(threshold, NAMES, os.urandom))
    book.take(1, Stage.CERTIFICATE, 1, of(HELD, Stage.CERTIFICATE)[1])
    book.remove(1)
    assert [(number, one.plan.threshold) for number, one in book.all()] == [(1, 3)]
    assert CeremonyMessage.objects.count() == 0


def test_a_message_altered_in_the_database_is_noticed_and_named(book: CeremonyBook) -> None:
    number = book.begin(HELD.plan)
    for place, text in of(HELD, Stage.CERTIFICATE).items():
        book.take(number, Stage.CERTIFICATE, place, text)
    rows = CeremonyMessage.objects.filter(place=3)
    rows.update(text=of(hold(2, NAMES, os.urandom), Stage.CERTIFICATE)[4])
    with pytest.raises(MemberError, match="member 3: certificate: it is for member 4"):
        book.ceremony(number)
    TrusteeGroup.objects.update(plan=HELD.plan.to_text().replace('"threshold":2', '"threshold":1'))
    with pytest.raises(MalformedError, match="plan of the ceremony"):
        book.all()


def test_a_sealed_election_takes_nothing(book: CeremonyBook) -> None:
    number = book.begin(HELD.plan)
    ElectionRow.objects.update(sealed=True)
    for deed in (
        lambda: book.take(number, Stage.CERTIFICATE, 1, of(HELD, Stage.CERTIFICATE)[1]),
        lambda: book.remove(number),
        lambda: book.begin(HELD.plan),
    ):
        with pytest.raises(RefusedError, match="sealed"):
            deed()
