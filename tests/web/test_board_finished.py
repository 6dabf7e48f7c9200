"""After the count: results, fates of ballots, and files that anyone can check."""

import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest

from dauys.board.tiles import tiles_of
from dauys.core.replay import tracker_of
from tests.web.board_site import BoardSite, fetch, finished, serving

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[BoardSite]:
    with serving(finished(tmp_path_factory, worker_id)) as running:
        yield running


def verify(folder: Path, *pins: str) -> str:
    command = [sys.executable, "-m", "dauys.cli.main", "verify", str(folder), *pins]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_tiles_fetched_one_by_one_pass_the_verifier_with_the_pins_of_the_page(
    site: BoardSite, tmp_path: Path
) -> None:
    checkpoint = site.log("checkpoint")
    assert checkpoint.headers["cache-control"] == "no-cache"
    (tmp_path / "checkpoint").write_bytes(checkpoint.body)
    for tile in tiles_of(int(checkpoint.text.splitlines()[1])):
        answer = site.log(tile.path)
        assert answer.body == (site.data / "public" / "karaganda" / tile.path).read_bytes()
        assert ("immutable" in answer.headers["cache-control"]) == (tile.width == 256)
        (tmp_path / tile.path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / tile.path).write_bytes(answer.body)
    page = site.get("check/").text
    pins = re.search(r"--fingerprint ([0-9a-f]{64}) --key ([0-9a-f]{64})", page)
    assert pins is not None
    assert "Verified" in verify(tmp_path, "--fingerprint", pins[1], "--key", pins[2])


def test_the_archive_unpacks_to_the_same_board(site: BoardSite, tmp_path: Path) -> None:
    answer = site.log("files.zip")
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.body)) as packed:
        packed.extractall(tmp_path)
    unpacked = tmp_path / "karaganda"
    assert (unpacked / "checkpoint").read_bytes() == site.log("checkpoint").body
    for tile in tiles_of(int(site.log("checkpoint").text.splitlines()[1])):
        assert (unpacked / tile.path).read_bytes() == site.log(tile.path).body


@pytest.mark.parametrize(
    "path",
    [
        "tile/../../../dauys.sqlite3",
        "tile/%2e%2e/%2e%2e/%2e%2e/dauys.sqlite3",
        "tile/0/..%2f..%2f..%2f..%2fsecret-key",
        "tile/0/000/",
        "tile/0/0",
        "tile/00/000",
        "tile/64/000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/999",
        "tile/entries/000.p",
        "secret-key",
    ],
)
def test_only_files_of_the_log_are_handed_out(site: BoardSite, path: str) -> None:
    assert site.log(path).status == 404


def test_results_of_page_and_summary_are_those_of_the_log(site: BoardSite) -> None:
    results = {e["contest"]: e for e in site.entries() if e["kind"] == "result"}
    names = {
        candidate["id"]: candidate["name"]
        for entry in site.entries()
        if entry["kind"] == "candidates"
        for candidate in entry["candidates"]
    }
    page = site.get("results/").text
    for contest in site.get("summary.json").json()["contests"]:
        entry = results[contest["id"]]
        (question,), (published,) = contest["questions"], entry["questions"]
        assert question["result"]["counts"] == published["counts"]
        assert question["result"]["elected"] == published["elected"]
        for count in published["counts"]:
            row = re.search(f"{names[count['candidate']]}</span>.*?</tr>", page, re.DOTALL)
            assert row is not None
            assert f"<strong>{count['votes']}</strong></td>" in row[0]
            assert ("elected" in row[0]) == (count["candidate"] in published["elected"])


def test_hours_of_the_chart_add_up_to_all_ballots(site: BoardSite) -> None:
    summary = site.get("summary.json").json()
    page = site.get("turnout/").text
    assert f"{summary['ballots']} ballots came so far" in page
    hours = re.findall(r'<th scope="row">\d+ \w+, \d\d:00</th><td class="b-num">(\d+)</td>', page)
    assert sum(map(int, hours)) == summary["ballots"]
    bars = page.count('class="b-stands" x=')
    assert bars == len(hours)


