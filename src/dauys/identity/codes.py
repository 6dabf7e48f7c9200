"""Codes: whoever reads six digits at the address on the register is taken for the voter.

The address is a phone's, or whatever a `Channel` reaches. The desk draws codes, keeps only
their keyed hashes and counts tries. What an attacker may do is bounded so: three tries on a
code and a few codes an hour (`code_limits.py`), whatever the number of requests in flight
(`CodeStore.locked`). A number that is not on the register
gets the same answer after the same work, and no code is ever right for it.

A new code does not void the one before: else anyone who types a voter's number could keep
that voter out. Each code lives out its five minutes under its own request id, which only
the browser that asked for it knows.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from dauys.core.errors import MalformedError, RefusedError
from dauys.core.ports import Clock, RandomSource
from dauys.identity.code_limits import CodeLimits, Origin, Wanted, admit
from dauys.identity.code_ports import Channel, CodeRecord, CodeStatus, CodeStore, Messenger
from dauys.identity.texts import Locale

CODE_DIGITS: Final = 6
_CODE: Final = re.compile(r"[0-9]{6}")
_CONTEXT: Final = b"dauys code v1\n"


@dataclass(frozen=True, slots=True)
class CodeStanding:
    """What the help desk decided about a voter's codes.

    `held`: none are sent, and nobody outside sees that. `cleared`: since when they count.
    """

    held: bool = False
    cleared: datetime | None = None


NORMAL: Final = CodeStanding()


@dataclass(frozen=True, slots=True)
class CodeSent:
    """Answer to a request; the same for voters and strangers."""

    request_id: str
    masked: str
    expires: datetime
    resend_at: datetime


@dataclass(frozen=True, slots=True)
class CodeAccepted:
    """The right code was entered in time: this voter reads what comes to this address."""

    number: str
    sent_to: str
    sent_at: datetime
    entered_at: datetime
    attempts: int
    """Tries it took, from 1."""


class WrongCodeError(RefusedError):
    """A try that counted, for voter (or stranger) `number`; neither is in its text."""

    def __init__(self, code: str, detail: str, record: CodeRecord) -> None:
        super().__init__(code, detail)
        self.number = record.number
        self.attempts = record.attempts


class CodeDesk:
    """Sends codes and checks them. `secret` is a server key of 32 bytes, kept out of the store."""

    def __init__(
        self,
        store: CodeStore,
        messenger: Messenger,
        channel: Channel,
        clock: Clock,
        random: RandomSource,
        limits: CodeLimits,
        secret: bytes,
    ) -> None:
        if len(secret) < 32:
            raise ValueError("the secret of the code desk is shorter than 32 bytes")
        self._store = store
        self._messenger = messenger
        self._channel = channel
        self._clock = clock
        self._random = random
        self._limits = limits
        self._secret = secret

    def request(
        self,
        number: str,
        address: str | None,
        origin: Origin,
        locale: Locale = "kk",
        standing: CodeStanding = NORMAL,
    ) -> CodeSent:
        """Send a code for voter `number` to the register's `address`; None makes a decoy.

        A phone that has had its codes for other voters gets no more, and the answer stays the
        same: a refusal would say that this voter is on the register, with that phone. A voter
        whose codes are held gets none, likewise. Raises RefusedError as
        `code_limits.admit`, `no_gateway`.
        """
        asked = address or f"decoy {number}"  # that nobody has: counting it costs the same
        block = self._channel.block(address) if address else f"decoy {number[:4]}"
        with self._store.locked(""):
            now = self._clock.now()
            wanted = Wanted(number, asked, block, origin)
            admitted = admit(self._limits, self._store, wanted, now, standing.cleared)
            reached = address if admitted.reaches and not standing.held else None
            record = self._send(number, reached, block, origin, now, locale)
            self._store.add(record)
        masked = self._channel.decoy(number, self._secret)
        return CodeSent(
            request_id=record.request_id,
            masked=masked if address is None else self._channel.mask(address),
            expires=record.expires,
            resend_at=admitted.next_at,
        )

    def enter(self, request_id: str, code: str, origin: Origin) -> CodeAccepted:
        """Check `code`; right, in time and for the first time, it identifies the voter.

        `origin` is kept and compared with nothing: phones change address between two pages.
        Raises MalformedError unless six digits (no try is lost); RefusedError: `unknown_request`,
        `expired` (too late, or used already), `too_many_tries`, `wrong_code` (detail: tries left);
        the last two as WrongCodeError where this try was counted.
        """
        if not _CODE.fullmatch(code):
            raise MalformedError("code", "not_six_digits")
        known = self._store.get(request_id)
        if known.channel != self._channel.name:
            raise RefusedError("unknown_request")
        with self._store.locked(known.number):
            record = self._store.get(request_id)
            now = self._clock.now()
            verdict = self._judge(record, code, origin, now)
            if verdict is not record:
                self._store.update(verdict)
            if verdict.status is CodeStatus.ENTERED and verdict is not record and origin.device:
                self._store.remember(known.number, origin.device, now)
        return self._answer(record, verdict, now)

    def mask(self, address: str) -> str:
        """An address as its owner may be shown it."""
        return self._channel.mask(address)

    def know(self, number: str, origin: Origin) -> None:
        """The voter was identified on this device, by whatever method."""
        if origin.device:
            self._store.remember(number, origin.device, self._clock.now())

    def _send(
        self,
        number: str,
        reached: str | None,
        block: str,
        origin: Origin,
        now: datetime,
        locale: Locale,
    ) -> CodeRecord:
        # 128 bits modulo a million: no code is likelier than another by more than 2^-108.
        code = f"{int.from_bytes(self._random(16)) % 10**CODE_DIGITS:0{CODE_DIGITS}d}"
        request_id, salt = self._random(16).hex(), self._random(16)
        minutes = self._limits.lifetime // timedelta(minutes=1)
        text, expires = self._channel.text(code, minutes, locale), now + self._limits.lifetime
        return CodeRecord(
            request_id=request_id,
            channel=self._channel.name,
            number=number,
            sent_to=reached,
            block=block,
            origin=origin,
            salt=salt,
            digest=self._digest(request_id, salt, code),
            message_id=self._messenger.send(reached, text, expires),
            sent_at=now,
            expires=expires,
        )

    def _judge(self, record: CodeRecord, code: str, origin: Origin, now: datetime) -> CodeRecord:
        """Return the record as it is after this try; the same object if it was no try."""
        if record.status is not CodeStatus.WAITING or now >= record.expires:
            return record
        tried = replace(record, attempts=record.attempts + 1, entered_from=origin)
        right = hmac.compare_digest(
            record.digest, self._digest(record.request_id, record.salt, code)
        )
        if right and record.sent_to is not None:
            return replace(tried, status=CodeStatus.ENTERED, entered_at=now)
        if tried.attempts >= self._limits.tries:
            return replace(tried, status=CodeStatus.EXHAUSTED)
        return tried

    def _answer(self, before: CodeRecord, after: CodeRecord, now: datetime) -> CodeAccepted:
        if before.status is CodeStatus.ENTERED:
            raise RefusedError("expired", "used")
        if after is before:
            over = after.status is CodeStatus.EXHAUSTED
            raise RefusedError("too_many_tries" if over else "expired")
        if after.status is CodeStatus.EXHAUSTED:
            raise WrongCodeError("too_many_tries", "", after)
        if after.status is CodeStatus.WAITING or after.sent_to is None:
            left = str(self._limits.tries - after.attempts)
            raise WrongCodeError("wrong_code", left, after)
        return CodeAccepted(
            number=after.number,
            sent_to=after.sent_to,
            sent_at=after.sent_at,
            entered_at=now,
            attempts=after.attempts,
        )

    def _digest(self, request_id: str, salt: bytes, code: str) -> bytes:
        text = _CONTEXT + request_id.encode() + b"\n" + code.encode()
        return hmac.digest(self._secret, salt + text, hashlib.sha256)
