"""Every sentence of the voter's pages stands in three catalogues; every refusal has its words."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.template.loader import render_to_string
from django.utils.translation import override

from dauys.conduct.voting import VoterDesk
from dauys.core.ids import DecisionNumber, LeafIndex
from dauys.core.state import ElectionState
from dauys.identity.codes import CodeDesk
from dauys.identity.signature.desk import SignatureDesk
from dauys.tally.status import BallotStatus, Fate
from dauys.web.portal import refusals
from dauys.web.portal.ballot_pages import initials
from dauys.web.portal.national_refusals import SIGNING_HERE
from dauys.web.portal.pages import ElectionLine, Report, tracker_groups
from dauys.web.portal.times import Left, moment
from tests.web.sentences import in_code

WEB = Path(__file__).parents[2] / "src" / "dauys" / "web"
AREAS = {
    "locale": (
        *("templates/base.html", "templates/404.html", "templates/403.html"),
        *("templates/demo", "demo"),
    ),
    "portal/locale": ("templates/portal", "portal"),
}
LANGUAGES = ["kk", "ru", "en"]
CHECKS = {"check_admits", "check_may_cast"}
OF_THE_COUNTRY = re.compile(
    r"ИИН|БИН|ЖСН|БСН|\b[IB]IN\b|ЭЦП|ЭЦҚ|NCALayer|egov|Kazakhstan|Казахстан|Қазақстан"
    r"|National|Национальн|Ұлттық|GOST|ГОСТ",
    re.IGNORECASE,
)
KAZAKH = re.compile("[әғқңөұүһі]", re.IGNORECASE)


def sentences(area: str) -> set[str]:
    found: set[str] = set()
    for part in AREAS[area]:
        place = WEB / part
        for file in [place] if place.is_file() else [*place.rglob("*.html"), *place.rglob("*.py")]:
            text = file.read_text(encoding="utf-8")
            found.update(in_code(text) if file.suffix == ".py" else in_template(text))
    return found


def in_template(text: str) -> Iterator[str]:
    for _, words in re.findall(r"""{% translate (["'])(.*?)\1 %}""", text):
        yield words
    for whole in re.findall(r"{% blocktranslate[^%]*%}(.*?){% endblocktranslate %}", text):
        words = whole.split("{% plural %}")[0]
        yield re.sub(r"{{ (\w+) }}", r"%(\1)s", words)


def catalogue(area: str, language: str) -> dict[str, str]:
    with (WEB / area / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return {
            first(m.id): first(m.string) for m in read_po(file, language) if m.id and not m.context
        }


def first(words: object) -> str:
    """The words, or of those with a plural the singular."""
    return str(words[0] if isinstance(words, (list, tuple)) else words)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_left_in_another_language(language: str) -> None:
    base = set(catalogue("locale", language))
    for area in AREAS:
        known = catalogue(area, language)
        wanted = sentences(area) - (base if area != "locale" else set())
        assert {words for words in wanted if not known.get(words)} == set()
        assert set(known) - wanted == set(), "nothing stale"


@pytest.mark.parametrize("area", AREAS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_their_places_and_letters(area: str, language: str) -> None:
    for words, translated in catalogue(area, language).items():
        for place in re.findall(r"%\(\w+\)s|\{\w\}", words):
            assert place in translated, words
        if language == "ru":
            assert not KAZAKH.search(translated), words
        if language == "en":
            assert translated == words


@pytest.mark.parametrize("area", AREAS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_compiled_catalogue_is_the_written_one(area: str, language: str) -> None:
    with (WEB / area / language / "LC_MESSAGES" / "django.mo").open("rb") as compiled:
        translations = GNUTranslations(compiled)
    for words, translated in catalogue(area, language).items():
        one = translations.ngettext(words, words, 1)  # the only way of older Pythons
        assert translated in {translations.gettext(words), one}


def codes_named_by(promise: str | None) -> set[str]:
    """Codes in a docstring's "Raises"."""
    assert promise is not None
    raised = promise[promise.index("Raises") :]
    return set(re.findall(r"`([a-z]+(?:_[a-z]+)*)`", raised)) - {
        "number",
        "address",
        "voter",
        *CHECKS,
    }


@pytest.mark.parametrize(
    ("promise", "table"),
    [
        (CodeDesk.request.__doc__, refusals.CODE),
        (CodeDesk.enter.__doc__, refusals.CODE),
        (SignatureDesk.check.__doc__, SIGNING_HERE),
        (VoterDesk.check_signature.__doc__, SIGNING_HERE),
        (ElectionState.check_admits.__doc__, refusals.HOURS),
        (ElectionState.check_may_cast.__doc__, refusals.BALLOT),
        (VoterDesk.permit.__doc__, refusals.BALLOT),
    ],
)
def test_every_refusal_of_the_services_has_words(
    promise: str | None, table: dict[str, refusals.Message]
) -> None:
    assert {code for code in codes_named_by(promise) if code not in table} == set()


def test_what_is_said_elsewhere_than_in_the_country_names_nothing_of_it() -> None:
    tables = (refusals.SIGNING, refusals.BALLOT, refusals.CODE, refusals.LINK, refusals.ELSEWHERE)
    for table in (*tables, *(refusals.fitting(table, signature=False) for table in tables)):
        for code, message in table.items():
            for language in LANGUAGES:
                with override(language):
                    said = f"{message.title} {message.means} {message.todo}"
                assert not OF_THE_COUNTRY.search(said), (code, said)
    for code in refusals.UNSIGNED:
        assert "ignature" not in str(refusals.UNSIGNED[code].todo), code


def test_times_are_told_in_the_zone_of_the_election() -> None:
    instant = datetime(2026, 8, 17, 9, 2, tzinfo=UTC)
    assert moment(instant, "Asia/Almaty", "ru") == "17 августа, 14:02 (Алматы, UTC+5)"
    assert moment(instant, "Asia/Almaty", "kk") == "17 тамыз, 14:02 (Алматы, UTC+5)"
    assert moment(instant, "Asia/Almaty", "en") == "17 August, 14:02 (Almaty, UTC+5)"
    assert moment(instant, "Asia/Kolkata", "en") == "17 August, 14:32 (UTC+5:30)"


def test_time_left_never_goes_below_nothing() -> None:
    now = datetime(2026, 8, 17, 9, 0, tzinfo=UTC)
    left = Left.until(datetime(2026, 8, 19, 12, 30, tzinfo=UTC), now)
    assert (left.days, left.hours, left.minutes) == (2, 3, 30)
    assert Left.until(datetime(2026, 8, 16, tzinfo=UTC), now).seconds == 0


def test_tracker_is_shown_in_groups_of_four() -> None:
    assert tracker_groups("abcdefghij") == ("abcd", "efgh", "ij")


def test_candidates_without_a_photo_have_initials() -> None:
    assert initials("Әбенова Күләш Ержанқызы") == "ӘК"
    assert initials("Ли") == "Л"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fate_of_a_ballot_has_words_of_its_own(language: str) -> None:
    with override(language):
        told = {render_to_string("portal/_fate.html", {"one": {"status": s}}) for s in fates()}
    assert len(told) == len(fates())


def fates() -> list[BallotStatus]:
    index, decision = LeafIndex(7), DecisionNumber(3)
    return [
        BallotStatus(index, Fate.COUNTED, False, None, None, None, None, None),
        BallotStatus(index, Fate.COUNTED, True, None, None, None, None, None),
        BallotStatus(index, Fate.COUNTED, True, None, None, None, None, decision),
        BallotStatus(index, Fate.REPLACED, False, LeafIndex(9), None, None, None, None),
        BallotStatus(index, Fate.ANNULLED, False, None, decision, LeafIndex(8), None, None),
        BallotStatus(index, Fate.RECLAIMED, False, None, None, None, LeafIndex(9), None),
        BallotStatus(index, Fate.SET_ASIDE, False, None, None, None, None, None),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_several_elections_are_listed(language: str) -> None:
    lines = (
        ElectionLine("one", "First", "Chamber", True, False, "opens", "closes"),
        ElectionLine("two", "Second", "Chamber", False, True, "opens", "closes"),
        ElectionLine("three", "Third", "Chamber", False, False, "opens", "closes"),
    )
    with override(language):
        page = render_to_string("portal/elections.html", {"elections": lines})
    for line in lines:
        assert f"/{language}/e/{line.slug}/" in page
        assert line.name in page


@pytest.mark.parametrize(
    ("status", "words"), [("decided", "№ 3"), ("dismissed", "№ 3"), ("open", "not decided")]
)
def test_report_tells_what_the_commission_decided(status: str, words: str) -> None:
    decision = None if status == "open" else 3
    report = Report(5, "17 August", status, decision, ("7",))
    election = {"slug": "one", "board": "/en/b/one/"}
    with override("en"):
        page = render_to_string(
            "portal/report.html", {"reports": (report,), "election": election, "own": None}
        )
    assert "№ 5" in page
    assert words in page
