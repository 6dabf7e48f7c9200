"""Mutations of permits, ballots and decisions."""

from dataclasses import replace as replaced
from typing import Any

from msgspec.structs import replace

from dauys.core.entries import Approval, BallotEntry, ClockTick, Decision, approval_bytes
from dauys.core.forms import Text
from dauys.core.ids import CandidateId, MethodId
from dauys.core.remedies import Annul, Dismiss, Restrict, Zero
from dauys.crypto.answer import Answer
from dauys.crypto.ballot import CredentialKey, Signature, make_ballot, parse_ballot
from dauys.crypto.proofs import Proof, prove_knowledge
from tests.unit.verify.forgery import (
    Entries,
    Mutations,
    altered,
    ballot,
    decided,
    entries,
    going_on,
    inserted,
    permitted_anew,
    place,
    voted,
    without,
)
from tests.unit.verify.story import ALMATY, ASTANA, EDS, SMS, A, day, story


def other_ballot_text(**changes: Any) -> str:
    """A ballot for Almaty by the voter of v8's permit, who changed it and signed again."""
    board = going_on()
    key = CredentialKey.generate(board.keys.random.randbytes)
    text = make_ballot(board.elections[ALMATY], key, [A], board.keys.random.randbytes)
    parsed = replaced(parse_ballot(text), **changes)
    if "answers" not in changes:
        (answer,) = parsed.answers
        assert isinstance(answer, Answer)
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


def one_bit_off(text: str) -> str:
    """Hex text with its last bit flipped."""
    return text[:-1] + f"{int(text[-1], 16) ^ 1:x}"


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


MUTATIONS: Mutations = {
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
    "one voter's signature for two ballots": (
        lambda: altered(
            "v8",
            BallotEntry,
            permitted_anew(evidence=ballot("v7").permit.statement.evidence),
        ),
        "ballot-once",
    ),
    "permit by signature without the signature": (
        lambda: altered("v5", BallotEntry, permitted_anew(evidence=None)),
        "permit-statement",
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
        lambda: [*story().until("extend"), *entries()[place("zero") : place("v8") + 1]],
        "ballot-time",
    ),
}
