"""Archives of belenios-tool in the groups that Dauys does not use itself: verified, or refused."""

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from dauys.core.errors import VerificationError
from dauys.crypto.archive_events import read_events
from dauys.crypto.ballot import check_ballot, parse_ballot
from dauys.crypto.election import base64_hash, parse_election
from dauys.crypto.finite_field import FIELDS, FieldGroup
from dauys.crypto.group import GROUPS
from dauys.verify.archive.audit import verify_archive
from tests.belenios import BeleniosElection
from tests.integration.test_verify_archives import LISTS, REFERENDUM, VOTERS, run, template, told
from tests.vectors.archive_mutations import Events, archive_bytes, failing, with_text
from tests.vectors.mutations import print_tree
from tests.vectors.numbers import bad_numbers

BELENIOS, RFC = FIELDS.values()
BLANK = {"answers": ["A", "B"], "blank": True, "min": 1, "max": 2, "question": "Two"}
Edit = Callable[[Any], object]


def elected(tool: str, folder: Path, group: FieldGroup) -> BeleniosElection:
    """Weights, a vote cast again, a blank vote, lists; one trustee and two of three others."""
    election = BeleniosElection(tool, folder, group.name)
    voters = ["a@example.com,,2", "b@example.com,bee,1", "c@example.com,c,3000000000"]
    election.set_up(template(BLANK, LISTS), voters, names=["Комиссия"], threshold=(2, 3))
    for voter, choice in (
        (0, [[0, 1, 0], [[1, 1, 0], [0, 0]]]),
        (1, [[1, 0, 0], [[0, 0, 0], [1, 1]]]),
        (0, [[0, 1, 1], [[1, 1, 1], [0, 0]]]),
    ):
        election.vote(voter, choice)
    election.close()
    election.decrypt_as_member(3)
    election.decrypt(1)
    election.decrypt_as_member(1)
    return election


@pytest.mark.slow
@pytest.mark.parametrize("group", [BELENIOS, RFC], ids=lambda group: group.name)
def test_everything_that_an_election_may_have_is_counted(
    group: FieldGroup, belenios_tool: str, tmp_path: Path
) -> None:
    election = elected(belenios_tool, tmp_path / "election", group)
    result = election.announce()
    assert result == [[1, 2, 2], [[2, 2, 2], [1, 1]]]
    report = told(election.archive)
    assert report["ok"], report["failed"]
    summary = report["election"]
    assert (summary["group"], summary["result"]) == (group.name, result)
    assert (summary["ballots"], summary["replaced"], summary["weight"]) == (3, 1, 3)
    assert summary["decryptions"] == [1, 2, 4]
    assert group.name in run(election.archive).output


def small(tool: str, folder: Path, group: FieldGroup) -> BeleniosElection:
    """Two voters, of whom the first votes again and the second blank, and a result."""
    election = BeleniosElection(tool, folder, group.name)
    election.set_up(template({**REFERENDUM, "blank": True}), VOTERS[:2])
    for voter, choice in ((0, [0, 1, 0]), (1, [1, 0, 0]), (0, [0, 0, 1])):
        election.vote(voter, [choice])
    election.close()
    election.decrypt(1)
    assert election.announce() == [[1, 0, 1]]
    return election


@pytest.fixture(scope="module")
def simple(belenios_tool: str, tmp_path_factory: pytest.TempPathFactory) -> BeleniosElection:
    return small(belenios_tool, tmp_path_factory.mktemp("belenios") / "election", BELENIOS)


@pytest.fixture(scope="module")
def events(simple: BeleniosElection) -> Events:
    return tuple(read_events(simple.archive))


def test_an_election_in_the_group_of_rfc_3526_is_counted(
    belenios_tool: str, tmp_path: Path
) -> None:
    report = told(small(belenios_tool, tmp_path / "election", RFC).archive)
    assert report["ok"], report["failed"]
    assert report["election"]["result"] == [[1, 0, 1]]
    assert report["election"]["group"] == "RFC-3526-2048"


