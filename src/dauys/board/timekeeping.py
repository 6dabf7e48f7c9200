"""When the log's clock ticks, and when voting opens and closes. docs/protocol.md section 4.

The entries are made here; `Journal` puts them on the board.
"""

from datetime import UTC, datetime, timedelta

from dauys.core.entries import ClockTick, Close, Open
from dauys.core.errors import RefusedError
from dauys.core.forms import format_instant, parse_instant
from dauys.core.state import ElectionState, Phase


def tick_if_due(state: ElectionState, now: datetime) -> ClockTick | None:
    """The tick that must stand before a ballot received at `now`, if any.

    Due when the log's time is `clock_step` old, and when a restriction began since. The
    tick shows a whole multiple of the step (or the restriction's moment), never the very
    second at which a ballot came.
    """
    received = format_instant(now)
    if not state.now or received <= state.now:
        return None
    step = state.manifest.clock_step
    begun = [r.since for r in state.restrictions if state.now < r.since <= received]
    if not begun and now - parse_instant(state.now) < timedelta(seconds=step):
        return None
    seconds = int(now.timestamp())
    whole = format_instant(datetime.fromtimestamp(seconds - seconds % step, UTC))
    # With a restriction just begun, the last whole step may lie before the log's time.
    return ClockTick(at=max(whole, state.now, *begun))


def open_entries(state: ElectionState, now: datetime) -> tuple[Open]:
    """Voting opens, or goes on after an extension, at `now`.

    Raises RefusedError: `already_open`, `tallied`, `not_sealed`, `too_early`, `closed`.
    """
    at = max(format_instant(now), state.now)
    if state.phase is Phase.OPEN:
        raise RefusedError("already_open")
    if state.phase in {Phase.TALLIED, Phase.FINAL} or state.tallies:
        raise RefusedError("tallied")
    if state.phase is Phase.DRAFT or state.trustees is None or state.booth is None:
        raise RefusedError("not_sealed")
    if at < state.manifest.opens:
        raise RefusedError("too_early", state.manifest.opens)
    if at >= state.closes:
        raise RefusedError("closed", state.closes)
    return (Open(at=at),)


def close_entries(state: ElectionState, now: datetime, permits: int) -> tuple[Close]:
    """Voting closes at `now`, after `permits` permits in all.

    Raises RefusedError: `not_open`, `too_early`, `permits_missing` (a ballot has a serial
    beyond them: the registrar's database lost some).
    """
    at = max(format_instant(now), state.now)
    if state.phase is not Phase.OPEN:
        raise RefusedError("not_open")
    if at < state.closes:
        raise RefusedError("too_early", state.closes)
    if permits < max(state.serials, default=0):
        raise RefusedError("permits_missing", str(permits))
    return (Close(at=at, permits=permits),)
