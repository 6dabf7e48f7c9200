r"""The forms of the small values in records: what a field accepts, to the character.

Patterns end in `\Z`, since `$` would let a line break through.
"""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Annotated

from msgspec import Meta

from dauys.core.canonical import Record
from dauys.core.errors import MalformedError
from dauys.core.ids import (
    CandidateId,
    ContestId,
    Credential,
    ElectionId,
    ListId,
    MethodId,
    Pseudonym,
    QuestionId,
)
from dauys.core.ids import Tracker as TrackerText

Count = Annotated[int, Meta(ge=0, le=2**53 - 1)]
"""A whole number that every JSON reader keeps exactly."""

Number = Annotated[int, Meta(ge=1, le=2**53 - 1)]
"""A whole number from 1: of a permit, a case, a decision, a trustee."""

Hash = Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]
"""SHA-256, lower-case hex."""

PublicKey = Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]
"""Ed25519 public key (RFC 8032), lower-case hex."""

Signature = Annotated[str, Meta(pattern=r"\A[0-9a-f]{128}\Z")]
"""Ed25519 signature (RFC 8032), lower-case hex."""

Instant = Annotated[
    str, Meta(pattern=r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z\Z")
]
"""UTC time in whole seconds, `2026-08-05T04:00:00Z`; text order is time order."""

Word = Annotated[str, Meta(pattern=r"\A[a-z0-9][a-z0-9-]{0,39}\Z")]
"""A short lower-case name for machines."""

Election = Annotated[ElectionId, Meta(pattern=r"\A[1-9A-HJ-NP-Za-km-z]{14,40}\Z")]
ContestWord = Annotated[ContestId, Meta(pattern=r"\A[a-z0-9][a-z0-9-]{0,39}\Z")]
QuestionWord = Annotated[QuestionId, Meta(pattern=r"\A[a-z0-9][a-z0-9-]{0,39}\Z")]
ListWord = Annotated[ListId, Meta(pattern=r"\A[a-z0-9][a-z0-9-]{0,39}\Z")]
CandidateWord = Annotated[CandidateId, Meta(pattern=r"\A[a-z0-9][a-z0-9-]{0,39}\Z")]
MethodWord = Annotated[MethodId, Meta(pattern=r"\A[a-z0-9][a-z0-9-]{0,39}\Z")]
PseudonymHex = Annotated[Pseudonym, Meta(pattern=r"\A[0-9a-f]{32}\Z")]
CredentialHex = Annotated[Credential, Meta(pattern=r"\A[0-9a-f]{64}\Z")]
Tracker = Annotated[TrackerText, Meta(pattern=r"\A[A-Za-z0-9+/]{43}\Z")]


class Text(Record, frozen=True, kw_only=True):
    """The same words in Kazakh, Russian and English. None may be empty."""

    kk: Annotated[str, Meta(min_length=1)]
    ru: Annotated[str, Meta(min_length=1)]
    en: Annotated[str, Meta(min_length=1)]


def format_instant(instant: datetime) -> Instant:
    """Write `instant` in UTC, cut to whole seconds. It must carry a zone."""
    if instant.tzinfo is None:
        raise ValueError("a time without a zone")
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@lru_cache(maxsize=256)  # the log's time is read again for every ballot
def parse_instant(text: str) -> datetime:
    """Read what `format_instant` wrote and nothing else. Raises MalformedError."""
    try:
        instant = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise MalformedError("time", "not of the form 2026-08-05T04:00:00Z") from error
    if format_instant(instant) != text:
        raise MalformedError("time", "not canonical")
    return instant
