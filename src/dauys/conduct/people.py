"""Voters as the services see them, and the ports that the store serves."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from dauys.conduct.methods import EMAIL, SMS
from dauys.core.contests import CategoryCount
from dauys.core.ids import (
    ContestId,
    Credential,
    LeafIndex,
    MethodId,
    Pseudonym,
    RegisterNumber,
    Serial,
    Tracker,
)
from dauys.core.permit import Permit
from dauys.identity.codes import NORMAL, CodeStanding


@dataclass(frozen=True, slots=True)
class Voter:
    """A line of the register. `pseudonym` is what the board knows the voter by."""

    register_number: RegisterNumber
    number: str = field(repr=False)
    name: str = field(repr=False)
    category: str
    region: str
    contest: ContestId
    weight: int
    phone: str | None = field(repr=False)
    precinct: str
    household: str
    pseudonym: Pseudonym = field(repr=False)
    codes: CodeStanding = NORMAL
    """What the help desk decided about the voter's codes."""
    email: str | None = field(default=None, repr=False)

    def address(self, method: MethodId) -> str | None:
        """Where a code of `method` goes; None where there is no such address, or no code."""
        return {SMS: self.phone, EMAIL: self.email}.get(method)


@dataclass(frozen=True, slots=True)
class Identified:
    """A voter who has just proved who they are, by `method`, at `at`.

    A digital signature names one `credential` and leaves `evidence` (its SHA-256); a code
    leaves the phone or e-mail address that it was `sent_to`.
    """

    voter: Voter
    method: MethodId
    at: datetime
    sent_to: str | None = field(default=None, repr=False)
    evidence: str | None = None
    credential: Credential | None = None
    code_latency_s: float | None = None
    code_attempts: int | None = None


@dataclass(frozen=True, slots=True)
class CastRecord:
    """What the organiser privately knows of a ballot on the board."""

    index: LeafIndex
    cast_at: datetime
    method: MethodId
    sent_to: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Visit:
    """Where a request came from. `dwell_s` is how long the ballot page was open."""

    address: str
    device: str = ""
    browser: str = ""
    tls: str = ""
    automation: bool | None = None
    dwell_s: float | None = None


@dataclass(frozen=True, slots=True)
class CastSignal:
    """How the ballot at `index` of the board came: whose, by which method, from where."""

    voter: Voter
    method: MethodId
    visit: Visit
    index: LeafIndex


class Register(Protocol):
    """The electoral register of one election."""

    def by_number(self, number: str) -> Voter | None:
        """The voter with this number; None for everybody else."""
        ...

    def by_register_number(self, register_number: int) -> Voter:
        """The voter on this line of the register. Raises LookupError when there is none."""
        ...

    def by_pseudonym(self, pseudonym: Pseudonym) -> Voter:
        """Whose pseudonym this is. Raises LookupError."""
        ...

    def by_pseudonyms(self, pseudonyms: Collection[Pseudonym]) -> Mapping[Pseudonym, Voter]:
        """Whose pseudonyms these are; nobody's are left out."""
        ...

    def count(self) -> int:
        """Number of voters."""
        ...

    def counts(self) -> Mapping[ContestId, tuple[CategoryCount, ...]]:
        """Number of voters and their weight by contest and category."""
        ...


class PermitBook(Protocol):
    """What is known of permits beside the registrar's own need."""

    def issued(self) -> int:
        """How many were issued: the highest serial."""
        ...

    def note_sent_to(self, serial: Serial, address: str | None) -> None:
        """Keep where the code behind the permit went."""
        ...

    def cast_records(
        self, contest: ContestId, pseudonym: Pseudonym
    ) -> Mapping[LeafIndex, CastRecord]:
        """The voter's ballots on the board, by place."""
        ...


@dataclass(frozen=True, slots=True)
class KeptSignature:
    """A voter's signature that is kept: SHA-256 (hex), since when, what is known of its holder.

    `revocation` is a word of `identity.signature.trust.Revocation`; `unknown` is to be asked again.
    """

    sha256: str
    kept_at: datetime
    revocation: str


class IssuedPermits(Protocol):
    """Permits as issued, for whoever looks behind them."""

    def all(self) -> Iterator[Permit]:
        """Every permit issued, by serial."""
        ...

    def cancel_by_evidence(self, evidence: str) -> bool:
        """Cancel the unused permit that rests on this signature; whether there was one."""
        ...


class Evidence(Protocol):
    """Keeps voters' signatures, encrypted."""

    def keep(self, cms: bytes, now: datetime, revocation: str) -> str:
        """Keep one and return its SHA-256 (hex)."""
        ...

    def all(self) -> tuple[KeptSignature, ...]:
        """Every signature that is kept, by hash."""
        ...

    def marked(self) -> tuple[KeptSignature, ...]:
        """Those whose revocation is not known, the longest unasked first."""
        ...

    def read(self, sha256: str) -> bytes:
        """The signature (CMS) kept under this hash.

        Raises LookupError when there is none, VerificationError("evidence") when it does not
        open, or is not what the hash says.
        """
        ...

    def note(self, sha256: str, revocation: str, now: datetime) -> None:
        """Keep what was heard when it was asked again."""
        ...


class SignalLog(Protocol):
    """Takes note of how requests came; what it loses never stops a voter."""

    def note(  # noqa: PLR0913 -- one signal has many columns
        self,
        kind: str,
        voter: Voter,
        method: MethodId,
        at: datetime,
        visit: Visit,
        *,
        phone: str | None = None,
        code_latency_s: float | None = None,
        code_attempts: int | None = None,
        leaf_index: LeafIndex | None = None,
    ) -> None:
        """Keep one signal of the kinds in docs/monitor.md."""
        ...

    def note_casts(self, casts: Sequence[CastSignal], at: datetime) -> None:
        """Keep the signals of a batch of ballots, all received at `at`."""
        ...

    def note_stranger(
        self, method: MethodId, at: datetime, visit: Visit, kind: str = "code_requested"
    ) -> None:
        """Keep that a code was asked for, or tried, for a number that is not on the register.

        It takes as long as `note`, so that time does not tell a stranger from a voter.
        """
        ...


class SteppedUp(Protocol):
    """Where voters are asked for a signature instead of a code (`response/step_up.py`)."""

    def until(self, address: str) -> datetime | None:
        """Until when whoever comes from `address` is asked for one; None if not."""
        ...


@dataclass(frozen=True, slots=True)
class Use:
    """Something done under a voter's identity: when, what (a kind of signal), by which method.

    `place` is the region of the network, and no address.
    """

    at: datetime
    kind: str
    method: str
    phone: str = field(repr=False)
    place: str
    browser: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """A ballot already cast in the voter's name, as the identified voter is told of it."""

    tracker: Tracker
    index: LeafIndex
    cast_at: datetime
    method: MethodId
    masked: str | None
    """Where its code went, as its owner recognises it."""
    counts: bool
    may_reclaim: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether an identified voter may vote now, and what was cast in their name before.

    `refusal` is the code of `ElectionState.check_may_cast`, or empty: they may vote.
    """

    refusal: str
    earlier: tuple[Earlier, ...]
