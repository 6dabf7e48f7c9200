"""A small election told by hand: who votes, what is decided, and what must come of it.

Nothing here is computed by the code under test: which ballots count and what the counts
are is written out, so that the auditor has to come to the same by itself.
"""

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from dauys.core.contests import Candidate, Contest
from dauys.core.entries import (
    AnyEntry,
    Approval,
    BallotEntry,
    Booth,
    BoothFile,
    Candidates,
    CandidateVotes,
    ClockTick,
    Close,
    ContestElection,
    Decision,
    Decryption,
    Final,
    Manifest,
    Member,
    Notice,
    Open,
    QuestionResult,
    Result,
    RevotePolicy,
    StratumResult,
    StratumTally,
    Tally,
    Trustees,
    ZeroedVotes,
    approval_bytes,
    encode_entry,
)
from dauys.core.forms import Text
from dauys.core.ids import CandidateId, ContestId, ElectionId, MethodId, Pseudonym, Tracker
from dauys.core.permit import Permit, Statement
from dauys.core.remedies import Annul, Dismiss, Extend, Remedy, Restore, Restrict, Zero
from dauys.crypto.ballot import CredentialKey, make_ballot, parse_ballot, tracker
from dauys.crypto.binding import bind
from dauys.crypto.election import ElectionParameters, new_uuid
from dauys.crypto.question import Question
from dauys.crypto.signing import SigningKey
from dauys.crypto.tally import EncryptedTally, decrypt_partially, sum_ballots
from dauys.crypto.threshold import AnyTrustees
from dauys.crypto.trustees import TrusteeKey, election_public_key, trustees_to_json
from tests.unit.asking import ONE, choose, companies
from tests.unit.crypto.ceremonies import play

ORIGIN = "board.example/2026"
ELECTION = ElectionId("ChamberCounci1Test")
SMS, EDS = MethodId("sms"), MethodId("eds")
METHODS = (SMS, EDS)
ALMATY, ASTANA = ContestId("almaty"), ContestId("astana")
CANDIDATES = {ALMATY: ("aigul", "bolat", "chingiz"), ASTANA: ("dana", "erlan", "farida")}
NO_REASON = Text(kk="-", ru="-", en="-")
IN_BELENIOS = "- / - / -"
"""`NO_REASON`, as a Belenios election has it."""


def day(time: str) -> str:
    """The instant at `time` (HH:MM) on the day of voting."""
    return f"2026-08-05T{time}:00Z"


@dataclass
class Keys:
    """Every secret of the election, stolen or not."""

    random: random.Random
    log: SigningKey = field(init=False)
    registrar: SigningKey = field(init=False)
    members: dict[str, SigningKey] = field(init=False)
    trustees: tuple[TrusteeKey, ...] = field(init=False)
    """By their numbers."""
    published: AnyTrustees = field(init=False)
    group: bool = False
    """Whether there is one trustee, and a group of three of whom two are enough."""
    absent: int = field(init=False, default=0)
    """The member who does not come to count."""

    def __post_init__(self) -> None:
        draw = self.random.randbytes
        self.log = SigningKey.generate(draw)
        self.registrar = SigningKey.generate(draw)
        self.members = {name: SigningKey.generate(draw) for name in ("chair", "clerk", "third")}
        self.trustees = tuple(TrusteeKey.generate(draw) for _ in range(2))
        self.published = tuple(key.public for key in self.trustees)
        if self.group:
            made = play(2, 3, "story")
            self.trustees = (self.trustees[0], *made.trustees)
            self.published = (self.trustees[0].public, made.group)
            self.absent = 3


