"""An encrypted answer to a lists question: one list, and candidates of that list alone.

Specification 3.0, sections 4.11.3, 4.14 and 4.15. Of every list a choice says whether it
is chosen, and one for each candidate follows. Every choice is proved to be 0 or 1
(individual proofs); one list to be chosen (overall proof); of each list, that it is the
chosen one or none of its candidates is (list proof); and that some candidate is chosen
(nonzero proof).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final, Self, TypeVar

from dauys.core.errors import MalformedError
from dauys.core.ports import RandomSource
from dauys.crypto.answer import (
    BITS,
    check_bit,
    interval_prefix,
    parse_choices,
    parse_proofs,
    print_proofs,
    prove_bit,
    sum_openings,
    whole_context,
)
from dauys.crypto.belenios_json import array, join, members
from dauys.crypto.ed25519 import (
    ED25519,
    G,
    Point,
    add_product,
    as_point,
    hash_to_scalar,
    random_scalar,
    random_secret,
    subtract_product,
)
from dauys.crypto.elgamal import Ciphertext, encrypt, total
from dauys.crypto.group import Element, Group
from dauys.crypto.proofs import Opening, Proof, check_disjunction, prove_disjunction, require
from dauys.crypto.question import ListsQuestion
from dauys.crypto.rows import grouped

_WHAT: Final = "answer"
_NAMES: Final = ("choices", "individual_proofs", "overall_proof", "list_proofs", "nonzero_proof")

T = TypeVar("T")
Grouped = tuple[tuple[T, ...], ...]
"""Something for each choice, list by list."""


@dataclass(frozen=True, slots=True)
class NonzeroProof:
    """That a ciphertext does not encrypt 0. Specification 3.0, section 4.15."""

    commitment: Element
    """A0 = s*m*g for a random s: the identity only if m = 0."""
    challenge: int
    response: tuple[int, int]
    """t1 and t2."""

    @classmethod
    def parse(cls, value: object, group: Group) -> Self:
        """Read one proof. Raises MalformedError."""
        fields = members(value, "nonzero proof", ("commitment", "challenge", "response"))
        response = array(fields["response"], "nonzero proof")
        if len(response) != 2:  # t1 and t2
            raise MalformedError("nonzero proof", "not two responses")
        return cls(
            # The identity is well formed: that it shows nothing is for the check to say.
            group.parse(fields["commitment"], allow_identity=True),
            group.parse_scalar(fields["challenge"]),
            (group.parse_scalar(response[0]), group.parse_scalar(response[1])),
        )

    def to_json(self) -> str:
        """Print in the field order of the specification."""
        t1, t2 = self.response
        return (
            f'{{"commitment":"{self.commitment.text()}","challenge":"{self.challenge}",'
            f'"response":["{t1}","{t2}"]}}'
        )


@dataclass(frozen=True, slots=True)
class ListsAnswer:
    """Ciphertexts, list by list, and their proofs."""

    choices: Grouped[Ciphertext]
    individual_proofs: tuple[Grouped[Proof], ...]
    overall_proof: Proof
    list_proofs: Grouped[Proof]
    nonzero_proof: NonzeroProof

    @property
    def ciphertexts(self) -> tuple[Ciphertext, ...]:
        """All that is summed, list after list."""
        return tuple(chain.from_iterable(self.choices))

    @classmethod
    def parse(cls, value: object, group: Group) -> Self:
        """Read one answer of any shape. Raises MalformedError."""
        fields = members(value, _WHAT, _NAMES)
        return cls(
            choices=tuple(parse_choices(row, group) for row in array(fields["choices"], _WHAT)),
            individual_proofs=tuple(
                tuple(parse_proofs(proofs, group) for proofs in array(row, _WHAT))
                for row in array(fields["individual_proofs"], _WHAT)
            ),
            overall_proof=Proof.parse(fields["overall_proof"], group),
            list_proofs=tuple(
                parse_proofs(proofs, group) for proofs in array(fields["list_proofs"], _WHAT)
            ),
            nonzero_proof=NonzeroProof.parse(fields["nonzero_proof"], group),
        )

    def to_json(self) -> str:
        """Print in the field order of the specification."""
        choices = join(join(c.to_json() for c in row) for row in self.choices)
        individual = join(join(map(print_proofs, row)) for row in self.individual_proofs)
        return (
            f'{{"choices":{choices},"individual_proofs":{individual},'
            f'"overall_proof":{self.overall_proof.to_json()},'
            f'"list_proofs":{join(map(print_proofs, self.list_proofs))},'
            f'"nonzero_proof":{self.nonzero_proof.to_json()}}}'
        )


def is_permitted_on_lists(question: ListsQuestion, choices: Sequence[Sequence[int]]) -> bool:
    """Whether `choices`, for each list its own bit and its candidates', answer `question`."""
    if tuple(map(len, choices)) != question.sizes or not all(question.sizes):
        return False
    if any(bit not in BITS for row in choices for bit in row):
        return False
    chosen = [row for row in choices if row[0]]
    return (
        len(chosen) == 1
        and all(row in chosen or not any(row) for row in choices)
        and any(chosen[0][1:])
    )


