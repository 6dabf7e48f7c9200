"""Reading and checking a ballot by the fast kernel: it says "holds", or nothing.

A second way to what `ballot.py` and `answer.py` do, for the ballots that honest voters send.
Whatever is unusual raises UndecidedError, and the reference decides; so every refusal, and
the name of its check, is the reference's.

To read a ballot strictly, each point must be multiplied by q; its proofs multiply it by
their challenges. One pass of the kernel does both, so reading already makes the products
that checking wants: they stay with the ballot, as its `Reading`.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, islice
from typing import Final, overload

import msgspec

from dauys.core.errors import MalformedError
from dauys.core.ids import ElectionId
from dauys.crypto.answer import Answer
from dauys.crypto.checking import UndecidedError
from dauys.crypto.ed25519 import ED25519, IDENTITY, Point, Q, as_point
from dauys.crypto.election import ElectionParameters, base64_hash, parse_uuid
from dauys.crypto.elgamal import Ciphertext
from dauys.crypto.fast_arithmetic import (
    KEYS,
    NONE,
    ROW,
    ZERO,
    FastArithmetic,
    Layout,
    Multiples,
    Points,
    Rows,
    scalar_bytes,
)
from dauys.crypto.proofs import Proof, signature_prefix
from dauys.crypto.question import ListsQuestion, Question

_IDENTITY: Final = IDENTITY.hex()
_DECIMALS: Final = re.compile(r"(?:(?:0|[1-9][0-9]{0,76}),)*")
_HASH: Final = re.compile(r"[A-Za-z0-9+/]{43}")
_SIGNATURE: Final = ',"signature":'


class _Form(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """JSON by its fields, in the order in which they are printed."""


class _CiphertextForm(_Form):
    alpha: str
    beta: str


class _ProofForm(_Form):
    challenge: str
    response: str


class _AnswerForm(_Form):
    choices: list[_CiphertextForm]
    individual_proofs: list[list[_ProofForm]]
    overall_proof: list[_ProofForm]
    blank_proof: list[_ProofForm] | msgspec.UnsetType = msgspec.UNSET


class _SignatureForm(_Form):
    hash: str
    proof: _ProofForm


class _BallotForm(_Form):
    election_uuid: str
    election_hash: str
    credential: str
    answers: list[_AnswerForm]
    signature: _SignatureForm


_decoder: Final = msgspec.json.Decoder(_BallotForm)
_encoder: Final = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class Shape:
    """How many ciphertexts and proofs an answer has. Individual and blank proofs are pairs."""

    choices: int
    overall: int
    blank: bool

    @classmethod
    def of(cls, question: Question) -> "Shape":
        """The shape that the question wants."""
        return cls(question.width, question.branches + question.blank, question.blank)


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A ballot's parts as read, all well formed, with the products that checking wants."""

    election_uuid: ElectionId
    election_hash: str
    answers: "QuickAnswers"
    signature_hash: str
    signed_hash: str
    """What `signature_hash` must be."""
    shapes: tuple[Shape, ...]
    hexes: tuple[str, ...]
    """The credential, then alpha and beta of every choice, then of the sums."""
    challenges: tuple[int, ...]
    responses: tuple[int, ...]
    """Of the signature; then of every answer the individual, the overall, the blank proofs."""
    multiples: Multiples
    """Every point times each of its challenges, as `_plan` numbers them."""
    points: Points
    """The same as `hexes`. The sum of an answer leaves a blank choice out."""

    @property
    def credential(self) -> Point:
        """The public key of the signature."""
        return _point(self.hexes[0])

    @property
    def signature_proof(self) -> Proof:
        """The signature itself."""
        return Proof(self.challenges[0], self.responses[0])


class QuickAnswers(Sequence[Answer]):
    """The answers of a ballot, made when somebody wants them: checking does not."""

    def __init__(self, form: "_BallotForm", numbers: Sequence[int]) -> None:
        self._form, self._numbers = form, numbers

    @cached_property
    def _all(self) -> tuple[Answer, ...]:
        numbers = iter(self._numbers[2:])
        return tuple(_answers(self._form, map(Proof, numbers, numbers)))

    def __len__(self) -> int:
        return len(self._form.answers)

    @overload
    def __getitem__(self, place: int) -> Answer: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Answer, ...]: ...
    def __getitem__(self, place: int | slice) -> Answer | tuple[Answer, ...]:
        return self._all[place]

    def __eq__(self, other: object) -> bool:
        return self._all == (other._all if isinstance(other, QuickAnswers) else other)

    def __hash__(self) -> int:
        return hash(self._all)


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    """The work on a ballot of given shapes.

    Its proofs are numbered in the order of `Reading.challenges`. Each is for two commitments, to
    alpha and to beta of its statement; the signature's for one.
    """

    order: tuple[int, ...]
    """For every scalar the proof whose challenge it is."""
    layout: Layout
    rows: Rows
    """For `FastArithmetic.commit`."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What an election asks of a ballot."""

    uuid: ElectionId
    fingerprint: str
    shapes: tuple[Shape, ...]
    numbers: tuple[int, ...]
    """For every proof of the answers M: its statement is that beta - M g encrypts 0."""


