"""What can be wrong with single values of a draft: building blocks of its rules."""

from collections.abc import Hashable, Iterable, Iterator, Sequence

from dauys.board.draft import Problem
from dauys.core.forms import Text


def text_problems(field: str, text: Text) -> Iterator[Problem]:
    """A text that is missing in a language."""
    for language in ("kk", "ru", "en"):
        if not getattr(text, language).strip():
            yield Problem(f"{field}.{language}", "missing_text")


def some_and_different(field: str, values: Sequence[Hashable]) -> Iterator[Problem]:
    """That there are none, or which are there twice."""
    if not values:
        yield Problem(field, "missing")
    yield from different((f"{field}[{i}]", value) for i, value in enumerate(values))


def different(fields: Iterable[tuple[str, Hashable]]) -> Iterator[Problem]:
    """Which of the values, by their fields, are there twice."""
    first: dict[Hashable, str] = {}
    for field, value in fields:
        if value in first:
            yield Problem(field, "twice", first[value])
        first.setdefault(value, field)


def at_least(field: str, number: int, least: int) -> Iterator[Problem]:
    """That the number is too small."""
    if number < least:
        yield Problem(field, "too_small", str(least))


def at_most(field: str, number: int, most: int) -> Iterator[Problem]:
    """That the number is too large."""
    if number > most:
        yield Problem(field, "too_large", str(most))
