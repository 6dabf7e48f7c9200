"""The `.bel` archive of Belenios: one contest, or one stratum of it, for other verifiers.

Specification 3.0, section 4.3. An old-style tar of JSON files named by their SHA-256: data,
and events that chain (parent, height) and point to their data (payload). Both directions
are strict: there is one archive for given contents, and nothing else is read. What the
texts inside mean is for `dauys.crypto` to check.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from dauys.board.old_tar import read_members, write_member
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
            for kind, *data in _events(contents):
                writer.event(kind, data)
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
        name, body, timestamp = next(archive, ("", b"", 0))
        if name != "BELENIOS" or body != _print_header(timestamp).encode():
            raise MalformedError(_WHAT, "does not begin with its header")
        reader = _Reader(timestamp)
        for name, body, mtime in archive:
            if mtime != timestamp:
                raise MalformedError(_WHAT, "a member's time is not the archive's")
            reader.member(name, body)
    return reader.contents()


def _events(contents: ArchiveContents) -> Iterator[tuple[str, ...]]:
    """Each event's type, then its data, the last of which is the payload."""
    texts = (contents.election, contents.trustees, join(map(quote, contents.credentials)))
    yield ("Setup", *texts, _print_setup(*map(_sha256, texts)))
    for ballot in contents.ballots:
        yield "Ballot", ballot
    if contents.ended:
        yield ("EndBallots",)
    if contents.tally is not None:
        yield "EncryptedTally", contents.tally.encrypted_tally, _print_sized(contents.tally)
    for part in contents.partial_decryptions:
        yield "PartialDecryption", part.partial_decryption, _print_owned(part)
    if contents.result is not None:
        yield "Result", contents.result


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

    def event(self, kind: str, data: list[str]) -> None:
        for text in data:
            self._member(f"{_sha256(text)}.data.json", text)
        event = self._chain.next_event(kind, _sha256(data[-1]) if data else None)
        self._member(f"{_sha256(event)}.event.json", event)

    def _member(self, name: str, text: str) -> None:
        write_member(self._stream, name, text.encode(), self._timestamp)


class _Reader:
    """Takes the members of an archive in order and keeps what they say."""

    def __init__(self, timestamp: int) -> None:
        self._timestamp = timestamp
        self._chain = _Chain()
        self._data: list[str] = []
        self._setup: list[str] = []
        self._ballots: list[str] = []
        self._ended = False
        self._tally: SizedTally | None = None
        self._parts: list[OwnedPartialDecryption] = []
        self._result: str | None = None

    def member(self, name: str, body: bytes) -> None:
        """Take one file."""
        try:
            text = body.decode()
        except UnicodeDecodeError as error:
            raise MalformedError(_WHAT, "a member is not UTF-8") from error
        digest = hashlib.sha256(body).hexdigest()
        if name == f"{digest}.data.json":
            self._data.append(text)
        elif name == f"{digest}.event.json":
            self._event(text)
        else:
            raise MalformedError(_WHAT, "a member is not named by its hash")

    def contents(self) -> ArchiveContents:
        """What was read, once all members are in."""
        if self._data:
            raise MalformedError(_WHAT, "data without an event")
        if not self._setup:
            raise MalformedError(_WHAT, "no setup")
        election, trustees, credentials, _ = self._setup
        return ArchiveContents(
            timestamp=self._timestamp,
            election=election,
            trustees=trustees,
            credentials=_parse_credentials(credentials),
            ballots=tuple(self._ballots),
            ended=self._ended,
            tally=self._tally,
            partial_decryptions=tuple(self._parts),
            result=self._result,
        )

    def _event(self, text: str) -> None:
        fields = members(load(text, "event"), "event", ("height", "type"), ("parent", "payload"))
        kind = string(fields["type"], "event")
        data, self._data = self._data, []
        if len(data) != _NUMBER_OF_DATA.get(kind):
            raise MalformedError("event", f"{kind[:40]} is not supported, or not after its data")
        expected = self._chain.next_event(kind, _sha256(data[-1]) if data else None)
        for name, value in members(load(expected, "event"), "event", ("height",), fields).items():
            if fields.get(name) != value:
                raise MalformedError("event", f"{name} is not what precedes it")
        require_same(expected, text, "event")
        self._keep(kind, data)

    def _keep(self, kind: str, data: list[str]) -> None:
        match kind:
            case "Setup":
                require_same(_print_setup(*map(_sha256, data[:-1])), data[-1], "setup")
                self._setup = data
            case "Ballot":
                self._ballots += data
            case "EndBallots":
                self._ended = True
            case "EncryptedTally":
                self._tally = _parse_sized(*data)
            case "PartialDecryption":
                self._parts.append(_parse_owned(*data))
            case _:
                (self._result,) = data


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