class FastChecks:
    """All that the fast kernel checks. Any number of threads may share one."""

    def __init__(self, arithmetic: FastArithmetic) -> None:
        """`arithmetic` has passed its trial."""
        self._arithmetic = arithmetic
        self.schnorr = arithmetic.schnorr

    def read(self, text: str) -> Reading:
        """Read a ballot. Raises UndecidedError where `ballot.parse_ballot` must look itself."""
        try:
            data = text.encode()
            form = _decoder.decode(data)
            hexes = _hexes(form)
            numbers = _numbers(form)
            shapes = tuple(map(_shape, form.answers))
            uuid = parse_uuid(form.election_uuid)
        except (ValueError, RecursionError, MalformedError) as error:
            raise UndecidedError from error
        # What prints back is compact, in order, and has no field twice; hashes need no escapes.
        hashes = (form.election_hash, form.signature.hash)
        if _encoder.encode(form) != data or not all(map(_HASH.fullmatch, hashes)):
            raise UndecidedError
        plan = _plan(shapes)
        challenges = numbers[::2]
        as_bytes = list(map(scalar_bytes, challenges))
        multiples, points, sums = self._arithmetic.multiply(
            bytes.fromhex("".join(reversed(hexes)))[::-1],
            b"".join([as_bytes[i] for i in plan.order]),
            plan.layout,
        )
        return Reading(
            election_uuid=uuid,
            election_hash=form.election_hash,
            answers=QuickAnswers(form, numbers),
            signature_hash=form.signature.hash,
            signed_hash=base64_hash(text[: text.rindex(_SIGNATURE)] + "}"),
            shapes=shapes,
            hexes=(*hexes, *sums),
            challenges=challenges,
            responses=numbers[1::2],
            multiples=multiples,
            points=points,
        )

    def holds(self, reading: Reading, election: ElectionParameters) -> bool:
        """Whether every claim of the ballot holds for `election`; if not, ask the reference why."""
        wanted = _wanted(election)
        if wanted is None:
            return False
        found = (reading.election_uuid, reading.election_hash, reading.shapes)
        if (
            found != (wanted.uuid, wanted.fingerprint, wanted.shapes)
            or reading.signature_hash != reading.signed_hash
        ):
            return False
        challenges = reading.challenges
        responses = map(scalar_bytes, reading.responses)
        scalars = [next(responses), ZERO]
        for challenge, response, number in zip(
            challenges[1:], responses, wanted.numbers, strict=True
        ):
            shift = scalar_bytes(-challenge * number % Q) if number else ZERO
            scalars += (response, ZERO, shift, response)
        rows = _plan(reading.shapes).rows
        numbers = b"".join(scalars)
        key = as_point(election.public_key)
        text = self._arithmetic.commit(reading.multiples, rows, numbers, key)
        first, row = 0, 0
        for prefix, count in _claims(reading):
            end = row + (2 * count if first else 1)
            hashed = hashlib.sha256(prefix.encode() + text[row * ROW : end * ROW - 1])
            challenge = sum(challenges[first : first + count])
            if (int.from_bytes(hashed.digest(), "big") - challenge) % Q:
                return False
            first += count
            row = end
        return first == len(challenges)

    def add_up(self, readings: Sequence[Reading]) -> tuple[Ciphertext, ...]:
        """Sums of the choices of ballots of one shape, question after question."""
        choices = sum(shape.choices for shape in readings[0].shapes)
        points = [reading.points for reading in readings]
        hexes = map(_point, self._arithmetic.add_up(points, 1, 2 * choices))
        return tuple(map(Ciphertext, hexes, hexes))


def _claims(reading: Reading) -> Iterator[tuple[str, int]]:
    """Prefix of the hash, and number of proofs, for all that is claimed, in order."""
    yield signature_prefix(reading.signature_hash), 1
    hexes = iter(reading.hexes)
    context = f"{reading.election_hash}|{next(hexes)}"
    pairs = [f"{alpha},{beta}" for alpha, beta in zip(hexes, hexes, strict=True)]
    totals = iter(pairs[len(pairs) - len(reading.shapes) :])
    first = 0
    for shape, total in zip(reading.shapes, totals, strict=True):
        choices = pairs[first : first + shape.choices]
        first += shape.choices
        for choice in choices:
            yield f"prove|{context}|{choice}|", 2
        whole = f"{context}|{','.join(choices)}"
        if shape.blank:
            yield f"bproof1|{whole}|", shape.overall
            yield f"bproof0|{whole}|", 2
        else:
            yield f"prove|{whole}|{total}|", shape.overall


