"""What Dauys writes to phones, in Kazakh, Russian and English.

Cyrillic travels as UCS-2: 70 characters fit one segment, and a second one may arrive
first, late or never. So every text fits one.
"""

from typing import Final, Literal

Locale = Literal["kk", "ru", "en"]

SEGMENT: Final = 70
"""UCS-2 characters of one SMS."""

_CODE: Final[dict[Locale, str]] = {
    "kk": "{code} – дауыс беру коды, {minutes} минут жарамды. Ешкімге айтпаңыз.",
    "ru": "{code} – код для голосования на {minutes} мин. Никому не сообщайте.",
    "en": "{code} is your voting code for {minutes} minutes. Tell it to nobody.",
}


def code_text(code: str, minutes: int, locale: Locale) -> str:
    """Text that carries a six-digit `code`; at most 70 characters."""
    return _CODE[locale].format(code=code, minutes=minutes)
