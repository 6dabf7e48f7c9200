"""Times in entries: real ones, and never going backwards. docs/protocol.md, sections 1 and 4."""

from dauys.core.entries import (
    AnyEntry,
    Approval,
    ClockTick,
    Close,
    Decision,
    Final,
    Manifest,
    Notice,
    Open,
)
from dauys.core.errors import MalformedError
from dauys.core.forms import parse_instant
from dauys.core.remedies import Extend, Restrict
from dauys.verify.checks import Findings

NAME = "entry-times"


def check_times(
    entry: AnyEntry, earlier: str | None, number: int, findings: Findings
) -> str | None:
    """The time of a timed entry, if it is one and not before the `earlier` timed entry."""
    for text in _instants(entry):
        try:
            parse_instant(text)
        except MalformedError:
            findings.fault_at(NAME, number, f"{text} is no time")
    if not isinstance(entry, Open | ClockTick | Approval | Notice | Close | Final):
        return None
    if earlier is not None and entry.at < earlier:
        findings.fault_at(NAME, number, f"{entry.at} is before {earlier}")
        return None
    return entry.at


def _instants(entry: AnyEntry) -> tuple[str, ...]:
    match entry:
        case Manifest():
            return entry.opens, entry.closes
        case Notice():
            return entry.at, entry.until
        case Decision(remedy=Extend(closes=time) | Restrict(since=time)):
            return entry.proposed, time
        case Decision():
            return (entry.proposed,)
        case Open() | ClockTick() | Approval() | Close() | Final():
            return (entry.at,)
        case _:
            return ()
