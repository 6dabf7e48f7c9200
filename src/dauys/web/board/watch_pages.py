"""Notices to voters, and how the monitor is doing: sums only, nobody's address and no group's."""

from dataclasses import dataclass

from dauys.core.forms import format_instant
from dauys.response.queue import Standing
from dauys.store.scans import DatabaseScans
from dauys.web.board.doors import Board


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice as it stands on the board, and whether it holds now."""

    index: int
    text: str
    at: str
    until: str
    now: bool


@dataclass(frozen=True, slots=True)
class Watching:
    """What the public is told of the monitor. `groups` are all that were found so far."""

    notices: tuple[NoticeLine, ...]
    groups: int
    ballots: int
    before_commission: int
    dismissed: int
    last_look: str
    policy: str


def notices(board: Board) -> tuple[NoticeLine, ...]:
    """Notices, the newest first."""
    now, reader = format_instant(board.services.clock.now()), board.reader
    return tuple(
        NoticeLine(
            index,
            reader.text(notice.text),
            reader.moment(notice.at),
            reader.moment(notice.until),
            notice.at <= now < notice.until,
        )
        for index, notice in reversed(board.state.notices.items())
    )


def watching(board: Board) -> Watching:
    """The page."""
    queue = board.services.queue.all()
    standings = [queued.standing for queued in queue]
    last = DatabaseScans(board.services.election).last_good()
    return Watching(
        notices=notices(board),
        groups=len(queue),
        ballots=len({ballot for queued in queue for ballot in queued.proposed.ballots}),
        before_commission=standings.count(Standing.CASE),
        dismissed=standings.count(Standing.DISMISSED),
        last_look=board.reader.moment(format_instant(last)) if last else "",
        policy=board.state.monitor,
    )
