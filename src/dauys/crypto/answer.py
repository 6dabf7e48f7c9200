"""An encrypted answer to a homomorphic question, with the proofs that it is a permitted one.

Specification 3.0, section 4.11.1. Every choice is proved to be 0 or 1 (individual
proofs) and their sum to be permitted (overall proof). Where a blank vote is allowed,
choice 0 says whether the vote is blank; then the blank proof shows "not blank, or nothing
chosen" and the overall proof "blank, or a permitted number chosen".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

from dauys.core.errors import DauysError
from dauys.core.ports import RandomSource
from dauys.crypto.belenios_json import array, join, members
from dauys.crypto.ed25519 import ED25519, Point, Q, random_scalar
from dauys.crypto.elgamal import Ciphertext, encrypt, total
from dauys.crypto.group import Element, Group
from dauys.crypto.proofs import (
    Opening,
    Proof,
    check_disjunction,
    prove_disjunction,
    require,
)
from dauys.crypto.question import Question

_WHAT: Final = "answer"
BITS: Final = (0, 1)


class ChoiceError(DauysError):
    """The voter's choices are not permitted; says which question, never what was chosen."""

    def __init__(self, question: int) -> None:
        """`question` is its index."""
        super().__init__(f"choices for question {question + 1} are not permitted")
        self.question = question


@dataclass(frozen=True, slots=True)
class Answer:
    """Ciphertexts, one per choice, and their proofs."""

    choices: tuple[Ciphertext, ...]
    individual_proofs: tuple[tuple[Proof, ...], ...]
    overall_proof: tuple[Proof, ...]
    blank_proof: tuple[Proof, ...] | None

    @property
    def ciphertexts(self) -> tuple[Ciphertext, ...]:
        """All that is summed."""
        return self.choices

    @classmethod
    def parse(cls, value: object, group: Group) -> Self:
        """Read one answer of any shape. Raises MalformedError."""
        names = ("choices", "individual_proofs", "overall_proof")
        fields = members(value, _WHAT, names, ("blank_proof",))
        return cls(
            choices=parse_choices(fields["choices"], group),
            individual_proofs=tuple(
                parse_proofs(proofs, group) for proofs in array(fields["individual_proofs"], _WHAT)
            ),
            overall_proof=parse_proofs(fields["overall_proof"], group),
            blank_proof=(
                parse_proofs(fields["blank_proof"], group) if "blank_proof" in fields else None
            ),
        )

    def to_json(self) -> str:
        """Print in the field order of the specification."""
        blank = (
            "" if self.blank_proof is None else f',"blank_proof":{print_proofs(self.blank_proof)}'
        )
        return (
            f'{{"choices":{join(choice.to_json() for choice in self.choices)},'
            f'"individual_proofs":{join(map(print_proofs, self.individual_proofs))},'
            f'"overall_proof":{print_proofs(self.overall_proof)}{blank}}}'
        )


def is_permitted(question: Question, choices: Sequence[int]) -> bool:
    """Whether the 0/1 vector `choices` answers `question`; choice 0 is the blank if allowed."""
    if len(choices) != question.width or any(choice not in BITS for choice in choices):
        return False
    if question.blank and choices[0]:
        return not any(choices[1:])
    return question.minimum <= sum(choices) <= question.maximum


def make_answer(
    question: Question,
    public_key: Point,
    context: str,
    choices: Sequence[int],
    random: RandomSource,
) -> Answer:
    """Encrypt permitted `choices` and prove them; `context` is S0.

    Draws r of every choice, then the individual proofs in order, then the blank proof if
    any, then the overall proof.
    """
    secrets = [random_scalar(random) for _ in choices]
    ciphertexts = tuple(
        encrypt(public_key, choice, r) for choice, r in zip(choices, secrets, strict=True)
    )
    openings = [Opening(r, choice) for r, choice in zip(secrets, choices, strict=True)]
    individual = tuple(
        prove_bit(public_key, context, ciphertext, opening, random)
        for ciphertext, opening in zip(ciphertexts, openings, strict=True)
    )
    whole = whole_context(context, ciphertexts)
    if question.blank:
        blank, overall = _prove_with_blank(question, public_key, whole, openings, random)
        return Answer(ciphertexts, individual, overall, blank)
    opened = sum_openings(openings)
    prefix = interval_prefix(whole, total(ciphertexts, ED25519))
    place = opened.offset - question.minimum
    interval = _interval_openings(question, opened)
    overall = prove_disjunction(public_key, prefix, interval, place, random)
    return Answer(ciphertexts, individual, overall, None)


def prove_bit(
    public_key: Point, context: str, ciphertext: Ciphertext, opening: Opening, random: RandomSource
) -> tuple[Proof, ...]:
    """Individual proof that `ciphertext`, which opens to `opening`, encrypts 0 or 1."""
    bit = opening.offset
    cases = [Opening(opening.randomness, bit - other) for other in BITS]
    return prove_disjunction(public_key, interval_prefix(context, ciphertext), cases, bit, random)


