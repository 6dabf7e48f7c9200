"""A question of an election: choose between `minimum` and `maximum` of the answers.

Homomorphic questions only. Belenios has two more kinds, `NonHomomorphic` (ranking and
grading, counted through a mixnet) and `Lists`; they are refused by name.
"""

from dataclasses import dataclass
from typing import Self

from dauys.core.errors import MalformedError
from dauys.crypto.belenios_json import array, integer, join, members, quote, string

_WHAT = "question"


@dataclass(frozen=True, slots=True)
class Question:
    """A homomorphic question. Specification 3.0, section 4.9.1."""

    answers: tuple[str, ...]
    minimum: int
    maximum: int
    text: str
    blank: bool = False
    """Whether a blank vote is allowed; it is then the first of the choices."""

    def __post_init__(self) -> None:
        """Raise MalformedError unless 0 <= minimum <= maximum <= number of answers."""
        if not 0 <= self.minimum <= self.maximum <= len(self.answers) or not self.answers:
            raise MalformedError(_WHAT, "not 0 <= min <= max <= number of answers")

    @property
    def width(self) -> int:
        """Number of ciphertexts in an answer."""
        return len(self.answers) + self.blank

    @classmethod
    def parse(cls, value: object) -> Self:
        """Read one question. Raises MalformedError."""
        if isinstance(value, dict) and "type" in value:
            kind = string(value["type"], _WHAT)
            raise MalformedError(_WHAT, f"questions of type {kind[:40]} are not supported")
        fields = members(value, _WHAT, ("answers", "min", "max", "question"), ("blank",))
        blank = fields.get("blank", False)
        if not isinstance(blank, bool):
            raise MalformedError(_WHAT, "blank is not a boolean")
        return cls(
            answers=tuple(string(answer, _WHAT) for answer in array(fields["answers"], _WHAT)),
            minimum=integer(fields["min"], _WHAT),
            maximum=integer(fields["max"], _WHAT),
            text=string(fields["question"], _WHAT),
            blank=blank,
        )

    def to_json(self) -> str:
        """Print in the field order of the specification."""
        answers = join(map(quote, self.answers))
        blank = '"blank":true,' if self.blank else ""
        return (
            f'{{"answers":{answers},{blank}"min":{self.minimum},"max":{self.maximum},'
            f'"question":{quote(self.text)}}}'
        )
