"""A small election in memory, entry by entry: what the tests of response and tally stand on.

Signatures are real; ballots are made-up text unless a test asks for real ones, because
replaying the board never looks inside a ballot.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dauys.core.contests import Candidate, Contest
from dauys.core.entries import (
    AnyEntry,
    Approval,
    BallotEntry,
    Booth,
    Candidates,
    ClockTick,
    Close,
    ContestElection,
    Decision,
    Manifest,
    Member,
    Open,
    RevotePolicy,
    Trustees,
    approval_bytes,
    decode_entry,
    encode_entry,
)
from dauys.core.forms import Text, format_instant, parse_instant
from dauys.core.ids import (
    CandidateId,
    ContestId,
    Credential,
    ElectionId,
    LeafIndex,
    MethodId,
    Pseudonym,
    Tracker,
)
from dauys.core.permit import Permit, Statement
from dauys.core.remedies import Remedy
from dauys.core.replay import Replay
from dauys.core.state import ElectionState
from dauys.crypto.election import ElectionParameters, new_uuid
from dauys.crypto.question import Question
from dauys.crypto.signing import SigningKey, verify_signature
from dauys.crypto.trustees import TrusteeKey, election_public_key, trustees_to_json
from tests.unit.asking import ONE, choose, companies

SMS, ID, EDS = MethodId("sms"), MethodId("id"), MethodId("eds")
NORTH, SOUTH = ContestId("north"), ContestId("south")
OPENS, CLOSES = "2026-08-05T04:00:00Z", "2026-08-19T13:00:00Z"
ELECTION = ElectionId("9QmYxvPkXz4LrTdW")


def text(words: str) -> Text:
    return Text(kk=words, ru=words, en=words)


class Bytes:
    """Reproducible "random" bytes."""

    def __init__(self, seed: str = "") -> None:
        self._seed = seed
        self._count = 0

    def __call__(self, size: int, /) -> bytes:
        self._count += 1
        return hashlib.shake_256(f"{self._seed}:{self._count}".encode()).digest(size)


RANDOM = Bytes("keys")
REGISTRAR = SigningKey.generate(RANDOM)
MEMBERS = {name: SigningKey.generate(RANDOM) for name in ("chair", "second", "third")}
TRUSTEES = tuple(TrusteeKey.generate(RANDOM) for _ in range(2))
NAMES = (CandidateId("aigul"), CandidateId("berik"), CandidateId("carim"))


def contest(
    name: ContestId = NORTH, *, seats: int = 1, blank: bool = False, weight: int = 1000
) -> Contest:
    return Contest(
        id=name,
        name=text(name),
        questions=(choose(text(name), seats=seats, blank=blank),),
        registered=companies(1000, weight),
    )


def manifest(
    *,
    contests: tuple[Contest, ...] = (contest(),),
    methods: tuple[MethodId, ...] = (SMS, EDS),
    policy: RevotePolicy = RevotePolicy.STRONGER,
    quorum: int = 2,
    stratum_minimum: int = 3,
) -> Manifest:
    return Manifest(
        election=ELECTION,
        name=text("Council"),
        organiser=text("Chamber"),
        contests=contests,
        methods=methods,
        policy=policy,
        stratum_minimum=stratum_minimum,
        quorum=quorum,
        commission=tuple(
            Member(id=name, name=text(name), key=key.public_hex) for name, key in MEMBERS.items()
        ),
        registrar=REGISTRAR.public_hex,
        log_origin="example.org/council",
        log_key="1" * 64,
        opens=OPENS,
        closes=CLOSES,
        zone="Asia/Almaty",
        clock_step=60,
        register="0" * 64,
        registered=1000,
        monitor="0" * 64,
        warnings=(),
    )


def belenios_election(rules: Contest, name: int) -> ElectionParameters:
    return ElectionParameters(
        description="",
        name=rules.name.en,
        public_key=election_public_key([key.public for key in TRUSTEES]),
        questions=tuple(
            Question(NAMES, one.minimum, one.maximum, one.text.en, one.blank)
            for one in rules.questions
        ),
        uuid=new_uuid(Bytes(f"uuid {name}")),
    )


def sealing(rules: Manifest) -> list[AnyEntry]:
    return [
        rules,
        *(
            Candidates(
                contest=one.id,
                question=ONE,
                lists=(),
                candidates=tuple(
                    Candidate(id=name, name=name, occupation=text("-"), programme=text("-"))
                    for name in NAMES
                ),
            )
            for one in rules.contests
        ),
        Trustees(
            trustees=trustees_to_json([key.public for key in TRUSTEES]),
            elections=tuple(
                ContestElection(contest=one.id, election=belenios_election(one, i).to_json())
                for i, one in enumerate(rules.contests)
            ),
        ),
        Booth(files=()),
    ]


@dataclass
class SmallClock:
    """A clock that stands where it was put."""

    time: datetime = field(default_factory=lambda: parse_instant(OPENS) + timedelta(days=1))

    def now(self) -> datetime:
        return self.time

    @property
    def instant(self) -> str:
        return format_instant(self.time)


def pseudonym(voter: int, contest: ContestId = NORTH) -> Pseudonym:
    return Pseudonym(f"{voter:016x}{contest.encode().hex():0>16}")


def voter_of(name: Pseudonym) -> int:
    return int(name[:16], 16)


def unsigned(_key: str, _message: bytes, _signature: bytes, /) -> None:
    """A verifier that believes everything: for tests of counting alone."""


class SmallBoard:
    """The board in memory, and the shortest way to put entries on it."""

    def __init__(
        self,
        rules: Manifest | None = None,
        *,
        opened: bool = True,
        verify: Callable[[str, bytes, bytes], None] = verify_signature,
    ) -> None:
        self.entries: list[bytes] = []
        self._verify = verify
        self._replay = Replay(verify)
        self._signing = verify is verify_signature
        self._serial = 0
        for entry in sealing(rules or manifest()):
            self.add(entry)
        if opened:
            self.add(Open(at=OPENS))

    @property
    def state(self) -> ElectionState:
        return self._replay.state

    def add(self, entry: AnyEntry) -> LeafIndex:
        index = self._replay.apply(entry)
        self.entries.append(encode_entry(entry))
        return index

    def read_again(self, entries: list[bytes]) -> None:
        """Start over from `entries`, as after a failed transaction."""
        self.entries, self._replay = [], Replay(self._verify)
        for data in entries:
            self.add(decode_entry(data))

    def permit(
        self,
        voter: int,
        method: MethodId = SMS,
        *,
        contest: ContestId = NORTH,
        reclaims: Tracker | None = None,
        credential: Credential | None = None,
        weight: int = 1,
    ) -> Permit:
        self._serial += 1
        statement = Statement(
            election=self.state.manifest.election,
            contest=contest,
            pseudonym=pseudonym(voter, contest),
            credential=credential or Credential(f"{self._serial:064x}"),
            method=method,
            serial=self._serial,
            weight=weight,
            evidence=None,
            reclaims=reclaims,
        )
        signed = REGISTRAR.sign(statement.signed_bytes()) if self._signing else bytes(64)
        return Permit(statement=statement, signature=signed.hex())

    def cast(
        self,
        voter: int,
        method: MethodId = SMS,
        *,
        contest: ContestId = NORTH,
        reclaims: LeafIndex | None = None,
        weight: int = 1,
    ) -> LeafIndex:
        tracker = None if reclaims is None else self.state.ballots[reclaims].tracker
        permit = self.permit(voter, method, contest=contest, reclaims=tracker, weight=weight)
        return self.add(BallotEntry(permit=permit, ballot=f"ballot {self._serial}"))

    def tracker(self, index: LeafIndex) -> Tracker:
        return self.state.ballots[index].tracker

    def propose(self, remedy: Remedy) -> Decision:
        decision = Decision(
            number=len(self.state.decisions) + 1,
            proposed=self.state.now,
            case=None,
            remedy=remedy,
            reason=text("because"),
        )
        self.add(decision)
        return decision

    def approval(self, decision: Decision, member: str) -> Approval:
        digest = hashlib.sha256(encode_entry(decision)).hexdigest()
        signed = (
            MEMBERS[member].sign(approval_bytes(self.state.manifest.election, digest))
            if self._signing
            else bytes(64)
        )
        return Approval(
            at=self.state.now,
            decision=decision.number,
            digest=digest,
            member=member,
            signature=signed.hex(),
        )

    def decide(self, remedy: Remedy, members: Sequence[str] = ("chair", "second")) -> Decision:
        decision = self.propose(remedy)
        for member in members:
            self.add(self.approval(decision, member))
        return decision

    def tick(self, at: str) -> None:
        self.add(ClockTick(at=at))

    def close(self) -> None:
        self.add(Close(at=max(self.state.closes, self.state.now), permits=self._serial))
