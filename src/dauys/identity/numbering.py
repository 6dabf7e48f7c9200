"""What voters are called on a register: the port behind which a country's numbers stand."""

from dataclasses import dataclass
from typing import Literal, Protocol

NumberKind = Literal["person", "organisation"]


@dataclass(frozen=True, slots=True)
class Number:
    """A number that was checked, in its one form, and whose it is."""

    kind: NumberKind
    digits: str
    """The number as the register writes it; not always digits."""


class Numbering(Protocol):
    """Reads and masks the numbers of one register."""

    @property
    def name(self) -> str:
        """Of the numbering, for pages to find their words by: `kazakhstan`, `membership`."""
        ...

    @property
    def longest(self) -> int:
        """Characters of the longest number."""
        ...

    def parse(self, text: str) -> Number:
        """Read a number as people type it. Raises MalformedError with a code, never the number."""
        ...

    def mask(self, number: str) -> str:
        """Enough for staff to tell two apart in a list, and no more."""
        ...
