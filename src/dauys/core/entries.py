"""The entries of the board: one record for each kind. docs/protocol.md, "Entries".

An entry is canonical JSON, at most 65,535 bytes (C2SP tlog-tiles). What has a byte form
of its own (a ballot, an election) stands in it as text holding exactly those bytes.
Entries with `at` are timed: their times never go backwards in the log.
"""

from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta

from dauys.core.canonical import Record, decode, encode
from dauys.core.contests import Candidate, CandidateList, Contest
from dauys.core.errors import MalformedError
from dauys.core.forms import (
    CandidateWord,
    ContestWord,
    Count,
    Election,
    Hash,
    Instant,
    ListWord,
    MethodWord,
    Number,
    PublicKey,
    QuestionWord,
    Signature,
    Text,
    Word,
)
from dauys.core.permit import Permit
from dauys.core.remedies import Remedy

MAX_ENTRY_BYTES = 65_535
APPROVAL_CONTEXT = b"dauys approval v1\n"


class RevotePolicy(StrEnum):
    """Which ballot of one voter counts. docs/protocol.md, "Which ballots count"."""

    ONCE = "once"
    STRONGER = "stronger"
    LAST = "last"


class Member(Record, frozen=True, kw_only=True):
    """A commission member, by the office they hold, and the key that signs approvals."""

    id: Word
    name: Text
    key: PublicKey


class Entry(Record, frozen=True, kw_only=True, tag_field="kind"):
    """What all entries share: the version of their form."""

    v: Literal[1] = 1


class Manifest(Entry, frozen=True, kw_only=True, tag="manifest"):
    """The rules of the election, fixed before voting. Always entry 0.

    `methods` runs from the weakest to the strongest; the permits of those in `signed` name
    the voter's own signature as evidence. A stratum under `stratum_minimum`
    ballots is merged with another. `register` commits to the register (docs/protocol.md,
    "Register commitment"). `clock_step` is the coarseness in seconds of published time.
    `warnings` says in plain words which weaker rules the organiser chose.
    """

    election: Election
    name: Text
    organiser: Text
    contests: Annotated[tuple[Contest, ...], Meta(min_length=1)]
    methods: Annotated[tuple[MethodWord, ...], Meta(min_length=1)]
    policy: RevotePolicy
    stratum_minimum: Number
    quorum: Number
    commission: Annotated[tuple[Member, ...], Meta(min_length=1)]
    registrar: PublicKey
    log_origin: str
    log_key: PublicKey
    opens: Instant
    closes: Instant
    zone: str
    clock_step: Number
    register: Hash
    registered: Count
    monitor: Hash
    warnings: tuple[Text, ...]
    signed: tuple[MethodWord, ...] = ()


class Candidates(Entry, frozen=True, kw_only=True, tag="candidates"):
    """The candidates of one question, in the order of the ballot paper.

    They stand in `candidates`, or in `lists` where the question is of that kind; the other
    is empty.
    """

    contest: ContestWord
    question: QuestionWord
    candidates: tuple[Candidate, ...]
    lists: tuple[CandidateList, ...]

    @property
    def people(self) -> tuple[Candidate, ...]:
        """All candidates, list after list."""
        return self.candidates + tuple(one for group in self.lists for one in group.candidates)

    @property
    def names(self) -> tuple[str, ...]:
        """Ids of all candidates and lists."""
        return tuple(one.id for one in self.people) + tuple(group.id for group in self.lists)


class ContestElection(Record, frozen=True, kw_only=True):
    """The Belenios election of a contest, byte for byte."""

    contest: ContestWord
    election: str


class Trustees(Entry, frozen=True, kw_only=True, tag="trustees"):
    """The Belenios trustees, byte for byte, and the elections under their key."""

    trustees: str
    elections: tuple[ContestElection, ...]


class BoothFile(Record, frozen=True, kw_only=True):
    """One file of the voter's page."""

    path: str
    sha256: Hash


class Booth(Entry, frozen=True, kw_only=True, tag="booth"):
    """The files that encrypt the vote in the browser, sorted by path."""

    files: tuple[BoothFile, ...]


class Open(Entry, frozen=True, kw_only=True, tag="open"):
    """Voting begins, or goes on after an extension."""

    at: Instant


class ClockTick(Entry, frozen=True, kw_only=True, tag="clock"):
    """The log's own time: what follows was received at `at` or later."""

    at: Instant


class BallotEntry(Entry, frozen=True, kw_only=True, tag="ballot"):
    """An admitted ballot: the Belenios ballot, byte for byte, and its permit."""

    permit: Permit
    ballot: str


