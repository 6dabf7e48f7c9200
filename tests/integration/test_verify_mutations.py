"""Every way to tamper with a published election is found, under the right name.

First by someone who can only write files; then by someone who stole the log's key and
signs the tree anew, so that the deeper checks have to find it; last by someone who holds
other keys as well.
"""

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import replace as replaced
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from dauys.core.entries import (
    AnyEntry,
    Approval,
    BallotEntry,
    Booth,
    Candidates,
    CandidateVotes,
    ClockTick,
    Close,
    Decision,
    Decryption,
    Final,
    Manifest,
    Open,
    Result,
    StratumResult,
    Tally,
    Trustees,
    approval_bytes,
)
from dauys.core.forms import Text
from dauys.core.ids import CandidateId, ContestId, MethodId
from dauys.core.remedies import Annul, Dismiss, Extend, Restrict, Zero
from dauys.crypto.ballot import CredentialKey, Signature, make_ballot, parse_ballot
from dauys.crypto.proofs import Proof, prove_knowledge
from dauys.crypto.signing import SigningKey
from dauys.verify.audit import verify
from dauys.verify.checks import NAMES, Outcome
from tests.unit.verify.forgery import (
    Entries,
    altered,
    ballot,
    entries,
    extra,
    going_on,
    inserted,
    permitted_anew,
    place,
    without,
)
from tests.unit.verify.plain_log import checkpoint_text, tree_head, write_log
from tests.unit.verify.story import (
    ALMATY,
    ASTANA,
    CANDIDATES,
    EDS,
    METHODS,
    ORIGIN,
    SMS,
    A,
    B,
    day,
    story,
    texts,
)

LOG_KEY = story().board.keys.log
BIT = 1


def failed(folder: Path) -> set[str]:
    return set(verify(folder).failed())


def failed_when_signed(folder: Path, data: list[bytes]) -> set[str]:
    """What fails when a thief of the log's key publishes these entries."""
    write_log(folder, data, ORIGIN, LOG_KEY)
    return failed(folder)


# ---- someone who can write files only


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published")
    write_log(folder, texts(story().entries), ORIGIN, LOG_KEY)
    return folder


@pytest.fixture
def copy(published: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(published, tmp_path / "copy"))


BUNDLE = "tile/entries/000.p/63"
HASHES = "tile/0/000.p/63"


def flip(path: Path, position: int) -> None:
    data = bytearray(path.read_bytes())
    data[position] ^= BIT
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("position", "found"),
    [
        (0, "checkpoint-signature"),  # origin
        (len(ORIGIN) + 1, "checkpoint-size"),  # size
        (len(ORIGIN) + 6, "log-root"),  # root
        (len(ORIGIN) + 48, "checkpoint-form"),  # padding
        (len(ORIGIN) + 49, "checkpoint-form"),  # line end
        (len(ORIGIN) + 51, "checkpoint-form"),  # dash
        (len(ORIGIN) + 56, "checkpoint-signature"),  # signer
        (2 * len(ORIGIN) + 58, "checkpoint-signature"),  # key id
        (2 * len(ORIGIN) + 80, "checkpoint-signature"),  # signature
        (-1, "checkpoint-form"),
    ],
)
def test_a_byte_of_the_checkpoint_was_changed(copy: Path, position: int, found: str) -> None:
    flip(copy / "checkpoint", position)
    assert found in failed(copy)


@pytest.mark.parametrize("byte", range(0, 63 * 32, 257))
def test_a_byte_of_a_hash_tile_was_changed(copy: Path, byte: int) -> None:
    flip(copy / HASHES, byte)
    assert failed(copy) == {"tile-hashes"}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_byte_of_the_entries_was_changed(published: Path, data: st.DataObject) -> None:
    bundle = published / BUNDLE
    original = bundle.read_bytes()
    position = data.draw(st.integers(0, len(original) - 1))
    changed = bytearray(original)
    changed[position] ^= data.draw(st.integers(1, 255))
    bundle.write_bytes(changed)
    try:
        found = failed(published)
    finally:
        bundle.write_bytes(original)
    assert found & {"log-root", "entry-bundles"}


