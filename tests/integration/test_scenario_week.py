"""The simulated week holds what it promises: what was published against what was done.

One side is read from the published log alone; the other from the list of ballots that the
simulator's people cast, one by one. No number here was copied from a run.
"""

import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from rich.console import Console

from dauys.cli.week_told import tell
from dauys.scenario.electorate import make_electorate
from dauys.scenario.people import KARAGANDA
from dauys.scenario.week import LENGTH
from tests.databases import on_server
from tests.integration.played import Played, dauys, karaganda, said

WEEKS = ((400, 7), (60, 2), (45, 11))
"""Voters and seeds."""
TRUTH = {
    *("intended", "honest_annulled_not_recast", "stuffed"),
    *("stuffed_annulled", "stuffed_not_annulled", "turned_away", "unrepaired"),
}


@pytest.fixture(scope="module", params=WEEKS, ids=lambda week: f"{week[0]} voters, seed {week[1]}")
def week(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Played:
    return karaganda(tmp_path_factory, worker_id, *request.param)


@pytest.fixture(scope="module")
def verified(week: Played) -> dict[str, Any]:
    done = dauys("verify", week.public, "--json")
    assert done.returncode == 0, said(done)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def counted_entries(week: Played) -> set[int]:
    """Entries that count by docs/protocol.md, section 6, for the rules of this story.

    Two methods and the policy `stronger`; every decision of the story is in force.
    """
    strength = {"sms": 0, "eds": 1}
    ballots: dict[tuple[str, str], list[tuple[int, int, str]]] = {}
    annulled = annulled_entries(week)
    taken_back = set()
    for number, data in enumerate(week.entries()):
        entry = json.loads(data)
        if entry["kind"] == "ballot":
            statement = entry["permit"]["statement"]
            whose = statement["contest"], statement["pseudonym"]
            method, tracker = strength[statement["method"]], tracker_of(entry["ballot"])
            ballots.setdefault(whose, []).append((number, method, tracker))
            taken_back.add(statement["reclaims"])
    counted = set()
    for cast in ballots.values():
        fallen = [b for b in cast if b[0] in annulled or b[2] in taken_back]
        floor = max((method for _, method, _ in fallen), default=-1)
        left = [(-method, number) for number, method, _ in cast if method > floor]
        if left:
            counted.add(min(left)[1])
    return counted


def annulled_entries(week: Played) -> set[int]:
    """Ballots that were annulled and not restored, by the decisions on the board."""
    annulled: set[int] = set()
    for entry in map(json.loads, week.entries()):
        if entry["kind"] == "decision" and entry["remedy"]["type"] == "annul":
            annulled |= set(entry["remedy"]["ballots"])
        elif entry["kind"] == "decision" and entry["remedy"]["type"] == "restore":
            annulled -= set(entry["remedy"]["ballots"])
    return annulled


def tracker_of(ballot: str) -> str:
    return base64.b64encode(hashlib.sha256(ballot.encode()).digest()).decode().rstrip("=")


def by_candidate(ballots: Iterable[dict[str, Any]]) -> Counter[tuple[str, str]]:
    return Counter((ballot["contest"], ballot["candidate"]) for ballot in ballots)


def standing(contest: dict[str, Any]) -> list[dict[str, Any]]:
    """Candidates of the one question that a contest of the week has."""
    (question,) = contest["questions"]
    return list(question["candidates"])


def test_the_published_votes_are_what_people_meant_less_and_plus_what_the_thief_did(
    week: Played, verified: dict[str, Any]
) -> None:
    truth, counted = week.report["truth"], counted_entries(week)
    meant = {ballot["voter"]: ballot for ballot in truth["honest_ballots"]}
    heard = {b["voter"] for b in truth["honest_ballots"] if b["entry"] in counted}
    intended = by_candidate(meant.values())
    lost = by_candidate(b for voter, b in meant.items() if voter not in heard)
    stuffed = by_candidate(b for b in truth["stuffed_ballots"] if b["entry"] in counted)
    for contest in verified["election"]["contests"]:
        for candidate in standing(contest):
            who = contest["id"], candidate["id"]
            assert candidate["votes"] == intended[who] - lost[who] + stuffed[who], who


def test_who_came_back_has_one_ballot_that_counts_and_it_is_their_own(week: Played) -> None:
    truth, counted, annulled = week.report["truth"], counted_entries(week), annulled_entries(week)
    in_name_of: dict[int, list[int]] = {}
    for ballot in (*truth["honest_ballots"], *truth["stuffed_ballots"]):
        in_name_of.setdefault(ballot["voter"], [])
        if ballot["entry"] in counted:
            in_name_of[ballot["voter"]].append(ballot["entry"])
    own: dict[int, set[int]] = {}
    for ballot in truth["honest_ballots"]:
        own.setdefault(ballot["voter"], set()).add(ballot["entry"])
    assert all(len(entries) <= 1 for entries in in_name_of.values())
    unheard = [voter for voter, entries in own.items() if not entries & set(in_name_of[voter])]
    assert all(own[voter] <= annulled for voter in unheard), "an honest ballot was lost"
    fates = truth["fates"]
    assert len(unheard) == fates["hit_unheard"]
    robbed = {ballot["voter"] for ballot in truth["stuffed_ballots"]}
    assert len(own.keys() & robbed) == fates["robbed_heard"]
    heard = ("untouched", "robbed_heard", "hit_heard", "hit_restored")
    assert sum(fates[fate] for fate in heard) == len(own) - len(unheard)


def test_the_report_says_the_same_as_its_lists_and_as_the_log(
    week: Played, verified: dict[str, Any]
) -> None:
    report, counted = week.report, counted_entries(week)
    truth = report["truth"]
    published = {c["id"]: c for c in verified["election"]["contests"]}
    assert set(report["results"]) == set(truth["contests"]) == set(published)
    for contest, result in report["results"].items():
        votes = {one["id"]: one["votes"] for one in standing(published[contest])}
        assert result["total"] == votes
        assert result["voted"] == sum(votes.values()) == published[contest]["counted"]
        figures = truth["contests"][contest]
        assert set(figures) == TRUTH
        for candidate in votes:
            stuffed = [
                ballot["entry"] in counted
                for ballot in truth["stuffed_ballots"]
                if (ballot["contest"], ballot["candidate"]) == (contest, candidate)
            ]
            assert figures["stuffed"][candidate] == len(stuffed)
            assert figures["stuffed_not_annulled"][candidate] == sum(stuffed)
            assert figures["stuffed_annulled"][candidate] == len(stuffed) - sum(stuffed)
            assert (
                result["total"][candidate]
                == figures["intended"][candidate]
                - figures["honest_annulled_not_recast"][candidate]
                + figures["stuffed_not_annulled"][candidate]
            )
    summary = verified["election"]
    assert (report["cast"], report["annulled"]) == (summary["ballots"], summary["annulled"])
    assert (report["reclaimed"], report["registered"]) == (
        summary["reclaimed"],
        sum(contest["registered"] for contest in published.values()),
    )


def test_the_summary_fits_a_terminal_and_says_what_the_report_says(week: Played) -> None:
    report, screen = week.report, StringIO()
    tell(report, Console(file=screen, width=80))
    lines = screen.getvalue().splitlines()
    assert max(map(len, lines)) <= 80
    assert sum(day["own"] + day["stuffed"] for day in report["days"]) == report["cast"]
    for contest, result in report["results"].items():
        for candidate, votes in result["total"].items():
            (line,) = (one.split() for one in lines if one.startswith(f"{candidate} "))
            meant = report["truth"]["contests"][contest]["intended"][candidate]
            assert line[1:3] == [str(meant), str(votes)]
            assert ("*" in line[3:4]) == (candidate in result["elected"])


def test_every_ballot_on_the_board_is_in_the_lists_once(week: Played) -> None:
    truth = week.report["truth"]
    listed = [*truth["honest_ballots"], *truth["stuffed_ballots"]]
    board = {
        number: tracker_of(entry["ballot"])
        for number, entry in enumerate(map(json.loads, week.entries()))
        if entry["kind"] == "ballot"
    }
    assert len(listed) == len(board)
    assert {ballot["entry"]: ballot["tracker"] for ballot in listed} == board


def test_strata_split_the_votes_of_the_whole(week: Played) -> None:
    for contest, result in week.report["results"].items():
        for candidate, votes in result["total"].items():
            parts = [stratum[candidate] for stratum in result["strata"].values()]
            assert not parts or sum(parts) == votes, (contest, candidate)


def test_nobody_votes_in_the_other_region(week: Played) -> None:
    refusals = week.report["truth"]["refused_other_region"]
    assert set(refusals) <= {"bad_permit"}
    if week.report["registered"] >= 400:
        assert refusals


def test_the_story_of_the_large_week_has_all_its_turns(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> None:
    week = karaganda(tmp_path_factory, worker_id, *WEEKS[0])
    report, truth = week.report, week.report["truth"]
    assert report["refused_voted"] == report["refused"]["already_voted"] > 0
    assert report["refused"]["method_not_allowed"] > 0
    assert report["reclaimed"] > 0
    assert any(ballot["by"] == "decision" for ballot in truth["stuffed_ballots"])
    entries = [json.loads(data) for data in week.entries()]
    reclaims = [e["permit"]["statement"]["reclaims"] for e in entries if e["kind"] == "ballot"]
    stolen = {ballot["tracker"] for ballot in truth["stuffed_ballots"]}
    assert {tracker for tracker in reclaims if tracker is not None} <= stolen
    assert {"extend", "restrict", "annul", "restore"} <= {
        d["remedy"]["type"] for d in report["decisions"]
    }
    assert all(decision["in_force"] for decision in report["decisions"])
    assert all(truth["fates"][fate] > 0 for fate in ("robbed_heard", "hit_heard", "hit_restored"))
    found = [case for case in report["cases"] if case["origin"] == "monitor"]
    assert found
    assert all(len(case["evidence"]) > 1 for case in found)


def test_the_operator_sees_how_long_the_signals_of_the_week_are_kept(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> None:
    week = karaganda(tmp_path_factory, worker_id, *WEEKS[2])
    done = dauys("signals", "status", "karaganda", "--data", week.folder / "private")
    assert done.returncode == 0, said(done)
    assert "whole" in said(done)


@pytest.mark.postgres
def test_a_database_that_holds_something_is_not_played_in(
    postgres_url: str, tmp_path: Path
) -> None:
    with on_server(postgres_url) as database:
        with psycopg.connect(database) as connection:
            connection.execute("CREATE TABLE somebodys (id int)")
        out = tmp_path / "week"
        done = dauys(
            *("scenario", "karaganda", "--voters", "20", "--out", out, "--database", database)
        )
        with psycopg.connect(database) as connection:
            tables = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            ).fetchall()
    assert done.returncode == 2
    assert "not empty" in said(done)
    assert tables == [("somebodys",)]


@pytest.mark.slow
@pytest.mark.postgres
def test_the_week_comes_out_the_same_on_postgresql(
    postgres_url: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> None:
    voters, seed = WEEKS[2]
    week = Played(tmp_path / "week")
    size = ("--voters", str(voters), "--seed", str(seed))
    with on_server(postgres_url) as database:
        done = dauys("scenario", "karaganda", *size, "--out", week.folder, "--database", database)
    assert done.returncode == 0, said(done)
    other = karaganda(tmp_path_factory, worker_id, voters, seed).report
    for part in ("cast", "refused", "decisions", "days", "results"):
        assert week.report[part] == other[part], part
    assert week.report["truth"]["fates"] == other["truth"]["fates"]


def test_the_register_is_the_one_that_the_seed_makes(week: Played) -> None:
    voters, seed = map(int, re.findall(r"\d+", week.folder.name))
    opens = json.loads(next(week.entries()))["opens"]
    start = datetime.fromisoformat(opens)
    electorate = make_electorate(voters, seed, start, start + LENGTH)
    here = sum(voter.contest == KARAGANDA for voter in electorate.voters)
    assert week.report["results"][KARAGANDA]["registered"] == here