class Board:
    """Writes entries in order; tests alter what it wrote."""

    def __init__(
        self,
        policy: RevotePolicy = RevotePolicy.STRONGER,
        seed: int = 1,
        *,
        group: bool = False,
    ) -> None:
        self.keys = Keys(random.Random(seed), group=group)
        self.entries: list[AnyEntry] = []
        self.serial = 0
        self.policy = policy
        self.elections = {
            name: ElectionParameters(
                description=IN_BELENIOS,
                name=IN_BELENIOS,
                public_key=election_public_key(self.keys.published),
                questions=(question,),
                uuid=new_uuid(self.keys.random.randbytes),
            )
            for name, question in (
                (ALMATY, Question(CANDIDATES[ALMATY], 1, 1, IN_BELENIOS)),
                (ASTANA, Question(CANDIDATES[ASTANA], 1, 2, IN_BELENIOS, blank=True)),
            )
        }

    def put(self, entry: AnyEntry) -> int:
        """Append `entry`; its number."""
        self.entries.append(entry)
        return len(self.entries) - 1

    def seal(self) -> None:
        """Manifest, candidates, trustees, booth."""
        self.put(self.manifest())
        for contest, names in CANDIDATES.items():
            self.put(
                Candidates(
                    contest=contest,
                    question=ONE,
                    lists=(),
                    candidates=tuple(
                        Candidate(
                            id=CandidateId(name),
                            name=name,
                            occupation=NO_REASON,
                            programme=NO_REASON,
                        )
                        for name in names
                    ),
                )
            )
        self.put(
            Trustees(
                trustees=trustees_to_json(self.keys.published),
                elections=tuple(
                    ContestElection(contest=contest, election=election.to_json())
                    for contest, election in self.elections.items()
                ),
            )
        )
        files = tuple(BoothFile(path=path, sha256="ab" * 32) for path in ("booth.html", "booth.js"))
        self.put(Booth(files=files))

    def manifest(self) -> Manifest:
        """Two contests, two methods, two of three members, strata from two ballots."""
        return Manifest(
            election=ELECTION,
            name=NO_REASON,
            organiser=NO_REASON,
            contests=(self.contest(ALMATY, 1, 1, 10), self.contest(ASTANA, 2, 2, 5, blank=True)),
            methods=METHODS,
            policy=self.policy,
            stratum_minimum=2,
            quorum=2,
            commission=tuple(
                Member(id=name, name=NO_REASON, key=key.public_hex)
                for name, key in self.keys.members.items()
            ),
            registrar=self.keys.registrar.public_hex,
            log_origin=ORIGIN,
            log_key=self.keys.log.public_hex,
            opens=day("04:00"),
            closes=day("12:00"),
            zone="Asia/Almaty",
            clock_step=900,
            register="00" * 32,
            registered=15,
            monitor="11" * 32,
            warnings=(),
            signed=(EDS,),
        )

    @staticmethod
    def contest(
        name: ContestId, seats: int, maximum: int, voters: int, *, blank: bool = False
    ) -> Contest:
        return Contest(
            id=name,
            name=NO_REASON,
            questions=(choose(NO_REASON, seats=seats, maximum=maximum, blank=blank),),
            registered=companies(voters),
        )

    def vote(
        self,
        voter: str,
        contest: ContestId,
        method: MethodId,
        choices: Sequence[int],
        reclaims: int | None = None,
    ) -> int:
        """A voter's ballot with a fresh permit; `reclaims` is the entry of an earlier one."""
        self.serial += 1
        key = CredentialKey.generate(self.keys.random.randbytes)
        statement = Statement(
            election=ELECTION,
            contest=contest,
            pseudonym=Pseudonym(hashlib.sha256(voter.encode()).hexdigest()[:32]),
            credential=key.public,
            method=method,
            serial=self.serial,
            weight=1,
            evidence=None if method == SMS else f"{self.serial:064x}",
            reclaims=None if reclaims is None else self.tracker(reclaims),
        )
        ballot = make_ballot(self.elections[contest], key, [choices], self.keys.random.randbytes)
        return self.put(BallotEntry(permit=self.permit(statement), ballot=ballot))

    def permit(self, statement: Statement) -> Permit:
        """What the registrar signs."""
        signature = self.keys.registrar.sign(statement.signed_bytes())
        return Permit(statement=statement, signature=signature.hex())

    def tracker(self, entry: int) -> Tracker:
        """Of the ballot at `entry`."""
        ballot = self.entries[entry]
        assert isinstance(ballot, BallotEntry)
        return tracker(ballot.ballot)

    def decide(
        self, number: int, time: str, remedy: Remedy, members: Sequence[str] = ("chair", "clerk")
    ) -> int:
        """A decision and its approvals; the decision's entry."""
        entry = self.put(
            Decision(number=number, proposed=day(time), case=None, remedy=remedy, reason=NO_REASON)
        )
        for member in members:
            self.put(self.approval(entry, time, member))
        return entry

    def approval(self, decision: int, time: str, member: str) -> Approval:
        """The member's signature under the decision at entry `decision`."""
        entry = self.entries[decision]
        assert isinstance(entry, Decision)
        digest = hashlib.sha256(encode_entry(entry)).hexdigest()
        signature = self.keys.members[member].sign(approval_bytes(ELECTION, digest))
        return Approval(
            at=day(time),
            decision=entry.number,
            digest=digest,
            member=member,
            signature=signature.hex(),
        )

    def sum(self, contest: ContestId, ballots: Sequence[int]) -> EncryptedTally:
        """The encrypted sum of the ballots at these entries."""
        parsed = []
        for number in ballots:
            entry = self.entries[number]
            assert isinstance(entry, BallotEntry)
            parsed.append(parse_ballot(entry.ballot))
        return sum_ballots(self.elections[contest], parsed)

    def tally(
        self,
        contest: ContestId,
        strata: Sequence[tuple[str, tuple[MethodId, ...], Sequence[int]]],
    ) -> None:
        """The sums of strata (name, methods, entries), and the trustees' decryptions."""
        sums = [(name, methods, b, self.sum(contest, b)) for name, methods, b in strata]
        self.put(
            Tally(
                contest=contest,
                strata=tuple(
                    StratumTally(
                        name=name,
                        methods=methods,
                        ballots=len(b),
                        weight=len(b),
                        encrypted_tally=total.to_json(),
                    )
                    for name, methods, b, total in sums
                ),
            )
        )
        for place, key in enumerate(self.keys.trustees, start=1):
            if place == self.keys.absent:
                continue
            for name, _, _, total in sums:
                self.put(self.decryption(contest, name, place, key, total))

    def decryption(
        self, contest: ContestId, stratum: str, place: int, key: TrusteeKey, total: EncryptedTally
    ) -> Decryption:
        """One trustee's part."""
        election, random = self.elections[contest], self.keys.random.randbytes
        partial = decrypt_partially(election, total, key, random)
        return Decryption(
            contest=contest,
            stratum=stratum,
            trustee=place,
            decryption=partial.to_json(),
            binding=bind(election, total, key, partial, random),
        )


