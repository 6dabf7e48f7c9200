"""Ballots: honest ones hold, and no voter gets more than one vote out of one."""

import dataclasses
from collections.abc import Sequence

import pytest

from dauys.core.errors import MalformedError, VerificationError
from dauys.core.ports import RandomSource
from dauys.crypto import answer as answers
from dauys.crypto.answer import Answer, check_answer, make_answer
from dauys.crypto.ballot import (
    ChoiceError,
    CredentialKey,
    check_ballot,
    longest_ballot,
    make_ballot,
    may_choose,
    parse_ballot,
)
from dauys.crypto.ed25519 import IDENTITY, G, Point, Q
from dauys.crypto.elgamal import Ciphertext, encrypt
from dauys.crypto.lists_answer import check_lists_answer, longest_lists_answer
from dauys.crypto.proofs import (
    Opening,
    Proof,
    check_disjunction,
    prove_disjunction,
    prove_knowledge,
)
from dauys.crypto.question import ListsQuestion, Question
from tests.vectors.generate import all_mutations
from tests.vectors.samples import (
    BLANK,
    BLANK_OR_NONE,
    ONE_OF_TEN,
    REFERENDUM,
    SAMPLES,
    SEVERAL,
    TWO_OF_FIVE,
    Sample,
)
from tests.vectors.seeded import ChosenScalars, SeededRandom

Vectors = Sequence[Sequence[int]]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_honest_ballots_hold(sample: Sample) -> None:
    for voter, ballot in enumerate(sample.ballots()):
        check_ballot(ballot, sample.election)
        assert ballot.to_json() == sample.ballot_text(voter)
        assert ballot.credential == sample.key(voter).public


@pytest.mark.parametrize("sample", [BLANK_OR_NONE, SEVERAL], ids=lambda sample: sample.name)
def test_every_change_of_a_ballot_is_refused_by_its_check(sample: Sample) -> None:
    found = 0
    for mutation in all_mutations(sample.ballot_text(0), sample.key(0)):
        with pytest.raises((MalformedError, VerificationError)) as raised:
            check_ballot(parse_ballot(mutation.ballot), sample.election)
        kind = MalformedError if mutation.error == "malformed" else VerificationError
        assert isinstance(raised.value, kind), mutation.name
        assert mutation.what in ("", raised.value.what), mutation.name
        found += 1
    assert found > 150


@pytest.mark.parametrize(
    ("sample", "choices"),
    [
        (ONE_OF_TEN, [[0] * 10]),
        (ONE_OF_TEN, [[1, 1] + [0] * 8]),
        (ONE_OF_TEN, [[2] + [0] * 9]),
        (ONE_OF_TEN, [[-1, 1, 1] + [0] * 7]),
        (ONE_OF_TEN, [[1] + [0] * 8]),
        (ONE_OF_TEN, [[1] + [0] * 10]),
        (ONE_OF_TEN, []),
        (ONE_OF_TEN, [[1] + [0] * 9] * 2),
        (TWO_OF_FIVE, [[1, 1, 1, 0, 0]]),
        (BLANK, [[1, 1, 0, 0]]),
        (BLANK, [[0, 0, 0, 0]]),
        (BLANK, [[0, 1, 1, 1]]),
        (BLANK, [[1, 0, 0]]),
    ],
)
def test_choices_against_the_rules_make_no_ballot(sample: Sample, choices: Vectors) -> None:
    with pytest.raises(ChoiceError):
        make_ballot(sample.election, sample.key(0), choices, SeededRandom(""))


@pytest.mark.parametrize(
    ("sample", "choices", "claim"),
    [
        (ONE_OF_TEN, [[1, 1] + [0] * 8], "overall proof"),
        (ONE_OF_TEN, [[0] * 10], "overall proof"),
        (TWO_OF_FIVE, [[1, 1, 1, 1, 0]], "overall proof"),
        (BLANK, [[1, 1, 0, 0]], "blank proof"),
        (BLANK, [[0, 0, 0, 0]], "overall proof"),
        (BLANK, [[0, 1, 1, 1]], "overall proof"),
    ],
)
def test_voter_who_encrypts_too_much_cannot_prove_it(
    monkeypatch: pytest.MonkeyPatch, sample: Sample, choices: Vectors, claim: str
) -> None:
    # The cheat skips the rules and lies about which branch is true.
    monkeypatch.setattr("dauys.crypto.ballot.is_permitted", lambda *_: True)
    monkeypatch.setattr(answers, "prove_disjunction", _lying_prover)
    text = make_ballot(sample.election, sample.key(0), choices, SeededRandom("cheat"))
    with pytest.raises(VerificationError) as raised:
        check_ballot(parse_ballot(text), sample.election)
    assert raised.value.what == claim


def _lying_prover(
    public_key: Point, prefix: str, openings: Sequence[Opening], _true: int, random: RandomSource
) -> tuple[Proof, ...]:
    honest = [i for i, opening in enumerate(openings) if opening.offset == 0]
    return prove_disjunction(public_key, prefix, openings, honest[0] if honest else 0, random)


