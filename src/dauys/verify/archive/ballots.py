"""The ballots of an archive: which of them count, and that each of them holds.

Read once, in order. Which ballot is a voter's last is known at the end only; so every ballot
goes into the sums when it is read, and those that were replaced are read again and taken out.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache, partial
from hashlib import sha256
from itertools import chain, islice
from pathlib import Path
from typing import Final, NamedTuple

from dauys.core.errors import DauysError, MalformedError, VerificationError
from dauys.core.executors import Workers
from dauys.crypto.archive_events import Event
from dauys.crypto.ballot import Ballot, check_ballot, longest_ballot, parse_ballot
from dauys.crypto.ed25519 import ED25519
from dauys.crypto.election import ElectionParameters, parse_election
from dauys.crypto.group import GROUPS, Group
from dauys.crypto.tally import EncryptedTally, sum_ballots
from dauys.verify.archive.claims import (
    BALLOT_BINDING,
    BALLOT_CREDENTIAL,
    BALLOT_FORM,
    BALLOT_ONCE,
    BALLOT_PROOFS,
    BALLOT_SIGNATURE,
    FORM,
)
from dauys.verify.archive.setup import Setup, check_credentials, note_credentials
from dauys.verify.checks import Findings
from dauys.verify.executors import in_order, opened

CHUNK: Final = 64
"""Ballots that are checked together."""
LAST_CHUNKS: Final = 8
"""The same towards the end of the file, so that all workers end at once."""
_END_BYTES: Final = 2**20
"""Where the end of the file begins."""
CREDENTIALS_CHUNK: Final = 256
"""Credentials without a ballot that are checked together."""
_CHUNK_LETTERS: Final = 2**20
"""No more ballots go into a chunk that has so many letters."""
_FEW_BYTES: Final = 2**20
"""Ballots of an archive of this size are checked before other processes have started."""

_CHECKS: Final = {
    "election uuid": BALLOT_BINDING,
    "election hash": BALLOT_BINDING,
    "signature hash": BALLOT_SIGNATURE,
    "signature": BALLOT_SIGNATURE,
}
"""The check that fails with a claim of `check_ballot`; BALLOT_PROOFS with any other."""

Tell = Callable[[int], None]
"""Told how many bytes of the file are done."""


class Place(NamedTuple):
    """Where a ballot stands in the file, and its SHA-256."""

    offset: int
    length: int
    digest: bytes


@dataclass(frozen=True, slots=True)
class Item:
    """A ballot to be checked; its credential as the archive's reader saw it.

    `weight` is how often it goes into the sums: 0 if its credential is unknown; negative, and
    `number` 0, where a replaced ballot is taken out again. What does not hold goes in never.
    """

    number: int
    text: str = field(repr=False)
    credential: str
    weight: int
    offset: int


class Chunk(NamedTuple):
    """What is checked together: ballots with their credentials, and credentials without."""

    items: tuple[Item, ...]
    credentials: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Faults of a chunk's ballots (check, number, why), and their weighted sums."""

    faults: tuple[tuple[str, int, str], ...]
    sums: EncryptedTally
    offset: int
    """Of the last of them in the file; 0 without any."""
    credentials: tuple[tuple[str, str], ...]
    """Credentials that are no points of the group, and why."""


@dataclass(slots=True)
class Poll:
    """What is known once all ballots were read."""

    sums: EncryptedTally
    """Of the ballots that count, each times its weight."""
    cast: int = 0
    last: dict[str, Place] = field(default_factory=dict)
    """By credential, the ballot that counts."""
    replaced: list[Place] = field(default_factory=list)
    trackers: set[bytes] = field(default_factory=set)


def check_ballots(
    events: Iterable[Event],
    setup: Setup,
    path: Path,
    workers: Workers,
    tell: Tell,
    findings: Findings,
) -> Poll:
    """Check the Ballot `events`. Raises WorkersLostError; OSError, or what `events` raises."""
    poll = Poll(sum_ballots(setup.election, ()))
    work = partial(check_chunk, setup.election.to_json())
    # Those that are taken out are known when all ballots were read: then the chain gets to them.
    items = chain(_items(events, setup, poll, findings), _taken_out(setup, poll, path, findings))
    bad_credentials: dict[str, str] = {}
    size = path.stat().st_size
    silent = (credential for credential in setup.weights if credential not in poll.last)
    chunks = _chunks(items, silent, size - _END_BYTES)
    kernel = setup.election.group is ED25519
    with opened(workers, few=size < _FEW_BYTES, kernel=kernel) as executor:
        for verdict in in_order(work, chunks, executor, kernel=kernel):
            bad_credentials.update(verdict.credentials)
            poll.sums += verdict.sums
            for check, number, why in verdict.faults:
                if number:  # one that is taken out was told of when it was read
                    findings.fault(check, f"ballot {number}: {why}")
            if verdict.offset:
                tell(verdict.offset)
    note_credentials(bad_credentials.items(), len(setup.weights), findings)
    return poll


