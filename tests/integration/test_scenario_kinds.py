"""A week with several questions, lists, blank votes, weights and a group of trustees.

Every sum is computed again from who voted how, and belenios-tool accepts what is exported.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from dauys.crypto.belenios_archive import read_archive
from dauys.scenario.asking import Ask, answers
from dauys.scenario.candidates import CONTESTS
from tests.integration.played import Played, dauys, once, said
from tests.integration.test_belenios_tool import Tool, assert_accepted

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=[Ask.SEVERAL, Ask.LISTS])
def week(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> tuple[Ask, Played]:
    ask: Ask = request.param

    def make(folder: Path) -> None:
        size = ("--voters", "120", "--seed", "7", "--out", folder)
        done = dauys("scenario", "karaganda", *size, "--ask", ask, "--weights", "--group")
        assert done.returncode == 0, said(done)

    return ask, Played(once(tmp_path_factory, worker_id, f"week-{ask}", make))


def weights(week: Played) -> dict[int, int]:
    entries = enumerate(map(json.loads, week.entries()))
    return {i: entry["permit"]["statement"]["weight"] for i, entry in entries if "permit" in entry}


def test_every_sum_is_that_of_the_ballots_that_count(week: tuple[Ask, Played]) -> None:
    ask, played = week
    done = dauys("verify", played.public, "--json")
    assert done.returncode == 0, said(done)
    election = json.loads(done.stdout)["election"]
    truth, weight = played.report["truth"], weights(played)
    assert len(set(weight.values())) > 1
    assert {d["remedy"]["type"] for d in played.report["decisions"]} >= {"annul", "restore"}
    counted = [
        ballot
        for ballot in (*truth["honest_ballots"], *truth["stuffed_ballots"])
        if ballot["counted"]
    ]
    for plan, contest in zip(CONTESTS, election["contests"], strict=True):
        made = answers(plan, ask)
        ours = [ballot for ballot in counted if ballot["contest"] == plan.id]
        for place, question in enumerate(contest["questions"]):
            rows = [
                [weight[b["entry"]] * bit for bit in _flat(made[b["candidate"]][place])]
                for b in ours
            ]
            sums = [sum(column) for column in zip(*rows, strict=True)]
            assert _numbers(question) == sums, (plan.id, question["id"])


def _flat(choice: Any) -> list[int]:
    """The bits of an answer; those of lists row after row."""
    return [bit for row in choice for bit in (row if isinstance(row, list) else [row])]


def _numbers(question: dict[str, Any]) -> list[int]:
    """As they were decrypted: the blank votes, then each candidate, or each list with its own."""
    blank = [] if question["blank"] is None else [question["blank"]]
    people = question["candidates"]
    if not question["lists"]:
        return [*blank, *(one["votes"] for one in people)]
    numbers = []
    for listed in question["lists"]:
        own = (one["votes"] for one in people if one["list"] == listed["id"])
        numbers += [listed["votes"], *own]
    return numbers


def test_the_report_says_whom_weight_was_meant_for(week: tuple[Ask, Played]) -> None:
    _, played = week
    for contest, result in played.report["results"].items():
        truth = played.report["truth"]["contests"][contest]
        for candidate, votes in result["total"].items():
            if candidate in truth["intended"]:
                assert votes == (
                    truth["intended"][candidate]
                    - truth["honest_annulled_not_recast"][candidate]
                    + truth["stuffed_not_annulled"][candidate]
                )


def test_belenios_accepts_every_contest(
    week: tuple[Ask, Played], belenios_tool: str, tmp_path: Path
) -> None:
    _, played = week
    for contest in played.report["results"]:
        folder = tmp_path / contest
        folder.mkdir()
        made = folder / "made"
        done = dauys("export-bel", played.public, "--contest", contest, "--out", made)
        assert done.returncode == 0, said(done)
        contents = read_archive(made)
        assert any(",5" in credential for credential in contents.credentials)
        assert_accepted(Tool(belenios_tool, folder), contents)
