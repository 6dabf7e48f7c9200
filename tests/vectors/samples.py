"""Elections and ballots that tests and vectors start from."""

from collections.abc import Sequence
from dataclasses import dataclass

from dauys.crypto.ballot import Ballot, Choices, CredentialKey, make_ballot, parse_ballot
from dauys.crypto.election import ElectionParameters, parse_uuid
from dauys.crypto.question import AnyQuestion, ListsQuestion, Question
from dauys.crypto.trustees import TrusteeKey, election_public_key
from tests.vectors.seeded import SeededRandom

KAZAKH = 'Кеңес сайлауы — «Атамекен» "Әділ таңдау"'
RUSSIAN = "Выборы в региональный совет\\совет\t№ 5"


@dataclass(frozen=True, slots=True)
class Sample:
    """An election with its trustees, and choices that it permits."""

    name: str
    election: ElectionParameters
    trustees: tuple[TrusteeKey, ...]
    choices: tuple[tuple[Choices, ...], ...]

    def key(self, voter: int) -> CredentialKey:
        """Credential of the voter at place `voter`."""
        return CredentialKey.generate(SeededRandom(f"{self.name} credential {voter}"))

    def ballot_text(self, voter: int) -> str:
        """Ballot of the voter at place `voter`, who makes the choices at that place."""
        random = SeededRandom(f"{self.name} ballot {voter}")
        return make_ballot(self.election, self.key(voter), self.choices[voter], random)

    def ballots(self) -> list[Ballot]:
        """All ballots, parsed."""
        return [parse_ballot(self.ballot_text(voter)) for voter in range(len(self.choices))]


def _sample(
    name: str, uuid: str, questions: Sequence[AnyQuestion], choices: Sequence[Sequence[Choices]]
) -> Sample:
    trustees = tuple(TrusteeKey.generate(SeededRandom(f"{name} trustee {i}")) for i in range(2))
    election = ElectionParameters(
        description=RUSSIAN,
        name=KAZAKH,
        public_key=election_public_key([key.public for key in trustees]),
        questions=tuple(questions),
        uuid=parse_uuid(uuid),
    )
    return Sample(name, election, trustees, tuple(map(tuple, choices)))


def _answers(count: int) -> tuple[str, ...]:
    return tuple(f"Үміткер № {i + 1}" for i in range(count))


REFERENDUM = _sample(
    "referendum",
    "DauysSampLeYesNo",
    [Question(("Иә", "Жоқ"), 1, 1, "Келісесіз бе?")],
    [[[1, 0]], [[0, 1]]],
)
ONE_OF_TEN = _sample(
    "one-of-ten",
    "DauysSampLe1of1o",
    [Question(_answers(10), 1, 1, "Кімге дауыс бересіз?")],
    [[[0] * 9 + [1]], [[1] + [0] * 9], [[0] * 4 + [1] + [0] * 5]],
)
TWO_OF_FIVE = _sample(
    "two-of-five",
    "DauysSampLe2of5",
    [Question(_answers(5), 0, 2, "За кого вы голосуете?")],
    [[[0, 1, 0, 1, 0]], [[0] * 5], [[1, 0, 0, 0, 0]]],
)
BLANK = _sample(
    "blank",
    "DauysSampLeBLank",
    [Question(_answers(3), 1, 2, "Who? \u007f", blank=True)],
    [[[1, 0, 0, 0]], [[0, 1, 0, 1]], [[0, 0, 1, 0]]],
)
BLANK_OR_NONE = _sample(
    "blank-or-none",
    "DauysSampLeNone",
    [Question(_answers(2), 0, 2, "Who?", blank=True)],
    [[[1, 0, 0]], [[0, 0, 0]], [[0, 1, 1]]],
)
SEVERAL = _sample(
    "several",
    "DauysSampLeSeveraL",
    [
        Question(("A", "B"), 1, 1, "First?"),
        Question(("Иә", "Жоқ"), 1, 1, "Екінші?", blank=True),
        Question(("one",), 0, 1, "Third?"),
    ],
    [[[1, 0], [0, 0, 1], [1]], [[0, 1], [1, 0, 0], [0]]],
)
LISTS = _sample(
    "lists",
    "DauysSampLeLists",
    [
        ListsQuestion(
            (("«Ақ жол»", "Әсел", "Болат"), ("Birlik", "Дана"), ("Жастар", "Ерлан", "Жанар")),
            "Тізімдер?",
        )
    ],
    [
        [[[1, 1, 0], [0, 0], [0, 0, 0]]],
        [[[0, 0, 0], [1, 1], [0, 0, 0]]],
        [[[0, 0, 0], [0, 0], [1, 1, 1]]],
    ],
)
LISTS_OF_TWO = _sample(
    "lists-of-two",
    "DauysSampLeTwoLists",
    [ListsQuestion((("A", "a1"), ("B", "b1")), "Which list?")],
    [[[[1, 1], [0, 0]]], [[[0, 0], [1, 1]]]],
)
MIXED = _sample(
    "mixed",
    "DauysSampLeMixed",
    [
        Question(_answers(3), 1, 2, "Кім?", blank=True),
        ListsQuestion((("A", "a1", "a2"), ("B",), ("C", "c1")), "Which list?"),
        Question(("Иә", "Жоқ"), 1, 1, "Келісесіз бе?"),
    ],
    [
        [[1, 0, 0, 0], [[1, 0, 1], [0], [0, 0]], [1, 0]],
        [[0, 1, 1, 0], [[0, 0, 0], [0], [1, 1]], [0, 1]],
        [[0, 0, 0, 1], [[1, 1, 1], [0], [0, 0]], [1, 0]],
    ],
)
SAMPLES = (REFERENDUM, ONE_OF_TEN, TWO_OF_FIVE, BLANK, BLANK_OR_NONE, SEVERAL)
LIST_SAMPLES = (LISTS, LISTS_OF_TWO, MIXED)
