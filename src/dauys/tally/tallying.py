"""Sums the countable ballots: the `tally` entries of the board. docs/protocol.md, section 7.

Ballots are streamed from the board's entries, so that memory holds one sum for each
contest and method and a few ballots. Their proofs were checked at admission, and are by
every auditor; here they are only read.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import reduce

from dauys.core.entries import BallotEntry, StratumTally, Tally, decode_entry
from dauys.core.errors import RefusedError, VerificationError
from dauys.core.ids import ContestId, LeafIndex, MethodId
from dauys.core.state import BallotRecord, ElectionState, Phase
from dauys.crypto.ballot import Ballot, parse_ballot
from dauys.crypto.election import ElectionParameters, parse_election
from dauys.crypto.tally import EncryptedTally, sum_ballots
from dauys.tally.countable import countable
from dauys.tally.strata import strata

Progress = Callable[[int, int], None]
"""Is told how many ballots are done, of how many."""

CHUNK = 64
"""Ballots of one contest and method held before they are summed."""


def tally_entries(
    state: ElectionState, entries: Iterable[bytes], progress: Progress | None = None
) -> tuple[Tally, ...]:
    """`tally` entries of all contests that have none yet, in the manifest's order.

    `entries` are the board's, from 0, up to `state` at least. Raises RefusedError
    `not_closed` while voting may go on.
    """
    if state.phase is not Phase.CLOSED:
        raise RefusedError("not_closed", state.phase)
    contests = [c.id for c in state.manifest.contests if c.id not in state.tallies]
    return _sums(state, entries, contests, progress)


def check_tallies(
    state: ElectionState, entries: Iterable[bytes], progress: Progress | None = None
) -> None:
    """Check that every tally on the board is the sum of the countable ballots.

    A trustee does so before decrypting: a "sum" of one ballot would open that ballot.
    Raises VerificationError naming the contest.
    """
    for tally in _sums(state, entries, list(state.tallies), progress):
        if state.tallies[tally.contest] != tally:
            raise VerificationError("tally is the sum of the countable ballots", tally.contest)


def _sums(
    state: ElectionState,
    entries: Iterable[bytes],
    contests: Sequence[ContestId],
    progress: Progress | None,
) -> tuple[Tally, ...]:
    counted = {c: ballots for c, ballots in countable(state).items() if c in contests}
    wanted = {ballot.index: ballot for ballots in counted.values() for ballot in ballots}
    sums = {contest: _ContestSums(state.elections[contest]) for contest in contests}
    for done, (record, ballot) in enumerate(_read(entries, wanted), start=1):
        sums[record.contest].add(record.method, ballot)
        if progress is not None:
            progress(done, len(wanted))
    return tuple(
        Tally(
            contest=contest,
            strata=tuple(
                StratumTally(
                    name=stratum.name,
                    methods=stratum.methods,
                    ballots=stratum.ballots,
                    encrypted_tally=sums[contest].of(stratum.methods).to_json(),
                )
                for stratum in strata(state.manifest, counted[contest])
            ),
        )
        for contest in contests
    )


def _read(
    entries: Iterable[bytes], wanted: dict[LeafIndex, BallotRecord]
) -> Iterator[tuple[BallotRecord, Ballot]]:
    """The wanted ballots, in log order. Raises VerificationError when one is missing."""
    found = 0
    for index, data in enumerate(entries):
        record = wanted.get(LeafIndex(index))
        if record is None:
            continue
        entry = decode_entry(data)
        if not isinstance(entry, BallotEntry):
            raise VerificationError("entries are those of the state", f"entry {index}")
        found += 1
        yield record, parse_ballot(entry.ballot)
    if found != len(wanted):
        raise VerificationError("entries are those of the state", "some are missing")


class _ContestSums:
    """Running sums of one contest, by method."""

    def __init__(self, election: str) -> None:
        self._election: ElectionParameters = parse_election(election)
        self._zero = sum_ballots(self._election, ())
        self._sums: dict[MethodId, EncryptedTally] = {}
        self._waiting: dict[MethodId, list[Ballot]] = {}

    def add(self, method: MethodId, ballot: Ballot) -> None:
        waiting = self._waiting.setdefault(method, [])
        waiting.append(ballot)
        if len(waiting) >= CHUNK:
            self._settle(method)

    def of(self, methods: Iterable[MethodId]) -> EncryptedTally:
        return reduce(_plus, map(self._settle, methods), self._zero)

    def _settle(self, method: MethodId) -> EncryptedTally:
        waiting = self._waiting.pop(method, [])
        before = self._sums.get(method, self._zero)
        self._sums[method] = _plus(before, sum_ballots(self._election, waiting))
        return self._sums[method]


def _plus(one: EncryptedTally, other: EncryptedTally) -> EncryptedTally:
    return EncryptedTally(
        tuple(
            tuple(a + b for a, b in zip(row, other_row, strict=True))
            for row, other_row in zip(one.questions, other.questions, strict=True)
        )
    )