def check_chunk(election_text: str, chunk: Chunk) -> Verdict:
    """Check one chunk. Runs in any process; raises nothing for a bad ballot."""
    election = _election(election_text)
    faults: list[tuple[str, int, str]] = []
    counted: list[tuple[Ballot, int]] = []
    unread: list[str] = []  # credentials of the list; those of other ballots were read with them
    for item in chunk.items:
        try:
            ballot = _checked(item, election)
        except MalformedError as error:
            faults.append((BALLOT_FORM, item.number, str(error)))
            unread += [item.credential] if item.number and item.weight else []
        except VerificationError as error:
            faults.append((_CHECKS.get(error.what, BALLOT_PROOFS), item.number, str(error)))
        else:
            if item.weight:
                counted.append((ballot, item.weight))
    sums = sum_ballots(election, [b for b, _ in counted], [weight for _, weight in counted])
    offset = chunk.items[-1].offset if chunk.items else 0
    bad = check_credentials(election.group.name, (*unread, *chunk.credentials))
    return Verdict(tuple(faults), sums, offset, bad)


def _checked(item: Item, election: ElectionParameters) -> Ballot:
    ballot = parse_ballot(item.text, election.group)
    if ballot.credential != item.credential:
        raise MalformedError("ballot", "its credential is not where it should be")
    check_ballot(ballot, election)
    return ballot


def _items(events: Iterable[Event], setup: Setup, poll: Poll, findings: Findings) -> Iterator[Item]:
    """Ballots to be checked; who cast them, and whether before, goes into `poll`."""
    longest = len(longest_ballot(setup.election))
    beginning = _beginning(setup.election.group)
    for event in events:
        poll.cast += 1
        number, (text,) = poll.cast, event.data
        digest = bytes.fromhex(event.payload)
        if digest in poll.trackers:
            findings.fault(BALLOT_ONCE, f"ballot {number}: a second time")
            continue
        poll.trackers.add(digest)
        match = beginning.match(text)
        if match is None or len(text) > longest:
            why = _why_no_ballot(text, longest, setup.election.group)
            findings.fault(BALLOT_FORM, f"ballot {number}: {why}")
            continue
        credential = match.group(1)
        weight = setup.weights.get(credential)
        if weight is None:
            findings.fault(BALLOT_CREDENTIAL, f"ballot {number}: {credential} is not on the list")
        else:
            if (before := poll.last.get(credential)) is not None:
                poll.replaced.append(before)
            poll.last[credential] = Place(event.offset, len(text), digest)
        yield Item(number, text, credential, weight or 0, event.offset)


def _taken_out(setup: Setup, poll: Poll, path: Path, findings: Findings) -> Iterator[Item]:
    """The replaced ballots once more, with negative weights."""
    beginning = _beginning(setup.election.group)
    with path.open("rb") as stream:
        for place in poll.replaced:
            stream.seek(place.offset)
            data = stream.read(place.length)
            if sha256(data).digest() != place.digest:
                findings.fault(FORM, "the file changed while it was being read")
                return
            text = data.decode()
            match = beginning.match(text)
            credential = "" if match is None else match.group(1)
            if weight := setup.weights.get(credential, 0):
                yield Item(0, text, credential, -weight, place.offset)


def _chunks(items: Iterable[Item], credentials: Iterable[str], end: int) -> Iterator[Chunk]:
    """All ballots, then the credentials, which are looked at only then."""
    for ballots in _batches(items, end):
        yield Chunk(ballots, ())
    for silent in _by_chunks(credentials):
        yield Chunk((), silent)


def _by_chunks(credentials: Iterable[str]) -> Iterator[tuple[str, ...]]:
    remaining = iter(credentials)
    while chunk := tuple(islice(remaining, CREDENTIALS_CHUNK)):
        yield chunk


def _batches(items: Iterable[Item], end: int) -> Iterator[tuple[Item, ...]]:
    """Items by `CHUNK`, fewer where they are long or begin behind the offset `end`."""
    batch: list[Item] = []
    letters = 0
    for item in items:
        batch.append(item)
        letters += len(item.text)
        most = CHUNK if item.offset < end else LAST_CHUNKS
        if len(batch) >= most or letters >= _CHUNK_LETTERS:
            yield tuple(batch)
            batch, letters = [], 0
    if batch:
        yield tuple(batch)


@lru_cache(maxsize=4)
def _election(text: str) -> ElectionParameters:
    return parse_election(text, GROUPS)


def _beginning(group: Group) -> re.Pattern[str]:
    """How a ballot begins, with its credential as the one part that is taken out."""
    names = r'\{"election_uuid":"[^"\\]*","election_hash":"[^"\\]*",'
    return re.compile(rf'{names}"credential":"({group.element_form})",')


def _why_no_ballot(text: str, longest: int, group: Group) -> str:
    """Why a text is no ballot, without looking closer at one that is too long."""
    if len(text) > longest:
        return f"longer than any ballot of this election ({longest} bytes)"
    try:
        parse_ballot(text, group)
    except DauysError as error:
        return str(error)
    return "not canonical"
