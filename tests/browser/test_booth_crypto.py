"""The booth's cryptography in a real Chromium, against its Python twin and known vectors.

The page is served under the policy of the real one: no inline code, Trusted Types.
"""

import base64
import copy
import hashlib
import json
import random
import re
import secrets
import statistics
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from playwright.sync_api import Page

from dauys.core import canonical
from dauys.core.entries import BallotEntry, approval_bytes, encode_entry
from dauys.core.errors import MalformedError, VerificationError
from dauys.core.ids import (
    ContestId,
    Credential,
    ElectionId,
    MethodId,
    Pseudonym,
)
from dauys.core.permit import Permit, Statement
from dauys.crypto.ballot import check_ballot, parse_ballot, tracker
from dauys.crypto.election import ElectionParameters, parse_election
from dauys.crypto.group import G, P, Point, Q, parse_scalar
from dauys.crypto.signing import SigningKey, verify_signature
from tests.browser.booth_harness import board
from tests.browser.booth_harness.server import STATIC, BoothServer, booth_server
from tests.vectors.samples import BLANK, ONE_OF_TEN, SAMPLES, SEVERAL, TWO_OF_FIVE, Sample
from tests.vectors.seeded import SeededRandom

Call = Callable[..., dict[str, Any]]

ORIGIN = "board.dauys.example/2026"
CONTEST = ContestId("karaganda")


@pytest.fixture
def server() -> Iterator[BoothServer]:
    with booth_server() as running:
        yield running


@pytest.fixture
def booth(page: Page, server: BoothServer) -> Call:
    """Call a function of harness.js; returns {result} or {error, what, why}."""
    page.goto(server.url)
    page.wait_for_function("globalThis.booth !== undefined")

    def call(name: str, **argument: Any) -> dict[str, Any]:
        made: dict[str, Any] = page.evaluate("([name, a]) => booth(name, a)", [name, argument])
        return made

    return call


def verdict(made: dict[str, Any]) -> str | tuple[str, str]:
    return "accepted" if "error" not in made else (made["error"], made["what"])


def python_verdict(check: Callable[[], object]) -> str | tuple[str, str]:
    try:
        check()
    except (MalformedError, VerificationError) as error:
        return type(error).__name__, error.what
    return "accepted"


# ------------------------------------------------------------------------------ ballots


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_browser_prints_the_ballot_that_python_prints(booth: Call, sample: Sample) -> None:
    election = sample.election.to_json()
    for voter, choices in enumerate(sample.choices):
        made = booth(
            "makeBallot",
            election=election,
            secret=str(sample.key(voter).secret),
            choices=choices,
            stream=SeededRandom(f"{sample.name} ballot {voter}")(64 * 200).hex(),
        )
        assert made["result"]["text"] == sample.ballot_text(voter)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_python_accepts_what_the_browser_encrypts_with_its_own_randomness(
    booth: Call, sample: Sample
) -> None:
    for choices in sample.choices:
        made = booth("makeFreshBallot", election=sample.election.to_json(), choices=choices)
        text = made["result"]["text"]
        ballot = parse_ballot(text)
        check_ballot(ballot, sample.election)
        assert made["result"]["tracker"] == tracker(text)
        assert made["result"]["credential"] == ballot.credential


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_browser_accepts_what_python_encrypts(booth: Call, sample: Sample) -> None:
    text = sample.ballot_text(0)
    made = booth("checkBallot", text=text, election=sample.election.to_json())
    assert made == {"result": {"tracker": tracker(text), "credential": sample.key(0).public}}


def test_browser_accepts_ballots_of_belenios_tool(booth: Call) -> None:
    archive = Path(__file__).parents[1] / "vectors" / "belenios" / "homomorphic.bel"
    members = [text for text in re.findall(r"\{[^\0]*\}", archive.read_text(encoding="utf-8"))]
    (election,) = [text for text in members if text.startswith('{"version":1,"description"')]
    ballots = [text for text in members if text.startswith('{"election_uuid"')]
    assert len(ballots) == 8
    for text in ballots[:3]:
        made = booth("checkBallot", text=text, election=election)
        assert made["result"]["tracker"] == tracker(text)


def other_point(text: str) -> str:
    return (Point.parse(text) + G).hex()


def other_scalar(text: str) -> str:
    return str((int(text) + 1) % Q)


Path_ = tuple[str | int, ...]


def changed(text: str, path: Path_, change: Callable[[Any], Any]) -> str:
    """JSON `text` with `change` applied to the value at `path`."""
    value = json.loads(text)
    at = value
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = change(at[path[-1]])
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


