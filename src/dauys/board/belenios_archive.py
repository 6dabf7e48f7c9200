"""The `.bel` archive of Belenios: one contest, or one stratum of it, for other verifiers.

Specification 3.0, section 4.4. An old-style tar of JSON files named by their SHA-256: data,
and events that chain (parent, height) and point to their data (payload). Both directions
are strict: there is one archive for given contents, and nothing else is read. What the
texts inside mean is for `dauys.crypto` to check.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from dauys.board.old_tar import Member, read_members, write_member
from dauys.core.errors import MalformedError
from dauys.crypto.belenios_json import (
    array,
    integer,
    join,
    load,
    members,
    print_weight,
    quote,
    require_same,
    string,
    weight,
)

_WHAT: Final = "archive"
_NUMBER_OF_DATA: Final = {
    "Setup": 4,
    "Ballot": 1,
    "EndBallots": 0,
    "EncryptedTally": 2,
    "PartialDecryption": 2,
    "Result": 1,
}
_AFTER: Final = {
    "": ("Setup",),
    "Setup": ("Ballot", "EndBallots"),
    "Ballot": ("Ballot", "EndBallots"),
    "EndBallots": ("EncryptedTally",),
    "EncryptedTally": ("PartialDecryption",),
    "PartialDecryption": ("PartialDecryption", "Result"),
    "Result": (),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One step of the election. `data` are the texts before it, the payload last."""

    kind: str
    """Setup, Ballot, EndBallots, EncryptedTally, PartialDecryption or Result."""
    data: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SizedTally:
    """An encrypted tally and the ballots it sums, after replaced ones are left out."""

    num_tallied: int
    total_weight: int
    encrypted_tally: str


@dataclass(frozen=True, slots=True)
class OwnedPartialDecryption:
    """The partial decryption by the trustee at place `owner`, from 1."""

    owner: int
    partial_decryption: str


@dataclass(frozen=True, slots=True)
class ArchiveContents:
    """What an archive holds, as the exact texts that were hashed.

    A poll that goes on has no tally; a result comes with the partial decryptions.
    """

    timestamp: int
    """Seconds since 1970."""
    election: str
    trustees: str
    credentials: tuple[str, ...]
    """Public credentials: 64 hex digits, then perhaps a comma and the voter's weight."""
    ballots: Iterable[str] = field(repr=False)
    """In the order of casting. Read archives hold a tuple; any iterable can be written."""
    ended: bool = False
    """Whether the end of the ballots is recorded."""
    tally: SizedTally | None = None
    partial_decryptions: tuple[OwnedPartialDecryption, ...] = ()
    result: str | None = None


def write_archive(path: Path, contents: ArchiveContents) -> None:
    """Write `contents` to `path`, whole or not at all.

    Raises MalformedError if they are not in the order of an election.
    """
    partial = path.with_name(path.name + ".partial")
    try:
        with partial.open("wb") as stream:
            writer = _Writer(stream, contents.timestamp)
            for event in _events(contents):
                writer.append(event)
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def read_archive(path: Path) -> ArchiveContents:
    """Read an archive that `write_archive`, or belenios-tool 3.0, wrote.

    Every name is checked against its hash, every event against its place and its data.
    Raises MalformedError. Shuffles, of mixnet elections, are refused.
    """
    with path.open("rb") as stream:
        archive = read_members(stream)
        timestamp = _read_header(archive)
        return _gather(timestamp, _read_events(archive, timestamp))


def read_events(path: Path) -> Iterator[Event]:
    """The events of an archive in order, one at a time: for archives larger than memory.

    What `read_archive` checks of an event is checked before it is given out.
    """
    with path.open("rb") as stream:
        archive = read_members(stream)
        yield from _read_events(archive, _read_header(archive))


def _events(contents: ArchiveContents) -> Iterator[Event]:
    texts = (contents.election, contents.trustees, join(map(quote, contents.credentials)))
    yield Event("Setup", (*texts, _print_setup(*map(_sha256, texts))))
    for ballot in contents.ballots:
        yield Event("Ballot", (ballot,))
    if contents.ended:
        yield Event("EndBallots", ())
    if contents.tally is not None:
        data = (contents.tally.encrypted_tally, _print_sized(contents.tally))
        yield Event("EncryptedTally", data)
    for part in contents.partial_decryptions:
        yield Event("PartialDecryption", (part.partial_decryption, _print_owned(part)))
    if contents.result is not None:
        yield Event("Result", (contents.result,))


class _Chain:
    """The place of the next event: what precedes it, its parent and its height."""

    def __init__(self) -> None:
        self._last = ""
        self._parent: str | None = None
        self._height = 0

    def next_event(self, kind: str, payload: str | None) -> str:
        """Text of the event of type `kind` that comes now."""
        if kind not in _AFTER[self._last]:
            raise MalformedError(_WHAT, f"{kind} after {self._last or 'nothing'}")
        parent = "" if self._parent is None else f'"parent":"{self._parent}",'
        link = "" if payload is None else f',"payload":"{payload}"'
        text = f'{{{parent}"height":{self._height},"type":"{kind}"{link}}}'
        self._last, self._parent = kind, _sha256(text)
        self._height += 1
        return text


