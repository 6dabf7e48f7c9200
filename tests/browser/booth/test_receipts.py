"""Receipts of the board checked in a real Chromium."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest

from dauys.board.checkpoint import Checkpoint, sign_checkpoint
from dauys.board.receipt import Receipt, check_receipt
from dauys.core import canonical
from dauys.core.entries import BallotEntry, encode_entry
from dauys.core.ids import ContestId, Credential, ElectionId, MethodId, Pseudonym
from dauys.core.permit import Permit, Statement
from dauys.crypto.ballot import tracker
from dauys.crypto.signing import SigningKey
from tests.browser.booth.harness import board
from tests.browser.booth.harness.tab import Booth
from tests.vectors.samples import TWO_OF_FIVE, Sample

ORIGIN = "board.dauys.example/2026"
CONTEST = ContestId("karaganda")
LOG = SigningKey.from_seed(hashlib.sha256(b"log").digest())
MANIFEST = {"log_origin": ORIGIN, "log_key": LOG.public_hex}


def hexes(hashes: list[bytes]) -> list[str]:
    return [item.hex() for item in hashes]


def ballot_entry(sample: Sample, voter: int) -> bytes:
    statement = Statement(
        election=ElectionId(sample.election.uuid),
        contest=CONTEST,
        pseudonym=Pseudonym("0123456789abcdef" * 2),
        credential=Credential(sample.key(voter).public),
        method=MethodId("sms"),
        serial=voter + 1,
        weight=1,
        evidence=None,
        reclaims=None,
    )
    permit = Permit(statement=statement, signature="00" * 64)
    return encode_entry(BallotEntry(permit=permit, ballot=sample.ballot_text(voter)))


def log_of_entries() -> list[bytes]:
    others = [canonical.encode({"kind": "open", "n": i, "v": 1}) for i in range(6)]
    return [*others[:3], ballot_entry(TWO_OF_FIVE, 0), ballot_entry(TWO_OF_FIVE, 1), *others[3:]]


def note_of(entries: list[bytes]) -> str:
    tree = [board.leaf_hash(entry) for entry in entries]
    return sign_checkpoint(Checkpoint(ORIGIN, len(tree), board.root(tree)), LOG)


def receipt_text(entries: list[bytes], index: int, voter: int) -> str:
    proof = board.inclusion(index, [board.leaf_hash(entry) for entry in entries])
    receipt = Receipt(
        contest=CONTEST,
        tracker=tracker(TWO_OF_FIVE.ballot_text(voter)),
        index=index,
        entry=entries[index].decode(),
        checkpoint=note_of(entries),
        proof=tuple(hexes(proof)),
    )
    check_receipt(receipt, ORIGIN, LOG.public_hex)
    return canonical.encode(receipt).decode()


def failed(made: dict[str, Any]) -> set[str]:
    result = made["result"]
    assert result["ok"] == all(check["ok"] for check in result["checks"])
    return {check["name"] for check in result["checks"] if not check["ok"]}


def test_a_receipt_of_the_board_holds(booth: Booth) -> None:
    made = booth("checkReceiptFile", text=receipt_text(log_of_entries(), 4, 1), manifest=MANIFEST)
    names = [check["name"] for check in made["result"]["checks"]]
    assert names == ["entry", "tracker", "checkpoint", "inclusion"]
    assert made["result"]["ok"]


def test_a_spoiled_receipt_fails_in_the_right_places(booth: Booth) -> None:
    entries = log_of_entries()
    receipt = json.loads(receipt_text(entries, 4, 1))
    for name, change, expected in (
        ("another's entry", {"entry": entries[3].decode()}, {"tracker", "inclusion"}),
        ("another contest", {"contest": "almaty"}, {"entry"}),
        ("another tracker", {"tracker": "A" * 43}, {"tracker"}),
        ("another place", {"index": 3}, {"inclusion"}),
        ("no proof", {"proof": []}, {"inclusion"}),
        ("proof in capitals", {"proof": [h.upper() for h in receipt["proof"]]}, {"inclusion"}),
        ("proof missing", {"proof": None}, {"inclusion"}),
        ("spaced entry", {"entry": receipt["entry"] + " "}, {"entry", "tracker", "inclusion"}),
        ("no ballot", {"entry": entries[0].decode()}, {"entry", "tracker", "inclusion"}),
        (
            "entry with a field that is not the form's",
            {"entry": receipt["entry"].replace('"v":1}', '"v":1,"w":1}')},
            {"entry", "tracker", "inclusion"},
        ),
        ("no checkpoint", {"checkpoint": ""}, {"checkpoint", "inclusion"}),
        (
            "forged size",
            {"checkpoint": receipt["checkpoint"].replace("\n8\n", "\n9\n")},
            {"checkpoint", "inclusion"},
        ),
    ):
        made = booth("checkReceipt", receipt=receipt | change, manifest=MANIFEST)
        assert failed(made) == expected, name


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.replace('"v":1', '"v":2'),
        lambda text: text.replace('"v":1', '"v":1,"w":1'),
        lambda text: text + "\n",
        lambda _text: "{}",
        lambda _text: "",
    ],
)
def test_a_receipts_file_in_another_form_is_refused(
    booth: Booth, spoil: Callable[[str], str]
) -> None:
    text = spoil(receipt_text(log_of_entries(), 4, 1))
    assert booth("checkReceiptFile", text=text, manifest=MANIFEST)["error"] == "MalformedError"


def test_a_log_that_dropped_the_ballot_later_is_found_out(booth: Booth) -> None:
    entries = log_of_entries()
    receipt = json.loads(receipt_text(entries, 4, 1))
    grown = [*entries, ballot_entry(TWO_OF_FIVE, 2)]

    def growth(later: list[bytes]) -> set[str]:
        proof = board.consistency(len(entries), [board.leaf_hash(entry) for entry in later])
        arguments = {"receipt": receipt, "later": note_of(later), "proof": hexes(proof)}
        return failed(booth("checkGrowth", manifest=MANIFEST, **arguments))

    assert growth(grown) == set()
    assert growth(entries) == set()
    assert growth([*grown[:4], *grown[5:], grown[0]]) == {"consistency"}
