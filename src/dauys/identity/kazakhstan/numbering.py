"""IIN and BIN as the numbers of a register."""

import re
from dataclasses import dataclass, field
from typing import Final

from dauys.core.errors import MalformedError
from dauys.identity.kazakhstan.categories import CATEGORIES
from dauys.identity.kazakhstan.numbers import mask_number, parse_number
from dauys.identity.kazakhstan.phones import NationalPhones
from dauys.identity.kazakhstan.words import WORDS
from dauys.identity.numbering import Category, Number, NumberWords
from dauys.identity.phones import Phones

_BETWEEN_DIGITS: Final = re.compile(r"[\s\-\u2010-\u2015]")


@dataclass(frozen=True, slots=True)
class NationalNumbers:
    """See `identity.numbering.Numbering`."""

    words: NumberWords = WORDS
    categories: tuple[Category, ...] = CATEGORIES
    phones: Phones = field(default_factory=NationalPhones)

    def parse(self, text: str, *, strict: bool = True) -> Number:
        """Read an IIN or a BIN, however its digits are grouped. Raises MalformedError."""
        return parse_number(_BETWEEN_DIGITS.sub("", text), strict=strict)

    def parse_cell(self, text: str, *, strict: bool = True) -> tuple[Number, bool]:
        """Restore the zeros that a spreadsheet cuts off, if date and check digit agree."""
        digits = "".join(text.split())
        cut = 9 <= len(digits) < 12 and digits.isascii() and digits.isdigit()
        try:
            return parse_number(digits.zfill(12) if cut else digits, strict=strict), cut
        except MalformedError as error:
            if cut:
                raise MalformedError(error.what, "not_twelve_digits") from error
            raise

    def mask(self, number: str) -> str:
        """`900101••••12`."""
        return mask_number(number)
