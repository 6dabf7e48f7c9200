"""What Dauys writes to voters, in Kazakh, Russian and English.

Cyrillic travels as UCS-2: 70 characters fit one segment, and a second one may arrive
first, late or never. So every text to phones fits one, which is seen to when a server starts.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Final, Literal

from dauys.identity.messages.message import SEGMENT, segments

Locale = Literal["kk", "ru", "en"]
LOCALES: Final[tuple[Locale, ...]] = ("kk", "ru", "en")
LONGEST_MINUTES: Final = 15

_CODE: Final[dict[Locale, str]] = {
    "kk": "{code} – дауыс беру коды, {minutes} минут жарамды. Ешкімге айтпаңыз.",
    "ru": "{code} – код для голосования на {minutes} мин. Никому не сообщайте.",
    "en": "{code} is your voting code for {minutes} minutes. Tell it to nobody.",
}


_LETTER: Final[dict[Locale, str]] = {
    "kk": (
        "{code} – дауыс беру коды. Ол {minutes} минут жарамды. Оны ешкімге айтпаңыз:"
        " біз оны ешқашан сұрамаймыз.\n\nЕгер кодты сіз сұрамасаңыз, ештеңе істемеңіз:"
        " кодсыз ешкім сіздің атыңыздан дауыс бере алмайды."
    ),
    "ru": (
        "{code} – код для голосования. Он действует {minutes} минут. Никому его не сообщайте:"
        " мы никогда его не спрашиваем.\n\nЕсли код запросили не вы, ничего не делайте:"
        " без него никто не проголосует от вашего имени."
    ),
    "en": (
        "{code} is your voting code. It works for {minutes} minutes. Tell it to nobody:"
        " we never ask for it.\n\nIf you did not ask for a code, do nothing:"
        " without it nobody can vote in your name."
    ),
}


class Notice(StrEnum):
    """What a voter is told of that was done in their name by the help desk."""

    HELD = "held"
    FREED = "freed"
    PHONE_CHANGED = "phone_changed"
    LINK_GIVEN = "link_given"


_NOTICES: Final[dict[Notice, dict[Locale, str]]] = {
    Notice.HELD: {
        "kk": "Сізге код жіберу тоқтатылды. Сұрақ болса, көмекке хабарласыңыз.",
        "ru": "Коды для вас остановлены. Вопросы – в службу помощи.",
        "en": "Codes are stopped for you. Questions: call the help line.",
    },
    Notice.FREED: {
        "kk": "Сізге код жіберуге қайта рұқсат етілді. Сұрасаңыз болады.",
        "ru": "Коды для вас снова разрешены. Можно запросить новый.",
        "en": "Codes are allowed again for you. You can ask for one.",
    },
    Notice.PHONE_CHANGED: {
        "kk": "Сайлаушылар тізіміндегі нөміріңіз өзгерді. Сіз емес пе? Хабарлаңыз.",
        "ru": "Ваш номер в списке избирателей изменён. Не вы? Сообщите нам.",
        "en": "Your number on the voters' list was changed. Not you? Call us.",
    },
    Notice.LINK_GIVEN: {
        "kk": "Сіздің атыңызға дауыс беру сілтемесі берілді. Сіз емес пе? Хабарлаңыз",
        "ru": "На ваше имя выдана ссылка для голосования. Не вам? Сообщите нам.",
        "en": "A voting link was issued in your name. Not you? Call us at once.",
    },
}


def code_text(code: str, minutes: int, locale: Locale) -> str:
    """Text that carries a six-digit `code`; at most 70 characters."""
    return _CODE[locale].format(code=code, minutes=minutes)


def code_letter(code: str, minutes: int, locale: Locale) -> str:
    """Text of a letter that carries a code; its first word is the code."""
    return _LETTER[locale].format(code=code, minutes=minutes)


def notice_text(notice: Notice, locale: Locale) -> str:
    """Text that tells the voter; at most 70 characters."""
    return _NOTICES[notice][locale]


def all_texts() -> Iterator[str]:
    """Every text that may be sent to a phone, at its longest."""
    for locale in LOCALES:
        yield code_text("0" * 6, LONGEST_MINUTES, locale)
        for notice in Notice:
            yield notice_text(notice, locale)


def require_one_segment() -> None:
    """Raise ValueError if a text would be charged, and arrive, as two."""
    for text in all_texts():
        if segments(text) != 1:
            raise ValueError(f"a text is longer than {SEGMENT} characters: {text}")
