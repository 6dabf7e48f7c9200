"""The kinds of voters, and under which names registers write them."""

from dataclasses import dataclass
from typing import Final

from dauys.identity.kazakhstan.numbers import NumberKind


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of voter: its word in the manifest, whose number it needs, how it is written."""

    id: str
    kind: NumberKind
    names: tuple[str, ...]


NATIONAL_CATEGORIES: Final = (
    Category(
        "entrepreneur",
        "person",
        (
            "ИП",
            "Индивидуальный предприниматель",
            "КХ",
            "ЖК",
            "Жеке кәсіпкер",
            "ШҚ",
            "Individual entrepreneur",
            "Sole proprietor",
        ),
    ),
    Category(
        "company",
        "organisation",
        (
            "Компания",
            "Юридическое лицо",
            "Юрлицо",
            "ТОО",
            "АО",
            "Заңды тұлға",
            "ЖШС",
            "АҚ",
            "Legal entity",
            "LLP",
            "JSC",
        ),
    ),
    Category(
        "association",
        "organisation",
        ("Ассоциация", "ОЮЛ", "Союз", "Қауымдастық", "ЗТБ", "Одақ", "Union"),
    ),
    Category(
        "self-regulated",
        "organisation",
        (
            "СРО",
            "Саморегулируемая организация",
            "ӨРҰ",
            "Өзін-өзі реттейтін ұйым",
            "SRO",
            "Self-regulated organisation",
        ),
    ),
)
"""The electorate of a chamber of entrepreneurs, as registers write it."""
