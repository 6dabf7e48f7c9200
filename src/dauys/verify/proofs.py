"""Signatures and proofs of the ballots: the part that takes long, in parallel.

Ballots go out in small chunks and come back as verdicts, each with the encrypted sums of
its countable ballots; so every ballot is read once, and memory holds a few chunks only.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Final

from dauys.core.entries import BallotEntry, decode_entry
from dauys.core.errors import DauysError, VerificationError
from dauys.core.ids import ContestId, MethodId
from dauys.crypto.ballot import Ballot, check_ballot, parse_ballot
from dauys.crypto.election import ElectionParameters, parse_election
from dauys.crypto.signing import verify_signature
from dauys.crypto.tally import EncryptedTally, sum_ballots
from dauys.verify.executors import in_order

CHUNK: Final = 32
FEW: Final = 4 * CHUNK
"""So few ballots are checked before other processes would have started."""
_BINDING_CLAIMS: Final = frozenset({"election uuid", "election hash"})
_SIGNATURE_CLAIMS: Final = frozenset({"signature hash", "signature"})

SumKey = tuple[ContestId, MethodId]


@dataclass(frozen=True, slots=True)
class Against:
    """What ballots are checked against: the registrar's key, the contests' elections."""

    registrar: str
    elections: tuple[tuple[ContestId, str], ...]


@dataclass(frozen=True, slots=True)
class Posted:
    """A ballot entry: its number, its bytes, and whether it counts."""

    entry: int
    data: bytes = field(repr=False)
    counts: bool


@dataclass(frozen=True, slots=True)
class Fault:
    """A check that does not hold for the ballot at `entry`."""

    check: str
    entry: int
    why: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of `checked` ballots: faults, and the sums of those that count.

    `ballots` says how many are in each sum: fewer than count where one was unreadable.
    """

    checked: int
    faults: tuple[Fault, ...]
    sums: dict[SumKey, EncryptedTally]
    ballots: dict[SumKey, int]


class Sums:
    """Encrypted sums by contest and method, gathered from verdicts."""

    def __init__(self) -> None:
        self._sums: dict[SumKey, EncryptedTally] = {}
        self._ballots: Counter[SumKey] = Counter()

    def take(self, verdict: Verdict) -> None:
        """Add the sums of a chunk."""
        self._ballots.update(verdict.ballots)
        for key, part in verdict.sums.items():
            earlier = self._sums.get(key)
            self._sums[key] = part if earlier is None else earlier + part

    def of(
        self, contest: ContestId, methods: Iterable[MethodId], election: ElectionParameters
    ) -> tuple[int, EncryptedTally]:
        """How many countable ballots of `contest` came by `methods`, and their sum."""
        keys = [(contest, method) for method in methods]
        total = sum_ballots(election, ())
        for key in keys:
            if key in self._sums:
                total += self._sums[key]
        return sum(self._ballots[key] for key in keys), total


def check_chunk(against: Against, posted: tuple[Posted, ...]) -> Verdict:
    """Check the ballots of one chunk. Runs in any process; raises nothing for a bad ballot."""
    faults: list[Fault] = []
    countable: dict[SumKey, list[tuple[Ballot, int]]] = {}
    for item in posted:
        entry = decode_entry(item.data)
        if not isinstance(entry, BallotEntry):  # the log was replayed: it is one
            raise TypeError(type(entry))
        faults += _permit_faults(against.registrar, item.entry, entry)
        statement = entry.permit.statement
        election = _elections(against.elections).get(statement.contest)
        if election is None:
            faults.append(Fault("ballot-binding", item.entry, "its contest has no election"))
            continue
        ballot, found = _ballot_faults(election, item.entry, entry)
        faults += found
        if ballot is not None and item.counts and _fits(ballot, election):
            weighed = ballot, statement.weight
            countable.setdefault((statement.contest, statement.method), []).append(weighed)
    known = _elections(against.elections)
    sums = {
        key: sum_ballots(known[key[0]], *zip(*weighed, strict=True))
        for key, weighed in countable.items()
    }
    return Verdict(len(posted), tuple(faults), sums, {key: len(b) for key, b in countable.items()})


def check_all(
    against: Against,
    posted: Iterable[Posted],
    executor: Executor | None,
    progress: Callable[[int], None],
) -> Iterator[Verdict]:
    """Verdicts on all ballots, in order; `progress` is told how many are done.

    Without an executor the chunks are checked here. Raises WorkersLostError.
    """
    done = 0
    for verdict in in_order(partial(check_chunk, against), _chunks(posted), executor):
        done += verdict.checked
        progress(done)
        yield verdict


def _chunks(posted: Iterable[Posted]) -> Iterator[tuple[Posted, ...]]:
    chunk: list[Posted] = []
    for item in posted:
        chunk.append(item)
        if len(chunk) == CHUNK:
            yield tuple(chunk)
            chunk.clear()
    if chunk:
        yield tuple(chunk)


@lru_cache(maxsize=4)
def _elections(
    texts: tuple[tuple[ContestId, str], ...],
) -> dict[ContestId, ElectionParameters]:
    return {contest: parse_election(text) for contest, text in texts}


def _permit_faults(registrar: str, number: int, entry: BallotEntry) -> list[Fault]:
    permit = entry.permit
    try:
        message = permit.statement.signed_bytes()
        verify_signature(registrar, message, bytes.fromhex(permit.signature))
    except DauysError as error:
        return [Fault("permit-signature", number, str(error))]
    return []


def _ballot_faults(
    election: ElectionParameters, number: int, entry: BallotEntry
) -> tuple[Ballot | None, list[Fault]]:
    try:
        ballot = parse_ballot(entry.ballot)
    except DauysError as error:
        return None, [Fault("ballot-form", number, str(error))]
    faults = []
    if ballot.credential != entry.permit.statement.credential:
        faults.append(Fault("ballot-binding", number, "its credential is not the permit's"))
    try:
        check_ballot(ballot, election)
    except VerificationError as error:
        check = "ballot-proofs"
        if error.what in _BINDING_CLAIMS:
            check = "ballot-binding"
        elif error.what in _SIGNATURE_CLAIMS:
            check = "ballot-signature"
        faults.append(Fault(check, number, str(error)))
    return ballot, faults


def _fits(ballot: Ballot, election: ElectionParameters) -> bool:
    shape = [question.width for question in election.questions]
    return [len(answer.ciphertexts) for answer in ballot.answers] == shape
