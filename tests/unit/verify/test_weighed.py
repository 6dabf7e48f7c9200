"""Weights, several questions and lists: the auditor finds them right, and every change of them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from dauys.core.entries import AnyEntry, BallotEntry, Candidates, Manifest, Result, Tally
from dauys.verify.contest_file import read_contest
from tests.unit.verify.story import texts
from tests.unit.verify.test_audit import audit, faults
from tests.unit.verify.weighed import UNION, WEIGHTS, weighed

Change = Callable[[Any], Any]


def changed(kind: type[AnyEntry], change: Change, which: int = 0) -> tuple[AnyEntry, ...]:
    entries = list(weighed().entries)
    place = weighed().place(kind, which)
    entries[place] = change(entries[place])
    return tuple(entries)


def permitted_anew(**fields: object) -> Change:
    """The registrar, dishonest or robbed, signs another statement for the ballot."""

    def change(entry: BallotEntry) -> BallotEntry:
        statement = replace(entry.permit.statement, **fields)
        return replace(entry, permit=weighed().board.permit(statement))

    return change


def of_contest(**fields: object) -> Change:
    return lambda e: replace(e, contests=(replace(e.contests[0], **fields),))


def of_category(**fields: object) -> Change:
    def change(entry: Manifest) -> Manifest:
        contest = entry.contests[0]
        counts = (replace(contest.registered[0], **fields),)
        return replace(entry, contests=(replace(contest, registered=counts),))

    return change


def of_council(**fields: object) -> Change:
    return lambda e: replace(e, questions=(e.questions[0], replace(e.questions[1], **fields)))


def test_it_holds_and_counts_votes_by_weight(tmp_path: Path) -> None:
    report = audit(tmp_path, weighed().entries)
    assert faults(report) == {}
    assert report.summary is not None
    [union] = report.summary.contests
    assert (union.counted, union.counted_weight, union.registered_weight) == (5, 375, 400)
    chair, council = union.questions
    assert (chair.blank, [c.votes for c in chair.candidates]) == (1, [74, 320])
    assert [(group.id, group.votes) for group in council.lists] == [("north", 25), ("south", 350)]
    # Dana had 1 + 4 votes, of which 1 by SMS; South has one candidate for its two averages.
    assert [(c.id, c.votes, c.elected) for c in council.candidates] == [
        ("dana", 4, False),
        ("erlan", 21, True),
        ("farida", 350, True),
    ]


def test_the_archive_names_every_weight(tmp_path: Path) -> None:
    audit(tmp_path, weighed().entries)
    found = read_contest(tmp_path, UNION)
    assert [int(one.split(",")[1]) for one in found.credentials] == list(WEIGHTS)


MUTATIONS: dict[str, tuple[type[AnyEntry], Change, str]] = {
    "weight raised by the registrar": (BallotEntry, permitted_anew(weight=2), "tally-strata"),
    "weight beyond the register": (
        BallotEntry,
        permitted_anew(weight=99),
        "voters-within-register",
    ),
    "weight changed under the signature": (
        BallotEntry,
        lambda e: replace(
            e, permit=replace(e.permit, statement=replace(e.permit.statement, weight=2))
        ),
        "permit-signature",
    ),
    "register outweighed": (Manifest, of_category(weight=374), "voters-within-register"),
    "less weight than voters": (Manifest, of_category(weight=5), "manifest-rules"),
    "too much weight": (Manifest, of_category(weight=10_000_001), "manifest-rules"),
    "stratum's weight": (
        Tally,
        lambda e: replace(e, strata=(replace(e.strata[0], weight=374), *e.strata[1:])),
        "tally-strata",
    ),
    "question left out of the manifest": (
        Manifest,
        lambda e: of_contest(questions=e.contests[0].questions[:1])(e),
        "election-parameters",
    ),
    "questions exchanged in the manifest": (
        Manifest,
        lambda e: of_contest(questions=e.contests[0].questions[::-1])(e),
        "election-parameters",
    ),
    "question twice": (
        Manifest,
        lambda e: of_contest(questions=(e.contests[0].questions[0],) * 2)(e),
        "manifest-rules",
    ),
    "lists with a blank vote": (
        Manifest,
        lambda e: of_contest(
            questions=(
                e.contests[0].questions[0],
                replace(e.contests[0].questions[1], blank=True),
            )
        )(e),
        "manifest-rules",
    ),
    "list left out": (Candidates, lambda e: replace(e, lists=e.lists[:1]), "election-parameters"),
    "lists exchanged": (
        Candidates,
        lambda e: replace(e, lists=e.lists[::-1]),
        "election-parameters",
    ),
    "lists for a question of candidates": (
        Candidates,
        lambda e: replace(e, candidates=e.lists[0].candidates, lists=()),
        "entry-order",
    ),
    "votes of a list": (
        Result,
        lambda e: of_council(
            lists=(replace(e.questions[1].lists[0], votes=26), e.questions[1].lists[1])
        )(e),
        "result-counts",
    ),
    "lists left out of the result": (Result, of_council(lists=()), "result-counts"),
    "somebody else elected from a list": (Result, of_council(elected=()), "result-elected"),
    "zeroed votes of another question": (Result, of_council(zeroed=()), "result-zeroed"),
    "questions exchanged in the result": (
        Result,
        lambda e: replace(e, questions=e.questions[::-1]),
        "result-counts",
    ),
    "list proofs exchanged": (
        BallotEntry,
        lambda e: replace(e, ballot=_exchanged_list_proofs(e.ballot)),
        "ballot-signature",
    ),
    "nonzero proof dropped": (
        BallotEntry,
        lambda e: replace(e, ballot=e.ballot.replace("nonzero_proof", "no_proof")),
        "ballot-form",
    ),
}
_SECOND = {"list left out", "lists exchanged", "lists for a question of candidates"}


def _exchanged_list_proofs(ballot: str) -> str:
    start = ballot.index('"list_proofs":[[') + len('"list_proofs":[')
    end = ballot.index("]],", start) + 1
    first, second = ballot[start:end].split("],[")
    return f"{ballot[:start]}[{second[:-1]}],[{first[1:]}]{ballot[end:]}"


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_change_fails_the_named_check(name: str, tmp_path: Path) -> None:
    kind, change, check = MUTATIONS[name]
    entries = changed(kind, change, which=int(name in _SECOND))
    assert texts(entries) != texts(weighed().entries)
    assert check in audit(tmp_path, entries).failed()
