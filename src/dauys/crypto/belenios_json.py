"""Belenios's JSON: compact, fields in the order of the specification, one form only.

Readers here check types and field names; the exact form is checked by the caller, who
prints the parsed value and compares (`require_same`). Numbers are integers.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Final, Self

from dauys.core.errors import MalformedError

MAX_SMALL: Final = 2**30 - 1
"""Weights up to this are JSON numbers, greater ones are strings."""

_ESCAPED: Final = re.compile(r'["\\\x00-\x1f\x7f]')
_SHORT: Final = {
    '"': '\\"',
    "\\": "\\\\",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
}
_WEIGHT: Final = re.compile(r"0|[1-9][0-9]{0,29}")


class _Object(dict[str, object]):
    """An object with all its fields as they were written, also one that stands there twice."""

    def __init__(self, pairs: list[tuple[str, object]]) -> None:
        super().__init__(pairs)
        self.pairs = pairs


class _Fraction(float):
    """A number with a fraction or an exponent, as it was written."""

    def __new__(cls, text: str) -> Self:
        number = super().__new__(cls, text)
        number.text = text
        return number

    text: str


def load(text: str, what: str) -> object:
    """Parse JSON `text`; `what` names it in the MalformedError."""
    return _load(text, what, json.loads)


def load_exactly(text: str, what: str) -> object:
    """As `load`, but what `print_any` prints of it is what was written, white space apart."""
    return _load(text, what, partial(json.loads, object_pairs_hook=_Object, parse_float=_Fraction))


def _load(text: str, what: str, parse: Callable[[str], object]) -> object:
    try:
        text.encode()
        return parse(text)
    except (ValueError, RecursionError) as error:
        raise MalformedError(what, "not JSON") from error


def require_same(printed: str, text: str, what: str) -> None:
    """Raise MalformedError unless the parsed value prints back to the `text` it came from."""
    if printed != text:
        raise MalformedError(what, "not canonical")


def members(
    value: object, what: str, names: Iterable[str], optional: Iterable[str] = ()
) -> Mapping[str, object]:
    """Return `value` as an object having `names`, perhaps `optional`, and nothing else."""
    if not isinstance(value, dict):
        raise MalformedError(what, "not an object")
    for name in names:
        if name not in value:
            raise MalformedError(what, f"no field {name}")
    extra = value.keys() - {*names, *optional}
    if extra:
        raise MalformedError(what, f"unknown field {min(extra)[:40]!r}")
    return value


def array(value: object, what: str) -> list[object]:
    """Return `value` as an array. Raises MalformedError."""
    if not isinstance(value, list):
        raise MalformedError(what, "not an array")
    return value


def string(value: object, what: str) -> str:
    """Return `value` as Unicode text. Raises MalformedError."""
    if not isinstance(value, str):
        raise MalformedError(what, "not a string")
    try:
        value.encode()
    except UnicodeEncodeError as error:  # a lone surrogate
        raise MalformedError(what, "not Unicode") from error
    return value


def integer(value: object, what: str, least: int = 0, most: int = MAX_SMALL) -> int:
    """Return `value` as an integer in [least, most]. Raises MalformedError."""
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise MalformedError(what, "not a small integer")
    return value


def weight(value: object, what: str) -> int:
    """Return a weight: a number up to MAX_SMALL, or above it the decimal text."""
    if isinstance(value, str) and _WEIGHT.fullmatch(value):
        return int(value)
    return integer(value, what)


def print_weight(value: int) -> str:
    """Print as `weight` reads."""
    return str(value) if value <= MAX_SMALL else f'"{value}"'


def quote(text: str) -> str:
    """JSON string with the escapes that belenios-tool prints; other letters stand as they are."""
    return f'"{_ESCAPED.sub(_escape, text)}"'


def print_any(value: object) -> str:
    """Print what `load_exactly` gave."""
    if isinstance(value, _Object):
        fields = ",".join(f"{quote(name)}:{print_any(item)}" for name, item in value.pairs)
        return f"{{{fields}}}"
    if isinstance(value, list):
        return join(map(print_any, value))
    if isinstance(value, _Fraction):
        return value.text
    return quote(value) if isinstance(value, str) else json.dumps(value)


def join(items: Iterable[str]) -> str:
    """Print an array of already printed `items`."""
    return f"[{','.join(items)}]"


def _escape(match: re.Match[str]) -> str:
    letter = match.group()
    return _SHORT.get(letter) or f"\\u{ord(letter):04x}"
