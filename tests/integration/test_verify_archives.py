"""Archives that belenios-tool makes verify here, with its result: all kinds, and cut short."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from dauys.cli.verify import verify
from dauys.crypto.archive_events import read_events
from tests.belenios import BeleniosElection
from tests.vectors.archive_mutations import honest, with_text

Make = Callable[..., BeleniosElection]

app = typer.Typer()
app.command()(verify)

VOTERS = [f"voter{i}@example.com" for i in range(1, 5)]
REFERENDUM = {"answers": ["Иә", "Жоқ"], "min": 1, "max": 1, "question": "Келісесіз бе?"}
LISTS = {
    "type": "Lists",
    "value": {"answers": [["Red", "R1", "R2"], ["Blue", "B1"]], "question": "Which list?"},
}


def run(path: Path, *options: str) -> Result:
    return CliRunner().invoke(app, [str(path), "--workers", "1", *options])


def told(path: Path) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(run(path, "--json").output)
    return report


def template(*questions: object, **more: str | None) -> dict[str, object]:
    return {"description": "", "name": "Election", "questions": list(questions), **more}


@pytest.fixture
def make(belenios_tool: str, tmp_path: Path) -> Make:
    def election(*arguments: Any, **options: Any) -> BeleniosElection:
        made = BeleniosElection(belenios_tool, tmp_path / "election")
        made.set_up(*arguments, **options)
        return made

    return election


def test_great_weights_and_revotes_are_counted(make: Make) -> None:
    voters = ["a@example.com,,1000000000", "b@example.com,bee,2000000000", "c@example.com,c,0"]
    election = make(template(REFERENDUM), voters, singles=3)
    for voter, choice in ((0, [1, 0]), (1, [1, 0]), (2, [0, 1]), (1, [0, 1]), (0, [1, 0])):
        election.vote(voter, [choice])
    election.close()
    for trustee in (3, 1, 2):
        election.decrypt(trustee)
    result = election.announce()
    report = told(election.archive)
    assert report["ok"], report["failed"]
    assert result == [[1_000_000_000, "2000000000"]]
    summary = report["election"]
    assert summary["result"] == [[1_000_000_000, 2_000_000_000]]
    assert (summary["ballots"], summary["replaced"], summary["counted"]) == (5, 2, 3)
    assert (summary["weight"], summary["weighted"]) == (3_000_000_000, True)
    assert "of weight 3000000000" in run(election.archive).output


def test_any_two_of_three_beside_a_single_trustee_decrypt_in_any_order(make: Make) -> None:
    options = {"singles": 2, "names": ["", "Комиссия"], "threshold": (2, 3)}
    election = make(template(REFERENDUM), VOTERS, **options)
    for voter, choice in enumerate(([1, 0], [0, 1], [0, 1])):
        election.vote(voter, [choice])
    election.close()
    election.decrypt_as_member(3)
    election.decrypt(2)
    assert told(election.archive)["election"]["stage"] == "tallied"
    election.decrypt_as_member(1)
    election.decrypt(1)
    election.decrypt_as_member(2)  # more than needed
    election.decrypt(1)  # and again
    assert election.announce() == [[1, 2]]
    report = told(election.archive)
    assert report["ok"], report["failed"]
    summary = report["election"]
    assert summary["decryptions"] == [1, 2, 3, 4, 5]
    assert [t["needed"] for t in summary["trustees"]] == [1, 1, 2]
    assert [t["names"] for t in summary["trustees"]] == [[""], ["Комиссия"], [None] * 3]


def test_lists_blank_votes_and_odd_forms_are_counted(make: Make) -> None:
    several = {"answers": ["A", "B", "C"], "blank": True, "min": 1, "max": 2, "question": "Two"}
    loose = {"answers": ["A", "B"], "blank": False, "min": 0, "max": 5, "question": ""}
    extra = {"type": "Homomorphic", "value": REFERENDUM, "extra": {"hint": [1, None, "ә", True]}}
    noted = {**LISTS, "extra": "note"}
    election = make(
        template(several, loose, extra, LISTS, noted, administrator="Ә", credential_authority=""),
        VOTERS,
    )
    voted = (
        ([0, 1, 1, 0], [1, 1], [1, 0], [[1, 1, 1], [0, 0]], [[0, 0, 0], [1, 1]]),
        ([1, 0, 0, 0], [0, 0], [0, 1], [[1, 0, 1], [0, 0]], [[1, 1, 0], [0, 0]]),
        ([0, 0, 0, 1], [0, 1], [0, 1], [[0, 0, 0], [1, 1]], [[1, 1, 1], [0, 0]]),
    )
    for voter, choice in enumerate(voted):
        election.vote(voter, choice)
    election.close()
    election.decrypt(1)
    result = election.announce()
    report = told(election.archive)
    assert report["ok"], report["failed"]
    summary = report["election"]
    assert summary["result"] == result
    assert result[0] == [1, 1, 1, 1]
    assert result[3:] == [[[2, 1, 2], [1, 1]], [[2, 2, 1], [1, 1]]]
    assert (summary["administrator"], summary["credential_authority"]) == ("Ә", "")
    lists = summary["questions"][3]
    assert lists["kind"] == "Lists"
    assert lists["lists"][0] == {
        "list": "Red",
        "votes": 2,
        "candidates": [{"answer": "R1", "votes": 1}, {"answer": "R2", "votes": 2}],
    }
    assert "R2" in run(election.archive).output


def lists(*answers: list[str]) -> dict[str, object]:
    return {"type": "Lists", "value": {"answers": answers, "question": "?"}}


@pytest.mark.parametrize(
    "questions",
    [
        [],
        [lists(), lists([]), lists(["A"], ["B"])],
        [{**REFERENDUM, "min": 2}, {**REFERENDUM, "max": 20_000}],
        [{**REFERENDUM, "min": 4_000_000_000, "max": 4_000_000_000}],
    ],
    ids=["none", "lists", "bounds", "great"],
)
def test_questions_that_nobody_can_answer_are_counted(make: Make, questions: list[object]) -> None:
    election = make(template(*questions), VOTERS[:1])
    election.close()
    election.decrypt(1)
    result = election.announce()
    report = told(election.archive)
    assert report["ok"], report["failed"]
    assert report["election"]["result"] == result
    assert run(election.archive).exit_code == 0


def test_odd_questions_that_somebody_answers_are_counted(make: Make) -> None:
    below = {**REFERENDUM, "answers": ["A"], "min": -1}
    extra = {"type": "Homomorphic", "value": below, "extra": [1.5, 1e100, 12345678901234567.0]}
    more = {"description": '\x7f\x00"\\/\u2028😀', "administrator": None}
    election = make(
        template(lists(["A", "a"], ["B"]), below, extra, **more), VOTERS[:2], names=['"\\\x7f']
    )
    election.vote(0, [[[1, 1], [0]], [1], [0]])
    election.vote(1, [[[1, 1], [0]], [0], [0]])
    election.close()
    election.decrypt(1)
    assert election.announce() == [[[2, 2], [0]], [1], [0]]
    report = told(election.archive)
    assert report["ok"], report["failed"]
    assert report["election"]["result"] == [[[2, 2], [0]], [1], [0]]


def test_an_election_without_questions_has_ballots(make: Make) -> None:
    election = make(template(), VOTERS[:2])
    election.vote(0, [])
    election.vote(1, [])
    election.close()
    election.decrypt(1)
    assert election.announce() == []
    report = told(election.archive)
    assert report["ok"], report["failed"]
    assert report["election"]["counted"] == 2


def test_an_election_without_a_single_ballot_is_counted(make: Make) -> None:
    nothing = {"answers": [], "min": 0, "max": 0, "question": "Nothing to choose"}
    election = make(template(REFERENDUM, LISTS, nothing), VOTERS, threshold=(1, 2))
    election.close()
    election.decrypt_as_member(1)
    election.decrypt(1)
    assert election.announce() == [[0, 0], [[0, 0, 0], [0, 0]], []]
    report = told(election.archive)
    assert report["ok"], report["failed"]
    assert report["election"]["result"] == [[0, 0], [[0, 0, 0], [0, 0]], []]


def test_an_archive_is_verified_as_far_as_it_goes(make: Make) -> None:
    election = make(template(REFERENDUM), VOTERS)
    stages = {}

    def look(step: str) -> None:
        report = told(election.archive)
        assert report["ok"], (step, report["failed"])
        stages[step] = report["election"]["stage"]

    look("set up")
    election.vote(0, [[1, 0]])
    look("voted")
    election.add("EndBallots")
    look("ended")
    election.add("EncryptedTally", election.run("election", "compute-encrypted-tally"))
    look("tallied")
    election.decrypt(1)
    look("decrypted")
    election.announce()
    look("announced")
    assert list(stages.values()) == ["open", "open", "closed", "tallied", "tallied", "counted"]
    output = run(election.archive).output
    assert "Verified: every check holds." in output
    assert "no result yet" not in output


def test_shuffles_of_nothing_are_in_order(make: Make) -> None:
    election = make(template(REFERENDUM), VOTERS)
    election.vote(0, [[1, 0]])
    election.close()
    election.add("Shuffle", election.run("election", "shuffle", "--trustee-id", "1"))
    election.add("EndShuffles")
    election.decrypt(1)
    election.announce()
    assert told(election.archive)["ok"]


def test_shuffled_questions_are_refused_for_now(make: Make) -> None:
    ranked = {"type": "NonHomomorphic", "value": {"answers": ["A", "B"], "question": "Rank"}}
    election = make(template(REFERENDUM, ranked), VOTERS)
    refused = run(election.archive)
    assert refused.exit_code == 2
    assert "shuffled (NonHomomorphic) questions" in refused.output
    assert "for now" in refused.output


def test_a_group_that_nobody_knows_is_refused_by_name(tmp_path: Path) -> None:
    events = list(read_events(honest(tmp_path)))
    text = events[0].data[0].replace('"Ed25519"', '"P-256"')
    path = tmp_path / "other.bel"
    path.write_bytes(with_text("", tuple(events), 0, 0, text).data)
    refused = run(path)
    assert refused.exit_code == 2
    assert "uses the group P-256" in refused.output
    assert "Ed25519, BELENIOS-2048, RFC-3526-2048" in refused.output


def test_a_refusal_does_not_hand_an_archives_commands_to_the_terminal(tmp_path: Path) -> None:
    events = list(read_events(honest(tmp_path)))
    text = events[0].data[0].replace('"Ed25519"', r'"\u001b[2JVerified\u0007"')
    path = tmp_path / "other.bel"
    path.write_bytes(with_text("", tuple(events), 0, 0, text).data)
    refused = run(path)
    assert refused.exit_code == 2
    assert "Verified" in refused.output
    assert not {"\x1b", "\x07"} & set(refused.output)


def given_archives() -> list[Path]:
    """Archives from elsewhere, in the folder that DAUYS_BELENIOS_SAMPLES names."""
    folder = os.environ.get("DAUYS_BELENIOS_SAMPLES")
    return sorted(Path(folder).rglob("*.bel")) if folder else []


@pytest.mark.parametrize("path", given_archives(), ids=lambda path: path.stem)
def test_archives_from_elsewhere_verify_with_the_result_they_hold(path: Path) -> None:
    report = told(path)
    assert report["ok"], report["failed"]
    last = list(read_events(path))[-1]
    if last.kind == "Result":
        printed = json.loads(last.data[0], parse_int=str)["result"]
        computed = report["election"]["result"]
        assert json.loads(json.dumps(computed), parse_int=str) == printed
