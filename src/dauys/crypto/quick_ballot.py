"""Reading and checking a ballot by the fast kernel: it says "holds", or nothing.

A second way to what `ballot.py`, `answer.py` and `lists_answer.py` do, for the ballots that
honest voters send. Whatever is unusual raises UndecidedError, and the reference decides; so
every refusal, and the name of its check, is the reference's.

To read a ballot strictly, each point must be multiplied by q; its proofs multiply it by
their challenges. One pass of the kernel does both, so reading already makes the products
that checking wants: they stay with the ballot, as its `Reading`.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Final

from dauys.core.errors import MalformedError
from dauys.core.ids import ElectionId
from dauys.crypto.checking import UndecidedError
from dauys.crypto.ed25519 import ED25519, Point, Q, as_point
from dauys.crypto.election import ElectionParameters, base64_hash, parse_uuid
from dauys.crypto.elgamal import Ciphertext
from dauys.crypto.fast_arithmetic import (
    KEYS,
    ROW,
    ZERO,
    FastArithmetic,
    Multiples,
    Points,
    scalar_bytes,
)
from dauys.crypto.proofs import Proof, signature_prefix
from dauys.crypto.quick_form import QuickAnswers, point_of, read_form
from dauys.crypto.quick_plan import AnyShape, Claim, claims_of, numbers_of, plan_of, shape_of

_SIGNATURE: Final = ',"signature":'


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """A ballot's parts as read, all well formed, with the products that checking wants."""

    election_uuid: ElectionId
    election_hash: str
    answers: QuickAnswers
    signature_hash: str
    signed_hash: str
    """What `signature_hash` must be."""
    shapes: tuple[AnyShape, ...]
    hexes: tuple[str, ...]
    """The points of the ballot, as `Plan` numbers them. A sum leaves a blank choice out."""
    challenges: tuple[int, ...]
    responses: tuple[int, ...]
    """Of its proofs, as `Form` has them."""
    nonzero: tuple[int, ...]
    """The true challenge of every nonzero proof."""
    multiples: Multiples
    """Every point times each of its challenges, as `Plan` numbers them."""
    points: Points
    """The same as `hexes`."""

    @property
    def credential(self) -> Point:
        """The public key of the signature."""
        return point_of(self.hexes[0])

    @property
    def signature_proof(self) -> Proof:
        """The signature itself."""
        return Proof(self.challenges[0], self.responses[0])


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What an election asks of a ballot."""

    uuid: ElectionId
    fingerprint: str
    shapes: tuple[AnyShape, ...]
    numbers: tuple[int, ...]
    """As of `numbers_of`, for all questions."""


class FastChecks:
    """All that the fast kernel checks. Any number of threads may share one."""

    def __init__(self, arithmetic: FastArithmetic) -> None:
        """`arithmetic` has passed its trial."""
        self._arithmetic = arithmetic
        self.schnorr = arithmetic.schnorr

    def read(self, text: str) -> Reading:
        """Read a ballot. Raises UndecidedError where `ballot.parse_ballot` must look itself."""
        form = read_form(text)
        ballot = form.ballot
        try:
            uuid = parse_uuid(ballot.election_uuid)
        except MalformedError as error:
            raise UndecidedError from error
        plan = plan_of(form.shapes)
        as_bytes = list(map(scalar_bytes, form.challenges + form.nonzero))
        multiples, points, sums = self._arithmetic.multiply(
            bytes.fromhex("".join(reversed(form.hexes)))[::-1],
            b"".join([as_bytes[i] for i in plan.order]),
            plan.layout,
        )
        return Reading(
            election_uuid=uuid,
            election_hash=ballot.election_hash,
            answers=form.answers,
            signature_hash=ballot.signature.hash,
            signed_hash=base64_hash(text[: text.rindex(_SIGNATURE)] + "}"),
            shapes=form.shapes,
            hexes=(*form.hexes, *sums),
            challenges=form.challenges,
            responses=form.responses,
            nonzero=form.nonzero,
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
        rows = plan_of(reading.shapes).rows
        numbers = b"".join(scalars)
        key = as_point(election.public_key)
        text = self._arithmetic.commit(reading.multiples, rows, numbers, key)
        first, row = 0, 0
        claims = claims_of(reading.shapes, reading.hexes, reading.election_hash, reading.nonzero)
        signature = Claim(signature_prefix(reading.signature_hash), 1)
        for prefix, count, given in chain([signature], claims):
            end = row + (2 * count if first else 1)
            hashed = hashlib.sha256(prefix.encode() + text[row * ROW : end * ROW - 1])
            challenge = sum(challenges[first : first + count]) if given is None else given
            if (int.from_bytes(hashed.digest(), "big") - challenge) % Q:
                return False
            first += count
            row = end
        return first == len(challenges)

    def add_up(self, readings: Sequence[Reading]) -> tuple[Ciphertext, ...]:
        """Sums of the choices of ballots of one shape, question after question."""
        choices = sum(shape.choices for shape in readings[0].shapes)
        points = [reading.points for reading in readings]
        hexes = map(point_of, self._arithmetic.add_up(points, 1, 2 * choices))
        return tuple(map(Ciphertext, hexes, hexes))


@lru_cache(maxsize=KEYS)
def _wanted(election: ElectionParameters) -> _Wanted | None:
    """None for an election in another group, whose ballots are never read here."""
    if election.group is not ED25519:
        return None
    return _Wanted(
        election.uuid,
        election.fingerprint,
        tuple(map(shape_of, election.questions)),
        tuple(chain.from_iterable(map(numbers_of, election.questions))),
    )
