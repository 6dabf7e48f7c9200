"""What a decision of the commission does. docs/protocol.md, "Remedies"."""

from typing import Annotated

from msgspec import Meta

from dauys.core.canonical import Record
from dauys.core.forms import CandidateWord, ContestWord, Count, Hash, Instant, MethodWord

Leaves = Annotated[tuple[Count, ...], Meta(min_length=1)]
"""Places of ballot entries in the log, ascending, none twice."""


class Extend(Record, frozen=True, kw_only=True, tag_field="type", tag="extend"):
    """Voting closes at `closes` instead, later than before."""

    closes: Instant


class Restrict(Record, frozen=True, kw_only=True, tag_field="type", tag="restrict"):
    """From `since` on only `methods` admit a ballot."""

    methods: Annotated[tuple[MethodWord, ...], Meta(min_length=1)]
    since: Instant


class Annul(Record, frozen=True, kw_only=True, tag_field="type", tag="annul"):
    """The ballots at these places do not count; their voters may vote again."""

    ballots: Leaves


class Zero(Record, frozen=True, kw_only=True, tag_field="type", tag="zero"):
    """One candidate's votes by one method do not count."""

    contest: ContestWord
    candidate: CandidateWord
    method: MethodWord


class Dismiss(Record, frozen=True, kw_only=True, tag_field="type", tag="dismiss"):
    """The case is closed without consequence."""


class Retune(Record, frozen=True, kw_only=True, tag_field="type", tag="retune"):
    """The monitor looks by the policy with this SHA-256 from now on. No ballot changes."""

    policy: Hash


class Restore(Record, frozen=True, kw_only=True, tag_field="type", tag="restore"):
    """Ballots annulled before count again."""

    ballots: Leaves


Remedy = Extend | Restrict | Annul | Zero | Dismiss | Restore | Retune
