"""The plain data of a simulated election: contests, voters, and who comes when, from where.

Everything is frozen. Plans say what people mean to do; what the election answers ("already
voted") is up to whoever plays them: the driver through the real services, or `trace.py`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property

from dauys.core.contests import Candidate
from dauys.core.forms import Text
from dauys.core.ids import CandidateId, ContestId, MethodId, RegisterNumber

SMS = MethodId("sms")
EDS = MethodId("eds")

KARAGANDA = ContestId("karaganda")
ULYTAU = ContestId("ulytau")


class Category(StrEnum):
    """Kinds of voters of a chamber; the words stand in the manifest."""

    ENTREPRENEUR = "entrepreneur"
    COMPANY = "company"
    ASSOCIATION = "association"
    SELF_REGULATED = "self-regulated"


class Actor(StrEnum):
    """Who is behind a visit."""

    VOTER = "voter"
    THIEF = "thief"


class OnRefusal(StrEnum):
    """What a voter does who meets "already voted" and did not vote."""

    RECLAIM = "reclaim"
    REPORT = "report"
    GIVE_UP = "give_up"


@dataclass(frozen=True, slots=True)
class ContestPlan:
    """A contest, and how much of the electorate means to choose each candidate (sums to 1)."""

    id: ContestId
    name: Text
    seats: int
    candidates: tuple[Candidate, ...]
    support: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Voter:
    """One line of the register, and what the person can and would do.

    `number` is an IIN or BIN, `phone` E.164; `household` groups people of one postal address
    and is None for those who share it with no other voter.
    """

    register_number: RegisterNumber
    number: str
    name: Text
    category: Category
    contest: ContestId
    region: str
    precinct: str
    address: str
    household: str | None
    phone: str
    has_signature: bool
    on_refusal: OnRefusal
    weight: int = 1
    """How many votes."""


@dataclass(frozen=True, slots=True)
class Terminal:
    """Where a visit comes from: the address, and what the device tells of itself.

    `device` and `tls` are hex hashes; managed PCs of one office share theirs.
    """

    address: str
    device: str
    browser: str
    tls: str


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody comes to vote, with the number of `register_number`.

    By SMS: the code is asked for at `time`, `wrong_codes` (0 to 2) wrong ones are typed, the
    right one `code_latency` after it was sent. By digital signature `code_latency` is zero.
    The ballot is cast after `dwell` on its page. `checks_after` is when the voter looks the
    ballot up, counted from casting; None for most.
    """

    time: datetime
    register_number: RegisterNumber
    method: MethodId
    candidate: CandidateId
    terminal: Terminal
    wrong_codes: int
    code_latency: timedelta
    dwell: timedelta
    checks_after: timedelta | None
    by: Actor

    @property
    def identified_at(self) -> datetime:
        """When the code is entered or the signature made."""
        return self.time + self.code_latency

    @property
    def cast_at(self) -> datetime:
        """When the ballot is sent."""
        return self.identified_at + self.dwell


@dataclass(frozen=True)
class Electorate:
    """Everybody of a simulated election; `voters` by register number, `visits` by time.

    `visits` are the honest ones; `thief.plan_theft` makes the others. `address_book` is the
    CSV text that the monitor's address book reads.
    """

    start: datetime
    end: datetime
    contests: tuple[ContestPlan, ...]
    voters: tuple[Voter, ...]
    visits: tuple[Visit, ...]
    reminders: tuple[datetime, ...]
    address_book: str

    def voter(self, register_number: RegisterNumber) -> Voter:
        """Find the voter of a line of the register, 1 to the number of voters."""
        if not 1 <= register_number <= len(self.voters):
            raise IndexError(register_number)
        return self.voters[register_number - 1]

    def contest(self, contest: ContestId) -> ContestPlan:
        """Find a contest. Raises KeyError."""
        return self._contests[contest]

    @cached_property
    def _contests(self) -> dict[ContestId, ContestPlan]:
        return {plan.id: plan for plan in self.contests}
