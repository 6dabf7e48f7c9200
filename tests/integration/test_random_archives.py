"""Elections that nobody thought of, held by belenios-tool: they verify here with its result."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from dauys.crypto import checking
from dauys.crypto.group import GROUPS
from tests.belenios import BeleniosElection
from tests.integration.test_verify_archives import told

pytestmark = pytest.mark.slow

TEXTS = (
    *("", "Иә", 'a"\\/\n\x7f', "</b>&\u2028", "😀", "A" * 300, "ж" * 20_000, "null", "\\ud83d"),
    *(
        "".join(map(chr, range(32))),
        "\x80\x9f\ufeff\ufffe\uffff",
        "\u202eא",
        "e\u0301",
        "\U0010ffff",
    ),
)
WEIGHTS = (0, 1, 2, 1000, 2**31 - 1, 2**31, 10**9)
STAGES = ("result", "result", "result", "setup", "ballots", "tally", "parts")
"""Where an archive ends, of which some are of elections that go on."""


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
        count = self._random.choice([0, 1, 2, 4, 12])
        least = self._random.choice([0, min(1, count), count])
        value = {
            "answers": [self.text() for _ in range(count)],
            **self._random.choice([{}, {"blank": True}, {"blank": False}]),
            "min": least,
            "max": self._random.choice([least, count, self.upto(count + 2, least)]),
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
            f"v{i}@example.com" + (f",,{self._random.choice(WEIGHTS)}" if weighted else "")
            for i in range(self.upto(5, 1))
        ]

    def some_of(self, members: int, needed: int) -> list[int]:
        """At least as many as are needed, in any order."""
        places = self._random.sample(range(1, members + 1), members)
        return places[: self.upto(members, needed)]

    def stage(self) -> str:
        return self._random.choice(STAGES)


@pytest.mark.parametrize("seed", range(9))
def test_an_election_drawn_at_random_verifies(
    seed: int, belenios_tool: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = Chance(seed)
    group = GROUPS[seed % len(GROUPS)]
    election = BeleniosElection(belenios_tool, tmp_path / "election", group)
    questions = [chance.question() for _ in range(chance.upto(5, 1))]
    more = {"administrator": chance.text()} if chance.upto(1) else {}
    template = {"description": chance.text(), "name": chance.text(), "questions": questions, **more}
    voters, singles, members = chance.voters(), chance.upto(3), chance.upto(1) * chance.upto(5, 2)
    needed = chance.upto(members - 1, 1) if members else 0
    election.set_up(
        template,
        voters,
        singles=singles or int(not members),
        names=[chance.text()],
        threshold=(needed, members) if members else None,
    )
    stage = chance.stage()
    for _ in range(chance.upto(6) if stage != "setup" else 0):
        election.vote(chance.upto(len(voters) - 1), [chance.vote(one) for one in questions])
    if stage not in {"setup", "ballots"}:
        election.close()
    if stage in {"parts", "result"}:
        for member in chance.some_of(members, needed):
            election.decrypt_as_member(member)
    if stage == "result":
        singly = singles or int(not members)
        for single in chance.some_of(singly, singly):
            election.decrypt(single)
    result = election.announce() if stage == "result" else None
    report = told(election.archive)
    assert report["ok"], report["failed"]
    printed = json.loads(json.dumps(result), parse_int=str)
    assert json.loads(json.dumps(report["election"]["result"]), parse_int=str) == printed
    assert report["election"]["group"] == group
    monkeypatch.setattr(checking, "fast", lambda: None)
    monkeypatch.setattr(checking, "prepare", lambda: False)
    assert told(election.archive) == report, "libsodium alone says the same"