MUTATIONS: dict[str, tuple[Path_, Callable[[Any], Any]]] = {
    "alpha-plus-generator": (("answers", 0, "choices", 1, "alpha"), other_point),
    "beta-plus-generator": (("answers", 0, "choices", 0, "beta"), other_point),
    "ciphertexts-swapped": (("answers", 0, "choices"), lambda c: [c[1], c[0], *c[2:]]),
    "choice-dropped": (("answers", 0, "choices"), lambda c: c[:-1]),
    "individual-proof-dropped": (("answers", 0, "individual_proofs"), lambda p: p[:-1]),
    "individual-proof-of-three": (("answers", 0, "individual_proofs", 0), lambda p: [*p, p[0]]),
    "individual-challenge": (("answers", 0, "individual_proofs", 0, 0, "challenge"), other_scalar),
    "overall-response": (("answers", 0, "overall_proof", 0, "response"), other_scalar),
    "overall-proof-longer": (("answers", 0, "overall_proof"), lambda p: [*p, p[0]]),
    "blank-response": (("answers", 0, "blank_proof", 1, "response"), other_scalar),
    "blank-proof-shorter": (("answers", 0, "blank_proof"), lambda p: p[:1]),
    "scalar-with-leading-zero": (("signature", "proof", "challenge"), lambda s: "0" + s),
    "scalar-plus-order": (("signature", "proof", "response"), lambda s: str(int(s) + Q)),
    "scalar-as-number": (("signature", "proof", "response"), int),
    "signature-challenge": (("signature", "proof", "challenge"), other_scalar),
    "signature-hash": (("signature", "hash"), lambda h: "A" + h[1:] if h[0] != "A" else "B" + h[1:]),
    "credential-of-another": (("credential",), other_point),
    "credential-upper-case": (("credential",), str.upper),
    "credential-identity": (("credential",), lambda _: "00" * 31 + "01"),
    "another-election": (("election_hash",), lambda h: h[::-1]),
    "another-uuid": (("election_uuid",), lambda u: u[:-1] + "z"),
    "uuid-too-short": (("election_uuid",), lambda u: u[:13]),
    "answer-dropped": (("answers",), lambda a: a[:-1]),
    "answers-no-array": (("answers",), lambda _: {}),
}


@pytest.mark.parametrize("sample", [TWO_OF_FIVE, BLANK], ids=lambda sample: sample.name)
def test_browser_refuses_mutated_ballots_for_pythons_reason(booth: Call, sample: Sample) -> None:
    text, election = sample.ballot_text(1), sample.election.to_json()
    for name, (path, change) in MUTATIONS.items():
        if "blank_proof" in path and sample is not BLANK:
            continue
        mutated = changed(text, path, change)
        expected = python_verdict(lambda: check_ballot(parse_ballot(mutated), sample.election))
        assert expected != "accepted", name
        assert verdict(booth("checkBallot", text=mutated, election=election)) == expected, name


def test_browser_refuses_a_resigned_ballot_whose_proofs_are_for_another_choice(booth: Call) -> None:
    """The thief holds the credential, so that the signature alone cannot give them away."""
    honest = parse_ballot(TWO_OF_FIVE.ballot_text(0))
    double = honest.answers[0].choices[0]
    for field in ("alpha", "beta"):
        text = changed(honest.to_json(), ("answers", 0, "choices", 1, field), lambda _: "")
        assert verdict(booth("checkBallot", text=text, election=TWO_OF_FIVE.election.to_json())) == (
            "MalformedError",
            "point",
        )
    assert double.alpha != double.beta


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text + " ",
        lambda text: text.replace(",", ", ", 1),
        lambda text: text.replace('{"challenge"', '{"challenge":"1","challenge"', 1),
        lambda text: text[:-1],
        lambda text: "[" + text + "]",
        lambda text: text[:-1] + ',"extra":1}',
        lambda _text: "null",
    ],
)
def test_browser_refuses_ballots_in_another_form(
    booth: Call, spoil: Callable[[str], str]
) -> None:
    text = spoil(TWO_OF_FIVE.ballot_text(0))
    made = booth("checkBallot", text=text, election=TWO_OF_FIVE.election.to_json())
    assert made["error"] == "MalformedError"
    assert python_verdict(lambda: parse_ballot(text)) != "accepted"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda e: e.replace('"version":1', '"version":2'),
        lambda e: e.replace('"version":1', '"version":1.0'),
        lambda e: e.replace("Ed25519", "BELENIOS-2048"),
        lambda e: e.replace('"min":1', '"min":3'),
        lambda e: e.replace('"min":1', '"min":-1'),
        lambda e: e.replace('"max":2', '"max":4'),
        lambda e: e.replace('"blank":true', '"blank":false'),
        lambda e: e.replace('"answers":[', '"type":"Lists","answers":['),
        lambda e: e.replace('"description":"', '"description":"\\ud800'),
        lambda e: e.replace('"uuid":"', '"uuid":"0'),
        lambda e: e.replace("\\u007f", "\u007f"),
        lambda e: re.sub(r'"public_key":"[0-9a-f]{64}"', f'"public_key":"{"0" * 63}1"', e),
        lambda e: re.sub(r'"questions":\[.*\],"uuid"', '"questions":{},"uuid"', e),
        lambda e: re.sub(r'"answers":\[[^]]*\]', '"answers":[]', e),
        lambda e: e.replace("Выборы", "\\u0412ыборы"),
    ],
)
def test_browser_refuses_the_elections_that_python_refuses(
    booth: Call, spoil: Callable[[str], str]
) -> None:
    election = BLANK.election.to_json()
    spoiled = spoil(election)
    assert spoiled != election
    assert booth("parseElection", election=election) == {"result": BLANK.election.fingerprint}
    assert booth("parseElection", election=spoiled)["error"] == "MalformedError"
    assert python_verdict(lambda: parse_election(spoiled)) != "accepted"


