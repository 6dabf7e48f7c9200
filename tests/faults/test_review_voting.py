"""A voter's second tab, and signals that fail, while the voter's ballot is on its way."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any

import pytest

from dauys.ballotbox.admission import AdmittedBallot
from dauys.ballotbox.box import BallotBox, Cast, PermitState
from dauys.board.journal import Journal
from dauys.conduct.casting import Arrival, CastingDesk
from dauys.conduct.people import CastRecord, Visit, Voter
from dauys.conduct.voting import VoterDesk
from dauys.core.ids import ContestId, LeafIndex, Pseudonym, RegisterNumber, Serial
from dauys.core.replay import tracker_of
from dauys.crypto.signing import verify_signature
from tests.unit.board.elections import EDS, LOG, NORTH, OPENS, SMS, ballot, opened
from tests.unit.board.memory import MemoryEntryStore, MemoryPermitDesk

NOW = OPENS + timedelta(hours=1)
VOTER = Voter(
    register_number=RegisterNumber(1),
    number="900101300017",
    name="A",
    category="company",
    region="north",
    contest=NORTH,
    weight=1,
    phone=None,
    precinct="",
    household="",
    pseudonym=Pseudonym(f"{1:032x}"),
)


@dataclass
class Clock:
    """Does `meanwhile` whenever it is looked at."""

    meanwhile: Callable[[], None] = lambda: None

    def now(self) -> datetime:
        self.meanwhile()
        return NOW


@dataclass
class Noted:
    """What other transactions know of ballots on the board: the committed ones."""

    records: dict[LeafIndex, CastRecord] = field(default_factory=dict)

    def cast_records(
        self, contest: ContestId, pseudonym: Pseudonym
    ) -> Mapping[LeafIndex, CastRecord]:
        assert (contest, pseudonym) == (NORTH, VOTER.pseudonym)
        return dict(self.records)


def a_journal() -> Journal:
    journal = Journal(MemoryEntryStore(), LOG, verify_signature)
    with journal.writing() as writer:
        for entry in opened():
            writer.append(entry)
    return journal


def test_a_second_tab_asks_while_the_ballot_is_being_written() -> None:
    journal, noted, appended = a_journal(), Noted(), Event()

    def cast() -> None:
        with journal.writing() as writer:
            index = writer.append(ballot(1))
            appended.set()
            Event().wait(0.2)  # the disk is slow
            noted.records[index] = CastRecord(index, NOW, SMS, None)

    thread = Thread(target=cast)

    def cast_once() -> None:
        if not thread.ident:
            thread.start()
            appended.wait(5)

    parts: dict[str, Any] = dict.fromkeys(VoterDesk.__dataclass_fields__)
    desk = VoterDesk(**parts | {"journal": journal, "permits": noted, "clock": Clock(cast_once)})
    standing = desk.standing(VOTER, EDS)
    thread.join()
    (earlier,) = standing.earlier
    assert (earlier.method, earlier.counts, earlier.may_reclaim) == (SMS, True, True)


class NobodyOnTheRegister:
    """A register whose database went away after the ballots were written."""

    def by_pseudonyms(self, pseudonyms: Collection[Pseudonym]) -> dict[Pseudonym, Voter]:
        raise LookupError(pseudonyms)


def test_what_comes_after_the_commit_fails_and_the_voters_get_their_receipts(
    caplog: pytest.LogCaptureFixture,
) -> None:
    permits = MemoryPermitDesk()
    entries = [ballot(1), ballot(2)]
    for entry in entries:
        permits.permits[Serial(entry.permit.statement.serial)] = PermitState.LIVE
    box = BallotBox(a_journal(), permits, Clock())
    parts: dict[str, Any] = dict.fromkeys(CastingDesk.__dataclass_fields__)
    desk = CastingDesk(**parts | {"box": box, "register": NobodyOnTheRegister(), "clock": Clock()})
    outcomes = desk.cast_all(
        [Arrival(AdmittedBallot(entry, tracker_of(entry.ballot)), Visit("")) for entry in entries]
    )
    assert [isinstance(outcome, Cast) for outcome in outcomes] == [True, True]
    assert "the signals of casts were lost: LookupError" in caplog.text
