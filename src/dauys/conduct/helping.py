"""What the help desk may do for a voter: never alone, never unseen.

One person may stop a voter's codes, or let them start anew: the voter is told. What lets
somebody else vote in the voter's place takes two people: changing the phone on the register,
before voting only, and a link that lets in a voter whom no code reaches, once.
"""

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from dauys.board.journal import Journal
from dauys.conduct.methods import DESK, SMS
from dauys.conduct.people import Register, Voter
from dauys.core.errors import RefusedError
from dauys.core.forms import format_instant, parse_instant
from dauys.core.ids import MethodId, RegisterNumber
from dauys.core.ports import Clock, RandomSource
from dauys.core.state import Phase
from dauys.identity.code_ports import Messenger
from dauys.identity.texts import LOCALES, Notice, notice_text

LINK_LIVES: Final = timedelta(hours=24)
NOTICE_LIVES: Final = timedelta(hours=12)
_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
TOKEN_LENGTH: Final = 24
"""Characters of a link's secret, of 31 each: 118 bits."""


class Deed(StrEnum):
    """What takes two people."""

    LINK = "link"
    PHONE = "phone"


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpRequest:
    """Something that one person asked for a voter, and another decided.

    `asked_by` and `decided_by` are accounts; 0 is the voter's own signature. `token` is the
    SHA-256 of a link's secret.
    """

    number: int
    deed: Deed
    register_number: RegisterNumber
    reason: str
    asked_by: int
    asked_at: datetime
    phone_before: str = field(default="", repr=False)
    phone_after: str = field(default="", repr=False)
    decided_by: int | None = None
    decided_at: datetime | None = None
    approved: bool | None = None
    token: str = field(default="", repr=False)
    expires: datetime | None = None
    used_at: datetime | None = None


class HelpBook(Protocol):
    """Keeps requests. They are never deleted while the election lasts: auditors read them."""

    def locked(self) -> AbstractContextManager[None]:
        """One writer at a time; a transaction."""
        ...

    def next_number(self) -> int:
        """One more than the largest number, from 1."""
        ...

    def put(self, request: HelpRequest) -> None:
        """Keep `request`, in the place of an older one of its number."""
        ...

    def get(self, number: int) -> HelpRequest:
        """The request as last put. Raises RefusedError `unknown_request`."""
        ...

    def by_token(self, token: str) -> HelpRequest:
        """The link with this hash. Raises RefusedError `link_unknown`."""
        ...

    def find(self, *, decided: bool | None = None) -> Sequence[HelpRequest]:
        """Requests, newest first: all, or those decided or not yet."""
        ...


class PhoneBook(Register, Protocol):
    """The register, where phones and codes are changed."""

    def by_register_number(self, register_number: int) -> Voter:
        """The voter on this line. Raises LookupError."""
        ...

    def set_codes(self, voter: Voter, *, held: bool, cleared: datetime | None) -> None:
        """Stop the voter's codes, or let them start anew since `cleared`."""
        ...

    def set_phone(self, voter: Voter, phone: str) -> None:
        """Change the phone on the register."""
        ...

    def holders_of(self, phone: str) -> int:
        """How many voters have this phone."""
        ...


@dataclass(frozen=True, slots=True)
class HelpRules:
    """What the organiser set. Phones are frozen `phone_freeze` before voting opens."""

    phone_freeze: timedelta
    one_phone_one_voter: bool


class Rulebook(Protocol):
    """Where the rules stand."""

    def help_rules(self) -> HelpRules:
        """The rules as they are."""
        ...


