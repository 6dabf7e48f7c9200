"""Sums of ballots, their decryption by the trustees, and the result.

Specification 3.0, sections 4.18 (encrypted tally), 4.20 (partial decryptions) and 4.21
(result). Only sums are ever decrypted.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isqrt
from typing import Final, Self

from dauys.core.errors import VerificationError
from dauys.core.ports import RandomSource
from dauys.crypto.ballot import Ballot
from dauys.crypto.belenios_json import (
    array,
    join,
    load,
    members,
    print_weight,
    require_same,
    weight,
)
from dauys.crypto.election import ElectionParameters
from dauys.crypto.elgamal import ZERO, Ciphertext
from dauys.crypto.group import IDENTITY, G, Point
from dauys.crypto.proofs import Proof, check_knowledge, prove_knowledge, require
from dauys.crypto.trustees import TrusteeKey, TrusteePublicKey

_TALLY: Final = "encrypted tally"
_PARTIAL: Final = "partial decryption"
_RESULT: Final = "result"

Result = tuple[tuple[int, ...], ...]
"""Votes per question and choice; the blank votes first where a question allows them."""


@dataclass(frozen=True, slots=True)
class EncryptedTally:
    """Sum of the ciphertexts, per question and choice."""

    questions: tuple[tuple[Ciphertext, ...], ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `to_json` prints and nothing else. Raises MalformedError."""
        tally = cls(
            tuple(
                tuple(Ciphertext.parse(c, allow_identity=True) for c in array(row, _TALLY))
                for row in array(load(text, _TALLY), _TALLY)
            )
        )
        require_same(tally.to_json(), text, _TALLY)
        return tally

    def to_json(self) -> str:
        """Print as the specification does: an array of arrays of ciphertexts."""
        return join(join(c.to_json() for c in row) for row in self.questions)


def sum_ballots(
    election: ElectionParameters,
    ballots: Iterable[Ballot],
    weights: Iterable[int] | None = None,
) -> EncryptedTally:
    """Sum checked `ballots`, each times its weight (1 unless `weights` are given).

    No ballots give the identity everywhere. Raises VerificationError("shape") if a
    ballot does not have the election's shape.
    """
    sums = [[ZERO] * question.width for question in election.questions]
    shape = [len(row) for row in sums]
    weighted = (
        ((ballot, 1) for ballot in ballots)
        if weights is None
        else zip(ballots, weights, strict=True)
    )
    for ballot, factor in weighted:
        found = [len(answer.choices) for answer in ballot.answers]
        require(found == shape, "shape", f"ballot of {ballot.credential}")
        for row, answer in zip(sums, ballot.answers, strict=True):
            for i, choice in enumerate(answer.choices):
                row[i] += choice if factor == 1 else factor * choice
    return EncryptedTally(tuple(map(tuple, sums)))


