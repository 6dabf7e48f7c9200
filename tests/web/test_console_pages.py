"""What the console's pages say: times, masks, problems of a draft, accounts."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.utils import translation

from dauys.board.draft import Problem, QuestionDraft
from dauys.core.contests import Candidate, QuestionKind
from dauys.core.errors import RefusedError
from dauys.core.forms import Text
from dauys.core.ids import CandidateId, ContestId, QuestionId
from dauys.store import accounts
from dauys.store.models import Staff
from dauys.store.outline import ContestOutline, Outline
from dauys.web.console import saying
from dauys.web.console.pages.cases import mask_address
from dauys.web.console.pages.help_desk import initials
from dauys.web.console.pages.set_up import sentence

TEXT = Text(kk="Абай", ru="Абай", en="Abai")
CANDIDATE = Candidate(id=CandidateId("c1"), name="Сауле", occupation=TEXT, programme=TEXT)
QUESTION = QuestionDraft(
    id=QuestionId("q1"),
    text=TEXT,
    kind=QuestionKind.CHOICE,
    seats=1,
    minimum=1,
    maximum=1,
    blank=False,
    candidates=(CANDIDATE,),
)
DRAFT = Outline(
    slug="abai",
    name=TEXT,
    organiser=TEXT,
    help_phone="",
    opens=None,
    closes=None,
    zone="Asia/Almaty",
    methods=("eds",),
    policy="stronger",
    stratum_minimum=20,
    quorum=2,
    clock_step=300,
    one_phone=True,
    phone_freeze_hours=24,
    register="",
    sealed=False,
    contests=(ContestOutline(ContestId("abai"), TEXT, "abai", (QUESTION,)),),
    groups=(),
    trustees=(),
    commission=(),
)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("kk", "17 тамыз, 14:02 (Алматы, UTC+5)"),
        ("ru", "17 августа, 14:02 (Алматы, UTC+5)"),
        ("en", "17 August, 14:02 (Almaty, UTC+5)"),
    ],
)
def test_a_time_names_its_zone_in_the_readers_language(language: str, said: str) -> None:
    with translation.override(language):
        assert saying.when("2027-08-17T09:02:59Z", "Asia/Almaty") == said


def test_a_time_is_that_of_the_election_also_before_the_zones_were_joined() -> None:
    with translation.override("en"):
        assert saying.when("2020-08-05T04:00:00Z", "Asia/Almaty").endswith("UTC+6)")
        assert saying.when("2020-08-05T04:00:00Z", "Asia/Kolkata").endswith("(Kolkata, UTC+5:30)")


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("203.0.113.7", "203.0.•••.•••"),
        ("2001:db8:aa:bb::7", "2001:0db8:•••"),
        ("", "•••"),
        ("not an address", "•••"),
    ],
)
def test_a_masked_address_names_nobody(address: str, shown: str) -> None:
    assert mask_address(address) == shown


def test_the_help_desk_sees_initials_only() -> None:
    assert initials("Ахметова Сауле Ерлановна") == "А. С. Е."
    assert initials("") == ""
    assert initials("«Береке» ТОО") == "Т."


def test_a_problem_names_the_contest_and_the_candidate() -> None:
    problem = Problem("contests[0].questions[0].candidates[0].occupation.kk", "missing_text")
    with translation.override("ru"):
        assert (
            sentence(problem, DRAFT)
            == "«Абай», «Абай», «Сауле», род занятий, по-казахски: ещё не написано"
        )
    problem = Problem("contests[0].maximum", "too_large", "1")
    with translation.override("en"):
        assert sentence(problem, DRAFT) == "«Abai», most choices on a ballot: at most 1"


@pytest.mark.django_db
def test_a_lost_phone_is_answered_by_a_new_password_and_a_new_second_factor() -> None:
    accounts.add_staff("saule", ["analyst"], "first password")
    with pytest.raises(RefusedError, match="name_taken"):
        accounts.add_staff("saule", ["auditor"], "another password")
    person = Staff.objects.get(username="saule")
    TOTP.activate(person, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    assert [(a.name, a.roles, a.second_factor) for a in accounts.accounts()] == [
        ("saule", ("analyst",), True)
    ]
    accounts.reset("saule", "second password")
    person.refresh_from_db()
    assert person.check_password("second password")
    assert not Authenticator.objects.exists()
    accounts.set_roles("saule", ["auditor", "trustee"])
    assert accounts.roles_of(person.pk) == {"auditor", "trustee"}
    with pytest.raises(RefusedError, match="unknown_account"):
        accounts.reset("nobody", "password")
