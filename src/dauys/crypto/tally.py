"""Sums of ballots, their decryption by the trustees, and the result.

Specification 3.0, sections 4.18 (encrypted tally), 4.20 (partial decryptions) and 4.21
(result). Only sums are ever decrypted.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice, repeat
from math import isqrt
from typing import Final, Self

from dauys.core.errors import VerificationError
from dauys.core.ports import RandomSource
from dauys.crypto import checking
from dauys.crypto.ballot import Ballot
from dauys.crypto.belenios_json import (
    load,
    members,
    print_weight,
    require_same,
    weight,
)
from dauys.crypto.ed25519 import ED25519, G, as_point
from dauys.crypto.election import ElectionParameters
from dauys.crypto.elgamal import Ciphertext, zero
from dauys.crypto.group import Element, Group
from dauys.crypto.proofs import Proof, check_knowledge, prove_knowledge, require
from dauys.crypto.rows import Lists, Rows, grouped, lists_of, print_rows, read_rows
from dauys.crypto.trustees import TrusteeKey, TrusteePublicKey

_TALLY: Final = "encrypted tally"
_PARTIAL: Final = "partial decryption"
_RESULT: Final = "result"
_AT_ONCE: Final = 256
"""Ballots that are held while they are summed."""

ResultRow = tuple[int, ...] | tuple[tuple[int, ...], ...]
Result = tuple[ResultRow, ...]
"""Votes per question and choice, the blank votes first where a question allows them; of a
lists question a row for each list, its own votes first."""


@dataclass(frozen=True, slots=True)
class EncryptedTally:
    """Sum of the ciphertexts, per question and choice."""

    questions: Rows[Ciphertext]
    lists: Lists = ()

    @classmethod
    def parse(cls, text: str, group: Group = ED25519) -> Self:
        """Read what `to_json` prints and nothing else. Raises MalformedError."""
        read = partial(Ciphertext.parse, group=group, allow_identity=True)
        tally = cls(*read_rows(load(text, _TALLY), _TALLY, read))
        require_same(tally.to_json(), text, _TALLY)
        return tally

    def to_json(self) -> str:
        """Print as the specification does: arrays of ciphertexts in an array."""
        return print_rows(self.questions, self.lists, Ciphertext.to_json)

    def __add__(self, other: "EncryptedTally") -> "EncryptedTally":
        """Sum of two sums of the same election."""
        return EncryptedTally(
            tuple(
                tuple(a + b for a, b in zip(row, other_row, strict=True))
                for row, other_row in zip(self.questions, other.questions, strict=True)
            ),
            self.lists,
        )

    def fits(self, election: ElectionParameters) -> bool:
        """Whether there is a sum for each choice of each question, and no other."""
        widths = [question.width for question in election.questions]
        rows = list(map(len, self.questions))
        return rows == widths and self.lists == lists_of(election.questions)


def sum_ballots(
    election: ElectionParameters,
    ballots: Iterable[Ballot],
    weights: Iterable[int] | None = None,
) -> EncryptedTally:
    """Sum checked `ballots`, each times its weight (1 unless `weights` are given).

    No ballots give the identity everywhere. Raises VerificationError("shape") if a
    ballot does not have the election's shape.
    """
    lists = lists_of(election.questions)
    shape = [question.width for question in election.questions]
    nothing = zero(election.group)
    total = EncryptedTally(tuple((nothing,) * width for width in shape), lists)
    for groups in _grouped(ballots, weights):
        for factor, group in groups.items():
            for ballot in group:
                require(ballot.widths == shape, "shape", f"ballot of {ballot.credential}")
            sums = (c if factor == 1 else factor * c for c in _sum_of(group))
            rows = tuple(tuple(islice(sums, width)) for width in shape)
            total += EncryptedTally(rows, lists)
    return total


def _grouped(
    ballots: Iterable[Ballot], weights: Iterable[int] | None
) -> Iterator[dict[int, list[Ballot]]]:
    """Ballots by weight, as many at a time as fit into memory easily."""
    pairs = zip(ballots, repeat(1)) if weights is None else zip(ballots, weights, strict=True)
    while some := list(islice(pairs, _AT_ONCE)):
        groups: dict[int, list[Ballot]] = {}
        for ballot, factor in some:
            groups.setdefault(factor, []).append(ballot)
        yield groups


def _sum_of(ballots: Sequence[Ballot]) -> Sequence[Ciphertext]:
    """Sums of all ciphertexts of some ballots of one shape: by the kernel if it read them all."""
    fast = checking.fast()
    readings = [ballot.reading for ballot in ballots if ballot.reading is not None]
    if fast is not None and len(readings) == len(ballots):
        return fast.add_up(readings)
    first, *others = ([c for a in ballot.answers for c in a.ciphertexts] for ballot in ballots)
    for choices in others:
        first = [one + choice for one, choice in zip(first, choices, strict=True)]
    return first


@dataclass(frozen=True, slots=True)
class PartialDecryption:
    """One trustee's x*alpha of every sum, with proofs that x is its secret."""

    factors: Rows[Element]
    proofs: Rows[Proof]
    lists: Lists = ()

    @classmethod
    def parse(cls, text: str, group: Group = ED25519) -> Self:
        """Read what `to_json` prints and nothing else. Raises MalformedError."""
        names = ("decryption_factors", "decryption_proofs")
        fields = members(load(text, _PARTIAL), _PARTIAL, names)
        read = partial(group.parse, allow_identity=True)
        factors, lists = read_rows(fields["decryption_factors"], _PARTIAL, read)
        read_proof = partial(Proof.parse, group=group)
        proofs, _ = read_rows(fields["decryption_proofs"], _PARTIAL, read_proof)
        part = cls(factors, proofs, lists)
        require_same(part.to_json(), text, _PARTIAL)
        return part

    def to_json(self) -> str:
        """Print in the field order of the specification."""
        factors = print_rows(self.factors, self.lists, lambda point: f'"{point.text()}"')
        proofs = print_rows(self.proofs, self.lists, Proof.to_json)
        return f'{{"decryption_factors":{factors},"decryption_proofs":{proofs}}}'