def appended(name: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes((folder / name).read_bytes() + b"\x00")


def truncated(name: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes((folder / name).read_bytes()[:-1])


def removed(name: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).unlink()


def added(name: str, like: str | None = None) -> Callable[[Path], object]:
    def add(folder: Path) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"" if like is None else (folder / like).read_bytes())

    return add


def linked(folder: Path) -> None:
    elsewhere = folder.parent / "elsewhere"
    (folder / HASHES).rename(elsewhere)
    (folder / HASHES).symlink_to(elsewhere)


@pytest.mark.parametrize(
    ("tamper", "found"),
    [
        (appended(BUNDLE), "entry-bundles"),
        (truncated(BUNDLE), "entry-bundles"),
        (removed(BUNDLE), "entry-bundles"),
        (removed(BUNDLE), "tile-layout"),
        (appended(HASHES), "tile-hashes"),
        (truncated(HASHES), "tile-hashes"),
        (removed(HASHES), "tile-layout"),
        (removed(HASHES), "tile-hashes"),
        (added("tile/0/000", HASHES), "tile-layout"),
        (added("tile/0/000.p/62", HASHES), "tile-layout"),
        (added("tile/1/000.p/1"), "tile-layout"),
        (added("tile/entries/001"), "tile-layout"),
        (added("tile/entries/000.p/64", BUNDLE), "tile-layout"),
        (added("tile/notes.txt"), "tile-layout"),
        (linked, "tile-layout"),
        (appended("checkpoint"), "checkpoint-form"),
        (truncated("checkpoint"), "checkpoint-form"),
    ],
)
def test_a_file_was_changed_added_or_taken_away(
    copy: Path, tamper: Callable[[Path], object], found: str
) -> None:
    tamper(copy)
    assert found in failed(copy)


def swap(data: list[bytes], first: int, second: int) -> list[bytes]:
    data[first], data[second] = data[second], data[first]
    return data


@pytest.mark.parametrize(
    "tamper",
    [
        lambda data: swap(data, place("v4"), place("v5")),
        lambda data: data[: place("v8")] + data[place("v8") + 1 :],
        lambda data: [*data[: place("v8")], data[place("v8")], *data[place("v8") :]],
    ],
    ids=["swapped", "removed", "repeated"],
)
def test_entries_changed_under_the_checkpoint_that_was_signed(
    copy: Path, tamper: Callable[[list[bytes]], list[bytes]]
) -> None:
    checkpoint = (copy / "checkpoint").read_text(encoding="utf-8")
    shutil.rmtree(copy)
    data = tamper(texts(story().entries))
    write_log(copy, data, ORIGIN, LOG_KEY)
    (copy / "checkpoint").write_text(checkpoint, encoding="utf-8")
    found = failed(copy)
    assert "log-root" in found or {"entry-bundles", "tile-layout"} <= found


def test_the_tree_was_signed_by_another_key(copy: Path) -> None:
    other = SigningKey.from_seed(bytes(32))
    shutil.rmtree(copy)
    write_log(copy, texts(story().entries), ORIGIN, other)
    assert failed(copy) == {"checkpoint-signature"}
    named = SigningKey(other.seed, LOG_KEY.public_hex)  # under the true key's id
    leaves = [hashlib.sha256(b"\x00" + data).digest() for data in texts(story().entries)]
    text = checkpoint_text(ORIGIN, len(leaves), tree_head(leaves), named)
    (copy / "checkpoint").write_text(text, encoding="utf-8")
    assert failed(copy) == {"checkpoint-signature"}


def test_witnesses_may_sign_below_and_the_log_not_twice(copy: Path) -> None:
    path = copy / "checkpoint"
    text = path.read_text(encoding="utf-8")
    path.write_text(f"{text}— witness.example AAAAAAA=\n", encoding="utf-8")
    assert failed(copy) == set()
    path.write_text(text + text.splitlines()[-1] + "\n", encoding="utf-8")
    assert failed(copy) == {"checkpoint-signature"}


def test_the_log_is_of_another_origin(copy: Path) -> None:
    shutil.rmtree(copy)
    write_log(copy, texts(story().entries), "board.example/2025", LOG_KEY)
    assert failed(copy) == {"checkpoint-signature"}


def test_the_checkpoint_claims_more_entries_than_can_be(copy: Path) -> None:
    text = checkpoint_text(ORIGIN, 10**15, bytes(32), LOG_KEY)
    (copy / "checkpoint").write_text(text, encoding="utf-8")
    found = failed(copy)
    assert {"checkpoint-size", "entry-bundles", "tile-layout"} <= found


def test_what_cannot_be_run_is_reported_as_not_run(copy: Path) -> None:
    (copy / BUNDLE).unlink()
    outcomes = {check.name: check.outcome for check in verify(copy).checks}
    assert set(outcomes) == set(NAMES) - {"fingerprint", "log-key"}
    assert {outcomes[name] for name in NAMES[9:]} == {Outcome.NOT_RUN}


@pytest.mark.parametrize("size", [255, 256, 257, 700])
def test_logs_of_several_tiles(tmp_path: Path, size: int) -> None:
    data = texts(story().until("v1"))
    data += [data[-1].replace(b'"open"', b'"clock"')] * (size - len(data))
    assert failed_when_signed(tmp_path, data) == set()
    hashes = tmp_path / ("tile/1/000.p/2" if size == 700 else "tile/0/000")
    if hashes.exists():
        flip(hashes, 40)
        assert failed(tmp_path) == {"tile-hashes"}


# ---- someone who stole the log's key, and perhaps more


def other_ballot_text(**changes: Any) -> str:
    """A ballot for Almaty by the voter of v8's permit, who changed it and signed again."""
    board = going_on()
    key = CredentialKey.generate(board.keys.random.randbytes)
    text = make_ballot(board.elections[ALMATY], key, [A], board.keys.random.randbytes)
    parsed = replaced(parse_ballot(text), **changes)
    if "answers" not in changes:
        (answer,) = parsed.answers
        first, *others = answer.individual_proofs
        wrong = (Proof(first[0].challenge, first[0].response ^ 1), first[1])
        answer = replaced(answer, individual_proofs=(wrong, *others))
        parsed = replaced(parsed, answers=(answer,))
    signed = parsed.signed_hash()
    proof = prove_knowledge(key.secret, f"sig|{signed}|", board.keys.random.randbytes)
    return replaced(parsed, signature=Signature(signed, proof)).to_json()


def ballot_with_text(text: str) -> BallotEntry:
    """The text with a permit that is in order."""
    board = going_on()
    credential = parse_ballot(text).credential
    statement = replace(
        ballot("v8").permit.statement, credential=credential, serial=20, pseudonym="ab" * 16
    )
    return BallotEntry(permit=board.permit(statement), ballot=text)


def voted(*args: Any, **more: Any) -> AnyEntry:
    return extra(lambda board: board.vote(*args, **more))


def decided(*args: Any, **more: Any) -> list[AnyEntry]:
    board = going_on()
    start = board.decide(*args, **more)
    return board.entries[start:]


def one_bit_off(text: str) -> str:
    """Hex text with its last bit flipped."""
    return text[:-1] + f"{int(text[-1], 16) ^ BIT:x}"


def copied_under_another_credential() -> BallotEntry:
    statement = replace(ballot("v1").permit.statement, credential="ef" * 32, serial=20)
    return BallotEntry(permit=story().board.permit(statement), ballot=ballot("v1").ballot)


def forged_approval(**changes: object) -> Entries:
    return altered(place("annul") + 1, Approval, lambda entry: replace(entry, **changes))


def approved_for_another_election() -> Entries:
    entry = story().entries[place("annul") + 1]
    assert isinstance(entry, Approval)
    message = approval_bytes("AnotherE1ection", entry.digest)
    return forged_approval(signature=story().board.keys.members["chair"].sign(message).hex())


def tally_of(contest: str, change: Callable[[Any], Any], stratum: int = 0) -> Entries:
    def changed(entry: Tally) -> Tally:
        strata = list(entry.strata)
        strata[stratum] = change(strata[stratum])
        return replace(entry, strata=tuple(strata))

    return altered(f"tally {contest}", Tally, changed)


def sum_with(ballots: tuple[str, ...]) -> str:
    return story().board.sum(ALMATY, [place(name) for name in ballots]).to_json()


def result_of(contest: str, **changes: object) -> Entries:
    return altered(f"result {contest}", Result, lambda entry: replace(entry, **changes))


def counted(contest: ContestId, *votes: int) -> tuple[CandidateVotes, ...]:
    return tuple(
        CandidateVotes(candidate=CandidateId(name), votes=number)
        for name, number in zip(CANDIDATES[contest], votes, strict=True)
    )


def stratum_results(**results: str) -> tuple[StratumResult, ...]:
    return tuple(
        StratumResult(name=name, result=f'{{"result":[[{numbers}]]}}')
        for name, numbers in results.items()
    )


def manifest(**changes: object) -> Entries:
    return altered(0, Manifest, lambda entry: replace(entry, **changes))


def zeroed(**changes: object) -> Entries:
    return altered(
        "result almaty",
        Result,
        lambda entry: replace(entry, zeroed=(replace(entry.zeroed[0], **changes),)),
    )


def election_changed(old: str, new: str) -> Entries:
    def change(entry: Trustees) -> Trustees:
        first, *others = entry.elections
        assert old in first.election
        first = replace(first, election=first.election.replace(old, new, 1))
        return replace(entry, elections=(first, *others))

    return altered(3, Trustees, change)[:5]


def elections_changed(change: Callable[[Any], Any]) -> Entries:
    return altered(3, Trustees, lambda e: replace(e, elections=change(e.elections)))[:5]


def contest_of_manifest(**changes: object) -> Entries:
    def change(entry: Manifest) -> Manifest:
        first, *others = entry.contests
        return replace(entry, contests=(replace(first, **changes), *others))

    return altered(0, Manifest, change)[:5]


def trustees_changed(change: Callable[[str], str]) -> Entries:
    return altered(3, Trustees, lambda e: replace(e, trustees=change(e.trustees)))[:5]


def decision_after_tally() -> Entries:
    return inserted("result almaty", *decided(9, "13:30", Dismiss()))


def without_decryption() -> Entries:
    return without(place("tally almaty") + 2)


def exchanged_decryptions() -> Entries:
    """The trustee's parts of two strata, each under the other's name."""
    copy = entries()
    first = place("tally almaty") + 2
    sms, eds = copy[first], copy[first + 1]
    assert isinstance(sms, Decryption)
    assert isinstance(eds, Decryption)
    copy[first] = replace(sms, decryption=eds.decryption)
    copy[first + 1] = replace(eds, decryption=sms.decryption)
    return copy


def other_trustee() -> Entries:
    decryption = story().entries[place("tally almaty") + 1]
    return inserted("result almaty", replace(decryption, trustee=3))


MUTATIONS: dict[str, tuple[Callable[[], Entries], str]] = {
    # order
    "manifest twice": (lambda: inserted("v1", story().entries[0]), "entry-order"),
    "no manifest": (lambda: without(0), "entry-order"),
    "candidates of one contest dropped": (lambda: without(2)[:5], "election-parameters"),
    "candidates twice": (
        lambda: [*entries()[:2], *entries()[1:5]],
        "entry-order",
    ),
    "candidates after the trustees": (
        lambda: [*entries()[:2], entries()[3], entries()[2], entries()[4]],
        "entry-order",
    ),
    "candidates with the same id": (
        lambda: altered(
            1,
            Candidates,
            lambda e: replace(e, candidates=(e.candidates[0], e.candidates[0], e.candidates[2])),
        ),
        "entry-order",
    ),
    "trustees twice": (lambda: [*entries()[:4], *entries()[3:5]], "entry-order"),
    "voter's page not named": (lambda: without(4), "entry-order"),
    "voter's page not sorted": (
        lambda: altered(4, Booth, lambda e: replace(e, files=e.files[::-1])),
        "booth-files",
    ),
    "opened too early": (
        lambda: altered("open", Open, lambda e: replace(e, at=day("03:59"))),
        "entry-order",
    ),
    "opened while open": (lambda: inserted("v1", Open(at=day("04:00"))), "entry-order"),
    "ballot before opening": (lambda: inserted("open", ballot("v1"))[:7], "entry-order"),
    "closed too early": (
        lambda: [*story().until("late clock"), Close(at=day("12:59"), permits=20)],
        "entry-order",
    ),
    "closed with fewer permits than were used": (
        lambda: altered("close", Close, lambda e: replace(e, permits=14)),
        "entry-order",
    ),
    "ballot after closing": (
        lambda: inserted("tally almaty", voted("late", ALMATY, EDS, A)),
        "entry-order",
    ),
    "decision after the tally": (decision_after_tally, "entry-order"),
    "tally twice": (
        lambda: inserted("result almaty", entries()[place("tally almaty")]),
        "entry-order",
    ),
    "tally while voting is open": (
        lambda: [*story().until("close"), entries()[place("tally almaty")]],
        "entry-order",
    ),
    "decryption twice": (
        lambda: inserted("result almaty", entries()[place("tally almaty") + 1]),
        "entry-order",
    ),
    "decryption after the result": (
        lambda: inserted("tally astana", entries()[place("tally almaty") + 1]),
        "entry-order",
    ),
    "result twice": (
        lambda: inserted("final", entries()[place("result almaty")]),
        "entry-order",
    ),
    "result without its tally": (lambda: without(place("tally almaty")), "result-counts"),
    "decryption before its tally": (
        lambda: inserted("tally almaty", entries()[place("tally almaty") + 1]),
        "entry-order",
    ),
    "tally of no contest": (
        lambda: altered("tally almaty", Tally, lambda e: replace(e, contest="nowhere")),
        "entry-order",
    ),
    "candidates of no contest": (
        lambda: altered(1, Candidates, lambda e: replace(e, contest="nowhere"))[:5],
        "entry-order",
    ),
    "final before the results": (
        lambda: inserted("result astana", Final(at=day("14:00"))),
        "entry-order",
    ),
    "something after final": (lambda: [*entries(), ClockTick(at=day("15:00"))], "entry-order"),
    # times
    "clock going backwards": (
        lambda: altered("clock", ClockTick, lambda e: replace(e, at=day("03:00"))),
        "entry-times",
    ),
    "a time that there is not": (
        lambda: altered("restricted", ClockTick, lambda e: replace(e, at=day("06:60"))),
        "entry-times",
    ),
    # manifest and elections
    "quorum greater than the commission": (lambda: manifest(quorum=4)[:5], "manifest-rules"),
    "register does not add up": (lambda: manifest(registered=14)[:5], "manifest-rules"),
    "closes before it opens": (lambda: manifest(closes=day("04:00"))[:5], "manifest-rules"),
    "one key for two members": (
        lambda: altered(
            0,
            Manifest,
            lambda e: replace(
                e, commission=(*e.commission[:2], replace(e.commission[2], key=e.commission[0].key))
            ),
        )[:5],
        "manifest-rules",
    ),
    "a method called total": (
        lambda: manifest(methods=(MethodId("total"), *METHODS))[:5],
        "manifest-rules",
    ),
    "more choices required than allowed": (
        lambda: contest_of_manifest(minimum=2),
        "manifest-rules",
    ),
    "category named twice": (
        lambda: contest_of_manifest(
            registered=(story().board.contest(ALMATY, 1, 1, 5).registered[0],) * 2
        ),
        "manifest-rules",
    ),
    "origin that names no log": (lambda: manifest(log_origin="a log")[:5], "manifest-rules"),
    "member named twice": (
        lambda: altered(
            0,
            Manifest,
            lambda e: replace(e, commission=(*e.commission[:2], e.commission[0])),
        )[:5],
        "manifest-rules",
    ),
    "election of no contest": (
        lambda: elections_changed(lambda e: (replace(e[0], contest="nowhere"), *e[1:])),
        "election-parameters",
    ),
    "election of one contest left out": (
        lambda: elections_changed(lambda e: e[1:]),
        "election-parameters",
    ),
    "election of one contest twice": (
        lambda: elections_changed(lambda e: (*e, e[0])),
        "election-parameters",
    ),
    "registrar's key is none": (lambda: manifest(registrar="00" * 32)[:5], "manifest-rules"),
    "more voters than the register": (
        lambda: altered(
            0,
            Manifest,
            lambda e: replace(
                e,
                contests=(story().board.contest(ALMATY, 1, 1, 7), e.contests[1]),
                registered=12,
            ),
        ),
        "voters-within-register",
    ),
    "answers in another order": (
        lambda: election_changed('"aigul","bolat"', '"bolat","aigul"'),
        "election-parameters",
    ),
    "more choices allowed": (lambda: election_changed('"max":1', '"max":2'), "election-parameters"),
    "fewer choices allowed": (
        lambda: election_changed('"min":1', '"min":0'),
        "election-parameters",
    ),
    "election under one trustee's key": (
        lambda: election_changed(
            story().board.elections[ALMATY].public_key.hex(),
            story().board.keys.trustees[0].public.public_key.hex(),
        ),
        "election-parameters",
    ),
    "election that is no JSON": (lambda: election_changed("{", "["), "election-parameters"),
    "two contests with one uuid": (
        lambda: election_changed(
            story().board.elections[ALMATY].uuid, story().board.elections[ASTANA].uuid
        ),
        "election-parameters",
    ),
    "trustee who knows no secret": (
        lambda: trustees_changed(
            lambda text: text.replace(
                str(story().board.keys.trustees[0].public.pok.response), "12345", 1
            )
        ),
        "trustee-proofs",
    ),
    "trustees that are no JSON": (lambda: trustees_changed(lambda _: "[]"), "trustee-proofs"),
    # permits
    "permit's signature altered": (
        lambda: altered(
            "v1",
            BallotEntry,
            lambda e: replace(
                e, permit=replace(e.permit, signature=one_bit_off(e.permit.signature))
            ),
        ),
        "permit-signature",
    ),
    "permit made stronger": (
        lambda: altered(
            "v1",
            BallotEntry,
            lambda e: replace(
                e, permit=replace(e.permit, statement=replace(e.permit.statement, method=EDS))
            ),
        ),
        "permit-signature",
    ),
    "permit of another election": (
        lambda: altered("v1", BallotEntry, permitted_anew(election="AnotherE1ection")),
        "permit-statement",
    ),
    "permit for no contest": (
        lambda: altered("v1", BallotEntry, permitted_anew(contest="nowhere")),
        "permit-statement",
    ),
    "permit by no method": (
        lambda: altered("v1", BallotEntry, permitted_anew(method="fax")),
        "permit-statement",
    ),
    "one pseudonym in two contests": (
        lambda: inserted("close", voted("v1", ASTANA, EDS, (0, 1, 0, 0))),
        "permit-statement",
    ),
    "ballot by a method no longer allowed": (
        lambda: inserted("late clock", voted("new", ALMATY, SMS, A)),
        "permit-method",
    ),
    "reclaim of someone else's ballot": (
        lambda: inserted("close", voted("new", ALMATY, EDS, A, reclaims=place("v1"))),
        "permit-reclaims",
    ),
    "reclaim by no stronger method": (
        lambda: inserted("close", voted("v4", ALMATY, EDS, A, reclaims=place("v4"))),
        "permit-reclaims",
    ),
    "reclaim before the ballot that it reclaims": (
        lambda: [
            *story().until("thief"),
            ballot("v6"),
            ballot("thief"),
            *entries()[place("v6") + 1 :],
        ],
        "permit-reclaims",
    ),
    # ballots
    "ballot repeated": (lambda: inserted("close", ballot("v8")), "ballot-once"),
    "ballot repeated under another permit": (
        lambda: inserted("close", permitted_anew(serial=20)(ballot("v8"))),
        "ballot-once",
    ),
    "serial twice": (
        lambda: inserted("close", permitted_anew(serial=1)(ballot_with_text(other_ballot_text()))),
        "ballot-once",
    ),
    "ballot copied under another credential": (
        lambda: inserted("close", copied_under_another_credential()),
        "ballot-binding",
    ),
    "ballot of another contest": (
        lambda: inserted("close", permitted_anew(contest=ASTANA)(ballot("v8"))),
        "ballot-binding",
    ),
    "ballot's text not canonical": (
        lambda: altered("v8", BallotEntry, lambda e: replace(e, ballot=e.ballot + " ")),
        "ballot-form",
    ),
    "ballot that is none": (
        lambda: altered("v8", BallotEntry, lambda e: replace(e, ballot="{}")),
        "ballot-form",
    ),
    "ballot's signature altered": (
        lambda: altered(
            "v8",
            BallotEntry,
            lambda e: replace(
                e, ballot=e.ballot.replace('"signature":{"hash":"', '"signature":{"hash":"x')
            ),
        ),
        "ballot-signature",
    ),
    "ballot exchanged by its box": (
        lambda: altered("v8", BallotEntry, lambda e: replace(e, ballot=ballot("v1").ballot)),
        "ballot-binding",
    ),
    "voter's own wrong proof": (
        lambda: inserted("close", ballot_with_text(other_ballot_text())),
        "ballot-proofs",
    ),
    "voter's ballot without an answer": (
        lambda: inserted("close", ballot_with_text(other_ballot_text(answers=()))),
        "ballot-proofs",
    ),
    "ballot too late": (
        lambda: inserted("close", ClockTick(at=day("13:00")), voted("late", ALMATY, EDS, A)),
        "ballot-time",
    ),
    # decisions
    "approval's signature altered": (
        lambda: altered(
            place("annul") + 1, Approval, lambda e: replace(e, signature=one_bit_off(e.signature))
        ),
        "decision-signature",
    ),
    "approval under another's name": (
        lambda: forged_approval(member="third"),
        "decision-signature",
    ),
    "approval by a stranger": (lambda: forged_approval(member="passer-by"), "decision-signature"),
    "approval of another decision": (lambda: forged_approval(decision=99), "decision-signature"),
    "decision's digest wrong": (lambda: forged_approval(digest="00" * 32), "decision-signature"),
    "approval from another election": (approved_for_another_election, "decision-signature"),
    "decision changed after it was approved": (
        lambda: altered(
            "annul",
            Decision,
            lambda e: replace(e, remedy=Annul(ballots=(place("v1"), place("v3")))),
        ),
        "decision-signature",
    ),
    "reason changed after it was approved": (
        lambda: altered(
            "dismiss", Decision, lambda e: replace(e, reason=Text(kk="x", ru="x", en="x"))
        ),
        "decision-signature",
    ),
    "decision without its quorum": (
        lambda: inserted("late clock", *decided(9, "08:00", Dismiss(), members=["chair"])),
        "decision-quorum",
    ),
    "one member approves twice": (
        lambda: inserted("late clock", *decided(9, "08:00", Dismiss(), members=["chair"] * 2)),
        "decision-quorum",
    ),
    "decision's number twice": (
        lambda: inserted("late clock", *decided(8, "08:00", Dismiss())),
        "decision-remedy",
    ),
    "annulment of what is no ballot": (
        lambda: inserted("late clock", *decided(9, "08:00", Annul(ballots=(place("clock"),)))),
        "decision-remedy",
    ),
    "annulment of a ballot yet to come": (
        lambda: inserted("late clock", *decided(9, "08:00", Annul(ballots=(51,)))),
        "decision-remedy",
    ),
    "annulment not in order": (
        lambda: inserted("late clock", *decided(9, "08:00", Annul(ballots=(place("v3"),) * 2))),
        "decision-remedy",
    ),
    "restriction to no method": (
        lambda: inserted(
            "late clock",
            *decided(9, "08:00", Restrict(methods=(MethodId("fax"),), since=day("14:00"))),
        ),
        "decision-remedy",
    ),
    "zeroing of no candidate": (
        lambda: inserted(
            "late clock",
            *decided(9, "08:00", Zero(contest=ASTANA, candidate=CandidateId("aigul"), method=SMS)),
        ),
        "decision-remedy",
    ),
    "extension that is not in force": (lambda: without(place("extend") + 1), "decision-quorum"),
    "extension forgotten": (
        lambda: [
            *story().until("extend"),
            *entries()[place("zero") : place("v8") + 1],
        ],
        "ballot-time",
    ),
    # tally
    "ballot left out of a sum": (
        lambda: tally_of(
            "almaty", lambda s: replace(s, encrypted_tally=sum_with(("v1",))), stratum=1
        ),
        "tally-sums",
    ),
    "ballot left out of the count": (
        lambda: tally_of("almaty", lambda s: replace(s, ballots=7)),
        "tally-strata",
    ),
    "annulled ballot summed": (
        lambda: tally_of(
            "almaty",
            lambda s: replace(s, ballots=3, encrypted_tally=sum_with(("v1", "v2", "v3"))),
            stratum=1,
        ),
        "tally-strata",
    ),
    "sum that is none": (
        lambda: tally_of("almaty", lambda s: replace(s, encrypted_tally="[]")),
        "tally-sums",
    ),
    "sum that cannot be read": (
        lambda: tally_of("almaty", lambda s: replace(s, encrypted_tally="{")),
        "tally-sums",
    ),
    "stratum left out": (
        lambda: altered("tally almaty", Tally, lambda e: replace(e, strata=e.strata[:2])),
        "tally-strata",
    ),
    "strata that were to be joined": (
        lambda: tally_of("astana", lambda s: replace(s, methods=(SMS,))),
        "tally-strata",
    ),
    "last ballot dropped": (lambda: without(place("v8")), "tally-strata"),
    "ballot added": (
        lambda: inserted("close", voted("new", ALMATY, EDS, B)),
        "tally-sums",
    ),
    # decryption
    "trustee left out": (without_decryption, "decryption-complete"),
    "decryption of another sum": (exchanged_decryptions, "decryption-proofs"),
    "decryption that cannot be read": (
        lambda: altered(
            place("tally almaty") + 1, Decryption, lambda e: replace(e, decryption="{}")
        ),
        "decryption-proofs",
    ),
    "decryption by nobody": (other_trustee, "decryption-proofs"),
    "decryption of no stratum": (
        lambda: altered(
            place("tally almaty") + 1, Decryption, lambda e: replace(e, stratum="post")
        ),
        "decryption-proofs",
    ),
    # results
    "result off by one": (
        lambda: result_of(
            "almaty", strata=stratum_results(total="5,2,2", sms="1,1,0", eds="3,1,2")
        ),
        "result-decryption",
    ),
    "stratum's result off by one": (
        lambda: result_of(
            "almaty", strata=stratum_results(total="4,2,2", sms="1,0,0", eds="3,1,2")
        ),
        "result-decryption",
    ),
    "stratum's result left out": (
        lambda: result_of("almaty", strata=stratum_results(total="4,2,2", sms="1,1,0")),
        "result-decryption",
    ),
    "result with a choice too many": (
        lambda: result_of(
            "almaty", strata=stratum_results(total="4,2,2,0", sms="1,1,0", eds="3,1,2")
        ),
        "result-decryption",
    ),
    "result that cannot be read": (
        lambda: result_of(
            "almaty", strata=stratum_results(total="04,2,2", sms="1,1,0", eds="3,1,2")
        ),
        "result-decryption",
    ),
    "result to two questions": (
        lambda: result_of(
            "almaty", strata=stratum_results(total="4,2,2],[1", sms="1,1,0", eds="3,1,2")
        ),
        "result-decryption",
    ),
    "count off by one": (
        lambda: result_of("almaty", counts=counted(ALMATY, 4, 1, 3)),
        "result-counts",
    ),
    "count with the zeroed votes": (
        lambda: result_of("almaty", counts=counted(ALMATY, 4, 2, 2)),
        "result-counts",
    ),
    "counts in another order": (
        lambda: result_of("almaty", counts=counted(ALMATY, 4, 1, 2)[::-1]),
        "result-counts",
    ),
    "blank votes off by one": (lambda: result_of("astana", blank=0), "result-counts"),
    "blank votes where there are none": (lambda: result_of("almaty", blank=0), "result-counts"),
    "elected who is not": (
        lambda: result_of("almaty", elected=(CandidateId("chingiz"),)),
        "result-elected",
    ),
    "nobody elected": (lambda: result_of("almaty", elected=()), "result-elected"),
    "tie decided by someone": (
        lambda: result_of("astana", elected=(CandidateId("dana"), CandidateId("erlan")), tied=()),
        "result-elected",
    ),
    "zeroed votes wrong": (lambda: zeroed(votes=2), "result-zeroed"),
    "zeroed votes not taken": (lambda: zeroed(votes=None), "result-zeroed"),
    "zeroed by another decision": (lambda: zeroed(decision=5), "result-zeroed"),
    "zeroing left out": (lambda: result_of("almaty", zeroed=()), "result-zeroed"),
    "zeroing invented": (
        lambda: altered(
            "result almaty", Result, lambda e: replace(e, zeroed=(*e.zeroed, *e.zeroed))
        ),
        "result-zeroed",
    ),
    "zeroing without a decision": (
        lambda: without(place("zero") + 1),
        "result-zeroed",
    ),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_thief_of_the_keys_changed_the_election(tmp_path: Path, name: str) -> None:
    tampered, found = MUTATIONS[name]
    assert found in failed_when_signed(tmp_path, texts(tampered()))


@pytest.mark.parametrize("name", list(MUTATIONS)[:1])
def test_the_log_that_mutations_start_from_is_in_order(tmp_path: Path, name: str) -> None:
    assert failed_when_signed(tmp_path, texts(entries())) == set()
    extended = [*decided(9, "08:00", Extend(closes=day("12:30")))]  # earlier: no effect
    assert failed_when_signed(tmp_path / "more", texts(inserted("late clock", *extended))) == set()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"\xff",
        b"[" * 65_000,
        b'{"at":"2026-08-05T08:00:00Z","kind":"clock","v":1} ',
        b'{"kind":"clock","at":"2026-08-05T08:00:00Z","v":1}',
        b'{"at":"2026-08-05T08:00:00Z","kind":"clock","v":2}',
        b'{"at":"2026-08-05T08:00:00Z","kind":"clock"}',
        b'{"at":"2026-08-05T08:00:00Z","kind":"cloak","v":1}',
        b'{"at":"2026-08-05T08:00:00Z","kind":"clock","v":1,"x":0}',
        b'{"at":"2026-08-05T08:00:00Z","kind":"clock","v":1.0}',
    ],
)
def test_an_entry_is_not_canonical_or_of_no_kind(tmp_path: Path, data: bytes) -> None:
    told = texts(entries())
    told.insert(place("late clock"), data)
    assert failed_when_signed(tmp_path, told) == {"entry-canonical"}


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_a_thief_of_the_log_key_writes_is_reported_and_never_raises(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    told = texts(entries())
    number = data.draw(st.integers(0, len(told) - 1))
    entry = bytearray(told[number])
    position = data.draw(st.integers(0, len(entry) - 1))
    entry[position] = data.draw(st.sampled_from(b'0129afz"{}[],:-\x00\xff'))
    told[number] = bytes(entry)
    folder = tmp_path_factory.mktemp("fuzz")
    write_log(folder, told, ORIGIN, LOG_KEY)
    report = verify(folder)
    assert len(report.checks) == len(NAMES) - 2
