"""Rows of a tally: one a question, printed flat, or list by list for a lists question.

In memory every row is flat, so that sums and decryptions need not know of lists.
"""

from collections.abc import Callable, Sequence
from itertools import chain
from typing import TypeVar

from dauys.core.errors import MalformedError
from dauys.crypto.belenios_json import array, join
from dauys.crypto.question import AnyQuestion, ListsQuestion

T = TypeVar("T")

Rows = tuple[tuple[T, ...], ...]
Lists = tuple[tuple[int, tuple[int, ...]], ...]
"""For each row that holds lists: its index, from 0, and the sizes of its lists."""


def lists_of(questions: Sequence[AnyQuestion]) -> Lists:
    """Which rows hold lists in the tally of `questions`."""
    return tuple(
        (i, question.sizes)
        for i, question in enumerate(questions)
        if isinstance(question, ListsQuestion) and question.answers
    )


def read_rows(value: object, what: str, read: Callable[[object], T]) -> tuple[Rows[T], Lists]:
    """Read an array of rows, each item by `read`. Raises MalformedError naming `what`."""
    rows: list[tuple[T, ...]] = []
    lists: list[tuple[int, tuple[int, ...]]] = []
    for i, row in enumerate(array(value, what)):
        items = array(row, what)
        nested = [item for item in items if isinstance(item, list)]
        if nested:
            if len(nested) != len(items):
                raise MalformedError(what, "lists beside single items")
            lists.append((i, tuple(map(len, nested))))
            items = list(chain.from_iterable(nested))
        rows.append(tuple(map(read, items)))
    return tuple(rows), tuple(lists)


def print_rows(rows: Rows[T], lists: Lists, print_one: Callable[[T], str]) -> str:
    """Print as `read_rows` reads."""
    sizes = dict(lists)
    return join(
        join(join(map(print_one, group)) for group in grouped(row, sizes[i]))
        if i in sizes
        else join(map(print_one, row))
        for i, row in enumerate(rows)
    )


def grouped(row: Sequence[T], sizes: Sequence[int]) -> tuple[tuple[T, ...], ...]:
    """Cut `row` into lists of `sizes`, which add up to its length."""
    groups, start = [], 0
    for size in sizes:
        groups.append(tuple(row[start : start + size]))
        start += size
    return tuple(groups)
