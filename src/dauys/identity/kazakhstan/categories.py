"""The kinds of voters of a chamber of entrepreneurs, and under which names registers write them."""

from typing import Final

from dauys.identity.numbering import Category

CATEGORIES: Final = (
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