def make_lists_answer(
    question: ListsQuestion,
    public_key: Point,
    context: str,
    choices: Sequence[Sequence[int]],
    random: RandomSource,
) -> ListsAnswer:
    """Encrypt permitted `choices` and prove them; `context` is S0.

    Draws r of every choice, list after list; the individual proofs in that order; the
    overall proof; each list's proof; the nonzero proof.
    """
    bits = list(chain.from_iterable(choices))
    secrets = [random_scalar(random) for _ in bits]
    ciphertexts = [encrypt(public_key, bit, r) for bit, r in zip(bits, secrets, strict=True)]
    opened = [Opening(r, bit) for r, bit in zip(secrets, bits, strict=True)]
    individual = [
        prove_bit(public_key, context, ciphertext, opening, random)
        for ciphertext, opening in zip(ciphertexts, opened, strict=True)
    ]
    sizes = question.sizes
    rows, openings = grouped(ciphertexts, sizes), grouped(opened, sizes)
    whole = whole_context(context, ciphertexts)
    chosen = sum_openings([row[0] for row in openings])
    one = Opening(chosen.randomness, chosen.offset - 1)
    prefix = interval_prefix(whole, total((row[0] for row in rows), ED25519))
    (overall,) = prove_disjunction(public_key, prefix, [one], 0, random)
    return ListsAnswer(
        choices=rows,
        individual_proofs=grouped(individual, sizes),
        overall_proof=overall,
        list_proofs=tuple(_prove_list(public_key, whole, row, random) for row in openings),
        nonzero_proof=_prove_nonzero(
            public_key,
            whole,
            total(chain.from_iterable(row[1:] for row in rows), ED25519),
            sum_openings([opening for row in openings for opening in row[1:]]),
            random,
        ),
    )


def _prove_list(
    public_key: Point, whole: str, row: Sequence[Opening], random: RandomSource
) -> tuple[Proof, ...]:
    """That the list is chosen, or none of its candidates is. Specification 3.0, section 4.14."""
    own, candidates = row[0], sum_openings(row[1:])
    cases = [Opening(own.randomness, own.offset - 1), candidates]
    return prove_disjunction(public_key, _list_prefix(whole), cases, 1 - own.offset, random)


def _prove_nonzero(
    public_key: Point, whole: str, chosen: Ciphertext, opening: Opening, random: RandomSource
) -> NonzeroProof:
    """That `chosen` does not encrypt 0. Draws s, then w1 and w2. Section 4.15."""
    alpha, beta = as_point(chosen.alpha), as_point(chosen.beta)
    s = random_secret(random)
    masked = add_product(0, s, opening.randomness)
    commitment = s * beta - masked * public_key
    w1, w2 = random_scalar(random), random_scalar(random)
    commitments = (w1 * alpha + w2 * G, w1 * beta + w2 * public_key)
    challenge = hash_to_scalar(_nonzero_prefix(whole), (commitment, *commitments))
    response = subtract_product(w1, s, challenge), add_product(w2, masked, challenge)
    return NonzeroProof(commitment, challenge, response)


