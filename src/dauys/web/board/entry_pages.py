"""The log, entry by entry, for people."""

from dataclasses import dataclass
from itertools import islice

from dauys.core.entries import (
    AnyEntry,
    Approval,
    BallotEntry,
    Candidates,
    Decision,
    Decryption,
    Result,
    Tally,
    decode_entry,
)
from dauys.core.ids import ContestId, LeafIndex
from dauys.web.board import words
from dauys.web.board.decision_pages import remedy_title
from dauys.web.board.doors import Board
from dauys.web.board.reader import grouped

PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class EntryLine:
    """An entry in the list; `about` tells it from others of its kind."""

    index: int
    kind: str
    about: str
    time: str


@dataclass(frozen=True, slots=True)
class EntryList:
    """One page of the list, from page 1; `milestones` leaves ballots and clock ticks out."""

    lines: tuple[EntryLine, ...]
    page: int
    pages: int
    total: int
    milestones: bool

    @property
    def earlier(self) -> int:
        """The page before, 0 if there is none."""
        return self.page - 1

    @property
    def later(self) -> int:
        """The page after, 0 if there is none."""
        return self.page + 1 if self.page < self.pages else 0


@dataclass(frozen=True, slots=True)
class EntryPage:
    """One entry, whole. `raw` is its canonical JSON."""

    line: EntryLine
    raw: str
    size: int
    earlier: int | None
    later: int | None
    tracker: str
    tracker_shown: str
    decision: int | None


def entry_list(board: Board, page: int, *, milestones: bool) -> EntryList:
    """A page of entries, oldest first. Raises LookupError for a page that is not there."""
    timeline = board.timeline
    total = len(timeline.milestones) if milestones else timeline.size
    pages = max(1, -(-total // PER_PAGE))
    if not 1 <= page <= pages:
        raise LookupError(page)
    start = (page - 1) * PER_PAGE
    if milestones:
        chosen = tuple(islice((m.index for m in timeline.milestones), start, start + PER_PAGE))
    else:
        chosen = tuple(map(LeafIndex, range(start, min(start + PER_PAGE, timeline.size))))
    return EntryList(_lines(board, chosen), page, pages, total, milestones)


def entry_page(board: Board, index: int) -> EntryPage:
    """One entry. Raises LookupError beyond the board."""
    raw = raw_entry(board, index)
    entry = decode_entry(raw)
    ballot = board.state.ballots.get(LeafIndex(index))
    tracker = "" if ballot is None else ballot.tracker
    size = board.state.size
    return EntryPage(
        line=_line(board, index, entry),
        raw=raw.decode(),
        size=len(raw),
        earlier=index - 1 if index else None,
        later=index + 1 if index + 1 < size else None,
        tracker=tracker,
        tracker_shown=grouped(tracker),
        decision=_decision_of(entry),
    )


def raw_entry(board: Board, index: int) -> bytes:
    """The bytes of an entry, as hashed into the tree. Raises LookupError beyond the board."""
    found = tuple(board.services.journal.entries(index, index + 1))
    if not found:
        raise LookupError(index)
    return found[0]


def _lines(board: Board, chosen: tuple[LeafIndex, ...]) -> tuple[EntryLine, ...]:
    if not chosen:
        return ()
    if chosen[-1] - chosen[0] + 1 == len(chosen):
        entries = board.services.journal.entries(chosen[0], chosen[-1] + 1)
        return tuple(
            _line(board, index, decode_entry(raw))
            for index, raw in zip(chosen, entries, strict=True)
        )
    return tuple(_line(board, index, decode_entry(raw_entry(board, index))) for index in chosen)


def _line(board: Board, index: int, entry: AnyEntry) -> EntryLine:
    at = board.timeline.time_at(index)
    return EntryLine(
        index=index,
        kind=words.kind(str(entry.__struct_config__.tag)),
        about=_about(board, entry),
        time=board.reader.short(at) if at else "",
    )


def _about(board: Board, entry: AnyEntry) -> str:
    match entry:
        case BallotEntry(permit=permit):
            statement = permit.statement
            return f"{_contest(board, statement.contest)}: {words.method(statement.method)}"
        case Candidates(contest=contest) | Tally(contest=contest) | Result(contest=contest):
            return _contest(board, contest)
        case Decryption(contest=contest, trustee=trustee):
            return f"{_contest(board, contest)}: № {trustee}"
        case Decision(number=number, remedy=remedy):
            return f"№ {number}: {remedy_title(remedy)}"
        case Approval(decision=number, member=member):
            seats = {m.id: board.reader.text(m.name) for m in board.manifest.commission}
            return f"№ {number}: {seats[member]}"
        case _:
            return ""


def _contest(board: Board, contest: ContestId) -> str:
    return board.reader.text(board.state.contest(contest).name)


def _decision_of(entry: AnyEntry) -> int | None:
    match entry:
        case Decision(number=number) | Approval(decision=number):
            return number
        case _:
            return None