def _hexes(form: _BallotForm) -> list[str]:
    """The credential, then alpha and beta of every choice; not yet known to be points."""
    texts = [form.credential]
    for answer in form.answers:
        for choice in answer.choices:
            texts += (choice.alpha, choice.beta)
    joined = "".join(texts)
    if {len(text) for text in texts} != {64} or bytes.fromhex(joined).hex() != joined:
        raise UndecidedError
    if _IDENTITY in texts:
        raise UndecidedError
    return texts


def _point(text: str) -> Point:
    return Point(bytes.fromhex(text)[::-1])


def _numbers(form: _BallotForm) -> tuple[int, ...]:
    """Challenge and response of all proofs, in the order of `Reading.challenges`."""
    forms = [form.signature.proof]
    for answer in form.answers:
        forms += chain.from_iterable(answer.individual_proofs)
        forms += answer.overall_proof
        forms += () if answer.blank_proof is msgspec.UNSET else answer.blank_proof
    texts = [text for proof in forms for text in (proof.challenge, proof.response)]
    if not _DECIMALS.fullmatch(",".join(texts) + ","):
        raise UndecidedError
    numbers = tuple(map(int, texts))
    if max(numbers) >= Q:
        raise UndecidedError
    return numbers


def _answers(form: _BallotForm, proofs: Iterator[Proof]) -> Iterator[Answer]:
    def take(forms: Sequence[_ProofForm]) -> tuple[Proof, ...]:
        return tuple(islice(proofs, len(forms)))

    for answer in form.answers:
        blank = answer.blank_proof
        yield Answer(
            choices=tuple(
                Ciphertext(_point(choice.alpha), _point(choice.beta)) for choice in answer.choices
            ),
            individual_proofs=tuple(map(take, answer.individual_proofs)),
            overall_proof=take(answer.overall_proof),
            blank_proof=None if blank is msgspec.UNSET else take(blank),
        )


def _shape(answer: _AnswerForm) -> Shape:
    """Shape of an answer, if it is one that some question wants."""
    blank = answer.blank_proof
    pairs = [*answer.individual_proofs, *([] if blank is msgspec.UNSET else [blank])]
    has_blank = blank is not msgspec.UNSET
    if (
        {len(proofs) for proofs in pairs} != {2}
        or len(pairs) != len(answer.choices) + has_blank
        or len(answer.choices) <= has_blank
        or not answer.overall_proof
    ):
        raise UndecidedError
    return Shape(len(answer.choices), len(answer.overall_proof), has_blank)


@lru_cache(maxsize=64)
def _plan(shapes: tuple[Shape, ...]) -> _Plan:
    statements: list[tuple[int, ...]] = [(0,)]  # for every proof the points that it multiplies
    sums: list[tuple[int, ...]] = []
    given = 1
    first_sum = 1 + 2 * sum(shape.choices for shape in shapes)
    for shape in shapes:
        choices = [(given + 2 * i, given + 2 * i + 1) for i in range(shape.choices)]
        given += 2 * shape.choices
        total = (first_sum + len(sums), first_sum + len(sums) + 1)
        sums += zip(*choices[shape.blank :], strict=True)
        statements += [choice for choice in choices for _ in range(2)]
        special = choices[: shape.blank]
        statements += special + [total] * (shape.overall - len(special))
        if shape.blank:
            statements += (choices[0], total)
    proofs_of: list[list[int]] = [[] for _ in range(first_sum + len(sums))]
    for proof, points in enumerate(statements):
        for point in points:
            proofs_of[point].append(proof)
    pairs = [(point, proof) for point, proofs in enumerate(proofs_of) for proof in proofs]
    number = {pair: i for i, pair in enumerate(pairs)}
    which = [(number[point, proof], NONE) for proof, ps in enumerate(statements) for point in ps]
    return _Plan(
        order=tuple(proof for _, proof in pairs),
        layout=Layout.of([len(proofs) for proofs in proofs_of], sums),
        rows=Rows.of([number for pair in which for number in pair]),
    )


@lru_cache(maxsize=KEYS)
def _wanted(election: ElectionParameters) -> _Wanted | None:
    """None for an election whose ballots are never read here: with lists, or of another group."""
    if election.group is not ED25519:
        return None
    numbers: list[int] = []
    shapes: list[Shape] = []
    for question in election.questions:
        if isinstance(question, ListsQuestion):
            return None
        shapes.append(Shape.of(question))
        numbers += (0, 1) * question.width
        numbers += (1,) * question.blank
        numbers += range(question.minimum, question.maximum + 1)
        numbers += (0, 0) * question.blank
    return _Wanted(election.uuid, election.fingerprint, tuple(shapes), tuple(numbers))