@dataclass(frozen=True, slots=True)
class PartialDecryption:
    """One trustee's x*alpha of every sum, with proofs that x is its secret."""

    factors: tuple[tuple[Point, ...], ...]
    proofs: tuple[tuple[Proof, ...], ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what `to_json` prints and nothing else. Raises MalformedError."""
        names = ("decryption_factors", "decryption_proofs")
        fields = members(load(text, _PARTIAL), _PARTIAL, names)
        factors, proofs = (array(fields[name], _PARTIAL) for name in names)
        partial = cls(
            tuple(
                tuple(Point.parse(f, allow_identity=True) for f in array(row, _PARTIAL))
                for row in factors
            ),
            tuple(tuple(map(Proof.parse, array(row, _PARTIAL))) for row in proofs),
        )
        require_same(partial.to_json(), text, _PARTIAL)
        return partial

    def to_json(self) -> str:
        """Print in the field order of the specification."""
        factors = join(join(f'"{point.hex()}"' for point in row) for row in self.factors)
        proofs = join(join(proof.to_json() for proof in row) for row in self.proofs)
        return f'{{"decryption_factors":{factors},"decryption_proofs":{proofs}}}'


def decrypt_partially(
    election: ElectionParameters, tally: EncryptedTally, key: TrusteeKey, random: RandomSource
) -> PartialDecryption:
    """Compute the part of the trustee who holds `key`. Draws w for every sum, in order."""
    prefix = _prefix(election, key.public)
    return PartialDecryption(
        tuple(tuple(key.secret * c.alpha for c in row) for row in tally.questions),
        tuple(
            tuple(prove_knowledge(key.secret, prefix, random, (G, c.alpha)) for c in row)
            for row in tally.questions
        ),
    )


def check_partial_decryption(
    election: ElectionParameters,
    tally: EncryptedTally,
    trustee: TrusteePublicKey,
    partial: PartialDecryption,
) -> None:
    """Raise VerificationError unless `partial` is what `trustee` must give for `tally`."""
    shape = [len(row) for row in tally.questions]
    found = [[len(row) for row in rows] for rows in (partial.factors, partial.proofs)]
    require(found == [shape, shape], "shape", "partial decryption does not fit the tally")
    prefix = _prefix(election, trustee)
    for i, row in enumerate(tally.questions):
        for j, ciphertext in enumerate(row):
            holds = check_knowledge(
                partial.proofs[i][j],
                prefix,
                (trustee.public_key, partial.factors[i][j]),
                (G, ciphertext.alpha),
            )
            require(holds, "decryption proof", f"question {i + 1}, choice {j + 1}")


def combine(
    election: ElectionParameters,
    tally: EncryptedTally,
    partials: Sequence[PartialDecryption],
    total_weight: int,
) -> Result:
    """Decrypt `tally` with the checked parts of all trustees.

    `total_weight` of the ballots bounds every number. Raises VerificationError("result")
    if no number within the bound fits: a part is missing, or is of another tally.
    """
    _require_shape(election, tally)
    logarithms = DiscreteLog(total_weight)
    return tuple(tuple(map(logarithms.of, row)) for row in _decrypted(tally, partials))


def check_result(
    tally: EncryptedTally, partials: Sequence[PartialDecryption], result: Result
) -> None:
    """Raise VerificationError unless the checked parts decrypt `tally` to `result`.

    Cheaper than `combine`, as it takes no logarithms.
    """
    shape = [len(row) for row in tally.questions]
    require([len(row) for row in result] == shape, "shape", "result does not fit the tally")
    for points, numbers in zip(_decrypted(tally, partials), result, strict=True):
        for point, number in zip(points, numbers, strict=True):
            require(number * G == point, _RESULT)


def result_to_json(result: Result) -> str:
    """Print `{"result":[[…],…]}`; numbers above 2**30-1 are strings, as belenios-tool has it."""
    return f'{{"result":{join(join(map(print_weight, row)) for row in result)}}}'


def parse_result(text: str) -> Result:
    """Read what `result_to_json` prints and nothing else. Raises MalformedError."""
    fields = members(load(text, _RESULT), _RESULT, ("result",))
    result = tuple(
        tuple(weight(number, _RESULT) for number in array(row, _RESULT))
        for row in array(fields["result"], _RESULT)
    )
    require_same(result_to_json(result), text, _RESULT)
    return result


class DiscreteLog:
    """Numbers m in [0, bound] from m*g: baby-step giant-step with one table for all."""

    def __init__(self, bound: int) -> None:
        """Take about sqrt(`bound`) additions."""
        self._bound = bound
        self._width = isqrt(bound) + 1
        self._table: dict[bytes, int] = {}
        baby = IDENTITY
        for i in range(self._width):
            self._table[baby.encoding] = i
            baby += G
        self._giant = baby

    def of(self, point: Point) -> int:
        """Return m with `point` = m*g. Raises VerificationError if there is none in [0, bound]."""
        for step in range(self._width):
            rest = self._table.get(point.encoding)
            if rest is not None:
                number = step * self._width + rest
                if number <= self._bound:
                    return number
                break
            point -= self._giant
        raise VerificationError(_RESULT, f"no number up to {self._bound} fits")


def discrete_log(point: Point, bound: int) -> int:
    """Return m in [0, bound] with `point` = m*g. Raises VerificationError if there is none."""
    return DiscreteLog(bound).of(point)


def _decrypted(
    tally: EncryptedTally, partials: Sequence[PartialDecryption]
) -> tuple[tuple[Point, ...], ...]:
    """m*g of every sum: beta less the factors of all trustees."""
    for partial in partials:
        shape = [len(row) for row in tally.questions]
        require([len(row) for row in partial.factors] == shape, "shape", "of a part")
    return tuple(
        tuple(
            c.beta - sum((partial.factors[i][j] for partial in partials), IDENTITY)
            for j, c in enumerate(row)
        )
        for i, row in enumerate(tally.questions)
    )


def _require_shape(election: ElectionParameters, tally: EncryptedTally) -> None:
    shape = [question.width for question in election.questions]
    require([len(row) for row in tally.questions] == shape, "shape", "of the tally")


def _prefix(election: ElectionParameters, trustee: TrusteePublicKey) -> str:
    return f"decrypt|{election.fingerprint}|{trustee.public_key.hex()}|"
