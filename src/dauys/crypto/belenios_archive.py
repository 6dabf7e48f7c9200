"""The `.bel` archive of Belenios: one contest, or one stratum of it, for other verifiers.

Specification 3.0, section 4.4; `archive_events` says how it is laid out. An archive is written
from its contents and read back into them, byte for byte.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from dauys.core.errors import MalformedError
from dauys.crypto.archive_events import (
    NUMBER_OF_DATA,
    Chain,
    Event,
    print_header,
    print_setup,
    read_events,
    read_timestamp,
    sha256,
)
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
from dauys.crypto.old_tar import write_member

_WHAT: Final = "archive"


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
    """Read an archive that `write_archive`, or belenios-tool 3.0, wrote, into memory.

    Every name is checked against its hash, every event against its place and its data.
    Raises MalformedError. Shuffles, of mixnet elections, are refused.
    """
    return _gather(read_timestamp(path), read_events(path))


def _events(contents: ArchiveContents) -> Iterator[Event]:
    texts = (contents.election, contents.trustees, join(map(quote, contents.credentials)))
    yield Event("Setup", (*texts, print_setup(*map(sha256, texts))))
    for ballot in contents.ballots:
        yield Event("Ballot", (ballot,))
    if contents.ended:
        yield Event("EndBallots", ())
    if contents.tally is not None:
        data = (contents.tally.encrypted_tally, print_sized(contents.tally))
        yield Event("EncryptedTally", data)
    for part in contents.partial_decryptions:
        yield Event("PartialDecryption", (part.partial_decryption, print_owned(part)))
    if contents.result is not None:
        yield Event("Result", (contents.result,))


class _Writer:
    """Appends events and their data to `stream`."""

    def __init__(self, stream: BinaryIO, timestamp: int) -> None:
        self._stream = stream
        self._timestamp = timestamp
        self._chain = Chain()
        self._member("BELENIOS", print_header(timestamp))

    def append(self, event: Event) -> None:
        for text in event.data:
            self._member(f"{sha256(text)}.data.json", text)
        payload = sha256(event.data[-1]) if event.data else None
        text = self._chain.next_event(event.kind, payload)
        self._member(f"{sha256(text)}.event.json", text)

    def _member(self, name: str, text: str) -> None:
        write_member(self._stream, name, text.encode(), self._timestamp)


def _gather(timestamp: int, events: Iterable[Event]) -> ArchiveContents:
    """All events in one value."""
    found: dict[str, list[tuple[str, ...]]] = {kind: [] for kind in NUMBER_OF_DATA}
    for event in events:
        found[event.kind].append(event.data)
    if not found["Setup"]:
        raise MalformedError(_WHAT, "no setup")
    if found["Shuffle"] or found["EndShuffles"]:
        raise MalformedError(_WHAT, "shuffles are not supported")
    ((election, trustees, credentials, _),) = found["Setup"]
    tallies = [parse_sized(*data) for data in found["EncryptedTally"]]
    results = [text for (text,) in found["Result"]]
    return ArchiveContents(
        timestamp=timestamp,
        election=election,
        trustees=trustees,
        credentials=_parse_credentials(credentials),
        ballots=tuple(text for (text,) in found["Ballot"]),
        ended=bool(found["EndBallots"]),
        tally=tallies[0] if tallies else None,
        partial_decryptions=tuple(parse_owned(*data) for data in found["PartialDecryption"]),
        result=results[0] if results else None,
    )


def print_sized(tally: SizedTally) -> str:
    """Payload of the EncryptedTally event. Specification 3.0, section 4.18."""
    return (
        f'{{"num_tallied":{tally.num_tallied},"total_weight":{print_weight(tally.total_weight)},'
        f'"encrypted_tally":"{sha256(tally.encrypted_tally)}"}}'
    )


def print_owned(part: OwnedPartialDecryption) -> str:
    """Payload of a PartialDecryption event. Specification 3.0, section 4.20."""
    return f'{{"owner":{part.owner},"payload":"{sha256(part.partial_decryption)}"}}'


def parse_sized(tally: str, text: str) -> SizedTally:
    """Read what `print_sized` prints of `tally`. Raises MalformedError."""
    what = "sized encrypted tally"
    fields = members(load(text, what), what, ("num_tallied", "total_weight", "encrypted_tally"))
    sized = SizedTally(
        integer(fields["num_tallied"], what), weight(fields["total_weight"], what), tally
    )
    require_same(print_sized(sized), text, what)
    return sized


def parse_owned(part: str, text: str) -> OwnedPartialDecryption:
    """Read what `print_owned` prints of `part`. Raises MalformedError."""
    what = "owned partial decryption"
    fields = members(load(text, what), what, ("owner", "payload"))
    owned = OwnedPartialDecryption(integer(fields["owner"], what), part)
    require_same(print_owned(owned), text, what)
    return owned


def _parse_credentials(text: str) -> tuple[str, ...]:
    what = "public credentials"
    credentials = tuple(string(entry, what) for entry in array(load(text, what), what))
    require_same(join(map(quote, credentials)), text, what)
    return credentials
