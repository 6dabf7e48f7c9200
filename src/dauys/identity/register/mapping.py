"""Which column of a register file holds what; suggested by the words of its name."""

import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Final

from dauys.core.errors import MalformedError

# Kazakh, Russian and English words, folded. Fields stand in the order in which they choose:
# "name" last, since its words ("наименование региона") also describe other columns.
_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "number": (
        *("иин", "бин", "жсн", "бсн", "iin", "bin"),
        *("билет", "участника", "мүшелік", "membership"),
    ),
    "email": ("email", "mail", "почта", "почты", "пошта", "поштасы"),
    "phone": ("телефон", "мобильный", "сотовый", "ұялы", "phone", "mobile", "cell"),
    "region": ("регион", "область", "облыс", "өңір", "аймақ", "region", "oblast"),
    "weight": (
        *("вес", "голосов", "голоса", "доля", "акций", "салмақ", "салмағы", "дауыстар", "үлес"),
        *("weight", "votes", "shares"),
    ),
    "category": (
        *("категория", "субъект", "опф", "статус", "санат", "санаты", "түрі"),
        *("category", "kind", "type"),
    ),
    "precinct": ("участок", "район", "учаске", "аудан", "ауданы", "precinct", "district"),
    "household": ("адрес", "мекенжай", "мекенжайы", "household", "address"),
    "name": (
        *("фио", "наименование", "название", "имя", "аты", "атауы", "есімі"),
        *("name", "voter", "избиратель", "сайлаушы"),
    ),
}
_NOT_WORD: Final = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Name of the column for each field; None where the file has none.

    `number` and `name` must be there. Without `category` or `region`, the rules must leave
    only one choice; without `weight` every voter has one vote.
    """

    number: str | None = None
    name: str | None = None
    category: str | None = None
    region: str | None = None
    phone: str | None = None
    precinct: str | None = None
    household: str | None = None
    weight: str | None = None
    email: str | None = None

    def places(self, columns: tuple[str, ...]) -> dict[str, int]:
        """Place of each mapped field among `columns`.

        Raises MalformedError("column mapping", code): `number_missing`, `name_missing`,
        `unknown_column`, `column_twice`.
        """
        what = "column mapping"
        chosen = {
            field.name: column
            for field in fields(self)
            if (column := getattr(self, field.name)) is not None
        }
        for required in ("number", "name"):
            if required not in chosen:
                raise MalformedError(what, f"{required}_missing")
        if not set(chosen.values()) <= set(columns):
            raise MalformedError(what, "unknown_column")
        if len(set(chosen.values())) != len(chosen):
            raise MalformedError(what, "column_twice")
        return {field: columns.index(column) for field, column in chosen.items()}


def suggest_mapping(columns: tuple[str, ...]) -> ColumnMapping:
    """Guess from the columns' names; a person confirms. No column is suggested twice."""
    free = {column: fold(column).split() for column in columns}
    chosen: dict[str, str] = {}
    for field, words in _WORDS.items():
        found = _best(free, words)
        if found is not None:
            chosen[field] = found
            del free[found]
    return ColumnMapping(**chosen)


def fold(text: str) -> str:
    """Text without what people write differently: case, punctuation, spaces, `ё`."""
    return " ".join(_NOT_WORD.sub(" ", text.casefold().replace("ё", "е")).split())


def _best(free: dict[str, list[str]], words: tuple[str, ...]) -> str | None:
    """First column that has one of `words`: as its whole name, else in it, else begun in it."""
    tests: tuple[Callable[[list[str]], bool], ...] = (
        lambda name: "".join(name) in words,  # Ф.И.О. too
        lambda name: any(word in words for word in name),
        lambda name: any(word.startswith(words) for word in name),
    )
    for fits in tests:
        for column, name in free.items():
            if fits(name):
                return column
    return None
