"""The stores that `identity` asks for, in memory: they pass `contracts.py`."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from dauys.core.errors import RefusedError
from dauys.core.ids import Serial
from dauys.core.permit import Permit
from dauys.identity.code_limits import Asked, Count, Key, Usage
from dauys.identity.code_ports import CodeRecord, CodeStatus
from dauys.identity.permits import PermitRequest, repeated
from dauys.identity.signature.desk import Challenge

START = datetime(2026, 8, 5, 4, 0, tzinfo=UTC)


@dataclass
class StoppedClock:
    """A clock that moves when told to."""

    moment: datetime = START

    def now(self) -> datetime:
        return self.moment

    def advance(self, **by: float) -> None:
        self.moment += timedelta(**by)


class MemoryCodeStore:
    def __init__(self) -> None:
        self.records: dict[str, CodeRecord] = {}
        self.devices: set[tuple[str, str]] = set()
        self._lock = threading.RLock()

    @contextmanager
    def locked(self, number: str) -> Iterator[None]:
        with self._lock:
            before = dict(self.records)
            try:
                yield
            except BaseException:
                self.records = before
                raise

    def add(self, record: CodeRecord) -> None:
        assert record.request_id not in self.records
        self.records[record.request_id] = record

    def get(self, request_id: str) -> CodeRecord:
        try:
            return self.records[request_id]
        except KeyError:
            raise RefusedError("unknown_request") from None

    def update(self, record: CodeRecord) -> None:
        assert record.request_id in self.records
        self.records[record.request_id] = record

    def remember(self, number: str, device: str, now: datetime) -> None:
        self.devices.add((number, device))

    def knows(self, number: str, device: str) -> bool:
        return (number, device) in self.devices

    def asked_for(self, number: str, since: datetime) -> tuple[Asked, ...]:
        found = [r for r in self.records.values() if r.number == number and r.sent_at > since]
        return tuple(Asked(r.sent_at, r.origin) for r in sorted(found, key=lambda r: r.sent_at))

    def usage(self, counts: Sequence[Count]) -> tuple[Usage, ...]:
        return tuple(map(self._count, counts))

    def _count(self, count: Count) -> Usage:
        found = [r for r in self.records.values() if r.sent_at > count.since and _is(r, count)]
        return Usage(len(found), sum(r.status is CodeStatus.ENTERED for r in found))


def _is(record: CodeRecord, count: Count) -> bool:
    if count.key is Key.ALL:
        return True
    own = {
        Key.SENT_TO: record.sent_to,
        Key.BLOCK: record.block,
        Key.DEVICE: record.origin.device,
        Key.ADDRESS: record.origin.address,
        Key.NETWORK: record.origin.network,
    }
    return own[count.key] == count.value


@dataclass
class MemoryMessenger:
    """Keeps what it was to send."""

    sent: list[tuple[str | None, str]] = field(default_factory=list)

    def send(self, address: str | None, text: str, expires: datetime) -> str:
        self.sent.append((address, text))
        return f"message-{len(self.sent)}"

    def last_code(self) -> str:
        return next(word for word in self.sent[-1][1].split() if word.isdigit() and len(word) == 6)


class MemoryNonceStore:
    def __init__(self) -> None:
        self._challenges: dict[str, Challenge] = {}
        self._lock = threading.Lock()

    def add(self, challenge: Challenge) -> None:
        assert challenge.nonce not in self._challenges
        self._challenges[challenge.nonce] = challenge

    def get(self, nonce: str) -> Challenge:
        try:
            return self._challenges[nonce]
        except KeyError:
            raise RefusedError("challenge_unknown") from None

    def use(self, nonce: str) -> None:
        with self._lock:
            challenge = self.get(nonce)
            if challenge.used:
                raise RefusedError("challenge_used")
            self._challenges[nonce] = replace(challenge, used=True)


class MemoryPermitStore:
    def __init__(self) -> None:
        self.issued: list[Permit] = []
        self.live: set[int] = set()
        self._lock = threading.Lock()

    def issue(self, request: PermitRequest, make: Callable[[Serial], Permit]) -> Permit:
        with self._lock:
            for permit in self.issued:
                if permit.statement.credential == request.credential:
                    return repeated(permit, request)
            permit = make(Serial(len(self.issued) + 1))
            self.live -= {
                earlier.statement.serial for earlier in self.issued if _same_right(earlier, request)
            }
            self.issued.append(permit)
            self.live.add(permit.statement.serial)
            return permit

    def is_live(self, permit: Permit) -> bool:
        return permit.statement.serial in self.live


def _same_right(permit: Permit, request: PermitRequest) -> bool:
    statement = permit.statement
    ours = (request.contest, request.pseudonym, request.method)
    return (statement.contest, statement.pseudonym, statement.method) == ours