@pytest.mark.parametrize("number", [2, 1000])
def test_a_choice_worth_many_votes_cannot_be_proved(number: int) -> None:
    key, r = 7 * G, 11
    ciphertext = encrypt(key, number, r)
    for true in (0, 1):
        openings = [Opening(r, number), Opening(r, number - 1)]
        proofs = prove_disjunction(key, "prove|", openings, true, SeededRandom("x"))
        statements = [ciphertext.minus(0), ciphertext.minus(1)]
        assert not check_disjunction(key, "prove|", statements, proofs)


def test_voter_whose_nonces_cancel_out_still_gets_one_vote() -> None:
    # The sum of the ciphertexts is then (identity, g), which libsodium would not multiply.
    random = ChosenScalars([5, Q - 5], "cancel")
    election = REFERENDUM.election
    ballot = parse_ballot(make_ballot(election, REFERENDUM.key(0), [[0, 1]], random))
    assert sum((c.alpha for c in ballot.answers[0].ciphertexts), IDENTITY) == IDENTITY
    check_ballot(ballot, election)


def test_ballot_of_another_election_is_refused() -> None:
    other = dataclasses.replace(ONE_OF_TEN.election, name="Another")
    (ballot, *_) = ONE_OF_TEN.ballots()
    with pytest.raises(VerificationError, match="election hash"):
        check_ballot(ballot, other)


def test_ballot_for_another_key_is_refused_even_if_the_hash_is_forged() -> None:
    election = ONE_OF_TEN.election
    other = dataclasses.replace(election, public_key=5 * G)
    text = make_ballot(other, ONE_OF_TEN.key(0), ONE_OF_TEN.choices[0], SeededRandom("k"))
    forged = dataclasses.replace(parse_ballot(text), election_hash=election.fingerprint)
    with pytest.raises(VerificationError, match="signature hash"):
        check_ballot(forged, election)


def test_answer_copied_under_another_credential_is_refused() -> None:
    # Ballot copying: the thief signs somebody's answer with an own key.
    victim = ONE_OF_TEN.ballots()[0]
    election = ONE_OF_TEN.election
    thief = CredentialKey.generate(SeededRandom("thief"))
    text = make_ballot(election, thief, ONE_OF_TEN.choices[0], SeededRandom("thief 2"))
    copied = dataclasses.replace(parse_ballot(text), answers=victim.answers)
    prefix = f"sig|{copied.signed_hash()}|"
    proof = prove_knowledge(thief.secret, prefix, SeededRandom("sign"))
    resigned = dataclasses.replace(copied.signature, hash=copied.signed_hash(), proof=proof)
    with pytest.raises(VerificationError, match="individual proof"):
        check_ballot(dataclasses.replace(copied, signature=resigned), election)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_no_ballot_is_longer_than_the_longest(sample: Sample) -> None:
    longest = len(longest_ballot(sample.election))
    for voter in range(len(sample.choices)):
        text = sample.ballot_text(voter)
        assert text.isascii()
        assert 0.98 * longest < len(text) <= longest


def test_secret_does_not_show() -> None:
    key = ONE_OF_TEN.key(0)
    assert str(key.secret) not in repr(key)
    assert "12345" not in repr(Opening(12345, 1))


def test_credential_of_zero_is_refused() -> None:
    with pytest.raises(MalformedError):
        CredentialKey.parse("0")


def test_credential_drawn_as_zero_is_drawn_again() -> None:
    draws = iter([bytes(64), bytes(63) + b"\x05"])
    assert CredentialKey.generate(lambda _: next(draws)).secret == 5


def test_blank_and_chosen_answers_look_the_same_from_outside() -> None:
    texts = [BLANK.ballot_text(voter) for voter in range(3)]
    shapes = [
        [
            (len(a.choices), len(a.overall_proof))
            for a in parse_ballot(t).answers
            if isinstance(a, Answer)
        ]
        for t in texts
    ]
    assert shapes[0] == shapes[1] == shapes[2]


@pytest.mark.parametrize("rows", [((),), ((), ("A", "a")), ()], ids=["empty", "beside", "none"])
def test_lists_that_nobody_can_choose_have_no_valid_answer(
    rows: tuple[tuple[str, ...], ...],
) -> None:
    question = ListsQuestion(rows, "?")
    choice, proof = Ciphertext(G, 2 * G), Proof(0, 0)
    assert not may_choose(question, [[1] * len(row) for row in rows])
    answer = longest_lists_answer(question, choice, proof)
    with pytest.raises(VerificationError):
        check_lists_answer(question, 3 * G, "S0", answer, "answer 1")


def test_nothing_is_proved_by_no_branch_at_all() -> None:
    question = Question(("a",), 2, 1, "?")
    answer = make_answer(Question(("a",), 1, 1, "?"), 3 * G, "S0", [1], SeededRandom("none"))
    with pytest.raises(VerificationError, match="shape"):
        check_answer(question, 3 * G, "S0", answer, "answer 1")
    empty = dataclasses.replace(answer, overall_proof=())
    with pytest.raises(VerificationError, match="overall proof"):
        check_answer(question, 3 * G, "S0", empty, "answer 1")
