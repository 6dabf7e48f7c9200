"""What a voter's browser posts to cast a ballot."""

from typing import Annotated, Final

from msgspec import Meta

from dauys.core.canonical import Record, decode
from dauys.core.entries import MAX_ENTRY_BYTES
from dauys.core.errors import MalformedError
from dauys.core.permit import Permit

MAX_REQUEST_BYTES: Final = MAX_ENTRY_BYTES
"""The entry holds all of the request and a little more: what is longer can never be one."""


class CastRequest(Record, frozen=True, kw_only=True):
    """A permit, and a Belenios ballot, byte for byte, made with the permit's credential."""

    permit: Permit
    ballot: Annotated[str, Meta(min_length=1)]


def parse_request(body: bytes) -> CastRequest:
    """Read the body of a cast, canonical JSON. Raises MalformedError."""
    if len(body) > MAX_REQUEST_BYTES:
        raise MalformedError("cast request", "too long")
    return decode(body, CastRequest, "cast request")