def test_other_processes_find_the_same(simple: BeleniosElection) -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:
        report = verify_archive(simple.archive, workers=executor)
    assert report == verify_archive(simple.archive)
    assert report.ok


class Changes:
    """An archive with one text changed; told is what fails then."""

    def __init__(self, events: Events, path: Path) -> None:
        self._events, self._path = events, path
        self._last = {event.kind: i for i, event in enumerate(events)}

    def text(self, kind: str, item: int = 0) -> str:
        """A text of the last event of its kind."""
        return self._events[self._last[kind]].data[item]

    def replaced(self, kind: str, item: int, text: str) -> set[str]:
        changed = with_text("", self._events, self._last[kind], item, text)
        self._path.write_bytes(changed.data)
        return set(failing(self._path))

    def edited(self, kind: str, item: int, edit: Edit) -> set[str]:
        tree = json.loads(self.text(kind, item))
        edit(tree)
        return self.replaced(kind, item, print_tree(tree))

    def cast(self, order: Sequence[int]) -> set[str]:
        """The ballots in another order."""
        ballots = [event for event in self._events if event.kind == "Ballot"]
        rest = [event for event in self._events if event.kind != "Ballot"]
        moved = (rest[0], *(ballots[i] for i in order), *rest[1:])
        self._path.write_bytes(archive_bytes(moved))
        return set(failing(self._path))


@pytest.fixture
def changes(events: Events, tmp_path: Path) -> Changes:
    return Changes(events, tmp_path / "changed.bel")


def changed(*path: int | str, by: Callable[[str], object]) -> Edit:
    """Change what stands at `path` by a function of it."""

    def edit(tree: Any) -> None:
        for step in path[:-1]:
            tree = tree[step]
        tree[path[-1]] = by(tree[path[-1]])

    return edit


def plus_1(scalar: str) -> str:
    return str((int(scalar) + 1) % BELENIOS.order)


def times_g(element: str) -> str:
    return (BELENIOS.parse(element) + BELENIOS.generator).text()


@pytest.mark.parametrize(
    ("kind", "item", "path", "check"),
    [
        ("Setup", 0, ("public_key",), "election-form"),
        ("Setup", 1, (0, 1, "public_key"), "trustee-proofs"),
        ("Setup", 2, (0,), "credential-list"),
        ("Ballot", 0, ("credential",), "ballot-form"),
        ("Ballot", 0, ("answers", 0, "choices", 1, "alpha"), "ballot-form"),
        ("Ballot", 0, ("answers", 0, "choices", 0, "beta"), "ballot-form"),
        ("EncryptedTally", 0, (0, 1, "beta"), "tally-sums"),
        ("PartialDecryption", 0, ("decryption_factors", 0, 1), "decryption-proofs"),
    ],
)
def test_a_number_that_is_no_element_is_refused_wherever_it_stands(
    kind: str, item: int, path: tuple[int | str, ...], check: str, changes: Changes
) -> None:
    faults = ("zero", "identity", "minus-1", "outside", "plus-p", "leading-zero")
    for fault in faults:
        bad = changed(*path, by=lambda good, fault=fault: bad_numbers(BELENIOS, good)[fault])  # type: ignore[misc]
        assert check in changes.edited(kind, item, bad), fault
    assert check in changes.edited(kind, item, changed(*path, by=int))


@pytest.mark.parametrize(
    ("kind", "item", "path", "check"),
    [
        ("Setup", 1, (0, 1, "pok", "response"), "trustee-proofs"),
        ("Ballot", 0, ("answers", 0, "overall_proof", 0, "response"), "ballot-form"),
        ("Ballot", 0, ("signature", "proof", "challenge"), "ballot-form"),
        ("PartialDecryption", 0, ("decryption_proofs", 0, 0, "challenge"), "decryption-proofs"),
    ],
)
def test_a_scalar_that_is_none_is_refused_wherever_it_stands(
    kind: str, item: int, path: tuple[int | str, ...], check: str, changes: Changes
) -> None:
    for bad in (
        lambda good: str(int(good) + BELENIOS.order),
        lambda good: str(BELENIOS.order),
        lambda good: "0" + good,
        lambda good: "-" + good,
        int,
    ):
        assert check in changes.edited(kind, item, changed(*path, by=bad))


