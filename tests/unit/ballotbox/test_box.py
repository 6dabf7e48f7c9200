"""The ballot box: who may cast, who may not, and what a repetition gets."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from dauys.ballotbox.admission import AdmittedBallot
from dauys.ballotbox.box import BallotBox, Cast, CastOutcome, PermitState, Refused
from dauys.board.journal import Journal
from dauys.board.receipt import Receipt, check_receipt
from dauys.core.entries import AnyEntry, BallotEntry, ClockTick, Close, RevotePolicy, decode_entry
from dauys.core.forms import format_instant
from dauys.core.ids import LeafIndex, Serial
from dauys.core.remedies import Annul, Extend, Restore, Restrict
from dauys.core.replay import tracker_of
from dauys.crypto.signing import verify_signature
from tests.unit.board.elections import (
    CLOSES,
    EDS,
    LOG,
    OPENS,
    ORIGIN,
    PAPER,
    SMS,
    ballot,
    decided,
    opened,
    sealed,
)
from tests.unit.board.memory import MemoryEntryStore, MemoryPermitDesk


@dataclass
class HandSetClock:
    """Shows what a test sets."""

    time: datetime = OPENS + timedelta(hours=1)

    def now(self) -> datetime:
        return self.time


@dataclass
class Hall:
    """A polling place: the box with everything around it. All permits are live."""

    policy: RevotePolicy = RevotePolicy.STRONGER
    clock: HandSetClock = field(default_factory=HandSetClock)
    store: MemoryEntryStore = field(default_factory=MemoryEntryStore)
    permits: MemoryPermitDesk = field(default_factory=MemoryPermitDesk)

    def __post_init__(self) -> None:
        self.journal = Journal(self.store, LOG, verify_signature)
        self.box = BallotBox(self.journal, self.permits, self.clock)
        self.put(*opened(self.policy))

    def put(self, *entries: AnyEntry) -> None:
        with self.journal.writing() as writer:
            for entry in entries:
                writer.append(entry)

    def cast(self, *ballots: BallotEntry) -> tuple[CastOutcome, ...]:
        for one in ballots:
            serial = Serial(one.permit.statement.serial)
            self.permits.permits.setdefault(serial, PermitState.LIVE)
        admitted = [AdmittedBallot(one, tracker_of(one.ballot)) for one in ballots]
        return self.box.cast_batch(admitted)

    def kinds(self) -> list[str]:
        return [type(decode_entry(row)).__name__ for row in self.store.rows]


@pytest.fixture
def hall() -> Hall:
    return Hall()


def codes(outcomes: tuple[CastOutcome, ...]) -> list[str]:
    return [one.error.code if isinstance(one, Refused) else "cast" for one in outcomes]


def only_cast(outcomes: tuple[CastOutcome, ...]) -> Cast:
    (outcome,) = outcomes
    assert isinstance(outcome, Cast)
    return outcome


def index_of(outcomes: tuple[CastOutcome, ...]) -> LeafIndex:
    return only_cast(outcomes).index


def test_a_ballot_is_on_the_board_before_its_receipt_goes_out(hall: Hall) -> None:
    cast = only_cast(hall.cast(ballot(1)))
    assert isinstance(cast.receipt, Receipt)
    assert not cast.repeated
    assert decode_entry(hall.store.rows[cast.index]) == ballot(1)
    checkpoint = check_receipt(cast.receipt, ORIGIN, LOG.public_hex)
    assert checkpoint.size == len(hall.store.rows)
    assert hall.permits.places == {1: cast.index}


def test_no_receipt_when_the_commit_fails(hall: Hall) -> None:
    hall.store.fail_commit = True
    with pytest.raises(OSError, match="disk full"):
        hall.cast(ballot(1))
    hall.store.fail_commit = False
    assert not only_cast(hall.cast(ballot(1))).repeated


def test_cast_when_commit_persists_but_reply_is_lost(hall: Hall) -> None:
    hall.store.lose_answer = True
    with pytest.raises(OSError, match="lost"):
        hall.cast(ballot(1))
    hall.store.lose_answer = False
    again = only_cast(hall.cast(ballot(1)))
    assert again.repeated
    assert hall.kinds().count("BallotEntry") == 1


def test_the_same_ballot_again_gets_the_entry_already_there(hall: Hall) -> None:
    first = only_cast(hall.cast(ballot(1)))
    size = len(hall.store.rows)
    again = only_cast(hall.cast(ballot(1)))
    assert again.repeated
    assert again.index == first.index
    assert again.receipt == first.receipt
    assert len(hall.store.rows) == size


def test_the_same_ballot_twice_in_one_batch_is_one_entry(hall: Hall) -> None:
    first, second = hall.cast(ballot(1), ballot(1))
    assert isinstance(first, Cast)
    assert isinstance(second, Cast)
    assert (first.index, first.repeated) == (second.index, False)
    assert second.repeated
    assert first.receipt == second.receipt
    assert hall.kinds().count("BallotEntry") == 1


def test_the_same_ballot_again_after_closing_and_cancelling_still_gets_its_receipt(
    hall: Hall,
) -> None:
    first = only_cast(hall.cast(ballot(1)))
    hall.permits.permits[Serial(1)] = PermitState.CANCELLED
    hall.clock.time = CLOSES + timedelta(hours=1)
    hall.put(Close(at=format_instant(CLOSES), permits=1))
    assert only_cast(hall.cast(ballot(1))).index == first.index


def test_another_ballot_under_a_spent_permit_is_refused(hall: Hall) -> None:
    hall.cast(ballot(1))
    assert codes(hall.cast(ballot(1, "another"))) == ["permit_spent"]
    assert codes(hall.cast(ballot(2), ballot(2, "another"))) == ["cast", "permit_spent"]


def test_a_second_permit_for_a_used_credential_is_refused(hall: Hall) -> None:
    key = ballot(1).permit.statement.credential
    hall.cast(ballot(1))
    assert codes(hall.cast(ballot(2, "another", credential=key))) == ["permit_spent"]


def test_a_copied_ballot_under_ones_own_permit_is_refused(hall: Hall) -> None:
    stolen = ballot(1)
    hall.cast(stolen)
    assert codes(hall.cast(ballot(2, stolen.ballot))) == ["bad_ballot"]


def test_one_refusal_does_not_touch_the_others(hall: Hall) -> None:
    hall.permits.permits[Serial(2)] = PermitState.CANCELLED
    hall.permits.permits[Serial(3)] = PermitState.UNKNOWN
    outcomes = hall.cast(ballot(1), ballot(2), ballot(3), ballot(4, voter=1), ballot(5))
    assert codes(outcomes) == [
        "cast",
        "permit_cancelled",
        "permit_unknown",
        "already_voted",
        "cast",
    ]
    assert hall.permits.places.keys() == {1, 5}


def test_a_batch_of_refusals_writes_nothing(hall: Hall) -> None:
    hall.permits.permits[Serial(1)] = PermitState.CANCELLED
    before = hall.store.head
    assert codes(hall.cast(ballot(1))) == ["permit_cancelled"]
    assert hall.store.head == before
    assert hall.permits.places == {}


def test_nothing_is_taken_before_opening() -> None:
    hall = Hall()
    hall.store = MemoryEntryStore()
    hall.journal = Journal(hall.store, LOG, verify_signature)
    hall.box = BallotBox(hall.journal, hall.permits, hall.clock)
    hall.put(*sealed())
    assert codes(hall.cast(ballot(1))) == ["not_open"]


def test_nothing_is_taken_from_the_closing_second_on(hall: Hall) -> None:
    hall.clock.time = CLOSES - timedelta(seconds=1)
    assert codes(hall.cast(ballot(1))) == ["cast"]
    hall.clock.time = CLOSES
    assert codes(hall.cast(ballot(2))) == ["closed"]


def test_an_extension_in_force_keeps_the_box_open(hall: Hall) -> None:
    later = Extend(closes=format_instant(CLOSES + timedelta(days=1)))
    hall.put(*decided(1, later, CLOSES - timedelta(hours=1)))
    hall.clock.time = CLOSES + timedelta(hours=1)
    assert codes(hall.cast(ballot(1))) == ["cast"]
    hall.clock.time = CLOSES + timedelta(days=1)
    assert codes(hall.cast(ballot(2))) == ["closed"]


def test_a_restriction_holds_from_its_very_second(hall: Hall) -> None:
    since = OPENS + timedelta(hours=2, seconds=7)
    hall.put(*decided(1, Restrict(methods=(EDS,), since=format_instant(since)), OPENS))
    hall.clock.time = since - timedelta(seconds=1)
    assert codes(hall.cast(ballot(1))) == ["cast"]
    hall.clock.time = since
    assert codes(hall.cast(ballot(2), ballot(3, method=EDS))) == ["method_not_allowed", "cast"]
    tick = decode_entry(hall.store.rows[-2])
    assert tick == ClockTick(at=format_instant(since))


def test_published_times_are_no_finer_than_the_step(hall: Hall) -> None:
    for seconds in (3601, 3659, 3661, 3725, 3790):
        hall.clock.time = OPENS + timedelta(seconds=seconds)
        hall.cast(ballot(seconds))
    ticks = [e.at for row in hall.store.rows if isinstance(e := decode_entry(row), ClockTick)]
    minutes = [timedelta(minutes=m) for m in (60, 61, 62, 63)]
    assert ticks == [format_instant(OPENS + past) for past in minutes]


def test_a_clock_set_back_does_not_turn_the_log_back(hall: Hall) -> None:
    hall.cast(ballot(1))
    hall.clock.time = OPENS - timedelta(days=1)
    assert codes(hall.cast(ballot(2))) == ["cast"]
    assert hall.journal.state().now == format_instant(OPENS + timedelta(hours=1))


def test_a_stronger_method_replaces_a_weaker_and_not_the_other_way(hall: Hall) -> None:
    outcomes = hall.cast(
        ballot(1, voter=7),
        ballot(2, voter=7, method=EDS),
        ballot(3, voter=7, method=EDS),
        ballot(4, voter=7),
    )
    assert codes(outcomes) == ["cast", "cast", "already_voted", "already_voted"]


def test_once_means_once() -> None:
    hall = Hall(RevotePolicy.ONCE)
    outcomes = hall.cast(ballot(1, voter=7), ballot(2, voter=7, method=EDS))
    assert codes(outcomes) == ["cast", "already_voted"]


def test_last_means_as_often_as_one_likes_by_no_weaker_method() -> None:
    hall = Hall(RevotePolicy.LAST)
    outcomes = hall.cast(
        ballot(1, voter=7),
        ballot(2, voter=7),
        ballot(3, voter=7, method=EDS),
        ballot(4, voter=7),
    )
    assert codes(outcomes) == ["cast", "cast", "cast", "already_voted"]


def test_who_was_annulled_comes_back_by_a_stronger_method_only(hall: Hall) -> None:
    place = index_of(hall.cast(ballot(1, voter=7)))
    hall.put(*decided(1, Annul(ballots=(place,)), hall.clock.time))
    outcomes = hall.cast(ballot(2, voter=7), ballot(3, voter=7, method=EDS))
    assert codes(outcomes) == ["stronger_needed", "cast"]


def test_a_voter_reclaims_a_stolen_vote_by_a_stronger_method() -> None:
    hall = Hall(RevotePolicy.ONCE)
    thief = ballot(1, voter=7)
    stolen = tracker_of(thief.ballot)
    outcomes = hall.cast(
        thief,
        ballot(2, voter=7, reclaims=stolen),
        ballot(3, voter=8, method=EDS, reclaims=stolen),
        ballot(4, voter=7, method=EDS, reclaims=stolen),
    )
    assert codes(outcomes) == ["cast", "nothing_to_reclaim", "nothing_to_reclaim", "cast"]


def test_a_ballot_that_fell_behind_an_annulled_one_does_not_bar_its_voter() -> None:
    hall = Hall(RevotePolicy.ONCE)
    first = index_of(hall.cast(ballot(1, voter=7)))
    hall.put(*decided(1, Annul(ballots=(first,)), hall.clock.time))
    second = index_of(hall.cast(ballot(2, voter=7, method=EDS)))
    hall.put(*decided(2, Restore(ballots=(first,)), hall.clock.time))
    hall.put(*decided(3, Annul(ballots=(second,)), hall.clock.time))
    # By section 6 neither counts now: the second fell, the first is not stronger than it.
    assert codes(hall.cast(ballot(3, voter=7, method=PAPER))) == ["cast"]
    assert codes(hall.cast(ballot(4, voter=7, method=SMS))) == ["stronger_needed"]