@pytest.mark.parametrize(
    ("sample", "choices"),
    [
        (TWO_OF_FIVE, [[1, 1, 1, 0, 0]]),
        (TWO_OF_FIVE, [[2, 0, 0, 0, 0]]),
        (TWO_OF_FIVE, [[-1, 1, 0, 0, 0]]),
        (TWO_OF_FIVE, [[1, 0, 0, 0]]),
        (TWO_OF_FIVE, [[1, 0, 0, 0, 0], [1, 0, 0, 0, 0]]),
        (TWO_OF_FIVE, []),
        (BLANK, [[1, 1, 0, 0]]),
        (BLANK, [[0, 0, 0, 0]]),
        (ONE_OF_TEN, [[0] * 10]),
    ],
)
def test_browser_encrypts_no_choice_against_the_rules(
    booth: Call, sample: Sample, choices: list[list[int]]
) -> None:
    made = booth("makeFreshBallot", election=sample.election.to_json(), choices=choices)
    assert made["error"] == "ChoiceError"


def test_choice_vector_puts_the_blank_vote_first(booth: Call) -> None:
    question = {"answers": ["A", "B", "C"], "blank": True}
    assert booth("choiceVector", question=question, chosen=[2]) == {"result": [0, 0, 0, 1]}
    assert booth("choiceVector", question=question, chosen="blank") == {"result": [1, 0, 0, 0]}
    plain = {"answers": ["A", "B", "C"], "blank": False}
    assert booth("choiceVector", question=plain, chosen=[0, 1]) == {"result": [1, 1, 0]}


def test_encrypting_one_of_ten_takes_less_than_150_ms(booth: Call) -> None:
    arguments = {"election": ONE_OF_TEN.election.to_json(), "choices": ONE_OF_TEN.choices[0]}
    times = booth("timeBallots", rounds=9, **arguments)["result"]
    middle = statistics.median(times)
    print(f"1 of 10 in Chromium: first {times[0]:.0f} ms, then {middle:.0f} ms")  # noqa: T201  # asked for: a figure to watch
    # The neighbours of a shared machine may take their turn: the best of nine must do.
    assert min(times) < 150


# -------------------------------------------------------------------- points and scalars


def as_text(y: int, sign: int = 0) -> str:
    return f"{sign << 255 | y:064x}"


# Orders 2 and 4, and one of order 8: RFC 8032's curve has cofactor 8.
TORSION = (
    as_text(P - 1),
    as_text(0),
    as_text(0, 1),
    "05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826",
)
EDGES = {
    "generator": G.hex(),
    "minus-generator": (-1 % Q * G).hex(),
    "identity": as_text(1),
    "identity-with-sign": as_text(1, 1),
    "y-plus-p": as_text(P + 1),
    "y-is-p": as_text(P),
    "y-is-p-minus-one-with-sign": as_text(P - 1, 1),
    "not-on-the-curve": as_text(2),
    "all-ones": "f" * 64,
    "upper-case": (7 * G).hex().upper(),
    "short": G.hex()[1:],
    "long": "0" + G.hex(),
    "line-feed": G.hex()[:-1] + "\n",
    "little-endian": bytes.fromhex(G.hex())[::-1].hex(),
    **{f"torsion-{i}": text for i, text in enumerate(TORSION)},
}


@pytest.mark.parametrize("name", EDGES)
def test_browser_judges_edge_points_as_python_does(booth: Call, name: str) -> None:
    made = booth("parsePoint", text=EDGES[name])
    expected = python_verdict(lambda: Point.parse(EDGES[name]))
    assert verdict(made) == expected
    assert (expected == "accepted") == (name in {"generator", "minus-generator"})
    if expected == "accepted":
        assert made["result"] == EDGES[name]


def test_browser_refuses_a_point_with_a_torsion_part(booth: Call) -> None:
    torsion = Point(bytes.fromhex(TORSION[3])[::-1])
    mixed = (G + torsion).hex()
    assert verdict(booth("parsePoint", text=mixed)) == ("MalformedError", "point")
    assert booth("parsePoint", text=mixed)["why"] == "not in the subgroup of order q"


@pytest.mark.parametrize("text", ["0", "1", "7", str(Q - 1), str(Q), "-1", "+1", "01", "", "1.0", "١"])
def test_browser_judges_edge_scalars_as_python_does(booth: Call, text: str) -> None:
    assert verdict(booth("parseScalar", text=text)) == python_verdict(lambda: parse_scalar(text))


def test_fixed_base_multiplication_agrees_with_libsodium(booth: Call) -> None:
    numbers = [1, 2, 15, 16, 17, 2**252 - 1, 2**252, Q - 1, *(secrets.randbelow(Q) for _ in range(8))]
    for number in numbers:
        assert booth("timesGenerator", scalar=str(number)) == {"result": (number * G).hex()}


# ------------------------------------------------------------------------ canonical JSON


