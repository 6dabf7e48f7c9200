"""Whole elections in archives, the same bytes each time: what mutations are made of."""

from dauys.crypto.ballot import Choices, make_ballot, parse_ballot
from dauys.crypto.belenios_archive import ArchiveContents, OwnedPartialDecryption, SizedTally
from dauys.crypto.tally import combine, decrypt_partially, result_to_json, sum_ballots
from dauys.crypto.trustees import trustees_to_json
from tests.vectors.samples import Sample
from tests.vectors.seeded import SeededRandom

TIMESTAMP = 1_596_513_600


def finished(
    sample: Sample, voters: int, weights: tuple[int, ...] = (), revotes: tuple[int, ...] = ()
) -> ArchiveContents:
    """An election of `voters`, who choose as those of the sample in turn; some vote again."""
    weights = weights or (1,) * voters
    keys = [sample.key(voter) for voter in range(voters)]
    cast = [
        (voter, make_ballot(sample.election, keys[voter], _choices(sample, i), _random(sample, i)))
        for i, voter in enumerate((*range(voters), *revotes))
    ]
    last = dict(cast)
    ballots = [parse_ballot(text) for text in last.values()]
    counted = [weights[voter] for voter in last]
    tally = sum_ballots(sample.election, ballots, counted)
    parts = [
        decrypt_partially(sample.election, tally, key, SeededRandom(f"{sample.name} part {i}"))
        for i, key in enumerate(sample.trustees)
    ]
    total = sum(counted)
    return ArchiveContents(
        timestamp=TIMESTAMP,
        election=sample.election.to_json(),
        trustees=trustees_to_json([key.public for key in sample.trustees]),
        credentials=tuple(
            key.public if weight == 1 else f"{key.public},{weight}"
            for key, weight in zip(keys, weights, strict=True)
        ),
        ballots=tuple(text for _, text in cast),
        ended=True,
        tally=SizedTally(len(last), total, tally.to_json()),
        partial_decryptions=tuple(
            OwnedPartialDecryption(i, part.to_json()) for i, part in enumerate(parts, start=1)
        ),
        result=result_to_json(combine(sample.election, tally, parts, total)),
    )


def _choices(sample: Sample, i: int) -> tuple[Choices, ...]:
    return sample.choices[i % len(sample.choices)]


def _random(sample: Sample, i: int) -> SeededRandom:
    return SeededRandom(f"{sample.name} archive ballot {i}")
