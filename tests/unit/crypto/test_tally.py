"""Sums, decryption by all trustees, and results: right, or refused."""

import dataclasses
import json
import time
from collections.abc import Sequence

import pytest

from dauys.core.errors import MalformedError, VerificationError
from dauys.crypto.ballot import Choices
from dauys.crypto.ed25519 import G, Point, Q
from dauys.crypto.rows import grouped
from dauys.crypto.tally import (
    DiscreteLog,
    EncryptedTally,
    PartialDecryption,
    ResultRow,
    check_partial_decryption,
    check_result,
    combine,
    decrypt_partially,
    discrete_log,
    parse_result,
    result_to_json,
    sum_ballots,
)
from tests.vectors.mutations import IDENTITY, print_tree
from tests.vectors.samples import BLANK, LIST_SAMPLES, ONE_OF_TEN, SAMPLES, SEVERAL, Sample
from tests.vectors.seeded import SeededRandom


def parts(sample: Sample, tally: EncryptedTally) -> list[PartialDecryption]:
    """Decryptions by all trustees, checked."""
    found = []
    for i, key in enumerate(sample.trustees):
        random = SeededRandom(f"decryption {i}")
        partial = decrypt_partially(sample.election, tally, key, random)
        check_partial_decryption(sample.election, tally, key.public, partial)
        found.append(partial)
    return found


def added(choices: Sequence[Choices]) -> ResultRow:
    """Sum of what was chosen, place by place, list by list."""
    vectors = [
        [bit for group in one for bit in ((group,) if isinstance(group, int) else group)]
        for one in choices
    ]
    sums = tuple(map(sum, zip(*vectors, strict=True)))
    sizes = [len(group) for group in choices[0] if not isinstance(group, int)]
    return grouped(sums, sizes) if sizes else sums


@pytest.mark.parametrize("sample", [*SAMPLES, *LIST_SAMPLES], ids=lambda sample: sample.name)
def test_result_is_the_sum_of_the_choices(sample: Sample) -> None:
    tally = sum_ballots(sample.election, sample.ballots())
    result = combine(sample.election, tally, parts(sample, tally), len(sample.choices))
    expected = tuple(added(choices) for choices in zip(*sample.choices, strict=True))
    assert result == expected
    check_result(tally, parts(sample, tally), expected)


def test_weights_multiply() -> None:
    tally = sum_ballots(SEVERAL.election, SEVERAL.ballots(), [3, 10])
    result = combine(SEVERAL.election, tally, parts(SEVERAL, tally), 13)
    assert result == ((3, 10), (10, 0, 3), (3,))


def test_no_ballots_count_to_zero() -> None:
    tally = sum_ballots(BLANK.election, [])
    assert tally.to_json().count(IDENTITY) == 8
    assert combine(BLANK.election, tally, parts(BLANK, tally), 0) == ((0, 0, 0, 0),)


def test_ballot_of_another_shape_is_not_summed() -> None:
    with pytest.raises(VerificationError, match="shape"):
        sum_ballots(BLANK.election, ONE_OF_TEN.ballots())


def test_missing_trustee_gives_no_result() -> None:
    tally = sum_ballots(BLANK.election, BLANK.ballots())
    found = parts(BLANK, tally)
    for incomplete in (found[:1], found[1:], [found[0], found[0]], []):
        with pytest.raises(VerificationError, match="result"):
            combine(BLANK.election, tally, incomplete, 3)


def test_result_with_a_moved_vote_is_refused() -> None:
    tally = sum_ballots(BLANK.election, BLANK.ballots())
    with pytest.raises(VerificationError, match="result"):
        check_result(tally, parts(BLANK, tally), ((1, 1, 1, 0),))
    with pytest.raises(VerificationError, match="shape"):
        check_result(tally, parts(BLANK, tally), ((1, 1, 1),))


def test_trustee_who_decrypts_falsely_is_found_out() -> None:
    tally = sum_ballots(BLANK.election, BLANK.ballots())
    key = BLANK.trustees[0]
    honest = parts(BLANK, tally)[0]
    false_factor = (honest.factors[0][0] + G, *honest.factors[0][1:])
    swapped = (honest.proofs[0][1], honest.proofs[0][0], *honest.proofs[0][2:])
    for partial in (
        dataclasses.replace(honest, factors=(false_factor,)),
        dataclasses.replace(honest, proofs=(swapped,)),
    ):
        with pytest.raises(VerificationError, match="decryption proof"):
            check_partial_decryption(BLANK.election, tally, key.public, partial)


