"""Tar as the seventh edition of Unix had it: no magic, no owners, no blocks at the end.

Every header has one form: mode 0644, owner 0; a file ends with its last member. What is
read must print back to the same bytes.
"""

from collections.abc import Callable, Iterator
from typing import BinaryIO, Final, NamedTuple

from dauys.core.errors import MalformedError

_WHAT: Final = "tar"
_BLOCK: Final = 512


class Member(NamedTuple):
    """A file: `body` begins `offset` bytes into the archive."""

    name: str
    body: bytes
    mtime: int
    offset: int


def write_member(stream: BinaryIO, name: str, body: bytes, mtime: int) -> None:
    """Append one file. `name` is ASCII of at most 99 letters, `mtime` seconds since 1970."""
    stream.write(_header(name, len(body), mtime))
    stream.write(body + bytes(-len(body) % _BLOCK))


def read_members(stream: BinaryIO, limit: Callable[[], int]) -> Iterator[Member]:
    """Give out each file. Raises MalformedError, also if one is longer than `limit` says then."""
    offset = _BLOCK
    while block := stream.read(_BLOCK):
        name, size, mtime = _parse_header(block)
        if size > limit():
            raise MalformedError(_WHAT, "a member is too large")
        length = size + -size % _BLOCK
        padded = stream.read(length)
        if len(padded) < length:
            raise MalformedError(_WHAT, "cut short")
        if any(padded[size:]):
            raise MalformedError(_WHAT, "padding is not zero")
        yield Member(name, padded[:size], mtime, offset)
        offset += length + _BLOCK


def _header(name: str, size: int, mtime: int) -> bytes:
    """One block; bytes 148 to 155 are the sum of all others, counting themselves as spaces."""
    fields = (
        name.encode("ascii").ljust(100, b"\0"),
        b"0000644\0" + b"0000000\0" + b"0000000\0",
        b"%011o\0" % size,
        b"%011o\0" % mtime,
        b" " * 8,
        b"0",
    )
    block = b"".join(fields).ljust(_BLOCK, b"\0")
    return block[:148] + b"%06o\0 " % sum(block) + block[156:]


def _parse_header(block: bytes) -> tuple[str, int, int]:
    try:
        name = block[:100].rstrip(b"\0").decode("ascii")
        size, mtime = int(block[124:135], 8), int(block[136:147], 8)
        printed = _header(name, size, mtime)
    except ValueError as error:
        raise MalformedError(_WHAT, "a header is not readable") from error
    if printed != block:
        raise MalformedError(_WHAT, "a header is not canonical")
    return name, size, mtime
