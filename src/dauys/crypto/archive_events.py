"""The events of a `.bel` archive, one at a time: for archives larger than memory.

Specification 3.0, section 4.4. An old-style tar of JSON files named by their SHA-256: data,
and events that chain (parent, height) and point to their data (payload). Reading is strict:
there is one archive for given events. What the texts inside mean is for others to check.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from dauys.core.errors import MalformedError
from dauys.crypto.belenios_json import load, members, require_same, string
from dauys.crypto.old_tar import Member, read_members

_WHAT: Final = "archive"
_EVENT: Final = "event"
_ORDER: Final = "order of events"

SETUP_BYTES: Final = 2**28
"""Limit of all texts of the setup together; the credentials are the long one."""
EVENT_BYTES: Final = 2**24
"""Limit of all texts of any later event together."""
_BUFFER: Final = 2**16
"""Bytes that are read at once: several ballots, and not a part of one."""
_LONGEST_EVENT: Final = 512
"""Bytes of an event's own text; belenios-tool's are under 200."""

NUMBER_OF_DATA: Final = {
    "Setup": 4,
    "Ballot": 1,
    "EndBallots": 0,
    "EncryptedTally": 2,
    "Shuffle": 2,
    "EndShuffles": 0,
    "PartialDecryption": 2,
    "Result": 1,
}
_AFTER: Final = {
    "": ("Setup",),
    "Setup": ("Ballot", "EndBallots"),
    "Ballot": ("Ballot", "EndBallots"),
    "EndBallots": ("EncryptedTally",),
    "EncryptedTally": ("Shuffle", "EndShuffles", "PartialDecryption"),
    "Shuffle": ("Shuffle", "EndShuffles", "PartialDecryption"),
    "EndShuffles": ("PartialDecryption",),
    "PartialDecryption": ("PartialDecryption", "Result"),
    "Result": (),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One step of the election. `data` are the texts before it, the payload last."""

    kind: str
    """One of `NUMBER_OF_DATA`."""
    data: tuple[str, ...]
    payload: str = field(default="", compare=False)
    """SHA-256 of the payload, in hex, if the event was read."""
    offset: int = field(default=0, compare=False)
    """Where the payload's bytes then begin in the file."""


class Chain:
    """The place of the next event: what precedes it, its parent and its height."""

    def __init__(self) -> None:
        self._last = ""
        self._parent: str | None = None
        self._height = 0

    @property
    def begun(self) -> bool:
        """Whether there was an event."""
        return self._parent is not None

    def next_event(self, kind: str, payload: str | None) -> str:
        """Text of the event of type `kind` that comes now. Raises MalformedError."""
        if kind not in _AFTER[self._last]:
            raise MalformedError(_ORDER, f"{kind} after {self._last or 'nothing'}")
        parent = "" if self._parent is None else f'"parent":"{self._parent}",'
        link = "" if payload is None else f',"payload":"{payload}"'
        text = f'{{{parent}"height":{self._height},"type":"{kind}"{link}}}'
        self._last, self._parent = kind, sha256(text)
        self._height += 1
        return text


def read_events(path: Path) -> Iterator[Event]:
    """The events of the archive at `path`, in order; each is checked before it is given out.

    Raises MalformedError whose `what` is "tar" or "archive" (its files), "archive header",
    "file name", "event", "order of events" or "setup"; OSError.
    """
    with path.open("rb", buffering=_BUFFER) as stream:
        chain = Chain()
        archive = read_members(stream, lambda: EVENT_BYTES if chain.begun else SETUP_BYTES)
        yield from _read_events(archive, read_header(archive), chain)


def read_timestamp(path: Path) -> int:
    """The archive's time, in seconds since 1970. Raises MalformedError, OSError."""
    with path.open("rb") as stream:
        return read_header(read_members(stream, lambda: _LONGEST_EVENT))


def read_header(archive: Iterator[Member]) -> int:
    """Take the first member; the archive's timestamp.

    The specification has a number there, belenios-tool 3.0 writes a string.
    """
    name, body, timestamp, _ = next(archive, Member("", b"", 0, 0))
    number = f'{{"version":1,"timestamp":{timestamp}}}'
    if name != "BELENIOS" or body not in {print_header(timestamp).encode(), number.encode()}:
        raise MalformedError("archive header", "does not begin with its header")
    return timestamp


def print_header(timestamp: int) -> str:
    """Text of the first member."""
    return f'{{"version":1,"timestamp":"{timestamp}"}}'


def print_setup(election: str, trustees: str, credentials: str) -> str:
    """Payload of the Setup event: the hashes of its three texts."""
    return f'{{"election":"{election}","trustees":"{trustees}","credentials":"{credentials}"}}'


def sha256(text: str) -> str:
    """Hash of a text, in hex, as the archive names its files."""
    return hashlib.sha256(text.encode()).hexdigest()


def _read_events(archive: Iterator[Member], timestamp: int, chain: Chain) -> Iterator[Event]:
    data: list[str] = []
    offset = size = 0
    payload = ""
    for name, body, mtime, start in archive:
        if mtime != timestamp:
            raise MalformedError(_WHAT, "a member's time is not the archive's")
        digest = hashlib.sha256(body).hexdigest()
        if name == f"{digest}.data.json":
            size += len(body)
            if len(data) == NUMBER_OF_DATA["Setup"] or size > SETUP_BYTES:
                raise MalformedError(_WHAT, "too much data before an event")
            data.append(_decode(body))
            payload, offset = digest, start
        elif name == f"{digest}.event.json":
            yield _read_event(_decode(body), data, payload, offset, chain)
            data, payload, size = [], "", 0
        else:
            raise MalformedError("file name", "a member is not named by its hash")
    if data:
        raise MalformedError(_WHAT, "data without an event")


def _read_event(text: str, data: Sequence[str], payload: str, offset: int, chain: Chain) -> Event:
    """Check `text` against its place in `chain` and the `data` before it."""
    if len(text) > _LONGEST_EVENT:
        raise MalformedError(_EVENT, "too long")
    names, optional = ("height", "type"), ("parent", "payload")
    fields = members(load(text, _EVENT), _EVENT, names, optional)
    kind = string(fields["type"], _EVENT)
    if len(data) != NUMBER_OF_DATA.get(kind):
        raise MalformedError(_EVENT, f"{kind[:40]} is not supported, or not after its data")
    expected = chain.next_event(kind, payload or None)
    if expected != text:
        for name, value in members(load(expected, _EVENT), _EVENT, names, optional).items():
            if fields.get(name) != value:
                raise MalformedError(_EVENT, f"{name} is not what precedes it")
        require_same(expected, text, _EVENT)
    if kind == "Setup":
        require_same(print_setup(*map(sha256, data[:-1])), data[-1], "setup")
    return Event(kind, tuple(data), payload, offset)


def _decode(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise MalformedError(_WHAT, "a member is not UTF-8") from error
