"""Keeps messages until they are sent, and what became of them.

`identity/messages/courier.py` says what is asked of the outbox. Texts are sealed with the
election's own key: a copy of the database tells no code.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from django.db import connections, transaction
from django.db.models import Count, QuerySet
from nacl.secret import SecretBox

from dauys.core.ids import ElectionId
from dauys.core.ports import Clock
from dauys.identity.messages.courier import AGAIN_AFTER, ASK_FIRST, ROUNDS, Health
from dauys.identity.messages.gateway import NotTakenError, Then
from dauys.identity.messages.message import FINAL, Message, MessageState, Sent
from dauys.store.models import GatewayRow, MessageRow

PAUSE: Final = timedelta(seconds=2)
ASK_LONGEST: Final = timedelta(hours=24)
_BLANK: Final = bytes(1024)
"""Every text is sealed at this length: a decoy is as long as the longest letter."""


@dataclass(frozen=True, slots=True)
class DatabaseMessenger:
    """Takes messages of one election over one channel, in the caller's transaction."""

    election: ElectionId
    channel: str
    key: bytes = field(repr=False)
    clock: Clock

    def send(self, address: str | None, text: str, expires: datetime) -> str:
        """Keep the message; a decoy differs in its state alone."""
        now = self.clock.now()
        written = text.encode() if address else _BLANK
        row = MessageRow.objects.create(
            id=uuid4().hex,
            election=self.election,
            channel=self.channel,
            address=address or "",
            sealed=SecretBox(self.key).encrypt(written.ljust(len(_BLANK), b"\0")),
            state=MessageState.WAITING if address else MessageState.DECOY,
            created_at=now,
            due_at=now,
            expires_at=expires,
            changed_at=now,
        )
        return row.id


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a message, for the help desk: no address, no text."""

    state: MessageState
    gateway: str
    reason: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class DatabaseOutbox:
    """Messages of all elections. `key_of` opens the texts of one."""

    key_of: Callable[[ElectionId], bytes] = field(repr=False)

    def claim(
        self, usable: Mapping[str, Sequence[str]], now: datetime, most: int
    ) -> list[tuple[str, Message]]:
        """Take waiting messages for gateways (see `Outbox.claim`)."""
        if not _waiting().filter(due_at__lte=now).exists():
            return []
        claimed = []
        with transaction.atomic():
            _end(_waiting().filter(expires_at__lte=now), MessageState.EXPIRED, now)
            for row in _held(_waiting().filter(due_at__lte=now).order_by("due_at"))[:most]:
                gateways = usable.get(row.channel, ())
                gateway = next((name for name in gateways if name not in row.tried), None)
                if gateway is None:  # those that are left rest: let others come first
                    row.due_at = now + PAUSE
                    row.save(update_fields=["due_at"])
                    continue
                row.state, row.gateway, row.changed_at = MessageState.HANDING, gateway, now
                row.save(update_fields=["state", "gateway", "changed_at"])
                claimed.append((gateway, self._message(row)))
        return claimed

    def taken(self, message_id: str, reference: str, now: datetime) -> None:
        """`SENT`; the text is gone."""
        MessageRow.objects.filter(pk=message_id, state=MessageState.HANDING).update(
            state=MessageState.SENT,
            reference=reference,
            reason="",
            sealed=b"",
            changed_at=now,
            due_at=now + ASK_FIRST,
        )

    def not_taken(
        self, message_id: str, error: NotTakenError, gateways: int, now: datetime
    ) -> None:
        """`WAITING` for another gateway, or `FAILED` (see `Outbox.not_taken`)."""
        with transaction.atomic():
            row = _held(MessageRow.objects.filter(pk=message_id)).first()
            if row is None or row.state != MessageState.HANDING:
                return
            row.reason, row.changed_at, row.due_at = error.reason[:40], now, now
            row.state = MessageState.WAITING
            if error.then is not Then.WAIT:
                row.tried = [*row.tried, row.gateway]
            if len(row.tried) >= gateways:
                row.rounds, row.tried, row.due_at = row.rounds + 1, [], now + AGAIN_AFTER
            if error.then is Then.GIVE_UP or row.rounds >= ROUNDS:
                row.state, row.sealed = MessageState.FAILED, b""
            row.save()

    def perhaps_taken(self, message_id: str, reason: str, now: datetime) -> None:
        """`UNCERTAIN`; the text stays, in case the gateway knows nothing of it."""
        MessageRow.objects.filter(pk=message_id, state=MessageState.HANDING).update(
            state=MessageState.UNCERTAIN, reason=reason[:40], changed_at=now, due_at=now + ASK_FIRST
        )

    def lost(self, before: datetime, now: datetime) -> int:
        """What a killed process was handing over is `UNCERTAIN`."""
        rows = MessageRow.objects.filter(state=MessageState.HANDING, changed_at__lt=before)
        if not rows.exists():
            return 0
        return rows.update(
            state=MessageState.UNCERTAIN, reason="server_ended", changed_at=now, due_at=now
        )

    def to_ask(self, gateways: Sequence[str], now: datetime, most: int) -> list[Sent]:
        """Messages to ask about; due again after twice the time, a day at most."""
        rows = MessageRow.objects.filter(
            state__in=[MessageState.SENT, MessageState.UNCERTAIN],
            gateway__in=gateways,
            due_at__lte=now,
            created_at__gt=now - ASK_LONGEST,
        ).order_by("due_at")
        if not rows.exists():
            return []
        with transaction.atomic():
            found = list(_held(rows)[:most])
            for row in found:
                row.asked += 1
                row.due_at = now + ASK_FIRST * 2 ** min(row.asked, 12)
            MessageRow.objects.bulk_update(found, ["asked", "due_at"])
        return [
            Sent(row.id, row.gateway, row.reference, row.address, MessageState(row.state))
            for row in found
        ]

    def told(self, message_id: str, state: MessageState, now: datetime) -> None:
        """The gateway says what became of it. A final state stays."""
        _tell(MessageRow.objects.filter(pk=message_id), state, now)

    def never_taken(self, message_id: str, now: datetime) -> None:
        """The gateway knows nothing of it: it may be sent after all."""
        rows = MessageRow.objects.filter(pk=message_id, state=MessageState.UNCERTAIN)
        rows.update(state=MessageState.WAITING, changed_at=now, due_at=now)

    def report(self, gateway: str, reference: str, state: MessageState, now: datetime) -> bool:
        """As `told`, by the gateway's own name for the message."""
        rows = MessageRow.objects.filter(gateway=gateway, reference=reference)
        if not reference or not rows.exists():
            return False
        _tell(rows, state, now)
        return True

    def rest(self, gateway: str, until: datetime | None, reason: str, faults: int) -> None:
        """Write down how a gateway fares."""
        values = {"resting_until": until, "reason": reason[:40], "faults": faults}
        GatewayRow.objects.update_or_create(name=gateway, defaults=values)

    def health(self) -> Mapping[str, Health]:
        """How gateways fare, by name."""
        return {
            row.name: Health(row.name, row.resting_until, row.reason, row.faults)
            for row in GatewayRow.objects.all()
        }

    def deliveries(self, message_ids: Sequence[str]) -> Mapping[str, Delivery]:
        """What became of these messages, by id. Decoys and those deleted are not there."""
        rows = MessageRow.objects.filter(pk__in=message_ids).exclude(state=MessageState.DECOY)
        return {
            row.id: Delivery(MessageState(row.state), row.gateway, row.reason, row.changed_at)
            for row in rows
        }

    def counts(self, since: datetime) -> Mapping[str, int]:
        """Messages kept since then, by state; decoys are left out."""
        rows = MessageRow.objects.filter(created_at__gt=since).exclude(state=MessageState.DECOY)
        return dict(rows.values_list("state").annotate(Count("id")).order_by("state"))

    def oldest_waiting(self) -> datetime | None:
        """Since when the message that has waited longest waits; None when none does."""
        rows = _waiting().order_by("created_at")
        return rows.values_list("created_at", flat=True).first()

    def forget(self, before: datetime, now: datetime) -> int:
        """Delete messages kept before `before`, and texts that are of no use any more."""
        stale = MessageRow.objects.filter(state=MessageState.UNCERTAIN, expires_at__lte=now)
        stale.exclude(sealed=b"").update(sealed=b"")
        return MessageRow.objects.filter(created_at__lt=before).delete()[0]

    def _message(self, row: MessageRow) -> Message:
        box = SecretBox(self.key_of(ElectionId(row.election)))
        text = box.decrypt(bytes(row.sealed)).rstrip(b"\0").decode()
        return Message(row.id, row.channel, row.address, text, row.expires_at, row.created_at)


def _waiting() -> QuerySet[MessageRow]:
    return MessageRow.objects.filter(state=MessageState.WAITING)


def _held(rows: QuerySet[MessageRow]) -> QuerySet[MessageRow]:
    """The rows, held until the transaction ends; those that others hold are left out."""
    if connections["default"].vendor == "postgresql":
        return rows.select_for_update(skip_locked=True)
    return rows  # SQLite has one writer at a time


def _tell(rows: QuerySet[MessageRow], state: MessageState, now: datetime) -> None:
    open_rows = rows.exclude(state__in=[*FINAL, MessageState.WAITING, MessageState.HANDING])
    values = {"state": state, "reason": "", "changed_at": now}
    # The text is of no more use; a report that changes nothing does not touch the times.
    open_rows.exclude(state=state).update(sealed=b"", **values)


def _end(rows: QuerySet[MessageRow], state: MessageState, now: datetime) -> None:
    rows.update(state=state, sealed=b"", changed_at=now)
