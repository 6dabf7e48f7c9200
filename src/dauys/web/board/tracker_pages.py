"""What the look-up of a tracker finds."""

import re
from dataclasses import dataclass

from dauys.core.errors import MalformedError
from dauys.core.ids import LeafIndex, Tracker
from dauys.tally.status import Fate, status_of
from dauys.web.board import words
from dauys.web.board.doors import Board
from dauys.web.board.reader import grouped

LENGTH = 43
_TRACKER = re.compile(r"[A-Za-z0-9+/]{43}")
_SEPARATORS = re.compile("[\\s\u200b\u2060\ufeff]+")


@dataclass(frozen=True, slots=True)
class Found:
    """A ballot on the board, and how it stands. `counts_instead` is another entry's number."""

    tracker: str
    shown: str
    index: LeafIndex
    contest: str
    method: str
    since: str
    minutes: int
    fate: Fate
    title: str
    told: str
    settled: bool
    decision: int | None
    reclaimed_at: int | None
    counts_instead: int | None
    restored: int | None

    @property
    def good(self) -> bool:
        """Whether the ballot counts."""
        return self.fate is Fate.COUNTED


def read_tracker(text: str) -> Tracker:
    """The tracker in what someone pasted: with or without spaces between its groups.

    A `+` that an address turned into a space is put back. Raises MalformedError `tracker`
    with `characters` or `length`.
    """
    bare = _SEPARATORS.sub("", text)
    if len(bare) < LENGTH:
        # A tracker may begin with `+`: the space in front of it goes last.
        ways = text, text.strip("\t\r\n"), text.strip()
        restored = (one.replace(" ", "+") for one in ways)
        bare = next((one for one in restored if len(one) == LENGTH), bare)
    if not _TRACKER.fullmatch(bare):
        odd = re.search(r"[^A-Za-z0-9+/]", bare)
        raise MalformedError("tracker", "characters" if odd else "length")
    return Tracker(bare)


def look_up(board: Board, tracker: Tracker) -> Found:
    """The ballot with `tracker`. Raises RefusedError `unknown_tracker`."""
    state, reader = board.state, board.reader
    status = status_of(state, tracker)
    ballot = state.ballots[status.index]
    at = board.timeline.time_at(status.index) or state.manifest.opens
    return Found(
        tracker=tracker,
        shown=grouped(tracker),
        index=status.index,
        contest=reader.text(state.contest(ballot.contest).name),
        method=words.method(ballot.method),
        since=reader.moment(at),
        minutes=-(-state.manifest.clock_step // 60),
        fate=status.fate,
        title=words.fate(status.fate, settled=status.settled),
        told=words.fate_told(status.fate, settled=status.settled),
        settled=status.settled,
        decision=status.decision,
        reclaimed_at=status.reclaimed_at,
        counts_instead=status.counts_instead,
        restored=status.restored,
    )
