"""Threshold groups that belenios-tool made: read, checked, and any two of three decrypt."""

import itertools
import json
from pathlib import Path

import pytest

from dauys.core.errors import MalformedError, VerificationError
from dauys.crypto.belenios_archive import read_archive
from dauys.crypto.ed25519 import Q
from dauys.crypto.election import parse_election
from dauys.crypto.tally import (
    EncryptedTally,
    PartialDecryption,
    check_partial_decryption,
    check_result,
    combine,
    parse_result,
)
from dauys.crypto.threshold import (
    ThresholdTrustees,
    keys_by_owner,
    parse_any_trustees,
    weighted_parts,
)
from dauys.crypto.trustees import election_public_key
from tests.vectors.mutations import Edit, increment, print_tree, put, reverse, shorten
from tests.vectors.mutations import Path as Place

EXAMPLE = Path(__file__).parents[2] / "vectors" / "belenios" / "threshold.bel"
CONTENTS = read_archive(EXAMPLE)
ELECTION = parse_election(CONTENTS.election)
TRUSTEES = parse_any_trustees(CONTENTS.trustees)
GROUP: Place = (1, 1)


def test_group_and_single_trustee_make_the_election_key() -> None:
    assert election_public_key(TRUSTEES) == ELECTION.public_key
    assert [len(keys_by_owner(TRUSTEES)), len(TRUSTEES)] == [4, 2]


def test_whole_archive_holds_to_the_voters_choices() -> None:
    tally, parts = _tally_and_parts()
    assert CONTENTS.result is not None
    result = parse_result(CONTENTS.result)
    check_result(tally, weighted_parts(TRUSTEES, parts), result)
    assert combine(ELECTION, tally, weighted_parts(TRUSTEES, parts), 5) == result
    lines = EXAMPLE.with_suffix(".votes.txt").read_text().splitlines()
    by_question = zip(*map(json.loads, lines), strict=True)
    assert result == tuple(tuple(map(sum, zip(*q, strict=True))) for q in by_question)


def test_missing_parts_are_noticed() -> None:
    _, parts = _tally_and_parts()
    for owner in parts:
        fewer = {number: part for number, part in parts.items() if number != owner}
        with pytest.raises(VerificationError, match="decryption"):
            weighted_parts(TRUSTEES, fewer)


def test_any_members_give_the_same_secret() -> None:
    group = TRUSTEES[1]
    assert isinstance(group, ThresholdTrustees)
    line = {place: (17 + 5 * place) % Q for place in (1, 2, 3)}
    for places in itertools.combinations(line, 2):
        weights = group.lagrange(places)
        assert sum(weights[place] * line[place] for place in places) % Q == 17


@pytest.mark.parametrize(
    ("edit", "claim"),
    [
        (increment((*GROUP, "certs", 0, "signature", "response")), "certificate"),
        (increment((*GROUP, "coefexps", 1, "signature", "response")), "coefficients"),
        (increment((*GROUP, "signatures", 2, "challenge")), "signature of the group"),
        (reverse((*GROUP, "signatures")), "signature of the group"),
        (increment((*GROUP, "verification_keys", 0, "pok", "response")), "proof of knowledge"),
        (increment((*GROUP, "verification_keys", 0, "signature", "response")), "of the key"),
        (increment((0, 1, "pok", "response")), "proof of knowledge"),
    ],
)
def test_group_with_a_false_claim_is_refused(edit: Edit, claim: str) -> None:
    with pytest.raises(VerificationError, match=claim):
        parse_any_trustees(_edited(edit))


def test_key_of_another_is_refused() -> None:
    tree = json.loads(CONTENTS.trustees)
    keys = tree[1][1]["verification_keys"]
    keys[0] = keys[0] | {"public_key": keys[1]["public_key"], "pok": keys[1]["pok"]}
    with pytest.raises(VerificationError, match="verification key"):
        parse_any_trustees(print_tree(tree))


@pytest.mark.parametrize(
    "edit",
    [
        put((*GROUP, "threshold"), 0),
        put((*GROUP, "threshold"), 1),
        put((*GROUP, "threshold"), 3),
        put((*GROUP, "threshold"), 4),
        shorten((*GROUP, "certs")),
        shorten((*GROUP, "verification_keys")),
        reverse((*GROUP, "certs")),
        put((*GROUP, "certs", 0, "message"), "{}"),
        put((*GROUP, "coefexps", 0, "message"), '{"coefexps":[]}'),
        put((0, 0), "Double"),
        put((*GROUP, "extra"), 1),
    ],
)
def test_group_of_another_form_is_refused(edit: Edit) -> None:
    with pytest.raises(MalformedError):
        parse_any_trustees(_edited(edit))


def test_no_trustees_are_refused() -> None:
    with pytest.raises(MalformedError, match="none"):
        parse_any_trustees("[]")


def _edited(edit: Edit) -> str:
    tree = json.loads(CONTENTS.trustees)
    edit(tree)
    return print_tree(tree)


def _tally_and_parts() -> tuple[EncryptedTally, dict[int, PartialDecryption]]:
    assert CONTENTS.tally is not None
    tally = EncryptedTally.parse(CONTENTS.tally.encrypted_tally)
    keys = keys_by_owner(TRUSTEES)
    parts = {}
    for owned in CONTENTS.partial_decryptions:
        part = PartialDecryption.parse(owned.partial_decryption)
        check_partial_decryption(ELECTION, tally, keys[owned.owner - 1], part)
        parts[owned.owner] = part
    return tally, parts