def check_lists_answer(
    question: ListsQuestion, public_key: Element, context: str, answer: ListsAnswer, where: str
) -> None:
    """Check shape and proofs. Raises VerificationError naming the proof; `where` is added."""
    _check_shape(question, answer, where)
    rows, group = answer.choices, public_key.group
    for i, (row, row_proofs) in enumerate(zip(rows, answer.individual_proofs, strict=True), 1):
        for j, (choice, proofs) in enumerate(zip(row, row_proofs, strict=True)):
            holds = check_bit(public_key, context, choice, proofs)
            require(holds, "individual proof", f"{where}, list {i}, choice {j}")
    whole = whole_context(context, answer.ciphertexts)
    chosen = total((row[0] for row in rows), group)
    prefix = interval_prefix(whole, chosen)
    holds = check_disjunction(public_key, prefix, [chosen.minus(1)], [answer.overall_proof])
    require(holds, "overall proof", where)
    for i, (row, proofs) in enumerate(zip(rows, answer.list_proofs, strict=True), 1):
        statements = [row[0].minus(1), total(row[1:], group)]
        holds = check_disjunction(public_key, _list_prefix(whole), statements, proofs)
        require(holds, "list proof", f"{where}, list {i}")
    candidates = total(chain.from_iterable(row[1:] for row in rows), group)
    holds = _is_nonzero(public_key, whole, candidates, answer.nonzero_proof)
    require(holds, "nonzero proof", where)


def _is_nonzero(public_key: Element, whole: str, chosen: Ciphertext, proof: NonzeroProof) -> bool:
    """Whether `proof` shows that `chosen` does not encrypt 0."""
    group = public_key.group
    if proof.commitment == group.identity:
        return False
    t1, t2 = proof.response
    masked = proof.challenge * proof.commitment
    commitments = (
        t1 * chosen.alpha + t2 * group.generator,
        t1 * chosen.beta + t2 * public_key + masked,
    )
    hashed = group.hash_to_scalar(_nonzero_prefix(whole), (proof.commitment, *commitments))
    return hashed == proof.challenge


def longest_lists_answer(question: ListsQuestion, choice: Ciphertext, proof: Proof) -> ListsAnswer:
    """An answer of the shape of `question` of the same parts throughout; for its length."""
    pair, sizes = (proof, proof), question.sizes
    return ListsAnswer(
        choices=tuple((choice,) * size for size in sizes),
        individual_proofs=tuple((pair,) * size for size in sizes),
        overall_proof=proof,
        list_proofs=(pair,) * len(sizes),
        nonzero_proof=NonzeroProof(choice.alpha, proof.challenge, (proof.response, proof.response)),
    )


def _check_shape(question: ListsQuestion, answer: ListsAnswer, where: str) -> None:
    sizes = list(question.sizes)
    require(all(sizes), "shape", f"{where}: a list without a name is never answered")
    require(list(map(len, answer.choices)) == sizes, "shape", f"{where}: not lists of {sizes}")
    require(
        [[len(proofs) for proofs in row] for row in answer.individual_proofs]
        == [[len(BITS)] * size for size in sizes],
        "shape",
        f"{where}: not two individual proofs a choice",
    )
    require(
        [len(proofs) for proofs in answer.list_proofs] == [2] * len(sizes),
        "shape",
        f"{where}: not {len(sizes)} list proofs of 2",
    )


def _list_prefix(whole: str) -> str:
    return f"lproof|{whole}|"


def _nonzero_prefix(whole: str) -> str:
    return f"nonzero|{whole}|"
