"""The JSON of a ballot as the fast reader takes it apart: by msgspec, into texts and counts.

Whatever is unusual raises UndecidedError: see `quick_ballot`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice
from typing import Final, TypeVar, overload

import msgspec

from dauys.crypto.answer import Answer
from dauys.crypto.checking import UndecidedError
from dauys.crypto.ed25519 import IDENTITY, Point, Q
from dauys.crypto.elgamal import Ciphertext
from dauys.crypto.lists_answer import ListsAnswer, NonzeroProof
from dauys.crypto.proofs import Proof
from dauys.crypto.quick_plan import AnyShape, ListsShape, Shape
from dauys.crypto.rows import grouped

_IDENTITY: Final = IDENTITY.hex()
_DECIMALS: Final = re.compile(r"(?:(?:0|[1-9][0-9]{0,76}),)*")
_HASH: Final = re.compile(r"[A-Za-z0-9+/]{43}")

T = TypeVar("T")
AnyAnswer = Answer | ListsAnswer


class _Form(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """JSON by its fields, in the order in which they are printed."""


class _CiphertextForm(_Form):
    alpha: str
    beta: str


class _ProofForm(_Form):
    challenge: str
    response: str


class _NonzeroForm(_Form):
    commitment: str
    challenge: str
    response: tuple[str, str]


class _AnswerForm(_Form):
    """An answer of either kind; on lists choices and their proofs stand list by list."""

    choices: list[_CiphertextForm | list[_CiphertextForm]]
    individual_proofs: list[list[_ProofForm | list[_ProofForm]]]
    overall_proof: list[_ProofForm] | _ProofForm
    blank_proof: list[_ProofForm] | msgspec.UnsetType = msgspec.UNSET
    list_proofs: list[list[_ProofForm]] | msgspec.UnsetType = msgspec.UNSET
    nonzero_proof: _NonzeroForm | msgspec.UnsetType = msgspec.UNSET


class _SignatureForm(_Form):
    hash: str
    proof: _ProofForm


class BallotForm(_Form):
    """A ballot."""

    election_uuid: str
    election_hash: str
    credential: str
    answers: list[_AnswerForm]
    signature: _SignatureForm


_decoder: Final = msgspec.json.Decoder(BallotForm)
_encoder: Final = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class _ChoiceParts:
    """An answer, flat. `scalars` are challenge and response of every proof, in order."""

    shape: Shape
    choices: Sequence[_CiphertextForm]
    scalars: Sequence[str]

    def answer(self, proofs: Iterator[Proof], _: Iterator[int]) -> Answer:
        """The answer itself, of the numbers of all answers."""
        choices = tuple(map(_ciphertext, self.choices))
        individual = tuple(_take(proofs, 2) for _ in choices)
        overall = _take(proofs, self.shape.overall)
        return Answer(choices, individual, overall, _take(proofs, 2) if self.shape.blank else None)


@dataclass(frozen=True, slots=True)
class _ListsParts:
    """As `_ChoiceParts`. The nonzero proof's t1 and t2 end the scalars, as if of one more proof."""

    shape: ListsShape
    choices: Sequence[_CiphertextForm]
    scalars: Sequence[str]
    nonzero: _NonzeroForm

    def answer(self, proofs: Iterator[Proof], nonzero: Iterator[int]) -> ListsAnswer:
        """The answer itself; `nonzero` are the true challenges of the nonzero proofs."""
        sizes = self.shape.sizes
        individual = [_take(proofs, 2) for _ in self.choices]
        overall = next(proofs)
        lists = tuple(_take(proofs, 2) for _ in sizes)
        responses = next(proofs)
        return ListsAnswer(
            choices=grouped(list(map(_ciphertext, self.choices)), sizes),
            individual_proofs=grouped(individual, sizes),
            overall_proof=overall,
            list_proofs=lists,
            nonzero_proof=NonzeroProof(
                point_of(self.nonzero.commitment),
                next(nonzero),
                (responses.challenge, responses.response),
            ),
        )


_Parts = _ChoiceParts | _ListsParts


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """A ballot whose text is the one that it has; what its points are is not known yet."""

    ballot: BallotForm
    shapes: tuple[AnyShape, ...]
    hexes: tuple[str, ...]
    """The credential, alpha and beta of every choice, then the commitments of nonzero proofs."""
    challenges: tuple[int, ...]
    responses: tuple[int, ...]
    """Of all proofs: the signature; of every answer the individual, the overall, the blank or the
    list proofs, and of a nonzero proof t1 as its challenge and t2 as its response."""
    nonzero: tuple[int, ...]
    """The true challenge of every nonzero proof."""
    answers: "QuickAnswers"


def read_form(text: str) -> Form:
    """Take a ballot apart. Raises UndecidedError."""
    try:
        data = text.encode()
        ballot = _decoder.decode(data)
    except (ValueError, RecursionError) as error:
        raise UndecidedError from error
    # What prints back is compact, in order, and has no field twice; hashes need no escapes.
    hashes = (ballot.election_hash, ballot.signature.hash)
    if _encoder.encode(ballot) != data or not all(map(_HASH.fullmatch, hashes)):
        raise UndecidedError
    parts = [_parts(answer) for answer in ballot.answers]
    nonzero = [part.nonzero for part in parts if isinstance(part, _ListsParts)]
    proof = ballot.signature.proof
    scalars = [proof.challenge, proof.response, *chain.from_iterable(p.scalars for p in parts)]
    numbers = _numbers([*scalars, *(one.challenge for one in nonzero)])
    proofs, masks = numbers[: len(scalars)], numbers[len(scalars) :]
    return Form(
        ballot=ballot,
        shapes=tuple(part.shape for part in parts),
        hexes=_hexes(ballot.credential, parts, nonzero),
        challenges=proofs[::2],
        responses=proofs[1::2],
        nonzero=masks,
        answers=QuickAnswers(parts, proofs, masks),
    )


