"""A question of an election, of the two kinds whose answers are summed.

`Question`: choose between `minimum` and `maximum` of the answers. `ListsQuestion`: choose
one list, and candidates of it. Belenios has a third kind, `NonHomomorphic` (ranking and
grading, counted through a mixnet); it is refused by name.
"""

from dataclasses import dataclass
from typing import Final, Self

from dauys.core.errors import MalformedError
from dauys.crypto.belenios_json import array, integer, join, members, print_any, quote, string

_WHAT: Final = "question"
_HOMOMORPHIC: Final = "Homomorphic"
_LISTS: Final = "Lists"

MAX_BRANCHES: Final = 50_000
"""The overall proof has a branch for each permitted number; no question has more than these."""

_INTEGER: Final = 2**62
"""Integers of Belenios have 63 bits."""


@dataclass(frozen=True, slots=True)
class Question:
    """A homomorphic question. Specification 3.0, section 4.9.1."""

    answers: tuple[str, ...]
    minimum: int
    maximum: int
    text: str
    blank: bool = False
    """Whether a blank vote is allowed; it is then the first of the choices."""
    blank_written: bool = False
    """Whether "blank" is written out where it is false: Belenios has both forms."""
    extra: str | None = None
    """Anything more that an election has, in JSON; nothing reads it."""

    def __post_init__(self) -> None:
        """Raise MalformedError if more than MAX_BRANCHES numbers are permitted.

        Belenios minds neither a maximum above the number of answers or below the minimum,
        nor no answers at all: then nobody can vote, which is an election too.
        """
        if self.branches > MAX_BRANCHES:
            raise MalformedError(_WHAT, f"it permits more than {MAX_BRANCHES} numbers")

    @property
    def width(self) -> int:
        """Number of ciphertexts in an answer."""
        return len(self.answers) + self.blank

    @property
    def branches(self) -> int:
        """How many numbers of choices are permitted, a blank vote apart."""
        return max(0, self.maximum - self.minimum + 1)

    @classmethod
    def parse(cls, value: object, extra: str | None = None) -> Self:
        """Read one homomorphic question. Raises MalformedError."""
        fields = members(value, _WHAT, ("answers", "min", "max", "question"), ("blank",))
        blank = fields.get("blank", False)
        if not isinstance(blank, bool):
            raise MalformedError(_WHAT, "blank is not a boolean")
        return cls(
            answers=tuple(string(answer, _WHAT) for answer in array(fields["answers"], _WHAT)),
            minimum=integer(fields["min"], _WHAT, -_INTEGER, _INTEGER - 1),
            maximum=integer(fields["max"], _WHAT, -_INTEGER, _INTEGER - 1),
            text=string(fields["question"], _WHAT),
            blank=blank,
            blank_written="blank" in fields and not blank,
            extra=extra,
        )

    def to_json(self) -> str:
        """Print in the field order of the specification."""
        answers = join(map(quote, self.answers))
        blank = '"blank":true,' if self.blank else '"blank":false,' if self.blank_written else ""
        value = (
            f'{{"answers":{answers},{blank}"min":{self.minimum},"max":{self.maximum},'
            f'"question":{quote(self.text)}}}'
        )
        return value if self.extra is None else _print_typed(_HOMOMORPHIC, value, self.extra)


@dataclass(frozen=True, slots=True)
class ListsQuestion:
    """Candidates on lists: one list is chosen, and at least one candidate of it.

    Specification 3.0, section 4.9.3.
    """

    answers: tuple[tuple[str, ...], ...]
    """For each list its name, then its candidates'. A list without both is never chosen, and
    where none has both nobody can answer; Belenios does not mind."""
    text: str
    extra: str | None = None
    """Anything more that an election has, in JSON; nothing reads it."""

    @property
    def sizes(self) -> tuple[int, ...]:
        """Number of ciphertexts of each list: one for itself, and one for each candidate."""
        return tuple(map(len, self.answers))

    @property
    def width(self) -> int:
        """Number of ciphertexts in an answer."""
        return sum(self.sizes)

    @classmethod
    def parse(cls, value: object, extra: str | None = None) -> Self:
        """Read the value of a lists question. Raises MalformedError."""
        fields = members(value, _WHAT, ("answers", "question"))
        return cls(
            answers=tuple(
                tuple(string(name, _WHAT) for name in array(names, _WHAT))
                for names in array(fields["answers"], _WHAT)
            ),
            text=string(fields["question"], _WHAT),
            extra=extra,
        )

    def to_json(self) -> str:
        """Print in the field order of the specification."""
        answers = join(join(map(quote, names)) for names in self.answers)
        value = f'{{"answers":{answers},"question":{quote(self.text)}}}'
        return _print_typed(_LISTS, value, self.extra)


AnyQuestion = Question | ListsQuestion


def parse_question(value: object) -> AnyQuestion:
    """Read a question of either kind. Raises MalformedError, naming a kind not supported."""
    if not isinstance(value, dict) or "type" not in value:
        return Question.parse(value)
    fields = members(value, _WHAT, ("type", "value"), ("extra",))
    kind = string(fields["type"], _WHAT)
    extra = print_any(fields["extra"]) if "extra" in fields else None
    if kind == _HOMOMORPHIC:
        return Question.parse(fields["value"], extra)
    if kind == _LISTS:
        return ListsQuestion.parse(fields["value"], extra)
    raise MalformedError(_WHAT, f"questions of type {kind[:40]} are not supported")


def _print_typed(kind: str, value: str, extra: str | None) -> str:
    more = "" if extra is None else f',"extra":{extra}'
    return f'{{"type":"{kind}","value":{value}{more}}}'
