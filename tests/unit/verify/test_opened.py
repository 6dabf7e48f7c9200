"""`dauys verify-opened` as whoever checks a ballot that a voter opened meets it."""

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from dauys.cli.opened import verify_opened
from dauys.core.canonical import encode
from dauys.crypto.ballot import CredentialKey, make_ballot
from dauys.crypto.ed25519 import random_scalar
from dauys.crypto.question import Question
from dauys.verify.opened import published_elections
from tests.unit.verify.plain_log import write_log
from tests.unit.verify.story import ORIGIN, story, texts
from tests.vectors.seeded import SeededRandom

app = typer.Typer()
app.command()(verify_opened)


def run(file: Path, folder: Path) -> Result:
    return CliRunner().invoke(app, [str(file), str(folder)])


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published")
    write_log(folder, texts(story().entries), ORIGIN, story().board.keys.log)
    return folder


def opened(folder: Path) -> tuple[dict[str, Any], str]:
    """An opened ballot for the first answer of a contest of one question, and that answer."""
    election = next(
        one
        for one in published_elections(folder).elections
        if len(one.questions) == 1 and isinstance(one.questions[0], Question)
    )
    question = election.questions[0]
    assert isinstance(question, Question)
    choices = [0] * question.width
    choices[question.blank] = 1
    key = CredentialKey.generate(SeededRandom("key"))
    ballot = json.loads(make_ballot(election, key, [choices], SeededRandom("ballot")))
    del ballot["signature"]
    again = SeededRandom("ballot")  # r of every choice is what is drawn first
    file = {
        "v": 1,
        "ballot": json.dumps(ballot, separators=(",", ":")),
        "choices": [choices],
        "randomness": [[str(random_scalar(again)) for _ in choices]],
    }
    return file, question.answers[0]


def test_opened_ballot_is_told_in_words(published: Path, tmp_path: Path) -> None:
    value, answer = opened(published)
    file = tmp_path / "opened-ballot.json"
    file.write_bytes(encode(value))
    told = run(file, published)
    assert told.exit_code == 0
    assert f"- {answer}" in told.output
    assert "Compare the code" in told.output


def test_opened_ballot_that_holds_something_else_is_not_right(
    published: Path, tmp_path: Path
) -> None:
    value, answer = opened(published)
    value["choices"][0].reverse()
    file = tmp_path / "opened-ballot.json"
    file.write_bytes(encode(value))
    told = run(file, published)
    assert told.exit_code == 1
    assert "NOT RIGHT: encryption: answer 1, choice 1" in told.output
    assert f"- {answer}" not in told.output


@pytest.mark.parametrize("content", [b"", b"{}", b'{"v":1}', b"\xff", b"[" * 100_000])
def test_what_is_no_opened_ballot_cannot_be_checked(
    published: Path, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "opened-ballot.json"
    file.write_bytes(content)
    told = run(file, published)
    assert (told.exit_code, told.output.startswith("malformed opened ballot")) == (2, True)
    assert run(tmp_path / "missing.json", published).exit_code == 2
    assert run(file, tmp_path).exit_code == 2
