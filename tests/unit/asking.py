"""The shortest way to a contest's questions, where a test does not care for more."""

from dauys.core.contests import CategoryCount, QuestionKind, QuestionRule
from dauys.core.forms import Text
from dauys.core.ids import QuestionId

ONE = QuestionId("council")
"""The question of a contest that asks one."""


def choose(
    text: Text,
    *,
    seats: int = 1,
    minimum: int = 1,
    maximum: int = 1,
    blank: bool = False,
    name: QuestionId = ONE,
) -> QuestionRule:
    """A question to choose candidates."""
    return QuestionRule(
        id=name,
        text=text,
        kind=QuestionKind.CHOICE,
        seats=seats,
        minimum=minimum,
        maximum=maximum,
        blank=blank,
    )


def companies(voters: int, weight: int | None = None) -> tuple[CategoryCount, ...]:
    """A register of one category; of `weight` in all, or of one vote each."""
    total = voters if weight is None else weight
    return (CategoryCount(category="company", voters=voters, weight=total),)