def test_decryption_of_another_tally_trustee_or_election_is_refused() -> None:
    tally = sum_ballots(BLANK.election, BLANK.ballots())
    fewer = sum_ballots(BLANK.election, BLANK.ballots()[:1])
    other_election = dataclasses.replace(BLANK.election, name="Another")
    first, second = (key.public for key in BLANK.trustees)
    partial = parts(BLANK, tally)[0]
    for election, summed, trustee in (
        (BLANK.election, fewer, first),
        (BLANK.election, tally, second),
        (other_election, tally, first),
    ):
        with pytest.raises(VerificationError, match="decryption proof"):
            check_partial_decryption(election, summed, trustee, partial)


def test_decryption_of_another_shape_is_refused() -> None:
    tally = sum_ballots(BLANK.election, BLANK.ballots())
    partial = parts(BLANK, tally)[0]
    shorter = PartialDecryption((partial.factors[0][1:],), (partial.proofs[0][1:],))
    with pytest.raises(VerificationError, match="shape"):
        check_partial_decryption(BLANK.election, tally, BLANK.trustees[0].public, shorter)


def test_tally_and_decryption_print_back() -> None:
    tally = sum_ballots(SEVERAL.election, SEVERAL.ballots())
    assert EncryptedTally.parse(tally.to_json()) == tally
    for partial in parts(SEVERAL, tally):
        assert PartialDecryption.parse(partial.to_json()) == partial


@pytest.mark.parametrize("text", ["", "[", "{}", "[[{}]]", '[[{"alpha":"","beta":""}]]', "[[]] "])
def test_other_forms_of_a_tally_are_refused(text: str) -> None:
    with pytest.raises(MalformedError):
        EncryptedTally.parse(text)


def test_other_forms_of_a_decryption_are_refused() -> None:
    tally = sum_ballots(BLANK.election, BLANK.ballots())
    text = parts(BLANK, tally)[0].to_json()
    fields = json.loads(text)
    reordered = dict(reversed(fields.items()))
    for changed in (text + " ", json.dumps(fields), "[]", "{}", print_tree(reordered)):
        with pytest.raises(MalformedError):
            PartialDecryption.parse(changed)


@pytest.mark.parametrize("number", [0, 1, 2**30 - 1, 2**30, 10**11])
def test_numbers_of_a_result_are_written_as_belenios_does(number: int) -> None:
    printed = f'"{number}"' if number >= 2**30 else str(number)
    assert result_to_json(((number, 0),)) == f'{{"result":[[{printed},0]]}}'
    assert parse_result(result_to_json(((number, 0),))) == ((number, 0),)


@pytest.mark.parametrize(
    "text",
    [
        '{"result":[["1"]]}',
        '{"result":[[1073741824]]}',
        '{"result":[[-1]]}',
        '{"result":[[1.0]]}',
        '{"result":[[true]]}',
        '{"result":[[01]]}',
        '{"result":[[1]]} ',
        '{"result":[1]}',
        '{"result":[[1]],"result":[[1]]}',
    ],
)
def test_other_forms_of_a_result_are_refused(text: str) -> None:
    with pytest.raises(MalformedError):
        parse_result(text)


@pytest.mark.parametrize("bound", [0, 1, 2, 3, 4, 8, 9, 10, 99, 100, 101])
def test_logarithms_are_found_up_to_the_bound_and_no_further(bound: int) -> None:
    for number in {0, 1, bound // 2, max(bound - 1, 0), bound}:
        if number <= bound:
            assert discrete_log(number * G, bound) == number
    for outside in (bound + 1, bound + 50, Q - 1):
        with pytest.raises(VerificationError, match="result"):
            discrete_log(outside * G, bound)


def test_logarithm_of_a_stranger_is_not_invented() -> None:
    with pytest.raises(VerificationError):
        discrete_log(Point.parse((2**200 * G).hex()), 10_000)


def test_logarithms_of_a_sum_of_ten_million_take_less_than_two_seconds() -> None:
    weight = 10_000_000
    begun = time.process_time()
    logarithms = DiscreteLog(weight)
    for number in (weight, weight - 1, weight // 2, 3163, 3162, 0):
        assert logarithms.of(number * G) == number
    assert time.process_time() - begun < 2
