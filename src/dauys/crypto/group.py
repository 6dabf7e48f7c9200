"""What the protocol asks of a group of prime order, and which groups Belenios has.

Sums are written with a plus in every group. In a finite field `a + b` multiplies two
numbers, and `scalar * a` is a power.

Dauys holds its own elections in Ed25519, and whoever has a secret computes there; archives
of Belenios are checked in every group. Specification 3.0, section 5.
"""

import hashlib
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Final, Protocol, Self

from dauys.core.errors import MalformedError

GROUPS: Final = ("Ed25519", "BELENIOS-2048", "RFC-3526-2048")
"""Names that `group_named` knows."""


class Element(Protocol):
    """An element of a group: a value. From outside only by `Group.parse`."""

    @property
    def group(self) -> "Group":
        """Where it is from. Elements of two groups do not mix: TypeError, or worse."""
        ...

    def text(self) -> str:
        """Print as `Group.parse` reads; this is what is hashed."""
        ...

    def __hash__(self) -> int:
        """Equal elements have the same."""
        ...

    def __add__(self, other: Self, /) -> Self:
        """Group operation."""
        ...

    def __sub__(self, other: Self, /) -> Self:
        """Group operation with the inverse of `other`."""
        ...

    def __rmul__(self, scalar: int, /) -> Self:
        """`scalar` times this element; `scalar` is taken modulo the order."""
        ...


class Group(ABC):
    """A group of prime order."""

    def __init__(self, name: str, order: int, element_form: str) -> None:
        """`element_form` is a regular expression that every element's text fits."""
        self.name: Final = name
        self.order: Final = order
        self.element_form: Final = element_form
        self._scalar_form = re.compile(rf"0|[1-9][0-9]{{0,{len(str(order)) - 1}}}")

    @property
    @abstractmethod
    def generator(self) -> Element:
        """The element g that everybody uses."""

    @property
    @abstractmethod
    def identity(self) -> Element:
        """The neutral element."""

    @property
    @abstractmethod
    def longest(self) -> Element:
        """Of no use but that no element's text is longer."""

    @abstractmethod
    def parse(self, text: object, *, allow_identity: bool = False) -> Element:
        """Read the one text that an element has.

        Raises MalformedError for any other, for what is not of the group, and for the
        identity (unless `allow_identity`).
        """

    def parse_scalar(self, text: object) -> int:
        """Read a decimal in [0, order) without leading zeros. Raises MalformedError."""
        if not isinstance(text, str) or not self._scalar_form.fullmatch(text):
            raise MalformedError("scalar", "not a plain decimal number")
        scalar = int(text)
        if scalar >= self.order:
            raise MalformedError("scalar", "not below q")
        return scalar

    def hash_to_scalar(self, prefix: str, elements: Iterable[Element]) -> int:
        """SHA-256 of `prefix` and the elements joined by commas, big-endian, modulo the order.

        Specification 3.0, sections 4.5, 4.12, 4.13, 4.16 and 4.20 differ in the prefix only.
        """
        text = prefix + ",".join([element.text() for element in elements])
        return int.from_bytes(hashlib.sha256(text.encode()).digest(), "big") % self.order


def group_named(name: str) -> Group:
    """The group with this name. Raises KeyError for one that is not among `GROUPS`."""
    # Here and not above: the groups need this file, and gmpy2 is not for everybody to load.
    if name == "Ed25519":
        from dauys.crypto.ed25519 import ED25519  # noqa: PLC0415

        return ED25519
    if name not in GROUPS:
        raise KeyError(name)
    from dauys.crypto.finite_field import FIELDS  # noqa: PLC0415

    return FIELDS[name]
