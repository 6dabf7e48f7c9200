"""Encrypts the ballots of a simulation on all cores, before anyone casts them."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context

from dauys.core.ids import CandidateId, ContestId
from dauys.crypto.ballot import CredentialKey, make_ballot
from dauys.crypto.election import parse_election

Choice = tuple[ContestId, CandidateId]
CHUNK = 16


@dataclass(frozen=True, slots=True)
class PreparedBallot:
    """A ballot encrypted beforehand: it depends on the key and the choice, not on the permit."""

    key: CredentialKey
    text: str = field(repr=False)


def prepare_ballots(
    elections: Mapping[ContestId, str],
    papers: Mapping[ContestId, Sequence[CandidateId]],
    choices: Sequence[Choice],
    progress: Callable[[int, int], None],
) -> Iterator[PreparedBallot]:
    """A ballot for each choice, in order, under keys of their own."""
    work = [
        (elections[contest], papers[contest].index(candidate), len(papers[contest]))
        for contest, candidate in choices
    ]
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        for done, ballot in enumerate(pool.map(_encrypt, work, chunksize=CHUNK), 1):
            progress(done, len(work))
            yield ballot


def encrypt(election: str, chosen: int, width: int) -> PreparedBallot:
    """A ballot for the candidate at place `chosen` of `width`, under a fresh key."""
    key = CredentialKey.generate(os.urandom)
    choice = [[int(place == chosen) for place in range(width)]]
    return PreparedBallot(key, make_ballot(parse_election(election), key, choice, os.urandom))


def _encrypt(work: tuple[str, int, int]) -> PreparedBallot:
    return encrypt(*work)
