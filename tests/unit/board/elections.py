"""A small election whose entries the tests of board and ballot box put on a board."""

import hashlib
from datetime import UTC, datetime
from random import Random

from dauys.core.contests import Candidate, Contest
from dauys.core.entries import (
    AnyEntry,
    Approval,
    BallotEntry,
    Booth,
    BoothFile,
    Candidates,
    ContestElection,
    Decision,
    Manifest,
    Member,
    Open,
    RevotePolicy,
    Trustees,
    approval_bytes,
    encode_entry,
)
from dauys.core.forms import Text, format_instant
from dauys.core.ids import (
    CandidateId,
    ContestId,
    Credential,
    ElectionId,
    MethodId,
    Pseudonym,
    Tracker,
)
from dauys.core.permit import Permit, Statement
from dauys.core.remedies import Remedy
from dauys.crypto.signing import SigningKey
from tests.unit.asking import ONE, choose, companies

ELECTION = ElectionId("1" * 22)
NORTH = ContestId("north")
SMS, EDS, PAPER = MethodId("sms"), MethodId("eds"), MethodId("paper")
LOG = SigningKey.from_seed(b"l" * 32)
REGISTRAR = SigningKey.from_seed(b"r" * 32)
MEMBERS = {name: SigningKey.from_seed(name.encode().ljust(32)) for name in ("ann", "bek", "cem")}
ORIGIN = "vote.example/2020"
OPENS = datetime(2020, 8, 5, 4, tzinfo=UTC)
CLOSES = datetime(2020, 8, 19, 4, tzinfo=UTC)
HASH = "0" * 64


def text(words: str) -> Text:
    return Text(kk=words, ru=words, en=words)


def manifest(policy: RevotePolicy = RevotePolicy.STRONGER, **changes: object) -> Manifest:
    fields: dict[str, object] = {
        "election": ELECTION,
        "name": text("Council"),
        "organiser": text("Chamber"),
        "contests": (
            Contest(
                id=NORTH,
                name=text("North"),
                questions=(choose(text("North")),),
                registered=companies(1000),
            ),
        ),
        "methods": (SMS, EDS, PAPER),
        "policy": policy,
        "stratum_minimum": 20,
        "quorum": 2,
        "commission": tuple(
            Member(id=name, name=text(name), key=key.public_hex) for name, key in MEMBERS.items()
        ),
        "registrar": REGISTRAR.public_hex,
        "log_origin": ORIGIN,
        "log_key": LOG.public_hex,
        "opens": format_instant(OPENS),
        "closes": format_instant(CLOSES),
        "zone": "Asia/Almaty",
        "clock_step": 60,
        "register": HASH,
        "registered": 1000,
        "monitor": HASH,
        "warnings": (),
    }
    return Manifest(**fields | changes)  # type: ignore[arg-type]  # named one by one above


def sealed(policy: RevotePolicy = RevotePolicy.STRONGER, **changes: object) -> tuple[AnyEntry, ...]:
    candidates = tuple(
        Candidate(id=CandidateId(c), name=c, occupation=text("-"), programme=text("-"))
        for c in ("aru", "bota", "dana")
    )
    return (
        manifest(policy, **changes),
        Candidates(contest=NORTH, question=ONE, candidates=candidates, lists=()),
        Trustees(trustees="[]", elections=(ContestElection(contest=NORTH, election="{}"),)),
        Booth(files=(BoothFile(path="booth.js", sha256=HASH),)),
    )


def opened(policy: RevotePolicy = RevotePolicy.STRONGER) -> tuple[AnyEntry, ...]:
    return (*sealed(policy), Open(at=format_instant(OPENS)))


def permit(
    serial: int,
    *,
    voter: int | None = None,
    method: MethodId = SMS,
    credential: str | None = None,
    reclaims: Tracker | None = None,
) -> Permit:
    """A permit of the registrar for voter number `voter` (by default, the serial)."""
    random = Random(serial)
    statement = Statement(
        election=ELECTION,
        contest=NORTH,
        pseudonym=Pseudonym(f"{serial if voter is None else voter:032x}"),
        credential=Credential(credential or random.randbytes(32).hex()),
        method=method,
        serial=serial,
        weight=1,
        evidence=None,
        reclaims=reclaims,
    )
    return Permit(statement=statement, signature=REGISTRAR.sign(statement.signed_bytes()).hex())


def ballot(serial: int, words: str = "", **of_permit: object) -> BallotEntry:
    """A ballot entry whose ballot only the replay, not the admission, would take."""
    made = permit(serial, **of_permit)  # type: ignore[arg-type]  # handed on by name
    return BallotEntry(permit=made, ballot=words or f'{{"ballot":{serial}}}')


def decided(number: int, remedy: Remedy, at: datetime) -> tuple[AnyEntry, ...]:
    """A decision and the approvals that bring it into force."""
    decision = Decision(
        number=number,
        proposed=format_instant(at),
        case=None,
        remedy=remedy,
        reason=text("because"),
    )
    digest = hashlib.sha256(encode_entry(decision)).hexdigest()
    message = approval_bytes(ELECTION, digest)
    return (
        decision,
        *(
            Approval(
                at=format_instant(at),
                decision=number,
                digest=digest,
                member=name,
                signature=MEMBERS[name].sign(message).hex(),
            )
            for name in ("ann", "bek")
        ),
    )
