"""The count, while somebody else writes to the board."""

from copy import deepcopy
from datetime import UTC, datetime

import pytest

from dauys.board.journal import Journal
from dauys.conduct.counting import CountingDesk
from dauys.conduct.people import CastRecord
from dauys.core.entries import AnyEntry
from dauys.core.errors import RefusedError
from dauys.core.ids import ContestId, LeafIndex, Pseudonym, Serial
from dauys.core.remedies import Annul, Extend
from dauys.crypto.signing import verify_signature
from dauys.tally.tallying import check_tallies
from tests.unit.board.memory import MemoryEntryStore
from tests.unit.verify.story import ALMATY, story


class Clock:
    """Shows the end of the story's day."""

    def now(self) -> datetime:
        return datetime(2026, 8, 5, 14, 0, tzinfo=UTC)


class NoPermits:
    """Nothing of permits is asked in the count."""

    def issued(self) -> int:
        return 0

    def note_sent_to(self, serial: Serial, address: str | None) -> None:
        raise NotImplementedError

    def cast_records(self, contest: ContestId, pseudonym: Pseudonym) -> dict[LeafIndex, CastRecord]:
        raise NotImplementedError


def append(journal: Journal, *entries: AnyEntry) -> None:
    with journal.writing() as writer:
        for entry in entries:
            writer.append(entry)


@pytest.fixture
def journal() -> Journal:
    """A board on which voting is closed and nothing counted."""
    journal = Journal(MemoryEntryStore(), story().board.keys.log, verify_signature)
    append(journal, *story().until("tally almaty"))
    return journal


def annulment(ballot: int) -> tuple[AnyEntry, ...]:
    """A decision of the quorum, to follow the closed board."""
    board = deepcopy(story().board)
    board.entries = list(story().until("tally almaty"))
    size = len(board.entries)
    board.decide(9, "13:30", Annul(ballots=(ballot,)))
    return tuple(board.entries[size:])


def total(journal: Journal) -> int:
    """Ballots in the tally of Almaty."""
    (number,) = (s.ballots for s in journal.state().tallies[ALMATY].strata if s.name == "total")
    return number


def test_a_decision_during_the_sums_is_counted(journal: Journal) -> None:
    desk = CountingDesk(journal, NoPermits(), Clock())
    decision = list(annulment(story().places["v8"]))
    before = Journal(MemoryEntryStore(), story().board.keys.log, verify_signature)
    append(before, *story().until("tally almaty"))
    CountingDesk(before, NoPermits(), Clock()).tally()

    def decide(_done: int, _of: int) -> None:
        if decision:  # in the first round only
            append(journal, *decision)
            decision.clear()

    desk.tally(decide)
    check_tallies(journal.state(), journal.entries())
    assert total(journal) == total(before) - 1


def test_nobody_waits_for_the_sums(journal: Journal) -> None:
    sizes: list[int] = []

    def look(_done: int, _of: int) -> None:
        with journal.writing() as writer:
            sizes.append(writer.state.size)

    CountingDesk(journal, NoPermits(), Clock()).tally(look)
    assert set(sizes) == {len(story().until("tally almaty"))}


def test_an_extension_that_ran_out_unused_does_not_stop_the_count(journal: Journal) -> None:
    board = deepcopy(story().board)
    board.entries = list(story().until("tally almaty"))
    size = len(board.entries)
    board.decide(9, "13:30", Extend(closes="2026-08-05T13:45:00Z"))
    append(journal, *board.entries[size:])
    CountingDesk(journal, NoPermits(), Clock()).tally()
    assert journal.state().now == "2026-08-05T14:00:00Z"


def test_no_count_while_an_extension_runs(journal: Journal) -> None:
    board = deepcopy(story().board)
    board.entries = list(story().until("tally almaty"))
    size = len(board.entries)
    board.decide(9, "13:30", Extend(closes="2026-08-05T18:00:00Z"))
    append(journal, *board.entries[size:])
    with pytest.raises(RefusedError, match="too_early"):
        CountingDesk(journal, NoPermits(), Clock()).tally()
    assert not journal.state().tallies
