"""Sums the countable ballots: the `tally` entries of the board. docs/protocol.md, section 7.

Ballots are streamed from the board's entries, so that memory holds one sum for each
contest and method and a few chunks of ballots. Their proofs were checked at admission,
and are by every auditor; here they are only read, which is what takes the time: an
`Executor` of processes divides it by the number of cores.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from functools import reduce
from operator import add

from dauys.core.entries import BallotEntry, StratumTally, Tally, decode_entry
from dauys.core.errors import RefusedError, VerificationError
from dauys.core.ids import ContestId, LeafIndex, MethodId
from dauys.core.state import BallotRecord, ElectionState, Phase
from dauys.crypto.ballot import parse_ballot
from dauys.crypto.election import parse_election
from dauys.crypto.tally import EncryptedTally, sum_ballots
from dauys.tally.countable import countable
from dauys.tally.strata import strata

Progress = Callable[[int, int], None]
"""Is told how many ballots are done, of how many."""

CHUNK = 64
"""Ballots of one contest and method that are summed at once."""

FEW = 2000
"""Ballots that are summed before other processes would have started."""

AHEAD = 16
"""Chunks handed to an executor before the first of them must be ready."""

_Group = tuple[ContestId, MethodId]
_Ballot = tuple[str, int]  # with its weight


def tally_entries(
    state: ElectionState,
    entries: Iterable[bytes],
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> tuple[Tally, ...]:
    """`tally` entries of all contests that have none yet, in the manifest's order.

    `entries` are the board's, from 0, up to `state` at least. Raises RefusedError
    `not_closed` while voting may go on.
    """
    if state.phase is not Phase.CLOSED:
        raise RefusedError("not_closed", state.phase)
    contests = [c.id for c in state.manifest.contests if c.id not in state.tallies]
    return _tallies(state, contests, entries, progress, executor)


def check_tallies(
    state: ElectionState,
    entries: Iterable[bytes],
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> None:
    """Check that every tally on the board is the sum of the countable ballots.

    A trustee does so before decrypting, after `dauys verify`: a "sum" of one ballot would
    open that ballot, and so would ballots without proofs that cancel out the others.
    Raises VerificationError naming the contest.
    """
    for tally in _tallies(state, list(state.tallies), entries, progress, executor):
        if state.tallies[tally.contest] != tally:
            raise VerificationError("tally is the sum of the countable ballots", tally.contest)


def _tallies(
    state: ElectionState,
    contests: Sequence[ContestId],
    entries: Iterable[bytes],
    progress: Progress | None,
    executor: Executor | None,
) -> tuple[Tally, ...]:
    counted = {c: ballots for c, ballots in countable(state).items() if c in contests}
    wanted = {ballot.index: ballot for ballots in counted.values() for ballot in ballots}
    zero = {contest: _sum_of(state.elections[contest], ()) for contest in contests}
    sums: dict[_Group, EncryptedTally] = {}
    done = 0
    for (contest, method), size, part in _parts(state, _read(entries, wanted), executor):
        sums[contest, method] = sums.get((contest, method), zero[contest]) + part
        done += size
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
                    weight=stratum.weight,
                    encrypted_tally=reduce(
                        add, (sums[contest, m] for m in stratum.methods), zero[contest]
                    ).to_json(),
                )
                for stratum in strata(state.manifest, counted[contest])
            ),
        )
        for contest in contests
    )


def _read(
    entries: Iterable[bytes], wanted: dict[LeafIndex, BallotRecord]
) -> Iterator[tuple[_Group, _Ballot]]:
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
        yield (record.contest, record.method), (entry.ballot, record.weight)
    if found != len(wanted):
        raise VerificationError("entries are those of the state", "some are missing")


def _parts(
    state: ElectionState, ballots: Iterable[tuple[_Group, _Ballot]], executor: Executor | None
) -> Iterator[tuple[_Group, int, EncryptedTally]]:
    """Sums of chunks, each with its group and its number of ballots."""
    if executor is None:
        for group, chunk in _chunks(ballots):
            yield group, len(chunk), _sum_of(state.elections[group[0]], chunk)
        return
    running: deque[tuple[_Group, int, Future[EncryptedTally]]] = deque()
    for group, chunk in _chunks(ballots):
        future = executor.submit(_sum_of, state.elections[group[0]], chunk)
        running.append((group, len(chunk), future))
        if len(running) > AHEAD:
            yield _finish(*running.popleft())
    while running:
        yield _finish(*running.popleft())


def _finish(
    group: _Group, size: int, future: Future[EncryptedTally]
) -> tuple[_Group, int, EncryptedTally]:
    return group, size, future.result()


def _chunks(
    ballots: Iterable[tuple[_Group, _Ballot]],
) -> Iterator[tuple[_Group, tuple[_Ballot, ...]]]:
    waiting: dict[_Group, list[_Ballot]] = defaultdict(list)
    for group, ballot in ballots:
        waiting[group].append(ballot)
        if len(waiting[group]) == CHUNK:
            yield group, tuple(waiting.pop(group))
    for group, rest in waiting.items():
        yield group, tuple(rest)


def _sum_of(election: str, ballots: Sequence[_Ballot]) -> EncryptedTally:
    texts, weights = [text for text, _ in ballots], [weight for _, weight in ballots]
    return sum_ballots(parse_election(election), map(parse_ballot, texts), weights)
