"""Zero-knowledge proofs: knowledge of one exponent, and "one of these holds".

Every proof of a ballot is a disjunction: of the statements (alpha_j, beta_j), at least
one is (r*g, r*y). With beta_j = beta - M_j*g that is iprove ("the number is one of M_j",
specification 3.0 section 4.12); with two different ciphertexts it is bproof (4.13). The
Schnorr proof serves keys (4.5), signatures (4.16) and, with two bases, decryption (4.20).
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

from dauys.core.errors import VerificationError
from dauys.core.ports import RandomSource
from dauys.crypto import checking
from dauys.crypto.belenios_json import members
from dauys.crypto.checking import UndecidedError
from dauys.crypto.ed25519 import (
    ED25519,
    G,
    Point,
    Q,
    add_product,
    hash_to_scalar,
    random_scalar,
    subtract_product,
)
from dauys.crypto.elgamal import Ciphertext
from dauys.crypto.group import Element, Group

Term = tuple[int, Element, int, Element]
"""Response, base, challenge and power of one commitment."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A challenge and a response, both in [0, q) for the order q of a group."""

    challenge: int
    response: int

    @classmethod
    def parse(cls, value: object, group: Group) -> Self:
        """Read `{challenge, response}`. Raises MalformedError."""
        fields = members(value, "proof", ("challenge", "response"))
        challenge, response = fields["challenge"], fields["response"]
        return cls(group.parse_scalar(challenge), group.parse_scalar(response))

    def to_json(self) -> str:
        """Print `{"challenge":…,"response":…}`."""
        return f'{{"challenge":"{self.challenge}","response":"{self.response}"}}'


@dataclass(frozen=True, slots=True)
class Opening:
    """What the prover knows of a statement: it is (r*g, r*y + offset*g). True if offset = 0."""

    randomness: int
    offset: int

    def __repr__(self) -> str:
        """Show nothing: both fields are secret."""
        return "Opening(…)"


def prove_disjunction(
    public_key: Point, prefix: str, openings: Sequence[Opening], true: int, random: RandomSource
) -> tuple[Proof, ...]:
    """Prove that one of the opened statements has offset 0; `true` is its index.

    Draws, in the order of the statements, challenge and response of each other one, then
    w of the true one. Specification 3.0, sections 4.12 and 4.13.
    """
    proofs = [Proof(0, 0)] * len(openings)
    commitments = [(G, G)] * len(openings)
    for j, opening in enumerate(openings):
        if j == true:
            continue
        proof = proofs[j] = Proof(random_scalar(random), random_scalar(random))
        # response*g + challenge*alpha, knowing that alpha = r*g; the same for y and beta.
        exponent = add_product(proof.response, opening.randomness, proof.challenge)
        shift = proof.challenge * opening.offset
        commitments[j] = (exponent * G, exponent * public_key + shift * G)
    w = random_scalar(random)
    commitments[true] = (w * G, w * public_key)
    total = hash_to_scalar(prefix, [point for pair in commitments for point in pair])
    challenge = (total - sum(proof.challenge for proof in proofs)) % Q
    response = subtract_product(w, openings[true].randomness, challenge)
    proofs[true] = Proof(challenge, response)
    return tuple(proofs)


def check_disjunction(
    public_key: Element, prefix: str, statements: Sequence[Ciphertext], proofs: Sequence[Proof]
) -> bool:
    """Whether `proofs` show that one of as many `statements` encrypts 0 under `public_key`."""
    terms = []
    group = public_key.group
    for statement, proof in zip(statements, proofs, strict=True):
        terms.append((proof.response, group.generator, proof.challenge, statement.alpha))
        terms.append((proof.response, public_key, proof.challenge, statement.beta))
    challenge = sum(proof.challenge for proof in proofs) % group.order
    return _opens(prefix, terms, challenge, public_key)


def prove_knowledge(
    secret: int, prefix: str, random: RandomSource, bases: Sequence[Point] = (G,)
) -> Proof:
    """Prove knowledge of `secret`, the same exponent over all `bases`. Draws w."""
    w = random_scalar(random)
    challenge = hash_to_scalar(prefix, [w * base for base in bases])
    return Proof(challenge, subtract_product(w, secret, challenge))


def check_knowledge(
    proof: Proof, prefix: str, powers: Sequence[Element], bases: Sequence[Element] = ()
) -> bool:
    """Whether `proof` shows one exponent x with `powers[i] = x * bases[i]` for every i.

    Without `bases`, for the one power of the generator.
    """
    generator = powers[0].group.generator
    terms = [
        (proof.response, base, proof.challenge, power)
        for base, power in zip(bases or (generator,), powers, strict=True)
    ]
    return _opens(prefix, terms, proof.challenge, generator)


def signature_prefix(signed_hash: str) -> str:
    """What is hashed before the commitment of a ballot's signature (4.16)."""
    return f"sig|{signed_hash}|"


def _opens(prefix: str, terms: Sequence[Term], challenge: int, public_key: Element) -> bool:
    """Whether the commitments `response*base + challenge*power` hash to `challenge`.

    Of Ed25519 the kernel may say that they do; that they do not is for libsodium to say.
    """
    group = public_key.group
    fast = checking.fast() if group is ED25519 else None
    if fast is not None:
        with suppress(UndecidedError):
            if hash_to_scalar(prefix + fast.schnorr(terms, public_key), ()) == challenge:
                return True
    commitments = [response * base + factor * power for response, base, factor, power in terms]
    holds = group.hash_to_scalar(prefix, commitments) == challenge
    if holds and fast is not None:
        checking.retire()
    return holds


def require(holds: bool, claim: str, where: str = "") -> None:  # noqa: FBT001  # the verdict is the subject
    """Raise VerificationError naming the `claim` that does not hold, and `where`."""
    if not holds:
        raise VerificationError(claim, where)
