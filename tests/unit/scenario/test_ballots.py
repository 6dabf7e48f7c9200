"""Ballots are encrypted ahead, handed out once each, and for whom they were asked."""

import os
from collections import Counter

import pytest

from dauys.core.ids import CandidateId, ContestId
from dauys.crypto.ballot import check_ballot, parse_ballot
from dauys.crypto.election import ElectionParameters, new_uuid, parse_election
from dauys.crypto.question import Question
from dauys.crypto.tally import combine, decrypt_partially, sum_ballots
from dauys.crypto.trustees import TrusteeKey
from dauys.scenario.ballots import AHEAD, CHUNK, BallotStock, Choice, one_of, prepare_ballots

CONTEST = ContestId("council")
PAPER = tuple(CandidateId(name) for name in ("a", "b", "c"))
TRUSTEE = TrusteeKey.generate(os.urandom)


@pytest.fixture(scope="module")
def election() -> str:
    return ElectionParameters(
        description="",
        name="Council",
        public_key=TRUSTEE.public.public_key,
        questions=(Question(PAPER, 1, 1, "Who?"),),
        uuid=new_uuid(os.urandom),
    ).to_json()


def test_a_stock_gives_what_is_asked_for_beyond_what_it_expected_too(election: str) -> None:
    expected: list[Choice] = [(CONTEST, PAPER[0]), (CONTEST, PAPER[1])]
    asked = [PAPER[1], PAPER[0], PAPER[2], PAPER[0]]
    stock = BallotStock({CONTEST: election}, {CONTEST: one_of(PAPER)}, expected)
    taken = [stock.take(CONTEST, candidate) for candidate in asked]
    assert len({ballot.key.public for ballot in taken}) == len(asked)
    parameters = parse_election(election)
    ballots = [parse_ballot(ballot.text) for ballot in taken]
    for prepared, ballot in zip(taken, ballots, strict=True):
        check_ballot(ballot, parameters)
        assert ballot.credential == prepared.key.public
    total = sum_ballots(parameters, ballots)
    part = decrypt_partially(parameters, total, TRUSTEE, os.urandom)
    votes = Counter(asked)
    (counted,) = combine(parameters, total, [part], len(ballots))
    assert list(counted) == [votes[candidate] for candidate in PAPER]


def test_no_more_is_made_than_a_little_ahead(election: str) -> None:
    many: list[Choice] = [(CONTEST, PAPER[0])] * (CHUNK * AHEAD * 100)
    coming = prepare_ballots({CONTEST: election}, {CONTEST: one_of(PAPER)}, many)
    next(coming)
    coming.close()  # would otherwise last for minutes


def test_progress_is_told_of_every_ballot(election: str) -> None:
    told: list[tuple[int, int]] = []
    choices: list[Choice] = [(CONTEST, PAPER[1])] * 3
    made = prepare_ballots(
        {CONTEST: election},
        {CONTEST: one_of(PAPER)},
        choices,
        lambda done, of: told.append((done, of)),
    )
    assert len(list(made)) == len(choices)
    assert told == [(done, len(choices)) for done in range(1, len(choices) + 1)]
