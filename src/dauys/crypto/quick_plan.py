"""What the kernel computes for a ballot: which points by which scalars, and what is hashed.

An answer's proofs are statements about ciphertexts: its choices and sums of them. For each
statement the kernel recomputes two commitments, one to alpha and one to beta.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from typing import NamedTuple

from dauys.crypto.fast_arithmetic import NONE, Layout, Rows
from dauys.crypto.question import AnyQuestion, ListsQuestion
from dauys.crypto.rows import grouped

Pair = tuple[int, int]
"""The numbers of the points alpha and beta."""


class Outline(NamedTuple):
    """The ciphertexts of an answer, by the numbers of their points."""

    sums: Sequence[tuple[int, ...]]
    """Each the points that are summed, alphas and betas in turn."""
    statements: Sequence[Pair]
    """For every proof the ciphertext that it is about, in the order of `Form.challenges`."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How many ciphertexts and proofs an answer has. Individual and blank proofs are pairs."""

    choices: int
    overall: int
    blank: bool

    def outline(self, choices: Sequence[Pair], first_sum: int) -> Outline:
        """For an answer with these `choices`, whose sums are numbered from `first_sum`."""
        total = (first_sum, first_sum + 1)
        special = list(choices[: self.blank])
        statements = [choice for choice in choices for _ in range(2)]
        statements += special + [total] * (self.overall - len(special))
        statements += [choices[0], total] if self.blank else []
        return Outline(tuple(zip(*choices[self.blank :], strict=True)), statements)


@dataclass(frozen=True, slots=True)
class ListsShape:
    """The number of ciphertexts of each list: its own choice, and its candidates'."""

    sizes: tuple[int, ...]

    @property
    def choices(self) -> int:
        """Of all lists."""
        return sum(self.sizes)

    def outline(self, choices: Sequence[Pair], first_sum: int) -> Outline:
        """As of `Shape`. The last statement is the nonzero proof's."""
        rows = grouped(choices, self.sizes)
        candidates = [row[1:] for row in rows]
        summed = [[row[0] for row in rows], *candidates, list(chain.from_iterable(candidates))]
        sums = [tuple(pair[side] for pair in pairs) for pairs in summed for side in (0, 1)]
        chosen, *lists, everybody = [
            (first_sum + i, first_sum + i + 1) for i in range(0, len(sums), 2)
        ]
        statements = [choice for choice in choices for _ in range(2)]
        statements.append(chosen)
        for row, others in zip(rows, lists, strict=True):
            statements += (row[0], others)
        return Outline(sums, [*statements, everybody])


AnyShape = Shape | ListsShape


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """The work on a ballot of given shapes.

    Its points are numbered: the credential, alpha and beta of every choice, the commitments of
    the nonzero proofs, the sums. Its proofs are numbered in the order of `Form.challenges`. Each
    is for two commitments, to alpha and to beta of its statement; the signature's for one.
    """

    order: tuple[int, ...]
    """For every scalar the proof whose challenge it is; then the nonzero proofs' true ones."""
    layout: Layout
    rows: Rows
    """For `FastArithmetic.commit`."""


@lru_cache(maxsize=64)
def plan_of(shapes: tuple[AnyShape, ...]) -> Plan:
    """What is to be done for ballots of these `shapes`."""
    statements, sums, masks = _outlines(shapes)
    multiplied = [*statements, *((commitment,) for commitment in masks.values())]
    given = 1 + 2 * sum(shape.choices for shape in shapes) + len(masks)
    proofs_of: list[list[int]] = [[] for _ in range(given + len(sums))]
    for proof, points in enumerate(multiplied):
        for point in points:
            proofs_of[point].append(proof)
    pairs = [(point, proof) for point, proofs in enumerate(proofs_of) for proof in proofs]
    number = {pair: i for i, pair in enumerate(pairs)}
    added = {
        proof: number[commitment, len(statements) + i]
        for i, (proof, commitment) in enumerate(masks.items())
    }
    which = [
        (number[point, proof], added.get(proof, NONE) if point == points[-1] else NONE)
        for proof, points in enumerate(statements)
        for point in points
    ]
    return Plan(
        order=tuple(proof for _, proof in pairs),
        layout=Layout.of([len(proofs) for proofs in proofs_of], sums),
        rows=Rows.of([number for pair in which for number in pair]),
    )


