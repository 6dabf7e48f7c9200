"""Codes by SMS: whoever reads six digits on the register's phone is taken for the voter.

The desk draws codes, keeps only their keyed hashes and counts tries. What an attacker
may do is bounded so: three tries on a code and a few codes a day for each voter, whatever
the number of requests in flight (`CodeStore.locked`). A number that is not on the register
gets the same answer after the same work, and no code is ever right for it.

A new code does not void the one before: else anyone who types a voter's number could keep
that voter out. Each code lives out its five minutes under its own request id, which only
the browser that asked for it knows.
"""

import hashlib
import hmac
import re
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from dauys.core.errors import MalformedError, RefusedError
from dauys.core.ports import Clock, RandomSource
from dauys.identity.phones import decoy_mask, mask_phone
from dauys.identity.texts import Locale, code_text

CODE_DIGITS: Final = 6
_CODE: Final = re.compile(r"[0-9]{6}")
_CONTEXT: Final = b"dauys sms code v1\n"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from: the client's address and a cookie's device id."""

    address: str
    device: str


@dataclass(frozen=True, slots=True)
class CodeLimits:
    """How much one voter, phone or address may ask for. Counts are within `window`.

    Thousands of honest voters share one address of a mobile carrier: `per_address` is there
    against floods, not against fraud, which is the monitor's work.
    """

    lifetime: timedelta = timedelta(minutes=5)
    tries: int = 3
    resend_after: timedelta = timedelta(seconds=60)
    window: timedelta = timedelta(hours=24)
    per_voter: int = 5
    per_phone: int = 5
    address_window: timedelta = timedelta(hours=1)
    per_address: int = 300


class CodeStatus(StrEnum):
    """What has become of a code; running out of time is read from the clock."""

    WAITING = "waiting"
    ENTERED = "entered"
    EXHAUSTED = "exhausted"


@dataclass(frozen=True, slots=True)
class CodeRecord:
    """One code sent, or one decoy (`phone` is None). The code itself is nowhere."""

    request_id: str
    number: str
    phone: str | None
    origin: Origin
    salt: bytes = field(repr=False)
    digest: bytes = field(repr=False)
    message_id: str
    sent_at: datetime
    expires: datetime
    attempts: int = 0
    status: CodeStatus = CodeStatus.WAITING
    entered_at: datetime | None = None
    entered_from: Origin | None = None
    """Where the last try came from."""


@dataclass(frozen=True, slots=True)
class Recent:
    """How many codes were sent since some moment, and when the last one was."""

    count: int
    latest: datetime | None


class CodeStore(Protocol):
    """Keeps code records. A short memory: `CodeLimits.window` is enough."""

    def locked(self, number: str) -> AbstractContextManager[None]:
        """Let one caller at a time, of all processes, work on the codes of `number`.

        A transaction: what is written inside is durable on leaving, or gone if an exception
        leaves it. (The desk therefore never raises a refusal inside once it has counted a try.)
        """
        ...

    def add(self, record: CodeRecord) -> None:
        """Keep a new record; its `request_id` is new."""
        ...

    def get(self, request_id: str) -> CodeRecord:
        """Return the record as last written. Raises RefusedError("unknown_request")."""
        ...

    def update(self, record: CodeRecord) -> None:
        """Replace the record of the same `request_id`."""
        ...

    def recent(
        self,
        *,
        since: datetime,
        number: str | None = None,
        phone: str | None = None,
        address: str | None = None,
    ) -> Recent:
        """Count records with `sent_at > since`, of the number, phone or address given."""
        ...


class SmsGateway(Protocol):
    """Takes messages for delivery: an outbox, which a worker empties."""

    def send(self, phone: str | None, text: str) -> str:
        """Return the message's id once it is queued in the transaction of the caller.

        `phone` is E.164; None is a decoy: the same work, and nothing is ever sent. Waiting
        here for the operator's answer would tell a stranger, by the time it takes, who is on
        the register.
        """
        ...


@dataclass(frozen=True, slots=True)
class CodeSent:
    """Answer to a request; the same for voters and strangers."""

    request_id: str
    masked_phone: str
    expires: datetime
    resend_at: datetime


@dataclass(frozen=True, slots=True)
class CodeAccepted:
    """The right code was entered in time: this voter has this phone in hand."""

    number: str
    phone: str
    sent_at: datetime
    entered_at: datetime
    attempts: int
    """Tries it took, from 1."""


class CodeDesk:
    """Sends codes and checks them. `secret` is a server key of 32 bytes, kept out of the store."""

    def __init__(
        self,
        store: CodeStore,
        gateway: SmsGateway,
        clock: Clock,
        random: RandomSource,
        limits: CodeLimits,
        secret: bytes,
    ) -> None:
        if len(secret) < 32:
            raise ValueError("the secret of the code desk is shorter than 32 bytes")
        self._store = store
        self._gateway = gateway
        self._clock = clock
        self._random = random
        self._limits = limits
        self._secret = secret

    def request(
        self, number: str, phone: str | None, origin: Origin, locale: Locale = "kk"
    ) -> CodeSent:
        """Send a code for voter `number` to the register's `phone`; None makes a decoy.

        A phone that has had its codes for other voters gets no more, and the answer stays the
        same: a refusal would say that this voter is on the register, with that phone.
        Raises RefusedError: `too_soon` (detail: seconds to wait), `too_many_codes` (detail:
        `voter` or `address`).
        """
        with self._store.locked(number):
            now = self._clock.now()
            self._require_within_limits(number, origin, now)
            reached = phone if self._may_reach(number, phone, now) else None
            record = self._send(number, reached, origin, now, locale)
            self._store.add(record)
        masked = decoy_mask(number, self._secret)
        return CodeSent(
            request_id=record.request_id,
            masked_phone=masked if phone is None else mask_phone(phone),
            expires=record.expires,
            resend_at=now + self._limits.resend_after,
        )

    def enter(self, request_id: str, code: str, origin: Origin) -> CodeAccepted:
        """Check `code`; right, in time and for the first time, it identifies the voter.

        `origin` is kept and compared with nothing: phones change address between two pages.
        Raises MalformedError unless six digits (no try is lost); RefusedError: `unknown_request`,
        `expired` (too late, or used already), `too_many_tries`, `wrong_code` (detail: tries left).
        """
        if not _CODE.fullmatch(code):
            raise MalformedError("code", "not_six_digits")
        number = self._store.get(request_id).number
        with self._store.locked(number):
            record = self._store.get(request_id)
            now = self._clock.now()
            verdict = self._judge(record, code, origin, now)
            if verdict is not record:
                self._store.update(verdict)
        return self._answer(record, verdict, now)

    def _may_reach(self, number: str, phone: str | None, now: datetime) -> bool:
        # A decoy asks for a phone that nobody has, so that it costs the same.
        asked = phone or f"decoy {number}"
        by_phone = self._store.recent(since=now - self._limits.window, phone=asked)
        return by_phone.count < self._limits.per_phone

    def _require_within_limits(self, number: str, origin: Origin, now: datetime) -> None:
        limits = self._limits
        by_voter = self._store.recent(since=now - limits.window, number=number)
        by_address = self._store.recent(since=now - limits.address_window, address=origin.address)
        if by_voter.latest is not None and now < by_voter.latest + limits.resend_after:
            wait = by_voter.latest + limits.resend_after - now
            raise RefusedError("too_soon", str(-(-wait // timedelta(seconds=1))))
        for count, most, whose in (
            (by_voter.count, limits.per_voter, "voter"),
            (by_address.count, limits.per_address, "address"),
        ):
            if count >= most:
                raise RefusedError("too_many_codes", whose)

    def _send(
        self, number: str, phone: str | None, origin: Origin, now: datetime, locale: Locale
    ) -> CodeRecord:
        # 128 bits modulo a million: no code is likelier than another by more than 2^-108.
        code = f"{int.from_bytes(self._random(16)) % 10**CODE_DIGITS:0{CODE_DIGITS}d}"
        request_id, salt = self._random(16).hex(), self._random(16)
        minutes = self._limits.lifetime // timedelta(minutes=1)
        return CodeRecord(
            request_id=request_id,
            number=number,
            phone=phone,
            origin=origin,
            salt=salt,
            digest=self._digest(request_id, salt, code),
            message_id=self._gateway.send(phone, code_text(code, minutes, locale)),
            sent_at=now,
            expires=now + self._limits.lifetime,
        )

    def _judge(self, record: CodeRecord, code: str, origin: Origin, now: datetime) -> CodeRecord:
        """Return the record as it is after this try; the same object if it was no try."""
        if record.status is not CodeStatus.WAITING or now >= record.expires:
            return record
        tried = replace(record, attempts=record.attempts + 1, entered_from=origin)
        right = hmac.compare_digest(
            record.digest, self._digest(record.request_id, record.salt, code)
        )
        if right and record.phone is not None:
            return replace(tried, status=CodeStatus.ENTERED, entered_at=now)
        if tried.attempts >= self._limits.tries:
            return replace(tried, status=CodeStatus.EXHAUSTED)
        return tried

    def _answer(self, before: CodeRecord, after: CodeRecord, now: datetime) -> CodeAccepted:
        if before.status is CodeStatus.ENTERED:
            raise RefusedError("expired", "used")
        if after.status is CodeStatus.EXHAUSTED:
            raise RefusedError("too_many_tries")
        if after is before:
            raise RefusedError("expired")
        if after.status is CodeStatus.WAITING or after.phone is None:
            raise RefusedError("wrong_code", str(self._limits.tries - after.attempts))
        return CodeAccepted(
            number=after.number,
            phone=after.phone,
            sent_at=after.sent_at,
            entered_at=now,
            attempts=after.attempts,
        )

    def _digest(self, request_id: str, salt: bytes, code: str) -> bytes:
        text = _CONTEXT + request_id.encode() + b"\n" + code.encode()
        return hmac.digest(self._secret, salt + text, hashlib.sha256)
