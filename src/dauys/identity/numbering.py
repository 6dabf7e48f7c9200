"""What voters are called on a register: the port behind which a country's numbers stand."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from dauys.core.forms import Text
from dauys.identity.phones import Phones

NumberKind = Literal["person", "organisation"]


@dataclass(frozen=True, slots=True)
class Number:
    """A number that was checked, in its one form, and whose it is."""

    kind: NumberKind
    digits: str
    """The number as the register writes it; not always digits."""


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of voter: its word in the manifest, whose number it needs, how it is written."""

    id: str
    kind: NumberKind
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, what that means, what to do."""

    title: Text
    means: Text
    todo: Text


@dataclass(frozen=True, slots=True)
class Typing:
    """What a page says while twelve digits with a check digit are typed; `{n}` are typed."""

    count: Text
    good: Text
    slip: Text


@dataclass(frozen=True, slots=True)
class NumberWords:
    """How pages speak of the numbers, in three languages."""

    name: Text
    """Over a field that staff fill in, and over the register's column."""
    label: Text
    """Over the voter's own field."""
    hint: Text
    first_step: Text
    voted: Mapping[NumberKind, Text]
    if_registered: Text
    """Before the masked address that a code goes to."""
    done: Text
    nothing_done: Text
    not_one: Text
    """To staff who wrote no such number."""
    faults: Mapping[str, Fault]
    """By the code of the error: those of `Numbering.parse`, `no_number`, `not_registered`."""
    rows: Mapping[str, Text]
    """What is wrong with a row of a register, by the code of `Numbering.parse_cell`."""
    typing: Typing | None = None
    """None where the page checks nothing before the form is sent."""


class Numbering(Protocol):
    """Reads and masks the numbers of one register, and knows how its phones are written."""

    @property
    def words(self) -> NumberWords:
        """How pages speak of these numbers."""
        ...

    @property
    def phones(self) -> Phones:
        """Rules of the phones that stand beside these numbers."""
        ...

    @property
    def categories(self) -> tuple[Category, ...]:
        """The kinds of voters that have such numbers."""
        ...

    def parse(self, text: str, *, strict: bool = True) -> Number:
        """Read a number as people type it. Raises MalformedError with a code, never the number.

        With `strict` off only form and kind are looked at, for numbers invented on purpose.
        """
        ...

    def parse_cell(self, text: str, *, strict: bool = True) -> tuple[Number, bool]:
        """Read a spreadsheet's cell; true if what the spreadsheet had cut off was restored.

        Raises as `parse`.
        """
        ...

    def mask(self, number: str) -> str:
        """Enough for staff to tell two apart in a list, and no more."""
        ...