class Decision(Entry, frozen=True, kw_only=True, tag="decision"):
    """A decision of the commission, with its reason to the public.

    `proposed` is when it was put to the commission; it is in force from the approval
    that completes the quorum.
    """

    number: Number
    proposed: Instant
    case: Number | None
    remedy: Remedy
    reason: Text


class Approval(Entry, frozen=True, kw_only=True, tag="approval"):
    """A commission member's signature under a decision (see `approval_bytes`)."""

    at: Instant
    decision: Number
    digest: Hash
    member: Word
    signature: Signature


class Notice(Entry, frozen=True, kw_only=True, tag="notice"):
    """Words to the public about how voters are served until `until`; it changes no count."""

    at: Instant
    until: Instant
    text: Text


class Close(Entry, frozen=True, kw_only=True, tag="close"):
    """Voting ends; `permits` were issued in all."""

    at: Instant
    permits: Count


class StratumTally(Record, frozen=True, kw_only=True):
    """The encrypted sum of a stratum: Belenios encrypted tally, byte for byte.

    The stratum `total` holds all countable ballots of the contest and comes first. `weight`
    is what the weights of the `ballots` add up to.
    """

    name: str
    methods: tuple[MethodWord, ...]
    ballots: Count
    weight: Count
    encrypted_tally: str


class Tally(Entry, frozen=True, kw_only=True, tag="tally"):
    """The encrypted sums of a contest."""

    contest: ContestWord
    strata: Annotated[tuple[StratumTally, ...], Meta(min_length=1)]


class Decryption(Entry, frozen=True, kw_only=True, tag="decryption"):
    """One trustee's partial decryption of one stratum, byte for byte.

    `binding` is the proof that ties it to the stratum's sum (`crypto/binding.py`).
    """

    contest: ContestWord
    stratum: str
    trustee: Number
    decryption: str
    binding: str


class StratumResult(Record, frozen=True, kw_only=True):
    """The Belenios result of a stratum, byte for byte."""

    name: str
    result: str


class ZeroedVotes(Record, frozen=True, kw_only=True):
    """Votes of one candidate by one method, not counted by decision `decision`.

    `votes` is null where the method's stratum was too small to be decrypted by itself;
    then nothing was taken away.
    """

    decision: Number
    candidate: CandidateWord
    method: MethodWord
    votes: Count | None


class CandidateVotes(Record, frozen=True, kw_only=True):
    """Votes counted for a candidate."""

    candidate: CandidateWord
    votes: Count


class ListVotes(Record, frozen=True, kw_only=True):
    """Votes counted for a list."""

    list: ListWord
    votes: Count


class QuestionResult(Record, frozen=True, kw_only=True):
    """The result of a question, in the order of the ballot paper.

    `lists` is empty where there are none, `blank` is null where there is no blank vote.
    `elected` are sure of a seat; `tied` share the last seats with too few to go round (empty
    without a tie).
    """

    question: QuestionWord
    zeroed: tuple[ZeroedVotes, ...]
    counts: tuple[CandidateVotes, ...]
    lists: tuple[ListVotes, ...]
    blank: Count | None
    elected: tuple[CandidateWord, ...]
    tied: tuple[CandidateWord, ...]


class Result(Entry, frozen=True, kw_only=True, tag="result"):
    """The result of a contest, by question in the manifest's order."""

    contest: ContestWord
    strata: tuple[StratumResult, ...]
    questions: tuple[QuestionResult, ...]


class Final(Entry, frozen=True, kw_only=True, tag="final"):
    """Nothing follows this entry."""

    at: Instant


AnyEntry = (
    Manifest
    | Candidates
    | Trustees
    | Booth
    | Open
    | ClockTick
    | BallotEntry
    | Decision
    | Approval
    | Notice
    | Close
    | Tally
    | Decryption
    | Result
    | Final
)


def encode_entry(entry: AnyEntry) -> bytes:
    """Canonical bytes of `entry`. Raises MalformedError when they are too many."""
    data = encode(entry)
    if len(data) > MAX_ENTRY_BYTES:
        raise MalformedError("entry", f"{len(data)} bytes, at most {MAX_ENTRY_BYTES} fit")
    return data


def decode_entry(data: bytes) -> AnyEntry:
    """Read one entry. Raises MalformedError unless it is canonical and of a known kind."""
    if len(data) > MAX_ENTRY_BYTES:
        raise MalformedError("entry", "too long")
    return decode(data, AnyEntry, "entry")  # type: ignore[arg-type]  # a union of records


def approval_bytes(election: str, digest: str) -> bytes:
    """What a member signs: the context, the election, SHA-256 of the decision entry (hex)."""
    return APPROVAL_CONTEXT + f"{election}\n{digest}\n".encode()