class QuickAnswers(Sequence[AnyAnswer]):
    """The answers of a ballot, made when somebody wants them: checking does not."""

    def __init__(
        self, parts: Sequence[_Parts], numbers: Sequence[int], nonzero: Sequence[int]
    ) -> None:
        self._parts, self._numbers, self._nonzero = parts, numbers, nonzero

    @cached_property
    def _all(self) -> tuple[AnyAnswer, ...]:
        numbers, nonzero = iter(self._numbers[2:]), iter(self._nonzero)
        proofs = map(Proof, numbers, numbers)
        return tuple(part.answer(proofs, nonzero) for part in self._parts)

    def __len__(self) -> int:
        return len(self._parts)

    @overload
    def __getitem__(self, place: int) -> AnyAnswer: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[AnyAnswer, ...]: ...
    def __getitem__(self, place: int | slice) -> AnyAnswer | tuple[AnyAnswer, ...]:
        return self._all[place]

    def __eq__(self, other: object) -> bool:
        return self._all == (other._all if isinstance(other, QuickAnswers) else other)

    def __hash__(self) -> int:
        return hash(self._all)


def point_of(text: str) -> Point:
    """The point of a text that was found to be one."""
    return Point(bytes.fromhex(text)[::-1])


def _parts(answer: _AnswerForm) -> _Parts:
    if answer.nonzero_proof is msgspec.UNSET:
        return _choice_parts(answer)
    return _lists_parts(answer, answer.nonzero_proof)


def _choice_parts(answer: _AnswerForm) -> _ChoiceParts:
    """Those of an answer of a shape that some question wants, without lists."""
    overall, blank = answer.overall_proof, answer.blank_proof
    choices = _all_of(answer.choices, _CiphertextForm)
    individual = [_all_of(pair, _ProofForm) for pair in answer.individual_proofs]
    special = [] if blank is msgspec.UNSET else [blank]
    if (
        not isinstance(overall, list)
        or not overall
        or answer.list_proofs is not msgspec.UNSET
        or {len(pair) for pair in (*individual, *special)} != {2}
        or len(individual) != len(choices)
        or len(choices) <= len(special)
    ):
        raise UndecidedError
    shape = Shape(len(choices), len(overall), bool(special))
    return _ChoiceParts(shape, choices, _scalars(*individual, overall, *special))


def _lists_parts(answer: _AnswerForm, nonzero: _NonzeroForm) -> _ListsParts:
    """Those of an answer that gives every list a choice, and proofs for all of them."""
    overall, lists = answer.overall_proof, answer.list_proofs
    rows = _all_of(answer.choices, list)
    pairs = [_all_of(row, list) for row in answer.individual_proofs]
    sizes = tuple(map(len, rows))
    if (
        not isinstance(overall, _ProofForm)
        or lists is msgspec.UNSET
        or answer.blank_proof is not msgspec.UNSET
        or not sizes
        or not all(sizes)
        or tuple(map(len, pairs)) != sizes
        or len(lists) != len(sizes)
        or {len(pair) for pair in chain(*pairs, lists)} != {2}
    ):
        raise UndecidedError
    scalars = _scalars(*chain(*pairs), [overall], *lists)
    choices = list(chain.from_iterable(rows))
    return _ListsParts(ListsShape(sizes), choices, (*scalars, *nonzero.response), nonzero)


def _all_of(items: Sequence[object], kind: type[T]) -> list[T]:
    """The items, which are all of one kind."""
    found = [item for item in items if isinstance(item, kind)]
    if len(found) != len(items):
        raise UndecidedError
    return found


def _scalars(*proofs: Sequence[_ProofForm]) -> list[str]:
    return [
        text for proof in chain.from_iterable(proofs) for text in (proof.challenge, proof.response)
    ]


def _hexes(
    credential: str, parts: Sequence[_Parts], nonzero: Sequence[_NonzeroForm]
) -> tuple[str, ...]:
    texts = [credential]
    for part in parts:
        for choice in part.choices:
            texts += (choice.alpha, choice.beta)
    texts += [one.commitment for one in nonzero]
    joined = "".join(texts)
    try:
        same = bytes.fromhex(joined).hex() == joined
    except ValueError as error:
        raise UndecidedError from error
    if not same or {len(text) for text in texts} != {64} or _IDENTITY in texts:
        raise UndecidedError
    return tuple(texts)


def _numbers(texts: Sequence[str]) -> tuple[int, ...]:
    joined = ",".join(texts) + ","
    if joined.count(",") != len(texts) or not _DECIMALS.fullmatch(joined):
        raise UndecidedError
    numbers = tuple(map(int, texts))
    if max(numbers) >= Q:
        raise UndecidedError
    return numbers


def _ciphertext(form: _CiphertextForm) -> Ciphertext:
    return Ciphertext(point_of(form.alpha), point_of(form.beta))


def _take(proofs: Iterator[Proof], count: int) -> tuple[Proof, ...]:
    return tuple(islice(proofs, count))
