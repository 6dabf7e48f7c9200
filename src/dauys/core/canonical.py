"""Canonical JSON of board entries, permits and receipts (RFC 8785), read strictly.

Every format has one printer: keys sorted, no white space, the shortest escapes. Values
are `msgspec` structs of text, integers, booleans, null, tuples and other structs; on
these RFC 8785 asks for nothing more. What is read must print back to the same bytes.
"""

from typing import TypeVar

import msgspec

from dauys.core.errors import MalformedError

T = TypeVar("T")


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A frozen value with one canonical JSON form. Every field is always printed."""


def encode(value: object) -> bytes:
    """Canonical bytes of a record, or of a tree of dicts, lists, text and integers."""
    return msgspec.json.encode(value, order="sorted")


def decode(data: bytes, kind: type[T], what: str) -> T:
    """Read one value of type `kind`; `what` names it in the error.

    Raises MalformedError unless `data` is exactly what `encode` prints for the value.
    """
    try:
        value = msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedError(what, str(error)) from error
    if encode(value) != data:
        raise MalformedError(what, "not canonical")
    return value
