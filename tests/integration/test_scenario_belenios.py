"""belenios-tool, which we did not write, accepts every contest and stratum of the week.

Every ballot is put before it, and it computes the sums and the results anew
(`assert_accepted` says why its `election verify` alone would show too little).
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dauys.crypto.belenios_archive import read_archive
from tests.integration.played import Played, dauys, karaganda, said
from tests.integration.test_belenios_tool import Tool, assert_accepted

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Played:
    return karaganda(tmp_path_factory, worker_id, 400, 7)


def strata(week: Played) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each contest with each of its strata, as the board has them."""
    for entry in map(json.loads, week.entries()):
        if entry["kind"] == "tally":
            yield from ((entry["contest"], stratum) for stratum in entry["strata"])


def test_belenios_accepts_every_contest_and_stratum(
    week: Played, belenios_tool: str, tmp_path: Path
) -> None:
    contests = set()
    for contest, stratum in strata(week):
        name = stratum["name"]
        folder = tmp_path / f"{contest}-{name}"
        folder.mkdir()
        made = folder / "made"
        options = ("--contest", contest, "--stratum", name, "--out", made)
        done = dauys("export-bel", week.public, *options)
        assert done.returncode == 0, said(done)
        contents = read_archive(made)
        made.rename(folder / f"{json.loads(contents.election)['uuid']}.bel")
        tool = Tool(belenios_tool, folder)
        assert "all checks passed" in tool.try_run("election", "verify").stderr
        assert_accepted(tool, contents)
        assert len(list(contents.ballots)) == stratum["ballots"]
        assert contents.result is not None
        (votes,) = json.loads(contents.result)["result"]
        figures = week.report["results"][contest]
        expected = figures["total"] if name == "total" else figures["strata"][name]
        assert sorted(votes) == sorted(expected.values())
        contests.add(contest)
    assert contests == set(week.report["results"])
