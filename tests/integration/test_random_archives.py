"""Elections that nobody thought of, held by belenios-tool: they verify here with its result."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from dauys.crypto.group import GROUPS
from tests.belenios import BeleniosElection
from tests.integration.test_verify_archives import told

pytestmark = pytest.mark.slow

TEXTS = ("", "Иә", 'a"\\/\n\x7f', "</b>&\u2028", "😀", "A" * 300)


class Chance:
    """Draws an election and the votes in it; the same for a seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def text(self) -> str:
        return self._random.choice(TEXTS)

    def upto(self, most: int, least: int = 0) -> int:
        return self._random.randint(least, most)

    def question(self) -> dict[str, Any]:
        if self.upto(2) == 0:
            lists = [[self.text() for _ in range(self.upto(3, 1))] for _ in range(self.upto(3, 1))]
            lists[self.upto(len(lists) - 1)] = [self.text(), self.text()]
            value: dict[str, Any] = {"answers": lists, "question": self.text()}
            return {"type": "Lists", "value": value, **self.extra()}
        count = self.upto(4, 1)
        least = self.upto(count)
        value = {
            "answers": [self.text() for _ in range(count)],
            **self._random.choice([{}, {"blank": True}, {"blank": False}]),
            "min": least,
            "max": self.upto(count + 1, least),
            "question": self.text(),
        }
        return {"type": "Homomorphic", "value": value, **self.extra()} if self.upto(2) else value

    def extra(self) -> dict[str, object]:
        extras: list[dict[str, object]] = [{}, {"extra": None}, {"extra": {"": self.text()}}]
        return self._random.choice([*extras, {"extra": [1.5, -3, True]}])

    def vote(self, question: dict[str, Any]) -> list[Any]:
        """A permitted answer."""
        value = question.get("value", question)
        if question.get("type") == "Lists":
            rows = [[0] * len(names) for names in value["answers"]]
            chosen = self._random.choice([row for row in rows if len(row) > 1])
            chosen[0] = chosen[self.upto(len(chosen) - 1, 1)] = 1
            return [[bit or (row[0] and self.upto(1)) for bit in row] for row in rows]
        width = len(value["answers"])
        if value.get("blank") and self.upto(2) == 0:
            return [1] + [0] * width
        marked = self.upto(min(width, value["max"]), value["min"])
        bits = [1] * marked + [0] * (width - marked)
        self._random.shuffle(bits)
        return [0] * bool(value.get("blank")) + bits

    def voters(self) -> list[str]:
        weighted = self.upto(1)
        return [
            f"v{i}@example.com" + (f",,{self.upto(2**31 if i == 0 else 3)}" if weighted else "")
            for i in range(self.upto(4, 1))
        ]


@pytest.mark.parametrize("seed", range(9))
def test_an_election_drawn_at_random_verifies(
    seed: int, belenios_tool: str, tmp_path: Path
) -> None:
    chance = Chance(seed)
    group = GROUPS[seed % len(GROUPS)]
    election = BeleniosElection(belenios_tool, tmp_path / "election", group)
    questions = [chance.question() for _ in range(chance.upto(3, 1))]
    more = {"administrator": chance.text()} if chance.upto(1) else {}
    template = {"description": chance.text(), "name": chance.text(), "questions": questions, **more}
    voters, singles, threshold = chance.voters(), chance.upto(2), chance.upto(1)
    election.set_up(
        template,
        voters,
        singles=singles or 1 - threshold,
        names=[chance.text()],
        threshold=(needed := chance.upto(2, 1), needed + 1) if threshold else None,
    )
    for _ in range(chance.upto(5)):
        election.vote(chance.upto(len(voters) - 1), [chance.vote(one) for one in questions])
    election.close()
    for place in range(singles or 1 - threshold):
        election.decrypt(place + 1)
    for member in range(needed if threshold else 0):
        election.decrypt_as_member(member + 2)
    result = election.announce()
    report = told(election.archive)
    assert report["ok"], report["failed"]
    printed = json.loads(json.dumps(result), parse_int=str)
    assert json.loads(json.dumps(report["election"]["result"]), parse_int=str) == printed
    assert report["election"]["group"] == group