def decrypt_partially(
    election: ElectionParameters, tally: EncryptedTally, key: TrusteeKey, random: RandomSource
) -> PartialDecryption:
    """Compute the part of the trustee who holds `key`. Draws w for every sum, in order."""
    prefix = _prefix(election, key.public)
    alphas = [[as_point(c.alpha) for c in row] for row in tally.questions]
    return PartialDecryption(
        tuple(tuple(key.secret * alpha for alpha in row) for row in alphas),
        tuple(
            tuple(prove_knowledge(key.secret, prefix, random, (G, alpha)) for alpha in row)
            for row in alphas
        ),
        tally.lists,
    )


def check_partial_decryption(
    election: ElectionParameters,
    tally: EncryptedTally,
    trustee: TrusteePublicKey,
    part: PartialDecryption,
) -> None:
    """Raise VerificationError unless `part` is what `trustee` must give for `tally`."""
    shape = [len(row) for row in tally.questions]
    found = [[len(row) for row in rows] for rows in (part.factors, part.proofs)]
    fits = found == [shape, shape] and part.lists == tally.lists
    require(fits, "shape", "partial decryption does not fit the tally")
    prefix = _prefix(election, trustee)
    for i, row in enumerate(tally.questions):
        for j, ciphertext in enumerate(row):
            holds = check_knowledge(
                part.proofs[i][j],
                prefix,
                (trustee.public_key, part.factors[i][j]),
                (election.group.generator, ciphertext.alpha),
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
    require(tally.fits(election), "shape", "of the tally")
    logarithms = DiscreteLog(total_weight, election.group)
    rows = [tuple(map(logarithms.of, row)) for row in _decrypted(tally, partials)]
    return _nested(rows, tally.lists)


def check_result(
    tally: EncryptedTally, partials: Sequence[PartialDecryption], result: Result
) -> None:
    """Raise VerificationError unless the checked parts decrypt `tally` to `result`.

    Cheaper than `combine`, as it takes no logarithms.
    """
    rows, lists = _rows_of(result)
    shape = [len(row) for row in tally.questions]
    fits = [len(row) for row in rows] == shape and lists == tally.lists
    require(fits, "shape", "result does not fit the tally")
    for points, numbers in zip(_decrypted(tally, partials), rows, strict=True):
        for point, number in zip(points, numbers, strict=True):
            require(number * point.group.generator == point, _RESULT)


def result_to_json(result: Result) -> str:
    """Print `{"result":[[…],…]}`; numbers above 2**30-1 are strings, as belenios-tool has it."""
    return f'{{"result":{print_rows(*_rows_of(result), print_weight)}}}'


def parse_result(text: str) -> Result:
    """Read what `result_to_json` prints and nothing else. Raises MalformedError."""
    fields = members(load(text, _RESULT), _RESULT, ("result",))
    rows, lists = read_rows(fields["result"], _RESULT, lambda number: weight(number, _RESULT))
    result = _nested(rows, lists)
    require_same(result_to_json(result), text, _RESULT)
    return result


def flat(row: ResultRow) -> tuple[int, ...]:
    """The numbers of a row, list after list."""
    return tuple(chain.from_iterable(n if isinstance(n, tuple) else (n,) for n in row))


def _rows_of(result: Result) -> tuple[Rows[int], Lists]:
    lists = [
        (i, tuple(len(group) for group in row if isinstance(group, tuple)))
        for i, row in enumerate(result)
    ]
    return tuple(map(flat, result)), tuple((i, sizes) for i, sizes in lists if sizes)


def _nested(rows: Sequence[tuple[int, ...]], lists: Lists) -> Result:
    sizes = dict(lists)
    return tuple(grouped(row, sizes[i]) if i in sizes else row for i, row in enumerate(rows))


class DiscreteLog:
    """Numbers m in [0, bound] from m*g: baby-step giant-step with one table for all."""

    def __init__(self, bound: int, group: Group = ED25519) -> None:
        """Take about sqrt(`bound`) additions."""
        self._bound = bound
        self._width = isqrt(bound) + 1
        self._table: dict[Element, int] = {}
        baby = group.identity
        for i in range(self._width):
            self._table[baby] = i
            baby += group.generator
        self._giant = -self._width * group.generator

    def of(self, point: Element) -> int:
        """Return m with `point` = m*g. Raises VerificationError if there is none in [0, bound]."""
        for step in range(self._width):
            rest = self._table.get(point)
            if rest is not None:
                number = step * self._width + rest
                if number <= self._bound:
                    return number
                break
            point += self._giant
        raise VerificationError(_RESULT, f"no number up to {self._bound} fits")


def discrete_log(point: Element, bound: int) -> int:
    """Return m in [0, bound] with `point` = m*g. Raises VerificationError if there is none."""
    return DiscreteLog(bound, point.group).of(point)


def _decrypted(
    tally: EncryptedTally, partials: Sequence[PartialDecryption]
) -> tuple[tuple[Element, ...], ...]:
    """m*g of every sum: beta less the factors of all trustees."""
    for part in partials:
        shape = [len(row) for row in tally.questions]
        require([len(row) for row in part.factors] == shape, "shape", "of a part")
    return tuple(
        tuple(
            c.beta - sum((part.factors[i][j] for part in partials), c.beta.group.identity)
            for j, c in enumerate(row)
        )
        for i, row in enumerate(tally.questions)
    )


def _prefix(election: ElectionParameters, trustee: TrusteePublicKey) -> str:
    return f"decrypt|{election.fingerprint}|{trustee.public_key.text()}|"
