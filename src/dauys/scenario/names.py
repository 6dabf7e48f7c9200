"""Invented numbers, phones and names: valid in form, made of word lists, of no real person."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random

from dauys.core.forms import Text
from dauys.identity.kazakhstan.numbers import check_digit

_MOBILE_PREFIXES = ("700", "701", "702", "705", "707", "708", "747", "771", "775", "776", "777")

_COLOURS = (("Ақ", "Ак", "Aq"), ("Көк", "Кок", "Kok"), ("Алтын", "Алтын", "Altyn"))
_PLACES = (
    ("Дала", "Дала", "Dala"),
    ("Тау", "Тау", "Tau"),
    ("Бұлақ", "Булак", "Bulaq"),
    ("Көпір", "Копир", "Kopir"),
    ("Жол", "Жол", "Zhol"),
    ("Сарай", "Сарай", "Saray"),
)


def person_numbers(random: Random) -> Iterator[str]:
    """Yield IINs without end and without repetition, of people born 1950 to 2001."""
    return _unique(lambda: _person_number(random))


def organisation_numbers(random: Random) -> Iterator[str]:
    """Yield BINs of resident head offices, without end and without repetition."""
    return _unique(lambda: _organisation_number(random))


def phones(random: Random) -> Iterator[str]:
    """Yield Kazakh mobile numbers in E.164, without end and without repetition.

    All begin with 0 after the operator's prefix, where subscribers seldom are.
    """
    return _unique(lambda: f"+7{random.choice(_MOBILE_PREFIXES)}0{random.randrange(1_000_000):06d}")


def entrepreneur_name(number: int) -> Text:
    """Name an individual entrepreneur by the line in the register."""
    return Text(
        kk=f"ЖК Кәсіпкер {number:04d}",
        ru=f"ИП Предприниматель {number:04d}",
        en=f"Entrepreneur {number:04d}",
    )


def company_name(number: int, random: Random) -> Text:
    """Name a company by two words and the line in the register."""
    colour, place = random.choice(_COLOURS), random.choice(_PLACES)
    kk, ru, en = (f"{a} {b} {number:04d}" for a, b in zip(colour, place, strict=True))
    return Text(kk=f"«{kk}» ЖШС", ru=f"ТОО «{ru}»", en=f"{en} LLP")


def association_name(number: int, random: Random) -> Text:
    """Name an association of entrepreneurs."""
    kk, ru, en = random.choice(_PLACES)
    return Text(
        kk=f"«{kk}» кәсіпкерлер қауымдастығы {number:04d}",
        ru=f"Ассоциация предпринимателей «{ru}» {number:04d}",
        en=f"{en} Association of Entrepreneurs {number:04d}",
    )


def self_regulated_name(number: int, random: Random) -> Text:
    """Name a self-regulated organisation."""
    kk, ru, en = random.choice(_PLACES)
    return Text(
        kk=f"«{kk}» өзін-өзі реттейтін ұйымы {number:04d}",
        ru=f"Саморегулируемая организация «{ru}» {number:04d}",
        en=f"{en} Self-Regulated Organisation {number:04d}",
    )


def _person_number(random: Random) -> str:
    born = date(1950, 1, 1) + timedelta(days=random.randrange(365 * 52))
    century = (3 if born.year < 2000 else 5) + random.randrange(2)
    return f"{born:%y%m%d}{century}{random.randrange(10_000):04d}"


def _organisation_number(random: Random) -> str:
    year, month = random.randrange(1995, 2026), random.randrange(1, 13)
    return f"{year % 100:02d}{month:02d}40{random.randrange(100_000):05d}"


def _unique(draw: Callable[[], str]) -> Iterator[str]:
    """Yield what `draw` gives but once; eleven digits get their check digit."""
    seen: set[str] = set()
    while True:
        text = draw()
        if len(text) == 11:
            digit = check_digit(text)
            if digit is None:
                continue
            text = f"{text}{digit}"
        if text not in seen:
            seen.add(text)
            yield text
