"""Belenios's JSON: compact, fields in the order of the specification, one form only.

Readers here check types and field names; the exact form is checked by the caller, who
prints the parsed value and compares (`require_same`). Numbers are integers.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Final

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


def load(text: str, what: str) -> object:
    """Parse JSON `text`; `what` names it in the MalformedError."""
    try:
        text.encode()
        value: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise MalformedError(what, "not JSON") from error
    return value


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


def integer(value: object, what: str) -> int:
    """Return `value` as an integer in [0, MAX_SMALL]. Raises MalformedError."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_SMALL:
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
    """Print what `load` gave, fields in the order in which they were."""
    if isinstance(value, dict):
        fields = ",".join(f"{quote(name)}:{print_any(item)}" for name, item in value.items())
        return f"{{{fields}}}"
    if isinstance(value, list):
        return join(map(print_any, value))
    return quote(value) if isinstance(value, str) else json.dumps(value)


def join(items: Iterable[str]) -> str:
    """Print an array of already printed `items`."""
    return f"[{','.join(items)}]"


def _escape(match: re.Match[str]) -> str:
    letter = match.group()
    return _SHORT.get(letter) or f"\\u{ord(letter):04x}"