@pytest.mark.parametrize(
    ("kind", "item", "edit", "check"),
    [
        ("Setup", 1, changed(0, 1, "pok", "challenge", by=plus_1), "trustee-proofs"),
        ("Setup", 1, changed(0, 1, "public_key", by=times_g), "trustee-proofs"),
        ("Setup", 2, changed(0, by=times_g), "ballot-credential"),
        ("Setup", 2, lambda tree: tree.append(tree[0]), "credential-list"),
        ("Setup", 0, changed("public_key", by=times_g), "election-key"),
        ("Setup", 0, changed("group", by=lambda _: "Ed25519"), "election-form"),
        ("Setup", 0, changed("group", by=lambda _: RFC.name), "trustee-proofs"),
        ("Setup", 0, changed("group", by=lambda _: "BELENIOS-3072"), "unsupported"),
        ("Ballot", 0, changed("signature", "proof", "response", by=plus_1), "ballot-signature"),
        ("Ballot", 0, changed("election_uuid", by=lambda _: "1" * 14), "ballot-binding"),
        ("EncryptedTally", 0, changed(0, 1, "alpha", by=times_g), "tally-sums"),
        ("EncryptedTally", 0, lambda tree: tree[0].reverse(), "tally-sums"),
        (
            "PartialDecryption",
            0,
            changed("decryption_factors", 0, 0, by=times_g),
            "decryption-proofs",
        ),
        (
            "PartialDecryption",
            0,
            changed("decryption_proofs", 0, 0, "response", by=plus_1),
            "decryption-proofs",
        ),
        (
            "Result",
            0,
            changed("result", 0, by=lambda row: row[::-1][1:] + row[:1]),
            "result-decryption",
        ),
    ],
)
def test_what_does_not_hold_is_refused_by_name(
    kind: str, item: int, edit: Edit, check: str, changes: Changes
) -> None:
    assert check in changes.edited(kind, item, edit)


def test_ballots_moved_about_are_noticed(changes: Changes) -> None:
    assert changes.cast((0, 1, 2)) == set()
    assert changes.cast((1, 0, 2)) == set()
    assert changes.cast((2, 1, 0)) == {"tally-sums"}
    assert changes.cast((0, 1)) == {"tally-sums"}
    assert changes.cast((0, 2)) == {"tally-size", "tally-sums"}
    assert changes.cast((0, 1, 1, 2)) == {"ballot-once"}


def secret_of(election: BeleniosElection, voter: str) -> int:
    """A voter's key, made from the credential that they were sent, as Belenios makes it."""
    seed = json.loads((election.folder / "private_creds.json").read_text())[voter]
    texts = (f"derive_credential|{election.uuid}|{i}|{seed}" for i in range(2))
    digits = "".join(hashlib.sha256(text.encode()).hexdigest() for text in texts)
    return int(digits, 16) % BELENIOS.order


def signed_again(tree: Any, secret: int) -> str:
    """The voter's own signature of whatever their program made."""
    unsigned = {name: value for name, value in tree.items() if name != "signature"}
    digest = base64_hash(print_tree(unsigned))
    w = 5
    challenge = BELENIOS.hash_to_scalar(f"sig|{digest}|", [w * BELENIOS.generator])
    response = (w - secret * challenge) % BELENIOS.order
    proof = {"challenge": str(challenge), "response": str(response)}
    return print_tree({**unsigned, "signature": {"hash": digest, "proof": proof}})


