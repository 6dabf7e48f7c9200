"""What may be wrong with a line of a register, in the words of the people who mend it."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from dauys.core.forms import Text
from dauys.identity.texts import Locale


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of one row. A row with any fault is not taken."""

    row: int
    """Its line as a spreadsheet counts, the column names' line included."""
    column: str
    """The column's name in the file; empty if the file has no such column."""
    code: str
    """A key of `TEXTS`, unless there are `words`."""
    value: str
    """What stands there, masked if it is a number, a phone or an e-mail address."""
    first_row: int | None = None
    """For duplicates: the line that already has the value."""
    words: Text | None = None
    """What it means, where the rules of numbers or phones say it."""


TEXTS: Final[dict[str, dict[Locale, str]]] = {
    "empty": {
        "kk": "ұяшық бос",
        "ru": "ячейка пуста",
        "en": "the cell is empty",
    },
    "line_break": {
        "kk": "ұяшықта жол ауысуы бар: тырнақша жабылмаған болуы мүмкін",
        "ru": "в ячейке есть перенос строки: возможно, не закрыта кавычка",
        "en": "the cell has a line break: perhaps a quote is not closed",
    },
    "too_long": {
        "kk": "мәтін тым ұзын",
        "ru": "текст слишком длинный",
        "en": "the text is too long",
    },
    "duplicate_number": {
        "kk": "мұндай нөмір {first} жолда бар",
        "ru": "такой номер уже есть в строке {first}",
        "en": "line {first} has the same number",
    },
    "duplicate_phone": {
        "kk": "мұндай телефон {first} жолда бар",
        "ru": "такой телефон уже есть в строке {first}",
        "en": "line {first} has the same phone",
    },
    "duplicate_email": {
        "kk": "мұндай электрондық мекенжай {first} жолда бар",
        "ru": "такой адрес электронной почты уже есть в строке {first}",
        "en": "line {first} has the same e-mail address",
    },
    "not_an_address": {
        "kk": "бұл электрондық пошта мекенжайы емес",
        "ru": "это не адрес электронной почты",
        "en": "this is not an e-mail address",
    },
    "unknown_region": {
        "kk": "мұндай өңір баптауларда жоқ",
        "ru": "такого региона нет в настройках",
        "en": "the settings have no such region",
    },
    "unknown_category": {
        "kk": "мұндай санат баптауларда жоқ",
        "ru": "такой категории нет в настройках",
        "en": "the settings have no such category",
    },
    "not_a_weight": {
        "kk": "салмақ 1-ден 10 000 000-ға дейінгі бүтін сан болуы керек",
        "ru": "вес должен быть целым числом от 1 до 10 000 000",
        "en": "a weight is a whole number from 1 to 10,000,000",
    },
    "not_a_number": {
        "kk": "бұл телефон нөмірі емес",
        "ru": "это не номер телефона",
        "en": "this is not a telephone number",
    },
}

_HEADER: Final[dict[Locale, tuple[str, ...]]] = {
    "kk": ("Жол", "Баған", "Мәні", "Қате"),
    "ru": ("Строка", "Столбец", "Значение", "Ошибка"),
    "en": ("Line", "Column", "Value", "Problem"),
}


def problem_text(problem: Problem, locale: Locale) -> str:
    """The fault in plain words."""
    if problem.words is not None:
        return str(getattr(problem.words, locale))
    return TEXTS[problem.code][locale].format(first=problem.first_row)


def report_csv(problems: Iterable[Problem], locale: Locale) -> str:
    """A file to mend the register by, separated by `;` as spreadsheets here expect."""
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";")
    writer.writerow(_HEADER[locale])
    for problem in problems:
        text = problem_text(problem, locale)
        writer.writerow((problem.row, inert(problem.column), inert(problem.value), text))
    return target.getvalue()


def masked(value: str) -> str:
    """First and last two characters of a number or phone."""
    return f"{value[:2]}•••{value[-2:]}" if len(value) > 6 else "•••"


def shortened(value: str) -> str:
    """At most 40 characters, on one line."""
    flat = " ".join(value.split())
    return flat if len(flat) <= 40 else f"{flat[:39]}…"


def inert(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula, whoever wrote it."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else cell
