"""How phones are written on a register: the port behind which a country's rules stand."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from dauys.core.forms import Text


@dataclass(frozen=True, slots=True)
class PhoneWords:
    """How pages speak of phones, in three languages."""

    hint: Text
    """Beside a field for a phone, with an example."""
    write: Text
    """What to do where something else was written."""
    faults: Mapping[str, Text]
    """What is wrong with a phone, by the code of the error of `Phones.parse`."""
    rows: Mapping[str, Text]
    """Likewise, of a row of a register."""


class Phones(Protocol):
    """Reads and masks the phones of one register. Their one form is E.164."""

    @property
    def words(self) -> PhoneWords:
        """How pages speak of these phones."""
        ...

    def parse(self, text: str) -> str:
        """Read a phone as people write it.

        Raises MalformedError("phone", code), never with the number: `empty`, `not_a_number`, and
        what the rules add.
        """
        ...

    def mask(self, phone: str) -> str:
        """Enough to recognise one's own phone, and of no use to anybody else."""
        ...

    def decoy(self, number: str, key: bytes) -> str:
        """A mask to show for a voter number that has no phone on the register.

        Always the same for the same `number`, and nobody without `key` can tell it from a real
        one: otherwise the page would tell strangers who is on the register.
        """
        ...

    def block(self, phone: str) -> str:
        """The range that ten thousand phones share, bought and sold together."""
        ...
