"""The files in tests/vectors are what this implementation makes of their samples."""

import json
from pathlib import Path
from typing import Any

import pytest

from dauys.core.errors import MalformedError, VerificationError
from dauys.crypto.ballot import (
    CredentialKey,
    check_ballot,
    make_ballot,
    parse_ballot,
    tracker,
)
from dauys.crypto.ed25519 import Point, parse_scalar
from dauys.crypto.election import parse_election
from tests.vectors import generate
from tests.vectors.seeded import SeededRandom

FOLDER = Path(__file__).parents[2] / "vectors"
BALLOTS = [
    group
    for name in ("ballots.json", "lists_ballots.json")
    for group in json.loads((FOLDER / name).read_text())["elections"]
]
REFUSED = [
    group
    for name in ("refused_ballots.json", "refused_lists_ballots.json")
    for group in json.loads((FOLDER / name).read_text())["elections"]
]
POINTS = json.loads((FOLDER / "points.json").read_text())


def test_files_are_what_the_generator_writes() -> None:
    for name, text in generate.files().items():
        assert (FOLDER / name).read_text() == text, f"{name}: run python -m tests.vectors.generate"


@pytest.mark.parametrize("group", BALLOTS, ids=lambda group: group["name"])
def test_same_random_bytes_give_the_same_ballot(group: dict[str, Any]) -> None:
    election = parse_election(group["election"])
    assert election.fingerprint == group["fingerprint"]
    for case in group["ballots"]:
        key = CredentialKey.parse(case["credential_secret"])
        text = make_ballot(election, key, case["choices"], SeededRandom(case["seed"]))
        assert text == case["ballot"]
        assert tracker(text) == case["tracker"]
        ballot = parse_ballot(text)
        assert ballot.credential == case["credential"]
        assert ballot.to_json() == text
        check_ballot(ballot, election)


@pytest.mark.parametrize(
    ("election", "case"),
    [(group["election"], case) for group in REFUSED for case in group["ballots"]],
    ids=[f"{group['name']}-{case['name']}" for group in REFUSED for case in group["ballots"]],
)
def test_changed_ballot_is_refused_by_the_named_check(election: str, case: dict[str, Any]) -> None:
    with pytest.raises((MalformedError, VerificationError)) as raised:
        check_ballot(parse_ballot(case["ballot"]), parse_election(election))
    error = raised.value
    assert isinstance(error, MalformedError | VerificationError)
    assert case["error"] == ("malformed" if isinstance(error, MalformedError) else "verification")
    assert case["what"] in ("", error.what)


@pytest.mark.parametrize("case", POINTS["points"], ids=lambda case: case["hex"][:70] or "empty")
def test_point_is_accepted_or_refused_for_the_reason(case: dict[str, Any]) -> None:
    if case["verdict"] == "accepted":
        assert Point.parse(case["hex"]).hex() == case["hex"]
    else:
        with pytest.raises(MalformedError) as raised:
            Point.parse(case["hex"])
        assert raised.value.why == case["verdict"]


@pytest.mark.parametrize("case", POINTS["scalars"], ids=lambda case: repr(case["text"]))
def test_scalar_is_accepted_or_refused_for_the_reason(case: dict[str, Any]) -> None:
    if case["verdict"] == "accepted":
        assert str(parse_scalar(case["text"])) == case["text"]
    else:
        with pytest.raises(MalformedError) as raised:
            parse_scalar(case["text"])
        assert raised.value.why == case["verdict"]