@pytest.mark.parametrize(
    "value",
    [
        {"b": 1, "a": [True, None, {"z": "", "A": -5}], "ä"[:0]: 0},
        {"text": 'Кеңес "сайлауы" \\ / \b\f\n\r\t \u0000\u001f\u007f\u2028 😀'},
        {"big": 2**53 - 1, "small": -(2**53 - 1), "zero": 0},
        {"10": 1, "9": 2, "__proto__": 3},
    ],
)
def test_canonical_json_is_pythons(booth: Call, value: dict[str, Any]) -> None:
    text = canonical.encode(value).decode()
    assert booth("load", text=text)["result"] == value
    if "__proto__" not in value:  # an own property is not carried into the page by that name
        assert booth("dump", value=value) == {"result": text}


@pytest.mark.parametrize(
    "text",
    [
        '{"b":1,"a":2}',
        '{"a":1,"a":1}',
        '{"a": 1}',
        '{"a":1.0}',
        '{"a":1e2}',
        '{"a":-0}',
        '{"a":9007199254740992}',
        '{"a":"\\u0041"}',
        '{"a":"\\/"}',
        '{"a":"\\ud800"}',
        '{"ә":1}',
        "[1]",
        "null",
        '{"a":1}\n',
        '{"a":0.5}',
    ],
)
def test_canonical_reader_accepts_one_form_only(booth: Call, text: str) -> None:
    assert booth("load", text=text)["error"] == "MalformedError"


# ------------------------------------------------------------------------------- the log


def leaves(count: int) -> list[bytes]:
    return [board.leaf_hash(f"entry {i}".encode()) for i in range(count)]


def hexes(hashes: list[bytes]) -> list[str]:
    return [item.hex() for item in hashes]


def test_every_entry_of_small_trees_is_proved_to_be_in(booth: Call) -> None:
    for size in (1, 2, 3, 4, 5, 7, 8, 11):
        tree = leaves(size)
        for index in range(size):
            proof = board.inclusion(index, tree)
            good = {
                "leaf": tree[index].hex(),
                "index": index,
                "size": size,
                "proof": hexes(proof),
                "root": board.root(tree).hex(),
            }
            assert booth("verifyInclusion", **good) == {"result": True}
            bad: list[dict[str, Any]] = [
                {"index": index + 1},
                {"index": index - 1},
                {"index": index + 0.5},
                {"leaf": board.leaf_hash(b"forged").hex()},
                {"root": board.root(leaves(size + 1)).hex()},
                {"proof": [*hexes(proof), "00" * 32]},
            ]
            if proof:
                bad += [{"proof": hexes(proof)[1:]}, {"proof": hexes(proof)[:-1]}]
            for change in bad:
                assert booth("verifyInclusion", **(good | change)) == {"result": False}, change


def test_places_beyond_32_bits_are_proved(booth: Call) -> None:
    generator = random.Random(20200817)
    for _ in range(12):
        size = generator.randrange(2**32, 2**53)
        index = generator.randrange(size)
        path = [generator.randbytes(32) for _ in range(board.path_length(index, size))]
        leaf = generator.randbytes(32)
        claim = {
            "leaf": leaf.hex(),
            "index": index,
            "size": size,
            "proof": hexes(path),
            "root": board.root_of_path(leaf, index, size, path).hex(),
        }
        assert booth("verifyInclusion", **claim) == {"result": True}
        assert booth("verifyInclusion", **(claim | {"index": index ^ 1})) == {"result": False}


def test_growth_of_small_trees_is_proved_and_rewriting_is_found(booth: Call) -> None:
    for new in (1, 2, 3, 5, 8, 9):
        tree = leaves(new)
        for old in range(1, new + 1):
            proof = hexes(board.consistency(old, tree))
            good = {
                "oldSize": old,
                "oldRoot": board.root(tree[:old]).hex(),
                "newSize": new,
                "newRoot": board.root(tree).hex(),
                "proof": proof,
            }
            assert booth("verifyConsistency", **good) == {"result": True}, (old, new)
            rewritten = board.root([board.leaf_hash(b"forged"), *tree[1:]]).hex()
            for change in (
                {"newRoot": rewritten},
                {"oldRoot": "11" * 32},
                {"proof": [*proof, "00" * 32]},
                {"oldSize": 0},
                {"oldSize": new + 1},
            ):
                assert booth("verifyConsistency", **(good | change)) == {"result": False}, change