def texts(entries: Sequence[AnyEntry]) -> list[bytes]:
    """The bytes of the entries."""
    return [encode_entry(entry) for entry in entries]


A, B, C = (1, 0, 0), (0, 1, 0), (0, 0, 1)


@dataclass(frozen=True)
class Story:
    """The finished election and where in it things stand."""

    board: Board
    entries: tuple[AnyEntry, ...]
    places: dict[str, int]

    def sealed(self) -> tuple[AnyEntry, ...]:
        """Up to before voting opens."""
        return self.entries[:5]

    def until(self, place: str) -> tuple[AnyEntry, ...]:
        """Up to before the named place."""
        return self.entries[: self.places[place]]


@cache
def story(*, group: bool = False) -> Story:
    """An election with everything in it. Do not change it: take copies of its entries."""
    board = Board(group=group)
    at: dict[str, int] = {}
    board.seal()
    at["open"] = board.put(Open(at=day("04:00")))
    _vote(board, at)
    _decide(board, at)
    at["close"] = board.put(Close(at=day("13:00"), permits=20))
    _count_almaty(board, at)
    _count_astana(board, at)
    at["final"] = board.put(Final(at=day("14:00")))
    return Story(board, tuple(board.entries), at)


def _vote(board: Board, at: dict[str, int]) -> None:
    at["v1"] = board.vote("v1", ALMATY, SMS, A)
    at["v2"] = board.vote("v2", ALMATY, SMS, B)
    at["v3"] = board.vote("v3", ALMATY, SMS, A)
    at["clock"] = board.put(ClockTick(at=day("04:15")))
    at["v4"] = board.vote("v4", ALMATY, EDS, C)
    at["v5"] = board.vote("v5", ALMATY, EDS, A)
    at["thief"] = board.vote("v6", ALMATY, SMS, B)
    at["v6"] = board.vote("v6", ALMATY, EDS, C, reclaims=at["thief"])
    at["v7 sms"] = board.vote("v7", ALMATY, SMS, B)
    at["v7"] = board.vote("v7", ALMATY, EDS, A)
    at["w1"] = board.vote("w1", ASTANA, SMS, (1, 0, 0, 0))
    at["w2"] = board.vote("w2", ASTANA, SMS, (0, 1, 1, 0))
    at["w3"] = board.vote("w3", ASTANA, EDS, (0, 0, 1, 1))