@dataclass(frozen=True, slots=True)
class HelpDesk:
    """Helps the voters of one election."""

    journal: Journal
    register: PhoneBook
    book: HelpBook
    rules: Rulebook
    messengers: Mapping[MethodId, Messenger]
    """By the methods that send codes: notices go where codes go."""
    clock: Clock
    random: RandomSource

    # -- one person ------------------------------------------------------------

    def hold_codes(self, voter: Voter) -> None:
        """Send the voter no codes any more; outside nobody sees that. The voter is told."""
        self.register.set_codes(voter, held=True, cleared=voter.codes.cleared)
        self._tell(voter, Notice.HELD)

    def free_codes(self, voter: Voter) -> None:
        """Let the voter have codes, as if none had been asked for. The voter is told."""
        self.register.set_codes(voter, held=False, cleared=self.clock.now())
        self._tell(voter, Notice.FREED)

    # -- two people ------------------------------------------------------------

    def ask_link(self, voter: Voter, reason: str, who: int) -> HelpRequest:
        """Ask for a link for a voter whom no code reaches.

        Raises RefusedError `method_not_allowed`, `closed`, `not_open`, `has_phone` (codes
        reach the voter, unless they are held), `asked_already`.
        """
        state = self.journal.state()
        state.check_admits(DESK, format_instant(self.clock.now()))
        if self.reached(voter) and not voter.codes.held:
            raise RefusedError("has_phone")
        return self._ask(Deed.LINK, voter, reason, who)

    def ask_phone(self, voter: Voter, phone: str, reason: str, who: int) -> HelpRequest:
        """Ask to change the voter's phone (E.164).

        Raises RefusedError `phones_frozen`, `phone_taken`, `same_phone`, `asked_already`.
        """
        self._require_phone(voter, phone)
        return self._ask(Deed.PHONE, voter, reason, who, phone)

    def phone_by_signature(self, voter: Voter, phone: str) -> None:
        """Change the phone of a voter who has just signed. Raises as `ask_phone`."""
        self._require_phone(voter, phone)
        with self.book.locked():
            request = self._new(Deed.PHONE, voter, "signature", 0, phone)
            done = replace(request, decided_by=0, decided_at=request.asked_at, approved=True)
            self.book.put(done)
            self._change_phone(voter, phone)

    def approve(self, number: int, who: int) -> str:
        """Decide in favour; for a link, its secret, which is shown once and kept nowhere.

        Raises RefusedError `unknown_request`, `decided`, `same_person`, and as `ask_phone`.
        """
        with self.book.locked():
            request = self._undecided(number, who)
            voter = self.register.by_register_number(request.register_number)
            now = self.clock.now()
            decided = replace(request, decided_by=who, decided_at=now, approved=True)
            if request.deed is Deed.PHONE:
                self._require_phone(voter, request.phone_after)
                self._change_phone(voter, request.phone_after)
                self.book.put(decided)
                return ""
            token = self._draw()
            self.book.put(replace(decided, token=_hash(token), expires=now + LINK_LIVES))
            self._tell(voter, Notice.LINK_GIVEN)
            return token

    def refuse(self, number: int, who: int) -> None:
        """Decide against; whoever asked may do so too. Raises RefusedError as `approve`."""
        with self.book.locked():
            request = self.book.get(number)
            if request.approved is not None:
                raise RefusedError("decided")
            now = self.clock.now()
            self.book.put(replace(request, decided_by=who, decided_at=now, approved=False))

    def use_link(self, token: str) -> Voter:
        """Whose link this is; it is used up.

        Raises RefusedError `link_unknown`, `link_used`, `link_expired`, and as
        `ElectionState.check_admits`.
        """
        now = self.clock.now()
        self.journal.state().check_admits(DESK, format_instant(now))
        with self.book.locked():
            request = self.book.by_token(_hash(read_token(token)))
            if request.used_at is not None:
                raise RefusedError("link_used")
            if request.expires is None or now >= request.expires:
                raise RefusedError("link_expired")
            self.book.put(replace(request, used_at=now))
        return self.register.by_register_number(request.register_number)

    def reached(self, voter: Voter) -> bool:
        """Whether a code reaches the voter by a method of this election."""
        methods = self.journal.state().manifest.methods
        return any(voter.address(method) for method in self.messengers if method in methods)

    def phones_frozen(self) -> bool:
        """Whether phones on the register may not be changed any more."""
        state = self.journal.state()
        if state.phase is Phase.DRAFT:
            return True  # the register is not fixed yet: it is imported anew instead
        freeze = parse_instant(state.manifest.opens) - self.rules.help_rules().phone_freeze
        return self.clock.now() >= freeze

    def _require_phone(self, voter: Voter, phone: str) -> None:
        if self.phones_frozen():
            raise RefusedError("phones_frozen")
        if phone == voter.phone:
            raise RefusedError("same_phone")
        if self.rules.help_rules().one_phone_one_voter and self.register.holders_of(phone):
            raise RefusedError("phone_taken")

    def _change_phone(self, voter: Voter, phone: str) -> None:
        self.register.set_phone(voter, phone)
        self._tell(voter, Notice.PHONE_CHANGED)  # at the old one: a thief has the new
        self._send(SMS, phone, Notice.PHONE_CHANGED)

    def _ask(self, deed: Deed, voter: Voter, reason: str, who: int, phone: str = "") -> HelpRequest:
        with self.book.locked():
            for waiting in self.book.find(decided=False):
                if (waiting.deed, waiting.register_number) == (deed, voter.register_number):
                    raise RefusedError("asked_already")
            request = self._new(deed, voter, reason, who, phone)
            self.book.put(request)
        return request

    def _new(self, deed: Deed, voter: Voter, reason: str, who: int, phone: str) -> HelpRequest:
        return HelpRequest(
            number=self.book.next_number(),
            deed=deed,
            register_number=voter.register_number,
            reason=reason,
            asked_by=who,
            asked_at=self.clock.now(),
            phone_before=(voter.phone or "") if deed is Deed.PHONE else "",
            phone_after=phone,
        )

    def _undecided(self, number: int, who: int) -> HelpRequest:
        request = self.book.get(number)
        if request.approved is not None:
            raise RefusedError("decided")
        if request.asked_by == who:
            raise RefusedError("same_person")
        return request

    def _draw(self) -> str:
        # 256 bits modulo 31^24: no secret is likelier than another by more than 2^-137.
        value, letters = int.from_bytes(self.random(32)), ""
        for _ in range(TOKEN_LENGTH):
            value, place = divmod(value, len(_ALPHABET))
            letters += _ALPHABET[place]
        return letters

    def _tell(self, voter: Voter, notice: Notice) -> None:
        for method in self.messengers:
            if address := voter.address(method):
                self._send(method, address, notice)

    def _send(self, method: MethodId, address: str, notice: Notice) -> None:
        expires = self.clock.now() + NOTICE_LIVES
        try:
            self.messengers[method].send(address, notice_text(notice, LOCALES[1]), expires)
        except RefusedError:  # no gateway: what was done stands in the log all the same
            return


def read_token(text: str) -> str:
    """A link's secret as people write it: groups, capitals.

    Raises RefusedError `link_unknown` for what cannot be one.
    """
    token = "".join(text.lower().replace("-", " ").split())
    if len(token) != TOKEN_LENGTH or set(token) - set(_ALPHABET):
        raise RefusedError("link_unknown")
    return token


def _hash(token: str) -> str:
    # 118 random bits need no slow hash.
    return hashlib.sha256(b"dauys link v1\n" + token.encode()).hexdigest()