# From the documentation of Go's golang.org/x/mod/sumdb/note, which we did not write.
NOTE_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NOTE_TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
NOTE = (
    f"{NOTE_TEXT}\n— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def test_a_signed_note_made_by_others_is_accepted(booth: Call) -> None:
    assert booth("openNote", note=NOTE, key=NOTE_KEY) == {"result": NOTE_TEXT}
    forged = NOTE.replace("problem is", "solution is")
    assert verdict(booth("openNote", note=forged, key=NOTE_KEY)) == (
        "VerificationError",
        "checkpoint",
    )
    assert verdict(booth("openNote", note=NOTE, key=NOTE_KEY.replace("c74f", "c75f"))) == (
        "MalformedError",
        "log key",
    )


LOG = SigningKey.from_seed(hashlib.sha256(b"log").digest())
MANIFEST = {"log_origin": ORIGIN, "log_key": LOG.public_hex}


def vkey(key: SigningKey, name: str = ORIGIN) -> str:
    typed = b"\x01" + bytes.fromhex(key.public_hex)
    key_id = hashlib.sha256(name.encode() + b"\n" + typed).hexdigest()[:8]
    return f"{name}+{key_id}+{base64.b64encode(typed).decode()}"


def test_a_checkpoint_is_opened_with_witnesses_lines_around(booth: Call) -> None:
    root = board.root(leaves(5))
    note = board.signed_checkpoint(LOG, ORIGIN, 5, root)
    witness = SigningKey.from_seed(bytes(32))
    body = note.partition("\n\n")[0] + "\n"
    note += board.signature_line(witness, "witness.example", body)
    made = booth("openCheckpoint", note=note, key=vkey(LOG))
    assert made == {"result": {"origin": ORIGIN, "size": 5, "root": root.hex()}}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda note: note.replace("\n5\n", "\n6\n"),
        lambda note: note.replace("\n5\n", "\n05\n"),
        lambda note: note.replace("\n5\n", "\n+5\n"),
        lambda note: note.replace("\n5\n", "\n٥\n"),
        lambda note: note.rstrip("\n"),
        lambda note: note.replace("\n", "\r\n"),
        lambda note: note.replace(ORIGIN, "board.dauys.example/2020"),
        lambda note: note.replace("— ", "- "),
        lambda note: note + note.splitlines(keepends=True)[-1],
        lambda note: note.partition("\n\n")[0] + "\n\n",
        lambda note: note.partition("\n\n")[0] + "\n",
        lambda note: note.replace("\n\n", "\nextension\n\n"),
    ],
)
def test_a_changed_checkpoint_is_refused(booth: Call, spoil: Callable[[str], str]) -> None:
    note = board.signed_checkpoint(LOG, ORIGIN, 5, board.root(leaves(5)))
    made = booth("openCheckpoint", note=spoil(note), key=vkey(LOG))
    assert made["error"] in {"MalformedError", "VerificationError"}


def test_a_checkpoint_signed_by_another_key_under_the_same_name_is_refused(booth: Call) -> None:
    thief = SigningKey.from_seed(bytes(32))
    note = board.signed_checkpoint(thief, ORIGIN, 5, board.root(leaves(5)))
    assert booth("openCheckpoint", note=note, key=vkey(LOG))["error"] == "VerificationError"


def test_checkpoints_without_a_single_proper_size_are_refused_even_when_signed(booth: Call) -> None:
    root = base64.b64encode(board.root(leaves(5))).decode()
    for body in (
        f"{ORIGIN}\n05\n{root}\n",
        f"{ORIGIN}\n5\n{root[:-2]}==\n",
        f"{ORIGIN}\n5\n{root}\nextension\n",
        f"{ORIGIN}\n9007199254740993\n{root}\n",
        f"other.example\n5\n{root}\n",
    ):
        note = f"{body}\n{board.signature_line(LOG, ORIGIN, body)}"
        assert "error" in booth("openCheckpoint", note=note, key=vkey(LOG)), body


# ------------------------------------------------------------------------------ receipts


def ballot_entry(sample: Sample, voter: int) -> bytes:
    statement = Statement(
        election=ElectionId(sample.election.uuid),
        contest=CONTEST,
        pseudonym=Pseudonym("0123456789abcdef" * 2),
        credential=Credential(sample.key(voter).public),
        method=MethodId("sms"),
        serial=voter + 1,
        evidence=None,
        reclaims=None,
    )
    permit = Permit(statement=statement, signature="00" * 64)
    return encode_entry(BallotEntry(permit=permit, ballot=sample.ballot_text(voter)))


def log_of_entries() -> list[bytes]:
    others = [canonical.encode({"kind": "open", "n": i, "v": 1}) for i in range(6)]
    return [*others[:3], ballot_entry(TWO_OF_FIVE, 0), ballot_entry(TWO_OF_FIVE, 1), *others[3:]]


def make_receipt(entries: list[bytes], index: int, text: str) -> dict[str, Any]:
    tree = [board.leaf_hash(entry) for entry in entries]
    return {
        "contest": CONTEST,
        "tracker": tracker(text),
        "leaf_index": index,
        "entry": entries[index].decode(),
        "checkpoint": board.signed_checkpoint(LOG, ORIGIN, len(tree), board.root(tree)),
        "proof": [base64.b64encode(item).decode() for item in board.inclusion(index, tree)],
    }


def failed(made: dict[str, Any]) -> set[str]:
    result = made["result"]
    assert result["ok"] == all(check["ok"] for check in result["checks"])
    return {check["name"] for check in result["checks"] if not check["ok"]}


def test_a_receipt_holds(booth: Call) -> None:
    receipt = make_receipt(log_of_entries(), 4, TWO_OF_FIVE.ballot_text(1))
    made = booth("checkReceipt", receipt=receipt, manifest=MANIFEST)
    assert [check["name"] for check in made["result"]["checks"]] == [
        "entry",
        "tracker",
        "checkpoint",
        "inclusion",
    ]
    assert made["result"]["ok"]