def _outlines(
    shapes: Sequence[AnyShape],
) -> tuple[list[tuple[int, ...]], list[tuple[int, ...]], dict[int, int]]:
    """Points by proof, points by sum, and what hides in nonzero proofs, by proof.

    The last is the commitment, a multiple of which is added to the proof's second row.
    """
    statements: list[tuple[int, ...]] = [(0,)]
    sums: list[tuple[int, ...]] = []
    masks: dict[int, int] = {}
    given, mask = 1, 1 + 2 * sum(shape.choices for shape in shapes)
    first_sum = mask + sum(isinstance(shape, ListsShape) for shape in shapes)
    for shape in shapes:
        choices = [(given + 2 * i, given + 2 * i + 1) for i in range(shape.choices)]
        given += 2 * shape.choices
        outline = shape.outline(choices, first_sum + len(sums))
        sums += outline.sums
        statements += outline.statements
        if isinstance(shape, ListsShape):
            masks[len(statements) - 1] = mask
            mask += 1
    return statements, sums, masks


def numbers_of(question: AnyQuestion) -> tuple[int, ...]:
    """For every proof of an answer M: its statement is that beta - M g encrypts 0."""
    individual = (0, 1) * question.width
    if isinstance(question, ListsQuestion):
        return (*individual, 1, *(1, 0) * len(question.answers), 0)
    permitted = range(question.minimum, question.maximum + 1)
    blank = question.blank
    return (*individual, *(1,) * blank, *permitted, *(0, 0) * blank)


def shape_of(question: AnyQuestion) -> AnyShape:
    """The shape of the answers that the question wants."""
    if isinstance(question, ListsQuestion):
        return ListsShape(question.sizes)
    return Shape(question.width, question.branches + question.blank, question.blank)


class Claim(NamedTuple):
    """What is hashed before the commitments of some proofs."""

    prefix: str
    proofs: int
    challenge: int | None = None
    """What the hash must be; None: the sum of the proofs' challenges."""


def claims_of(
    shapes: Sequence[AnyShape], hexes: Sequence[str], election_hash: str, nonzero: Iterable[int]
) -> Iterator[Claim]:
    """All that a ballot's answers claim, in order.

    `hexes` are the texts of its points, `nonzero` the true challenges of its nonzero proofs.
    """
    context = f"{election_hash}|{hexes[0]}"
    choices = sum(shape.choices for shape in shapes)
    lists = sum(isinstance(shape, ListsShape) for shape in shapes)
    masks = zip(hexes[1 + 2 * choices :], nonzero, strict=False)
    given, sums = _pairs(hexes[1 : 1 + 2 * choices]), _pairs(hexes[1 + 2 * choices + lists :])
    for shape in shapes:
        own = list(islice(given, shape.choices))
        yield from (Claim(f"prove|{context}|{choice}|", 2) for choice in own)
        whole = f"{context}|{','.join(own)}"
        total = next(sums)
        if isinstance(shape, ListsShape):
            yield Claim(f"prove|{whole}|{total}|", 1)
            yield from (Claim(f"lproof|{whole}|", 2) for _ in shape.sizes)
            commitment, challenge = next(masks)
            yield Claim(f"nonzero|{whole}|{commitment},", 1, challenge)
            for _ in range(len(shape.sizes) + 1):
                next(sums)  # those of candidates are in no hash
        elif shape.blank:
            yield Claim(f"bproof1|{whole}|", shape.overall)
            yield Claim(f"bproof0|{whole}|", 2)
        else:
            yield Claim(f"prove|{whole}|{total}|", shape.overall)


def _pairs(hexes: Sequence[str]) -> Iterator[str]:
    points = iter(hexes)
    return (f"{alpha},{beta}" for alpha, beta in zip(points, points, strict=True))
