"""Admission: real ballots, and what a forger or a broken browser may send."""

import dataclasses
import json
import random
from dataclasses import dataclass

import msgspec
import pytest

from dauys.ballotbox.admission import Admission
from dauys.ballotbox.request import MAX_REQUEST_BYTES, CastRequest, parse_request
from dauys.core.canonical import encode
from dauys.core.errors import MalformedError, RefusedError
from dauys.core.ids import ContestId, ElectionId, LeafIndex, MethodId, Serial
from dauys.core.permit import Permit
from dauys.core.state import BallotRecord
from dauys.crypto.ballot import CredentialKey, make_ballot, parse_ballot, tracker
from dauys.crypto.ed25519 import G
from dauys.crypto.election import ElectionParameters, new_uuid
from dauys.crypto.question import Question
from dauys.crypto.signing import SigningKey, verify_signature
from tests.unit.board.elections import NORTH, REGISTRAR, manifest, permit

RANDOM = random.Random(2020).randbytes


@dataclass(frozen=True)
class Booth:
    """An election with a real key, and a way to vote in it."""

    election: ElectionParameters
    admission: Admission
    key: CredentialKey

    def request(self) -> CastRequest:
        ballot = make_ballot(self.election, self.key, [[0, 1, 0]], RANDOM)
        return CastRequest(permit=permit(1, credential=self.key.public), ballot=ballot)


@pytest.fixture(scope="module")
def booth() -> Booth:
    question = Question(answers=("aru", "bota", "dana"), minimum=1, maximum=1, text="North")
    election = ElectionParameters(
        description="-",
        name="-",
        public_key=12345 * G,
        questions=(question,),
        uuid=new_uuid(RANDOM),
    )
    admission = Admission(manifest(), {NORTH: election.to_json()}, verify_signature)
    return Booth(election, admission, CredentialKey.generate(RANDOM))


def signed_again(request: CastRequest, **changes: object) -> CastRequest:
    """The request with other words in its permit, which the registrar really signed."""
    statement = msgspec.structs.replace(request.permit.statement, **changes)
    signature = REGISTRAR.sign(statement.signed_bytes()).hex()
    return msgspec.structs.replace(request, permit=Permit(statement=statement, signature=signature))


def code(booth: Booth, request: CastRequest) -> str:
    with pytest.raises(RefusedError) as refusal:
        booth.admission.check(request)
    return refusal.value.code


def test_an_honest_ballot_is_admitted(booth: Booth) -> None:
    request = booth.request()
    admitted = booth.admission.check(parse_request(encode(request)))
    assert admitted.tracker == tracker(request.ballot)
    assert admitted.serial == 1
    assert (admitted.entry.permit, admitted.entry.ballot) == (request.permit, request.ballot)


def test_a_permit_that_the_registrar_did_not_sign(booth: Booth) -> None:
    request = booth.request()
    statement = request.permit.statement
    forger = SigningKey.from_seed(b"f" * 32)
    forged = Permit(statement=statement, signature=forger.sign(statement.signed_bytes()).hex())
    assert code(booth, msgspec.structs.replace(request, permit=forged)) == "bad_permit"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("election", ElectionId("2" * 22)),
        ("contest", ContestId("south")),
        ("method", MethodId("email")),
    ],
)
def test_a_permit_for_something_else(booth: Booth, field: str, value: str) -> None:
    assert code(booth, signed_again(booth.request(), **{field: value})) == "bad_permit"


def test_a_ballot_made_with_another_credential_than_the_permit_names(booth: Booth) -> None:
    thief = CredentialKey.generate(RANDOM)
    stolen = make_ballot(booth.election, thief, [[1, 0, 0]], RANDOM)
    request = msgspec.structs.replace(booth.request(), ballot=stolen)
    assert code(booth, request) == "bad_ballot"


def test_a_ballot_with_a_changed_choice(booth: Booth) -> None:
    request = booth.request()
    value = json.loads(request.ballot)
    choices = value["answers"][0]["choices"]
    choices[0], choices[1] = choices[1], choices[0]
    changed = json.dumps(value, separators=(",", ":"))
    parse_ballot(changed)  # well formed: only its proofs do not hold
    assert code(booth, msgspec.structs.replace(request, ballot=changed)) == "bad_ballot"


def test_a_ballot_of_another_election(booth: Booth) -> None:
    other = msgspec.structs.replace
    election = ElectionParameters(
        description="-",
        name="-",
        public_key=booth.election.public_key,
        questions=booth.election.questions,
        uuid=new_uuid(RANDOM),
    )
    ballot = make_ballot(election, booth.key, [[1, 0, 0]], RANDOM)
    assert code(booth, other(booth.request(), ballot=ballot)) == "bad_ballot"


@pytest.mark.parametrize("change", ["space", "tail", "empty", "long", "surrogate"])
def test_a_ballot_that_is_none(booth: Booth, change: str) -> None:
    request = booth.request()
    ballot = {
        "space": request.ballot.replace(":", ": ", 1),
        "tail": request.ballot + " ",
        "empty": "{}",
        "long": request.ballot + " " * 10_000,
        "surrogate": "\ud800",
    }[change]
    assert code(booth, msgspec.structs.replace(request, ballot=ballot)) == "bad_ballot"


def test_a_request_has_one_form(booth: Booth) -> None:
    body = encode(booth.request())
    assert encode(parse_request(body)) == body
    for wrong in (
        b" " + body,
        body[:-1],
        body[:-1] + b',"choice":"aru"}',
        b"[]",
        b"",
        b"\xff",
        body.replace(b'"serial":1', b'"serial":01'),
        body.replace(b'"serial":1', b'"serial":0'),
        body.replace(b'"serial":1', b'"serial":1.0'),
        body.replace(b'"v":1', b'"v":2'),
        b" " * (MAX_REQUEST_BYTES + 1),
    ):
        with pytest.raises(MalformedError):
            parse_request(wrong)


def test_a_stranger_posts_a_ballot_from_the_board_and_nothing_is_proved_again(
    booth: Booth, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = booth.request()
    board: dict[str, BallotRecord] = {}
    elections = {NORTH: booth.election.to_json()}
    admission = Admission(manifest(), elections, verify_signature, board.get)
    admitted = admission.check(request)
    board[admitted.tracker] = on_board(request)
    monkeypatch.setattr("dauys.ballotbox.admission.check_ballot", None)
    assert admission.check(request) == admitted
    for other in ({"credential": "0" * 64}, {"contest": ContestId("south")}):
        board[admitted.tracker] = dataclasses.replace(on_board(request), **other)
        with pytest.raises(TypeError, match="not callable"):  # the proofs are asked for
            admission.check(request)


def test_a_ballot_from_the_board_needs_its_permit_all_the_same(booth: Booth) -> None:
    request = booth.request()
    board = {tracker(request.ballot): on_board(request)}
    admission = Admission(
        manifest(), {NORTH: booth.election.to_json()}, verify_signature, board.get
    )
    forged = msgspec.structs.replace(request.permit, signature="0" * 128)
    with pytest.raises(RefusedError, match="bad_permit"):
        admission.check(msgspec.structs.replace(request, permit=forged))


def on_board(request: CastRequest) -> BallotRecord:
    """What the board knows of the ballot."""
    said = request.permit.statement
    return BallotRecord(
        index=LeafIndex(5),
        contest=said.contest,
        pseudonym=said.pseudonym,
        credential=said.credential,
        method=said.method,
        serial=Serial(said.serial),
        weight=said.weight,
        reclaims=said.reclaims,
        tracker=tracker(request.ballot),
    )