def test_a_spoiled_receipt_fails_in_the_right_places(booth: Call) -> None:
    entries = log_of_entries()
    receipt = make_receipt(entries, 4, TWO_OF_FIVE.ballot_text(1))
    for name, change, expected in (
        ("another's entry", {"entry": entries[3].decode()}, {"tracker", "inclusion"}),
        ("another contest", {"contest": "almaty"}, {"entry", "tracker"}),
        ("another tracker", {"tracker": "A" * 43}, {"tracker"}),
        ("another place", {"leaf_index": 3}, {"inclusion"}),
        ("no proof", {"proof": []}, {"inclusion"}),
        ("proof in another form", {"proof": [receipt["proof"][0] + "="]}, {"inclusion"}),
        ("proof missing", {"proof": None}, {"inclusion"}),
        ("spaced entry", {"entry": receipt["entry"] + " "}, {"entry", "tracker", "inclusion"}),
        ("no ballot", {"entry": entries[0].decode()}, {"entry", "tracker", "inclusion"}),
        ("no checkpoint", {"checkpoint": ""}, {"checkpoint", "inclusion"}),
        (
            "forged size",
            {"checkpoint": receipt["checkpoint"].replace("\n8\n", "\n9\n")},
            {"checkpoint", "inclusion"},
        ),
    ):
        made = booth("checkReceipt", receipt=receipt | change, manifest=MANIFEST)
        assert failed(made) == expected, name


def test_a_log_that_dropped_the_ballot_later_is_found_out(booth: Call) -> None:
    entries = log_of_entries()
    receipt = make_receipt(entries, 4, TWO_OF_FIVE.ballot_text(1))
    grown = [*entries, ballot_entry(TWO_OF_FIVE, 2)]

    def growth(later: list[bytes]) -> set[str]:
        tree = [board.leaf_hash(entry) for entry in later]
        proof = [base64.b64encode(x).decode() for x in board.consistency(len(entries), tree)]
        note = board.signed_checkpoint(LOG, ORIGIN, len(tree), board.root(tree))
        return failed(
            booth("checkGrowth", receipt=receipt, later=note, proof=proof, manifest=MANIFEST)
        )

    assert growth(grown) == set()
    assert growth(entries) == set()
    assert growth([*grown[:4], *grown[5:], grown[0]]) == {"consistency"}


# -------------------------------------------------------------------------- signing keys


def sealing_key(file: dict[str, Any], passphrase: str) -> AESGCM:
    salt = base64.b64decode(file["salt"])
    derived = PBKDF2HMAC(SHA256(), 32, salt, file["iterations"]).derive(passphrase.encode())
    return AESGCM(derived)


def header(file: dict[str, Any]) -> bytes:
    return canonical.encode({name: file[name] for name in file if name != "ciphertext"})


def open_in_python(text: str, passphrase: str) -> bytes:
    file = json.loads(text)
    box, nonce = base64.b64decode(file["ciphertext"]), base64.b64decode(file["nonce"])
    return sealing_key(file, passphrase).decrypt(nonce, box, header(file))


def seal_in_python(seed: bytes, passphrase: str) -> str:
    file: dict[str, Any] = {
        "v": 1,
        "kind": "dauys-signing-key",
        "public": base64.b64encode(bytes.fromhex(SigningKey.from_seed(seed).public_hex)).decode(),
        "kdf": "PBKDF2-SHA256",
        "iterations": 600_000,
        "salt": base64.b64encode(bytes(range(16))).decode(),
        "nonce": base64.b64encode(bytes(range(12))).decode(),
    }
    nonce = base64.b64decode(file["nonce"])
    sealed = sealing_key(file, passphrase).encrypt(nonce, seed, header(file))
    return canonical.encode(file | {"ciphertext": base64.b64encode(sealed).decode()}).decode()


PASSPHRASE = "өткен күнде белгі жоқ"
APPROVAL = approval_bytes("DauysElection1", "ab" * 32)
PREFIX, _, MESSAGE = APPROVAL.partition(b"\n")
SIGNING = {"prefix": PREFIX.decode() + "\n", "message": MESSAGE.hex()}


def test_a_members_key_made_in_the_browser_signs_approvals_that_python_accepts(booth: Call) -> None:
    made = booth("makeSigningKey", passphrase=PASSPHRASE, **SIGNING)["result"]
    verify_signature(made["publicKey"], APPROVAL, bytes.fromhex(made["signature"]))
    seed = open_in_python(made["file"], PASSPHRASE)
    assert SigningKey.from_seed(seed).public_hex == made["publicKey"]
    with pytest.raises(InvalidTag):
        open_in_python(made["file"], PASSPHRASE + " ")
    again = booth("openSigningKey", file=made["file"], passphrase=PASSPHRASE, **SIGNING)["result"]
    assert again == {"publicKey": made["publicKey"], "signature": made["signature"]}


