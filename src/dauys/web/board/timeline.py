"""When what stands on the board got there, by the log alone.

A ballot carries no time of its own: it came after the last timed entry before it. That is
as fine as the board tells, and as fine as the pages show.
"""

import hashlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec

from dauys.core.ids import DecisionNumber, LeafIndex

ORDINARY = frozenset({"ballot", "clock"})
"""Kinds that there are many of; every other entry is a milestone."""


@dataclass(frozen=True, slots=True)
class Milestone:
    """An entry that is neither a ballot nor a tick of the clock."""

    index: LeafIndex
    kind: str


@dataclass(frozen=True, slots=True)
class SignedBy:
    """Who approved a decision, when, and in which entry."""

    index: LeafIndex
    member: str
    at: str


class _Glance(msgspec.Struct, frozen=True):
    """Of an entry that the board has checked already, what a timeline needs."""

    kind: str
    at: str | None = None
    decision: int | None = None
    member: str | None = None


@dataclass(slots=True)
class Timeline:
    """Follows a log from its beginning; `fingerprint` is the SHA-256 of entry 0 (hex)."""

    size: int = 0
    fingerprint: str = ""
    milestones: list[Milestone] = field(default_factory=list)
    approvals: dict[DecisionNumber, list[SignedBy]] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)
    _places: list[int] = field(default_factory=list)
    _times: list[str] = field(default_factory=list)

    def follow(self, entries: Iterable[bytes]) -> None:
        """Take in the entries from number `size` on."""
        for entry in entries:
            self._take(entry)

    def time_at(self, index: int) -> str | None:
        """The time at a place (docs/protocol.md, section 4); None before the first."""
        found = bisect_right(self._places, index)
        return self._times[found - 1] if found else None

    def _take(self, entry: bytes) -> None:
        glance = msgspec.json.decode(entry, type=_Glance)
        index = LeafIndex(self.size)
        if index == 0:
            self.fingerprint = hashlib.sha256(entry).hexdigest()
        if glance.at is not None:
            self._times.append(glance.at)  # first: others may be looking up
            self._places.append(index)
        if glance.kind not in ORDINARY:
            self.milestones.append(Milestone(index, glance.kind))
        if glance.kind == "approval":
            number = DecisionNumber(glance.decision or 0)
            signed = SignedBy(index, glance.member or "", glance.at or "")
            self.approvals.setdefault(number, []).append(signed)
        self.kinds[glance.kind] += 1
        self.size += 1
