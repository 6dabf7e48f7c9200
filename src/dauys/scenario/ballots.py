"""Encrypts the ballots of a simulation on other cores, a little ahead of their casting."""

import os
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing import get_context

from dauys.core.ids import CandidateId, ContestId
from dauys.crypto.ballot import Choices, CredentialKey, make_ballot
from dauys.crypto.election import parse_election

Choice = tuple[ContestId, CandidateId]
Elections = Mapping[ContestId, str]
"""The Belenios election of each contest, as JSON."""
Answers = Mapping[ContestId, Mapping[CandidateId, tuple[Choices, ...]]]
"""The whole ballot, question by question, of those who choose a candidate."""

CHUNK = 16
AHEAD = 16
"""Chunks under way before the first of them must be ready."""


@dataclass(frozen=True, slots=True)
class PreparedBallot:
    """A ballot encrypted beforehand: it depends on the key and the choice, not on the permit."""

    key: CredentialKey
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Order:
    """A ballot of the Belenios election `election`."""

    election: str = field(repr=False)
    choices: tuple[Choices, ...]


class BallotStock:
    """Hands out each ballot once, encrypted while others were being cast.

    `expected` are the choices that will be asked for, more or less in this order; what is
    asked for beyond them is encrypted while the caller waits.
    """

    def __init__(self, elections: Elections, answers: Answers, expected: Sequence[Choice]) -> None:
        self._elections = elections
        self._answers = answers
        self._coming = zip(expected, prepare_ballots(elections, answers, expected), strict=True)
        self._ready: dict[Choice, list[PreparedBallot]] = {}

    def take(self, contest: ContestId, candidate: CandidateId) -> PreparedBallot:
        """A ballot for the candidate, under a key of its own."""
        wanted = contest, candidate
        while not self._ready.get(wanted):
            for choice, ballot in islice(self._coming, 1):
                self._ready.setdefault(choice, []).append(ballot)
                break
            else:
                return _encrypt(_order(self._elections, self._answers, wanted))
        return self._ready[wanted].pop()


def prepare_ballots(
    elections: Elections,
    answers: Answers,
    choices: Sequence[Choice],
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> Generator[PreparedBallot, None, None]:
    """A ballot for each choice, in order, under keys of their own.

    All cores work, as far ahead of the caller as `AHEAD` says. Closing the generator early
    stops them.
    """
    orders = iter([_order(elections, answers, choice) for choice in choices])
    chunks = iter(lambda: list(islice(orders, CHUNK)), [])
    running: deque[Future[list[PreparedBallot]]] = deque()
    done = 0
    with ProcessPoolExecutor(
        os.cpu_count(), mp_context=get_context("spawn"), initializer=_leave_interrupts
    ) as pool:
        for chunk in islice(chunks, AHEAD):
            running.append(pool.submit(_encrypt_all, chunk))
        while running:
            ballots = running.popleft().result()
            for chunk in islice(chunks, 1):
                running.append(pool.submit(_encrypt_all, chunk))
            for ballot in ballots:
                done += 1
                progress(done, len(choices))
                yield ballot


def one_of(paper: Sequence[CandidateId]) -> dict[CandidateId, tuple[Choices, ...]]:
    """Ballots with one question, in which one candidate of the `paper` is chosen."""
    return {chosen: ([int(one == chosen) for one in paper],) for chosen in paper}


def _order(elections: Elections, answers: Answers, choice: Choice) -> _Order:
    contest, candidate = choice
    return _Order(elections[contest], answers[contest][candidate])


def _encrypt_all(orders: Iterable[_Order]) -> list[PreparedBallot]:
    return [_encrypt(order) for order in orders]


def _encrypt(order: _Order) -> PreparedBallot:
    key = CredentialKey.generate(os.urandom)
    election = parse_election(order.election)
    return PreparedBallot(key, make_ballot(election, key, order.choices, os.urandom))


def _leave_interrupts() -> None:
    """Ctrl-C is for the process that waits for us; it will tell us to end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