@pytest.mark.parametrize(
    ("edit", "failed"),
    [
        (lambda _: None, set()),
        (changed("answers", 0, "choices", 0, "alpha", by=times_g), {"ballot-proofs"}),
        (changed("answers", 0, "choices", 2, "beta", by=times_g), {"ballot-proofs"}),
        (
            changed("answers", 0, "individual_proofs", 1, 0, "response", by=plus_1),
            {"ballot-proofs"},
        ),
        (changed("answers", 0, "overall_proof", 1, "challenge", by=plus_1), {"ballot-proofs"}),
        (changed("answers", 0, "blank_proof", 0, "response", by=plus_1), {"ballot-proofs"}),
        (lambda tree: tree["answers"][0]["blank_proof"].reverse(), {"ballot-proofs"}),
        (lambda tree: tree["answers"].append(tree["answers"][0]), {"ballot-form"}),
        (lambda tree: tree["answers"][0]["choices"].pop(), {"ballot-proofs"}),
    ],
)
def test_a_voter_cannot_cheat_under_their_own_signature(
    edit: Edit, failed: set[str], simple: BeleniosElection, changes: Changes
) -> None:
    tree = json.loads(changes.text("Ballot"))
    edit(tree)
    forged = signed_again(tree, secret_of(simple, VOTERS[0]))
    found = changes.replaced("Ballot", 0, forged)
    assert found == failed | ({"tally-sums"} if failed else set())


def test_a_voter_cannot_cheat_on_lists_either(belenios_tool: str, tmp_path: Path) -> None:
    made = BeleniosElection(belenios_tool, tmp_path / "election", BELENIOS.name)
    made.set_up(template(LISTS), VOTERS[:1])
    text = made.vote(0, [[[1, 0, 1], [0, 0]]]).strip()
    election = parse_election((made.folder / "election.json").read_text().strip(), GROUPS)
    secret = secret_of(made, VOTERS[0])
    assert signed_again(json.loads(text), secret) != text  # of another w
    forgeries: tuple[tuple[str, Edit], ...] = (
        ("", lambda _: None),
        ("individual proof", changed("answers", 0, "choices", 0, 2, "beta", by=times_g)),
        ("overall proof", changed("answers", 0, "overall_proof", "response", by=plus_1)),
        ("list proof", changed("answers", 0, "list_proofs", 1, 0, "challenge", by=plus_1)),
        ("nonzero proof", changed("answers", 0, "nonzero_proof", "commitment", by=lambda _: "1")),
        ("nonzero proof", changed("answers", 0, "nonzero_proof", "commitment", by=times_g)),
        ("nonzero proof", changed("answers", 0, "nonzero_proof", "response", 1, by=plus_1)),
        ("shape", lambda tree: tree["answers"][0]["choices"].reverse()),
    )
    for claim, edit in forgeries:
        tree = json.loads(text)
        edit(tree)
        ballot = parse_ballot(signed_again(tree, secret), BELENIOS)
        if not claim:
            check_ballot(ballot, election)
            continue
        with pytest.raises(VerificationError, match=claim):
            check_ballot(ballot, election)


@pytest.mark.slow
def test_every_number_of_a_group_of_trustees_is_held_to(belenios_tool: str, tmp_path: Path) -> None:
    election = BeleniosElection(belenios_tool, tmp_path / "election", BELENIOS.name)
    election.set_up(template(REFERENDUM), VOTERS[:1], threshold=(2, 3))
    setup = next(read_events(election.archive))
    text = setup.data[1]
    numbers = list(re.finditer(r"[0-9]{60,}", text))
    assert len(numbers) > 40
    for number in numbers:
        other = str(int(number.group()) + 1)
        trustees = text[: number.start()] + other + text[number.end() :]
        path = tmp_path / "changed.bel"
        path.write_bytes(with_text("", (setup,), 0, 1, trustees).data)
        assert failing(path)[:1] == ("trustee-proofs",), number
