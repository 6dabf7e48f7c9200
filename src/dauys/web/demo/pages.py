"""What the demonstration shows: messages that would have been sent, and sample people."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from dauys.store.elections import DatabaseElections
from dauys.store.models import OutboxMessage
from dauys.web.portal.times import short_moment

NEWEST: Final = 20


@dataclass(frozen=True, slots=True)
class Message:
    """A text message of the outbox."""

    phone: str
    text: str
    at: str


def messages(language: str) -> tuple[Message, ...]:
    """The newest messages first."""
    rows = OutboxMessage.objects.exclude(phone="").order_by("-pk")[:NEWEST]
    return tuple(Message(row.phone, row.text, _clock(row.sent_at, language)) for row in rows)


@dataclass(frozen=True, slots=True)
class SampleVoter:
    """A voter to try things with; `note` says what is special about them."""

    number: str
    name: str
    phone: str
    category: str
    contest: str
    note: str


@dataclass(frozen=True, slots=True)
class Samples:
    """What `demo.json` in the data folder offers."""

    slug: str
    voters: tuple[SampleVoter, ...]
    accounts: tuple[dict[str, Any], ...]


def samples(language: str) -> Samples:
    """Sample voters and staff accounts; none when there is no `demo.json`."""
    file = Path(settings.DATA) / "demo.json"
    kept = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    sealed = [one.slug for one in DatabaseElections().all() if one.sealed]
    return Samples(
        slug=sealed[0] if sealed else "",
        voters=tuple(_voter(one, language) for one in kept.get("voters", [])),
        accounts=tuple(kept.get("accounts", [])),
    )


def _voter(kept: dict[str, Any], language: str) -> SampleVoter:
    note = kept.get("note", "")
    return SampleVoter(
        number=kept["number"],
        name=kept["name"],
        phone=kept["phone"],
        category=kept["category"],
        contest=kept["contest"],
        note=note.get(language, "") if isinstance(note, dict) else note,
    )


def _clock(instant: datetime, language: str) -> str:
    zones = [one.zone for one in DatabaseElections().all()]
    return short_moment(instant, zones[0] if zones else "UTC", language)