def test_a_members_key_sealed_elsewhere_opens_and_wrong_or_changed_ones_do_not(booth: Call) -> None:
    seed = hashlib.sha256(b"member").digest()
    text = seal_in_python(seed, PASSPHRASE)

    def opened(text: str, passphrase: str = PASSPHRASE) -> dict[str, Any]:
        return booth("openSigningKey", file=text, passphrase=passphrase, **SIGNING)

    key = SigningKey.from_seed(seed)
    assert opened(text)["result"] == {
        "publicKey": key.public_hex,
        "signature": key.sign(APPROVAL).hex(),
    }
    assert opened(text, "wrong")["error"] == "WrongPassphraseError"
    file = json.loads(text)
    other = SigningKey.from_seed(bytes(32)).public_hex
    for change, error in (
        ({"public": base64.b64encode(bytes.fromhex(other)).decode()}, "WrongPassphraseError"),
        ({"iterations": 600_001}, "WrongPassphraseError"),
        ({"iterations": 1000}, "MalformedError"),
        ({"iterations": 10**9}, "MalformedError"),
        ({"kdf": "none"}, "MalformedError"),
        ({"v": 2}, "MalformedError"),
        ({"salt": ""}, "MalformedError"),
        ({"extra": 1}, "MalformedError"),
    ):
        assert opened(canonical.encode(file | change).decode())["error"] == error, change
    assert opened(text + "\n")["error"] == "MalformedError"


# ------------------------------------------------------------------- worker and the page


def test_the_worker_encrypts_under_a_strict_policy_and_reports_progress(booth: Call) -> None:
    key = SEVERAL.key(0)
    made = booth(
        "encryptInWorker",
        election=SEVERAL.election.to_json(),
        secret=str(key.secret),
        choices=SEVERAL.choices[0],
    )["result"]
    ballot = parse_ballot(made["ballot"])
    check_ballot(ballot, SEVERAL.election)
    assert ballot.credential == key.public
    assert made["tracker"] == tracker(made["ballot"])
    assert made["steps"] == [{"done": i, "total": 6} for i in range(1, 7)]


def test_the_workers_refusal_reaches_the_page_with_its_data(booth: Call) -> None:
    made = booth(
        "encryptInWorker", election=BLANK.election.to_json(), secret="5", choices=[[1, 1, 1, 1]]
    )
    assert (made["error"], made["what"]) == ("ChoiceError", 0)
    made = booth("encryptInWorker", election="{}", secret="5", choices=[[1]])
    assert (made["error"], made["what"]) == ("MalformedError", "election")


@pytest.mark.parametrize("how", ["policy", "network"])
def test_the_page_encrypts_by_itself_when_no_worker_comes_up(
    page: Page, page_problems: list[str], server: BoothServer, how: str
) -> None:
    if how == "network":
        page.route("**/worker.js", lambda route: route.abort())
    page.goto(server.url + ("/?no-workers" if how == "policy" else ""))
    page.wait_for_function("globalThis.booth !== undefined")
    order = {
        "election": BLANK.election.to_json(),
        "secret": str(BLANK.key(1).secret),
        "choices": BLANK.choices[1],
    }
    made = page.evaluate("order => booth('encryptInWorker', order)", order)["result"]
    check_ballot(parse_ballot(made["ballot"]), BLANK.election)
    assert [step["done"] for step in made["steps"]] == [1, 2, 3, 4]
    page_problems.clear()  # the refused worker was what this test asked for


def test_nothing_of_the_vote_or_the_secret_is_sent_stored_or_logged(
    page: Page, booth: Call, server: BoothServer
) -> None:
    sent: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: sent.append(request.url + (request.post_data or "")))
    page.on("console", lambda message: said.append(message.text))
    secret = str(BLANK.key(1).secret)
    booth(
        "encryptInWorker",
        election=BLANK.election.to_json(),
        secret=secret,
        choices=BLANK.choices[1],
    )
    assert all(url.startswith(server.url) for url in sent)
    assert not [url for url in sent if secret in url]
    assert said == []
    stored = page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]")
    assert stored == [0, 0, ""]


def test_the_ballot_maker_is_under_100_kb_on_the_wire(server: BoothServer, page: Page) -> None:
    page.goto(server.url + "/budget.html")
    page.wait_for_function("globalThis.made !== undefined")
    tracker_text = page.evaluate(
        "order => made({...order, credentialSecret: BigInt(order.credentialSecret)})",
        {
            "electionText": BLANK.election.to_json(),
            "credentialSecret": "5",
            "choices": BLANK.choices[1],
        },
    )
    assert len(tracker_text) == 43
    names = {path.name for path in server.asked}
    assert {"encrypt.js", "worker.js", "ballot.js"} <= names
    size = server.transferred()
    print(f"ballot maker: {len(names)} files, {size / 1000:.1f} kB compressed")  # noqa: T201  # asked for: a figure to watch
    assert size < 100_000


def test_this_browser_is_supported(booth: Call) -> None:
    assert booth("missingFeatures") == {"result": []}


# ------------------------------------------------------------------------------- signers

CMS = b"\x30\x82\x01\x00" + bytes(256)
CHALLENGE = base64.b64encode(b"challenge").decode()


def pem(body: bytes) -> str:
    text = base64.b64encode(body).decode()
    lines = "\n".join(text[i : i + 64] for i in range(0, len(text), 64))
    return f"-----BEGIN CMS-----\n{lines}\n-----END CMS-----\n"


def fake_ncalayer(page: Page, answer: dict[str, Any] | None, requests: list[Any]) -> None:
    """Stand in for the program on the person's computer. None: it hangs up on the request."""

    def on_connect(socket: Any) -> None:
        def on_message(text: str) -> None:
            request = json.loads(text)
            requests.append(request)
            if request["module"] != "kz.gov.pki.knca.basics":
                socket.send(json.dumps({"status": False, "code": "500", "message": "?"}))
            elif answer is None:
                socket.close()
            else:
                socket.send(json.dumps(answer))

        socket.on_message(on_message)
        socket.send(json.dumps({"result": {"version": "1.4"}}))

    page.route_web_socket("wss://127.0.0.1:13579", on_connect)


