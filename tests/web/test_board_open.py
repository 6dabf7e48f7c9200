"""While people vote, the board says how many and when, and never for whom."""

import re
from collections.abc import Iterator

import pytest

from tests.integration.played import demonstration
from tests.web.board_site import LANGUAGES, PAGES, BoardSite, serving

# Words that could only stand beside a result, in the three languages.
TELLTALES = re.compile(
    r"b-results|b-elected|b-bar__won|сайланды:|Сайланды:|Избран|Elected|How sure|Отрыв|\"votes\""
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[BoardSite]:
    with serving(demonstration(tmp_path_factory, worker_id)) as running:
        yield running


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_no_page_hints_at_a_result_before_the_tally(
    site: BoardSite, path: str, language: str
) -> None:
    answer = site.get(path, language)
    assert answer.status == 200
    assert TELLTALES.search(answer.text) is None


def test_the_summary_for_machines_holds_no_result_before_the_tally(site: BoardSite) -> None:
    summary = site.get("summary.json").json()
    assert summary["phase"] == "open"
    assert summary["permits"] is None
    questions = [question for contest in summary["contests"] for question in contest["questions"]]
    assert [question["result"] for question in questions] == [None, None]
    assert TELLTALES.search(site.get("summary.json").text) is None


def test_turnout_of_the_summary_is_what_the_log_holds(site: BoardSite) -> None:
    ballots = [entry for entry in site.entries() if entry["kind"] == "ballot"]
    summary = site.get("summary.json").json()
    assert summary["ballots"] == len(ballots)
    for contest in summary["contests"]:
        own = [
            ballot["permit"]["statement"]
            for ballot in ballots
            if ballot["permit"]["statement"]["contest"] == contest["id"]
        ]
        assert contest["ballots"] == len(own)
        # Nobody is annulled yet: every voter who cast has one ballot that counts.
        assert contest["counted"] == len({one["pseudonym"] for one in own})


@pytest.mark.parametrize("path", PAGES)
def test_pages_carry_no_inline_script_or_style(site: BoardSite, path: str) -> None:
    text = site.get(path).text
    assert re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text) is None
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))


def test_a_stranger_election_and_a_stranger_entry_are_not_found(site: BoardSite) -> None:
    for path in (
        "entries/99999/",
        "entries/99999.json",
        "entries/?page=0",
        "entries/?page=x",
        "decisions/7/",
        "turnout/?contest=elsewhere",
        "consistency.json?old=0&new=3",
        "consistency.json?old=3&new=99999",
        "consistency.json?old=x",
    ):
        assert site.get(path).status == 404, path
