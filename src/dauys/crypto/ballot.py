"""A ballot: encrypted answers, their proofs, and a signature by the voter's credential.

Specification 3.0, sections 4.11 to 4.17. The same random bytes give the same ballot, here
and in the voter's browser. Every random scalar is 64 bytes of the source, big-endian,
modulo q, drawn in this order:

1. for each question: r of every choice, in order (the blank choice first, if allowed; list
   after list, its own choice first); then for every choice its individual proof; then the
   blank proof, if blank is allowed; then the overall proof; then, of a lists question, each
   list's proof and the nonzero proof. In each of these proofs but the last: challenge and
   response of every branch that is not the true one, in order; then w of the true branch. Of
   the nonzero proof: s (drawn again while it is 0), w1, w2;
2. w of the signature.

The true branch of a blank proof is 0 (not blank) unless the vote is blank; of a list's
proof it is 0 if the list is chosen, else 1. The overall proof of a lists question has one
branch, which is true. A credential is one scalar drawn in the same way.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Self

from dauys.core.errors import MalformedError
from dauys.core.ids import Credential, ElectionId, Tracker
from dauys.core.ports import RandomSource
from dauys.crypto import checking
from dauys.crypto.answer import (
    Answer,
    ChoiceError,
    check_answer,
    is_permitted,
    longest_answer,
    make_answer,
)
from dauys.crypto.belenios_json import array, join, load, members, require_same, string
from dauys.crypto.checking import UndecidedError
from dauys.crypto.ed25519 import ED25519, G, Point, as_point, parse_scalar, random_secret
from dauys.crypto.election import ElectionParameters, base64_hash, parse_uuid
from dauys.crypto.elgamal import Ciphertext
from dauys.crypto.group import Element, Group
from dauys.crypto.lists_answer import (
    ListsAnswer,
    check_lists_answer,
    is_permitted_on_lists,
    longest_lists_answer,
    make_lists_answer,
)
from dauys.crypto.proofs import (
    Proof,
    check_knowledge,
    prove_knowledge,
    require,
    signature_prefix,
)
from dauys.crypto.question import AnyQuestion, ListsQuestion

if TYPE_CHECKING:
    from dauys.crypto.quick_ballot import Reading

__all__ = [
    "Ballot",
    "ChoiceError",
    "CredentialKey",
    "Signature",
    "check_ballot",
    "longest_ballot",
    "make_ballot",
    "may_choose",
    "parse_ballot",
    "tracker",
]

AnyAnswer = Answer | ListsAnswer
Choices = Sequence[int] | Sequence[Sequence[int]]
"""Of one question: a vector of 0 and 1, the blank choice first where the question allows it;
of a lists question one such vector for each list, its own choice first."""

_WHAT: Final = "ballot"
_FIELDS: Final = ("election_uuid", "election_hash", "credential", "answers", "signature")


@dataclass(frozen=True, slots=True)
class CredentialKey:
    """The secret that a voter's browser makes for one ballot."""

    secret: int = field(repr=False)
    """Scalar in [1, q)."""

    @classmethod
    def generate(cls, random: RandomSource) -> Self:
        """Draw a fresh key."""
        return cls(random_secret(random))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the secret in decimal. Raises MalformedError."""
        secret = parse_scalar(text)
        if secret == 0:
            raise MalformedError("credential", "zero")
        return cls(secret)

    @property
    def public(self) -> Credential:
        """The public key, 64 hex digits."""
        return Credential((self.secret * G).hex())


@dataclass(frozen=True, slots=True)
class Signature:
    """Schnorr signature over the ballot printed without it."""

    hash: str
    proof: Proof

    def to_json(self) -> str:
        """Print in the field order of the specification."""
        return f'{{"hash":"{self.hash}","proof":{self.proof.to_json()}}}'


@dataclass(frozen=True, slots=True)
class Ballot:
    """A ballot as parsed: well formed, not yet checked against an election."""

    election_uuid: ElectionId
    election_hash: str
    credential_point: Element
    answers: Sequence[AnyAnswer]
    signature: Signature
    reading: "Reading | None" = field(default=None, init=False, repr=False, compare=False)
    """What the kernel found out while it read this ballot. A changed copy has none."""

    @classmethod
    def read(cls, reading: "Reading") -> Self:
        """The ballot that the kernel has read."""
        signature = Signature(reading.signature_hash, reading.signature_proof)
        parts = (reading.election_uuid, reading.election_hash, reading.credential, reading.answers)
        ballot = cls(*parts, signature)
        object.__setattr__(ballot, "reading", reading)  # before anybody else sees the ballot
        return ballot

    @property
    def credential(self) -> Credential:
        """The public key that signed the ballot, as text: in Ed25519 64 hex digits."""
        return Credential(self.credential_point.text())

    @property
    def widths(self) -> list[int]:
        """The number of choices of each answer."""
        if self.reading is not None:
            return [shape.choices for shape in self.reading.shapes]
        return [len(answer.ciphertexts) for answer in self.answers]

    def to_json(self) -> str:
        """Print the one form that is hashed and published."""
        return f'{self._unsigned()},"signature":{self.signature.to_json()}}}'

    def signed_hash(self) -> str:
        """Base64 hash of the ballot printed without its signature."""
        return base64_hash(self._unsigned() + "}")

    def _unsigned(self) -> str:
        return _unsigned(self.election_uuid, self.election_hash, self.credential, self.answers)


def parse_ballot(text: str, group: Group = ED25519) -> Ballot:
    """Read what `Ballot.to_json` prints and nothing else. Raises MalformedError."""
    fast = checking.fast() if group is ED25519 else None
    if fast is not None:
        with suppress(UndecidedError):
            return Ballot.read(fast.read(text))
    fields = members(load(text, _WHAT), _WHAT, _FIELDS)
    signature = members(fields["signature"], "signature", ("hash", "proof"))
    ballot = Ballot(
        election_uuid=parse_uuid(fields["election_uuid"]),
        election_hash=string(fields["election_hash"], _WHAT),
        credential_point=group.parse(fields["credential"]),
        answers=tuple(_parse_answer(a, group) for a in array(fields["answers"], _WHAT)),
        signature=Signature(
            string(signature["hash"], "signature"), Proof.parse(signature["proof"], group)
        ),
    )
    require_same(ballot.to_json(), text, _WHAT)
    return ballot


def make_ballot(
    election: ElectionParameters,
    key: CredentialKey,
    choices: Sequence[Choices],
    random: RandomSource,
) -> str:
    """Encrypt, prove and sign; the text of the ballot.

    `choices` holds those of each question. Raises ChoiceError if they are not permitted.
    """
    if len(choices) != len(election.questions):
        raise ChoiceError(min(len(choices), len(election.questions)))
    for i, (question, chosen) in enumerate(zip(election.questions, choices, strict=True)):
        if not may_choose(question, chosen):
            raise ChoiceError(i)
    fingerprint, credential = election.fingerprint, key.public
    context = _context(fingerprint, credential)
    public_key = as_point(election.public_key)
    answers = [
        _make_answer(question, public_key, context, chosen, random)
        for question, chosen in zip(election.questions, choices, strict=True)
    ]
    unsigned = _unsigned(election.uuid, fingerprint, credential, answers)
    signed_hash = base64_hash(unsigned + "}")
    proof = prove_knowledge(key.secret, signature_prefix(signed_hash), random)
    return f'{unsigned},"signature":{Signature(signed_hash, proof).to_json()}}}'


def check_ballot(ballot: Ballot, election: ElectionParameters) -> None:
    """Check every claim of `ballot` against `election`.

    Raises VerificationError whose `what` is one of "election uuid", "election hash",
    "signature hash", "signature", "shape", "individual proof", "blank proof",
    "overall proof", "list proof", "nonzero proof", and whose `why` tells which one.
    """
    fast = checking.fast() if ballot.reading is not None else None
    if fast is not None and ballot.reading is not None and fast.holds(ballot.reading, election):
        return
    _check_by_reference(ballot, election)
    if fast is not None:
        checking.retire()


def _check_by_reference(ballot: Ballot, election: ElectionParameters) -> None:
    """Check claim by claim."""
    fingerprint = election.fingerprint
    require(ballot.election_uuid == election.uuid, "election uuid")
    require(ballot.election_hash == fingerprint, "election hash")
    signature = ballot.signature
    require(signature.hash == ballot.signed_hash(), "signature hash")
    prefix = signature_prefix(signature.hash)
    holds = check_knowledge(signature.proof, prefix, [ballot.credential_point])
    require(holds, "signature")
    expected = len(election.questions)
    require(len(ballot.answers) == expected, "shape", f"not {expected} answers")
    context = _context(fingerprint, ballot.credential)
    for i, (question, answer) in enumerate(
        zip(election.questions, ballot.answers, strict=True), start=1
    ):
        _check_answer(question, election.public_key, context, answer, f"answer {i}")


def longest_ballot(election: ElectionParameters) -> str:
    """Text as long as that of any ballot that `check_ballot` could accept; all ASCII.

    What is longer need not be parsed.
    """
    group, fingerprint = election.group, election.fingerprint
    element = group.longest
    choice, proof = Ciphertext(element, element), Proof(group.order - 1, group.order - 1)
    answers = tuple(
        longest_lists_answer(question, choice, proof)
        if isinstance(question, ListsQuestion)
        else longest_answer(question, choice, proof)
        for question in election.questions
    )
    ballot = Ballot(election.uuid, fingerprint, element, answers, Signature(fingerprint, proof))
    return ballot.to_json()


def tracker(text: str) -> Tracker:
    """Base64 without padding of the SHA-256 of the ballot's text: the voter's receipt."""
    return Tracker(base64_hash(text))


def may_choose(question: AnyQuestion, choices: Choices) -> bool:
    """Whether `choices` answer `question` as it permits."""
    nested = [row for row in choices if not isinstance(row, int)]
    flat = [bit for bit in choices if isinstance(bit, int)]
    if isinstance(question, ListsQuestion):
        return not flat and is_permitted_on_lists(question, nested)
    return not nested and is_permitted(question, flat)


def _make_answer(
    question: AnyQuestion, public_key: Point, context: str, choices: Choices, random: RandomSource
) -> AnyAnswer:
    """Make an answer of permitted `choices`, of the kind of `question`."""
    if isinstance(question, ListsQuestion):
        rows = [row for row in choices if not isinstance(row, int)]
        return make_lists_answer(question, public_key, context, rows, random)
    bits = [bit for bit in choices if isinstance(bit, int)]
    return make_answer(question, public_key, context, bits, random)


def _check_answer(
    question: AnyQuestion, public_key: Element, context: str, answer: AnyAnswer, where: str
) -> None:
    if isinstance(question, ListsQuestion) and isinstance(answer, ListsAnswer):
        check_lists_answer(question, public_key, context, answer, where)
    elif not isinstance(question, ListsQuestion) and not isinstance(answer, ListsAnswer):
        check_answer(question, public_key, context, answer, where)
    else:
        require(holds=False, claim="shape", where=f"{where}: of another kind than the question")


def _parse_answer(value: object, group: Group) -> AnyAnswer:
    """Read an answer of either kind; the lists' has a proof that it never lacks."""
    if isinstance(value, dict) and "nonzero_proof" in value:
        return ListsAnswer.parse(value, group)
    return Answer.parse(value, group)


def _unsigned(
    uuid: ElectionId, election_hash: str, credential: Credential, answers: Sequence[AnyAnswer]
) -> str:
    """Print the ballot up to its answers; the closing brace or the signature follows."""
    return (
        f'{{"election_uuid":"{uuid}","election_hash":"{election_hash}",'
        f'"credential":"{credential}","answers":{join(a.to_json() for a in answers)}'
    )


def _context(fingerprint: str, credential: Credential) -> str:
    """S0 of the specification."""
    return f"{fingerprint}|{credential}"