NCALAYER_ANSWERS = [
    ({"status": True, "body": {"result": [pem(CMS)]}}, None),
    ({"status": True, "body": {"result": "garbage"}}, "refused"),
    ({"status": True, "body": {}}, "cancelled"),
    ({"status": False, "code": "1", "message": "Срок действия сертификата истек", "details": ""}, "expired_key"),
    ({"status": False, "code": "1", "message": "Неверный пароль", "details": ""}, "wrong_key"),
    ({"status": False, "code": "1", "message": "Внутренняя ошибка", "details": ""}, "refused"),
    (None, "not_running"),
]


@pytest.mark.parametrize(("answer", "code"), NCALAYER_ANSWERS)
def test_ncalayer_signs_or_says_why_not(
    page: Page,
    page_problems: list[str],
    server: BoothServer,
    answer: dict[str, Any] | None,
    code: str | None,
) -> None:
    requests: list[Any] = []
    fake_ncalayer(page, answer, requests)
    page.goto(server.url)
    page.wait_for_function("globalThis.booth !== undefined")
    made = page.evaluate(
        "([challenge]) => booth('signNcalayer', "
        "{challenge, locale: 'kk', options: {holder: 'company'}})",
        [CHALLENGE],
    )
    assert made.get("what") == code
    if code is None:
        assert made["result"] == base64.b64encode(CMS).decode()
    arguments = requests[-1]["args"]
    assert arguments["data"] == CHALLENGE
    assert arguments["locale"] == "kk"
    assert arguments["signingParams"] == {"decode": True, "encapsulate": True, "digested": False}
    oids = ["1.3.6.1.5.5.7.3.4", "1.2.398.3.3.4.1.2"]
    assert arguments["signerParams"] == {"extKeyUsageOids": oids}
    # The client also looks for another program, which the policy refuses.
    assert all("127.0.0.1:24680" in problem for problem in page_problems)
    page_problems.clear()


def test_ncalayer_that_is_not_there_is_reported_as_not_running(
    booth: Call, page_problems: list[str]
) -> None:
    made = booth("signNcalayer", challenge=CHALLENGE, locale="ru", options={"url": "wss://127.0.0.1:1"})
    assert made["what"] == "not_running"
    page_problems.clear()  # the policy names another port


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("Подключение прервано", "refused"),
        ("Неверный ключ", "wrong_key"),
        ("Сертификат просрочен", "expired_key"),
        ("500: action.canceled", "cancelled"),
        ("NCALayer закрыл соединение.", "not_running"),
    ],
)
def test_sayings_of_ncalayer_become_codes(booth: Call, message: str, code: str) -> None:
    assert booth("signerCode", message=message) == {"result": code}


def test_a_signature_made_elsewhere_is_taken_in_each_usual_wrapping(booth: Call) -> None:
    expected = base64.b64encode(CMS).decode()
    indefinite = b"\x30\x80" + bytes(300)
    for file, cms in (
        (CMS, CMS),
        (indefinite, indefinite),
        (pem(CMS).encode(), CMS),
        (pem(CMS).replace("\n", "\r\n").encode(), CMS),
        (expected.encode() + b"\n", CMS),
    ):
        made = booth("signFile", challenge=CHALLENGE, file=file.hex())["result"]
        assert made == {"cms": base64.b64encode(cms).decode(), "offered": b"challenge".hex()}
    for file in (b"", b"hello", b"\xff" * 200, b"\x30\x03\x02\x01\x00", bytes(600_000)):
        made = booth("signFile", challenge=CHALLENGE, file=file.hex())
        assert made["what"] == "refused"
    assert booth("signFile", challenge=CHALLENGE, file=None)["what"] == "cancelled"


# -------------------------------------------------------------------------- what is served

BOOTH_FILES = sorted((STATIC / "booth").rglob("*.js"))


@pytest.mark.parametrize("path", BOOTH_FILES, ids=lambda path: path.name)
def test_booth_files_are_readable_and_make_no_code_or_markup_from_text(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 300
    assert max(map(len, text.splitlines())) <= 120
    for word in ("eval(", "new Function", "innerHTML", "outerHTML", "document.write", "console.",
                 "localStorage", "sessionStorage", "fetch(", "XMLHttpRequest", "Math.random"):
        assert word not in text, word
    for name in re.findall(r'^(?:import|export) .*from "([^"]+)";$', text, re.MULTILINE):
        assert (path.parent / name).is_file(), name


def test_vendored_files_are_those_of_the_manifest() -> None:
    listed = json.loads((STATIC / "vendor" / "manifest.json").read_text(encoding="utf-8"))["files"]
    present = {
        path.relative_to(STATIC / "vendor").as_posix()
        for path in (STATIC / "vendor").rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    assert {file["file"] for file in listed} == present
    for file in listed:
        data = (STATIC / "vendor" / file["file"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == file["sha256"], file["file"]
    assert {f"{file['file'].split('/')[0]}/LICENSE" for file in listed} <= present