class _Writer:
    """Appends events and their data to `stream`."""

    def __init__(self, stream: BinaryIO, timestamp: int) -> None:
        self._stream = stream
        self._timestamp = timestamp
        self._chain = _Chain()
        self._member("BELENIOS", _print_header(timestamp))

    def append(self, event: Event) -> None:
        for text in event.data:
            self._member(f"{_sha256(text)}.data.json", text)
        payload = _sha256(event.data[-1]) if event.data else None
        text = self._chain.next_event(event.kind, payload)
        self._member(f"{_sha256(text)}.event.json", text)

    def _member(self, name: str, text: str) -> None:
        write_member(self._stream, name, text.encode(), self._timestamp)


def _read_header(archive: Iterator[Member]) -> int:
    """Take the first member; the archive's timestamp."""
    name, body, timestamp = next(archive, ("", b"", 0))
    if name != "BELENIOS" or body != _print_header(timestamp).encode():
        raise MalformedError(_WHAT, "does not begin with its header")
    return timestamp


def _read_events(archive: Iterator[Member], timestamp: int) -> Iterator[Event]:
    chain = _Chain()
    data: list[str] = []
    for name, body, mtime in archive:
        if mtime != timestamp:
            raise MalformedError(_WHAT, "a member's time is not the archive's")
        digest = hashlib.sha256(body).hexdigest()
        if name == f"{digest}.data.json":
            data.append(_decode(body))
        elif name == f"{digest}.event.json":
            yield _read_event(_decode(body), data, chain)
            data = []
        else:
            raise MalformedError(_WHAT, "a member is not named by its hash")
    if data:
        raise MalformedError(_WHAT, "data without an event")


def _read_event(text: str, data: Sequence[str], chain: _Chain) -> Event:
    """Check `text` against its place in `chain` and the `data` before it."""
    names, optional = ("height", "type"), ("parent", "payload")
    fields = members(load(text, "event"), "event", names, optional)
    kind = string(fields["type"], "event")
    if len(data) != _NUMBER_OF_DATA.get(kind):
        raise MalformedError("event", f"{kind[:40]} is not supported, or not after its data")
    expected = chain.next_event(kind, _sha256(data[-1]) if data else None)
    for name, value in members(load(expected, "event"), "event", names, optional).items():
        if fields.get(name) != value:
            raise MalformedError("event", f"{name} is not what precedes it")
    require_same(expected, text, "event")
    if kind == "Setup":
        require_same(_print_setup(*map(_sha256, data[:-1])), data[-1], "setup")
    return Event(kind, tuple(data))


def _gather(timestamp: int, events: Iterable[Event]) -> ArchiveContents:
    """All events in one value."""
    found: dict[str, list[tuple[str, ...]]] = {kind: [] for kind in _NUMBER_OF_DATA}
    for event in events:
        found[event.kind].append(event.data)
    if not found["Setup"]:
        raise MalformedError(_WHAT, "no setup")
    ((election, trustees, credentials, _),) = found["Setup"]
    tallies = [_parse_sized(*data) for data in found["EncryptedTally"]]
    results = [text for (text,) in found["Result"]]
    return ArchiveContents(
        timestamp=timestamp,
        election=election,
        trustees=trustees,
        credentials=_parse_credentials(credentials),
        ballots=tuple(text for (text,) in found["Ballot"]),
        ended=bool(found["EndBallots"]),
        tally=tallies[0] if tallies else None,
        partial_decryptions=tuple(_parse_owned(*data) for data in found["PartialDecryption"]),
        result=results[0] if results else None,
    )


def _decode(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise MalformedError(_WHAT, "a member is not UTF-8") from error


def _print_header(timestamp: int) -> str:
    return f'{{"version":1,"timestamp":"{timestamp}"}}'


def _print_setup(election: str, trustees: str, credentials: str) -> str:
    return f'{{"election":"{election}","trustees":"{trustees}","credentials":"{credentials}"}}'


def _print_sized(tally: SizedTally) -> str:
    return (
        f'{{"num_tallied":{tally.num_tallied},"total_weight":{print_weight(tally.total_weight)},'
        f'"encrypted_tally":"{_sha256(tally.encrypted_tally)}"}}'
    )


def _print_owned(part: OwnedPartialDecryption) -> str:
    return f'{{"owner":{part.owner},"payload":"{_sha256(part.partial_decryption)}"}}'


def _parse_sized(tally: str, text: str) -> SizedTally:
    what = "sized encrypted tally"
    fields = members(load(text, what), what, ("num_tallied", "total_weight", "encrypted_tally"))
    sized = SizedTally(
        integer(fields["num_tallied"], what), weight(fields["total_weight"], what), tally
    )
    require_same(_print_sized(sized), text, what)
    return sized


def _parse_owned(part: str, text: str) -> OwnedPartialDecryption:
    what = "owned partial decryption"
    fields = members(load(text, what), what, ("owner", "payload"))
    owned = OwnedPartialDecryption(integer(fields["owner"], what), part)
    require_same(_print_owned(owned), text, what)
    return owned


def _parse_credentials(text: str) -> tuple[str, ...]:
    what = "public credentials"
    credentials = tuple(string(entry, what) for entry in array(load(text, what), what))
    require_same(join(map(quote, credentials)), text, what)
    return credentials


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
