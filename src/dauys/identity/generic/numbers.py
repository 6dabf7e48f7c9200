"""Membership numbers: letters, digits and hyphens, in a form that the organiser describes."""

import re
from dataclasses import dataclass, field
from typing import Final

from dauys.core.errors import MalformedError
from dauys.identity.generic.phones import InternationalPhones
from dauys.identity.generic.words import NUMBERS
from dauys.identity.numbering import Category, Number, NumberWords
from dauys.identity.phones import Phones

_ALLOWED: Final = re.compile(r"[A-Z0-9](?:[A-Z0-9-]{0,38}[A-Z0-9])?")
_SPACES: Final = re.compile(r"[\s\u2010-\u2015]+")
MEMBERS: Final = (Category("member", "person", ("Мүше", "Член", "Участник", "Member")),)


@dataclass(frozen=True, slots=True)
class MembershipNumbers:
    """Numbers that match `pattern` in full, once spaces are gone and letters are large.

    Raises MalformedError if the pattern is none. All members are people.
    """

    pattern: str = _ALLOWED.pattern
    words: NumberWords = NUMBERS
    categories: tuple[Category, ...] = MEMBERS
    phones: Phones = field(default_factory=InternationalPhones)
    _compiled: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Compile the pattern."""
        try:
            object.__setattr__(self, "_compiled", re.compile(self.pattern, re.ASCII))
        except re.error as error:
            raise MalformedError("pattern of numbers", str(error)) from error

    def parse(self, text: str, *, strict: bool = True) -> Number:
        """Read a number as people type it. Raises MalformedError `not_the_form`."""
        del strict  # the pattern is all there is
        number = _SPACES.sub("", text).upper()
        if not _ALLOWED.fullmatch(number) or not self._compiled.fullmatch(number):
            raise MalformedError("number", "not_the_form")
        return Number("person", number)

    def parse_cell(self, text: str, *, strict: bool = True) -> tuple[Number, bool]:
        """Read a cell; nothing is restored, since numbers may be of any length."""
        return self.parse(text, strict=strict), False

    def mask(self, number: str) -> str:
        """`M-0••••23`: of a short number less."""
        keep = min(2, len(number) // 4)
        return f"{number[: keep + 1]}••••{number[len(number) - keep :]}"
