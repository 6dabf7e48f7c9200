"""The same seed makes the same people do the same things; only keys and ballots differ.

docs/scenario.md says what is equal, and this is the check of it.
"""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.integration.played import Played, dauys, karaganda, once, said

pytestmark = pytest.mark.slow

VOTERS, SEED = 60, 2
DRAWN = {
    *("tracker", "pseudonym", "credential", "ballot", "signature", "evidence", "digest"),
    *("encrypted_tally", "decryption", "binding", "elections", "trustees", "election", "key"),
    *("registrar", "log_key", "register", "reclaims"),
}
"""Fields that are keys, ciphertexts, signatures, random, or made from such."""


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> tuple[Played, Played]:
    def again(folder: Any) -> None:
        arguments = ("--voters", str(VOTERS), "--seed", str(SEED), "--out", folder)
        done = dauys("scenario", "karaganda", *arguments)
        assert done.returncode == 0, said(done)

    first = karaganda(tmp_path_factory, worker_id, VOTERS, SEED)
    return first, Played(once(tmp_path_factory, worker_id, "karaganda-again", again))


def without_drawn(value: Any) -> Any:
    """`value` less what is drawn anew each time."""
    if isinstance(value, Mapping):
        return {key: without_drawn(v) for key, v in value.items() if key not in DRAWN}
    if isinstance(value, list):
        return [without_drawn(one) for one in value]
    return value


def test_the_report_is_the_same_but_for_trackers(twice: tuple[Played, Played]) -> None:
    one, other = (without_drawn(week.report) for week in twice)
    assert one == other


def test_the_same_entries_stand_at_the_same_places(twice: tuple[Played, Played]) -> None:
    one, other = ([without_drawn(json.loads(data)) for data in week.entries()] for week in twice)
    assert one == other


def test_keys_and_ballots_are_drawn_anew(twice: tuple[Played, Played]) -> None:
    def drawn(week: Played) -> set[str]:
        entries = [json.loads(data) for data in week.entries()]
        ballots = [entry["ballot"] for entry in entries if entry["kind"] == "ballot"]
        return {entries[0]["log_key"], entries[0]["registrar"], *ballots}

    one, other = map(drawn, twice)
    assert not one & other