def test_a_decision_stands_in_full_with_its_signatures(site: BoardSite) -> None:
    decisions = [e for e in site.entries() if e["kind"] == "decision"]
    assert {one["remedy"]["type"] for one in decisions} >= {"annul", "extend", "restrict"}
    for one in decisions:
        page = site.get(f"decisions/{one['number']}/", "kk").text
        assert one["reason"]["kk"] in page
        assert "Комиссия төрағасы" in page
        for index in one["remedy"].get("ballots", ()):
            assert f"/entries/{index}/" in page


def test_the_feed_has_every_decision_with_an_address_of_its_own(site: BoardSite) -> None:
    answer = site.get("decisions.atom", "ru")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = ET.fromstring(answer.body)  # noqa: S314 -- our own server's
    numbers = sorted(e["number"] for e in site.entries() if e["kind"] == "decision")
    links = [one.find(f"{ATOM}link") for one in feed.findall(f"{ATOM}entry")]
    assert all(link is not None for link in links)
    addresses = [link.attrib["href"] for link in links if link is not None]
    assert addresses == [site.page(f"decisions/{n}/", "ru") for n in reversed(numbers)]
    assert all(fetch(address).status == 200 for address in addresses)


def test_ballots_taken_back_are_counted_by_day(site: BoardSite) -> None:
    reclaims = [
        entry
        for entry in site.entries()
        if entry["kind"] == "ballot" and entry["permit"]["statement"]["reclaims"]
    ]
    assert site.get("summary.json").json()["taken_back"] == len(reclaims) > 0
    page = site.get("taken-back/").text
    table = page[page.index("<tbody>") : page.index("</tbody>")]
    days = re.findall(r'<td class="b-num">(\d+)</td>', table)
    assert sum(map(int, days)) == len(reclaims)


def test_an_entry_is_shown_byte_for_byte(site: BoardSite) -> None:
    raw = site.get("entries/5.json").body
    shown = site.get("entries/5/").text
    assert f"{len(raw)} bytes of canonical JSON" in shown.replace(",", "")


@pytest.mark.parametrize("spacing", ["", " ", "\n", "\u00a0", "\u200b"])
def test_a_tracker_is_found_however_it_is_grouped(site: BoardSite, spacing: str) -> None:
    tracker = a_tracker(site)
    grouped = spacing.join(tracker[i : i + 4] for i in range(0, 43, 4))
    assert "b-found" in site.get(f"look-up/?tracker={quote(grouped)}").text


def test_a_tracker_whose_plus_became_a_space_is_found(site: BoardSite) -> None:
    tracker = next(one for one in trackers(site) if "+" in one)
    answer = site.get(f"look-up/?tracker={tracker.replace('/', '%2F')}")  # `+` is not escaped
    assert "b-found" in answer.text


@pytest.mark.parametrize("around", ["", "\n"])
@pytest.mark.parametrize("tracker", ["+" + 42 * "A", "A+" + 41 * "A", "++" + 41 * "A"])
def test_a_plus_that_became_a_space_is_put_back_wherever_it_stood(
    tracker: str, around: str
) -> None:
    from dauys.web.board.tracker_pages import read_tracker

    assert read_tracker(around + tracker.replace("+", " ") + around) == tracker


@pytest.mark.parametrize(
    ("asked", "told"),
    [("A" * 43, "There is no ballot"), ("A" * 42, "43 characters"), ("%D0%90" * 43, "Latin")],
)
def test_a_wrong_tracker_is_told_what_is_wrong(site: BoardSite, asked: str, told: str) -> None:
    answer = site.get(f"look-up/?tracker={asked}")
    assert told in answer.text
    assert answer.status == (404 if told.startswith("There") else 200)


def test_a_language_of_the_page_is_its_own(site: BoardSite) -> None:
    for language, word in (("kk", "Жария журнал"), ("ru", "Открытый журнал"), ("en", "Public")):
        answer = fetch(site.page("", language))
        assert f'<html lang="{language}">' in answer.text
        assert word in answer.text


def trackers(site: BoardSite) -> list[str]:
    return [tracker_of(entry["ballot"]) for entry in site.entries() if entry["kind"] == "ballot"]


def a_tracker(site: BoardSite) -> str:
    return trackers(site)[0]