def check_bit(
    public_key: Element, context: str, ciphertext: Ciphertext, proofs: Sequence[Proof]
) -> bool:
    """Whether `proofs`, two of them, show that `ciphertext` encrypts 0 or 1."""
    cases = [ciphertext.minus(bit) for bit in BITS]
    return check_disjunction(public_key, interval_prefix(context, ciphertext), cases, proofs)


def _prove_with_blank(
    question: Question,
    public_key: Point,
    whole: str,
    openings: Sequence[Opening],
    random: RandomSource,
) -> tuple[tuple[Proof, ...], tuple[Proof, ...]]:
    """Blank proof and overall proof. Specification 3.0, section 4.13."""
    first, others = openings[0], sum_openings(openings[1:])
    is_blank = first.offset
    blank = prove_disjunction(public_key, f"bproof0|{whole}|", [first, others], is_blank, random)
    cases = [Opening(first.randomness, is_blank - 1), *_interval_openings(question, others)]
    true = 0 if is_blank else 1 + others.offset - question.minimum
    overall = prove_disjunction(public_key, f"bproof1|{whole}|", cases, true, random)
    return blank, overall


def sum_openings(openings: Sequence[Opening]) -> Opening:
    """What the sum of the ciphertexts opens to; of none, 0 with randomness 0."""
    return Opening(sum(o.randomness for o in openings) % Q, sum(o.offset for o in openings))


def _interval_openings(question: Question, whole: Opening) -> list[Opening]:
    """The statements "the sum is M", for every permitted M."""
    return [
        Opening(whole.randomness, whole.offset - number)
        for number in range(question.minimum, question.maximum + 1)
    ]


def check_answer(
    question: Question, public_key: Element, context: str, answer: Answer, where: str
) -> None:
    """Check shape and proofs. Raises VerificationError naming the proof; `where` is added."""
    _check_shape(question, answer, where)
    for i, (choice, proofs) in enumerate(
        zip(answer.choices, answer.individual_proofs, strict=True), start=1
    ):
        holds = check_bit(public_key, context, choice, proofs)
        require(holds, "individual proof", f"{where}, choice {i}")
    chosen = total(answer.choices[int(question.blank) :], public_key.group)
    whole = whole_context(context, answer.choices)
    statements = [chosen.minus(n) for n in range(question.minimum, question.maximum + 1)]
    if answer.blank_proof is None:
        prefix = interval_prefix(whole, chosen)
    else:
        prefix = f"bproof1|{whole}|"
        is_blank = answer.choices[0]
        holds = check_disjunction(
            public_key, f"bproof0|{whole}|", [is_blank, chosen], answer.blank_proof
        )
        require(holds, "blank proof", where)
        statements.insert(0, is_blank.minus(1))
    holds = check_disjunction(public_key, prefix, statements, answer.overall_proof)
    require(holds, "overall proof", where)


def longest_answer(question: Question, choice: Ciphertext, proof: Proof) -> Answer:
    """An answer of the shape of `question` of the same parts throughout; for its length."""
    branches = _overall_branches(question)
    return Answer(
        choices=(choice,) * question.width,
        individual_proofs=((proof,) * len(BITS),) * question.width,
        overall_proof=(proof,) * branches,
        blank_proof=(proof,) * len(BITS) if question.blank else None,
    )


def _check_shape(question: Question, answer: Answer, where: str) -> None:
    width = question.width
    require(len(answer.choices) == width, "shape", f"{where}: not {width} choices")
    require(
        [len(proofs) for proofs in answer.individual_proofs] == [len(BITS)] * width,
        "shape",
        f"{where}: not {width} individual proofs of {len(BITS)}",
    )
    branches = _overall_branches(question)
    require(
        len(answer.overall_proof) == branches,
        "shape",
        f"{where}: overall proof is not of {branches}",
    )
    if answer.blank_proof is None:
        require(not question.blank, "shape", f"{where}: no blank proof")
    else:
        require(question.blank, "shape", f"{where}: blank proof for a question without blank")
        require(len(answer.blank_proof) == len(BITS), "shape", f"{where}: blank proof is not of 2")


def interval_prefix(context: str, ciphertext: Ciphertext) -> str:
    """What is hashed before the commitments of an individual or overall proof."""
    return f"prove|{context}|{ciphertext.alpha.text()},{ciphertext.beta.text()}|"


def _overall_branches(question: Question) -> int:
    return question.branches + question.blank


def whole_context(context: str, choices: Sequence[Ciphertext]) -> str:
    """S = S0 | all alphas and betas, joined by commas."""
    points = ",".join([f"{choice.alpha.text()},{choice.beta.text()}" for choice in choices])
    return f"{context}|{points}"


def parse_choices(value: object, group: Group) -> tuple[Ciphertext, ...]:
    """Read an array of ciphertexts. Raises MalformedError."""
    return tuple(Ciphertext.parse(choice, group) for choice in array(value, _WHAT))


def parse_proofs(value: object, group: Group) -> tuple[Proof, ...]:
    """Read an array of proofs. Raises MalformedError."""
    return tuple(Proof.parse(proof, group) for proof in array(value, _WHAT))


def print_proofs(proofs: Sequence[Proof]) -> str:
    """Print as `parse_proofs` reads."""
    return join(proof.to_json() for proof in proofs)