def _decide(board: Board, at: dict[str, int]) -> None:
    everyone = ("chair", "clerk", "third")
    at["annul"] = board.decide(1, "05:00", Annul(ballots=(at["v3"], at["v7 sms"])), everyone)
    restrict = Restrict(methods=(EDS,), since=day("06:00"))
    at["restrict"] = board.decide(2, "05:30", restrict)
    at["sms still"] = board.vote("w4", ASTANA, SMS, (0, 0, 1, 0))
    at["restricted"] = board.put(ClockTick(at=day("06:00")))
    at["notice"] = board.put(
        Notice(
            at=day("06:10"),
            until=day("08:10"),
            text=Text(kk="Қ", ru="П", en="A signature is asked for"),
        )
    )
    at["v3 again"] = board.vote("v3", ALMATY, EDS, B)
    at["extend"] = board.decide(3, "07:00", Extend(closes=day("13:00")))
    zero = Zero(contest=ALMATY, candidate=CandidateId("bolat"), method=SMS)
    at["zero"] = board.decide(4, "07:30", zero)
    other = Zero(contest=ASTANA, candidate=CandidateId("dana"), method=SMS)
    at["zero in vain"] = board.decide(5, "07:30", other)
    at["dismiss"] = board.decide(6, "07:30", Dismiss())
    at["annul v2"] = board.decide(7, "07:45", Annul(ballots=(at["v2"],)))
    at["restore"] = board.decide(8, "08:00", Restore(ballots=(at["v2"],)))
    at["late clock"] = board.put(ClockTick(at=day("12:30")))
    at["v8"] = board.vote("v8", ALMATY, EDS, A)


def _count_almaty(board: Board, at: dict[str, int]) -> None:
    sms = [at[voter] for voter in ("v1", "v2")]
    eds = [at[voter] for voter in ("v4", "v5", "v6", "v7", "v3 again", "v8")]
    at["tally almaty"] = len(board.entries)
    strata = (("total", METHODS, sorted(sms + eds)), ("sms", (SMS,), sms), ("eds", (EDS,), eds))
    board.tally(ALMATY, strata)
    at["result almaty"] = board.put(
        Result(
            contest=ALMATY,
            strata=(
                StratumResult(name="total", result='{"result":[[4,2,2]]}'),
                StratumResult(name="sms", result='{"result":[[1,1,0]]}'),
                StratumResult(name="eds", result='{"result":[[3,1,2]]}'),
            ),
            questions=(
                QuestionResult(
                    question=ONE,
                    zeroed=(
                        ZeroedVotes(
                            decision=4, candidate=CandidateId("bolat"), method=SMS, votes=1
                        ),
                    ),
                    counts=_counts(ALMATY, 4, 1, 2),
                    lists=(),
                    blank=None,
                    elected=(CandidateId("aigul"),),
                    tied=(),
                ),
            ),
        )
    )


def _count_astana(board: Board, at: dict[str, int]) -> None:
    ballots = [at[voter] for voter in ("w1", "w2", "w3", "sms still")]
    at["tally astana"] = len(board.entries)
    board.tally(ASTANA, [("total", METHODS, ballots)])
    at["result astana"] = board.put(
        Result(
            contest=ASTANA,
            strata=(StratumResult(name="total", result='{"result":[[1,1,3,1]]}'),),
            questions=(
                QuestionResult(
                    question=ONE,
                    zeroed=(
                        ZeroedVotes(
                            decision=5, candidate=CandidateId("dana"), method=SMS, votes=None
                        ),
                    ),
                    counts=_counts(ASTANA, 1, 3, 1),
                    lists=(),
                    blank=1,
                    elected=(CandidateId("erlan"),),
                    tied=(CandidateId("dana"), CandidateId("farida")),
                ),
            ),
        )
    )


def _counts(contest: ContestId, *votes: int) -> tuple[CandidateVotes, ...]:
    return tuple(
        CandidateVotes(candidate=CandidateId(name), votes=number)
        for name, number in zip(CANDIDATES[contest], votes, strict=True)
    )
