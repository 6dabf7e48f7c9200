"""Which ballots count, against a second reading of docs/protocol.md, section 6.

The reference asks of each ballot by itself whether it counts, and looks at all others for
the reasons why not; the code under test narrows lists down.
"""

import random
from dataclasses import dataclass
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from dauys.core.entries import Manifest, RevotePolicy
from dauys.core.ids import ContestId, Credential, MethodId, Pseudonym, Serial, Tracker
from dauys.verify.countable import countable
from dauys.verify.history import CastBallot, History
from tests.unit.verify.story import ALMATY, ASTANA, story

METHODS = (MethodId("post"), MethodId("sms"), MethodId("eds"))
POLICIES = list(RevotePolicy)


@cache
def manifest() -> Manifest:
    told = story().entries[0]
    assert isinstance(told, Manifest)
    return replace(told, methods=METHODS)


def history(
    policy: RevotePolicy,
    ballots: list[CastBallot],
    annulled: set[int] | None = None,
    restored: set[int] | None = None,
) -> History:
    made = History(replace(manifest(), policy=policy))
    made.ballots = ballots
    made.annulled = annulled or set()
    made.restored = restored or set()
    return made


def cast(
    entry: int, voter: str, method: str, reclaims: int | None = None, contest: ContestId = ALMATY
) -> CastBallot:
    return CastBallot(
        entry=entry,
        contest=contest,
        pseudonym=Pseudonym(voter),
        method=MethodId(method),
        credential=Credential(f"{entry:064x}"),
        serial=Serial(entry),
        weight=1,
        tracker=Tracker(f"tracker {entry}"),
        reclaims=None if reclaims is None else Tracker(f"tracker {reclaims}"),
    )


def counted(made: History, contest: ContestId = ALMATY) -> list[int]:
    return [ballot.entry for ballot in countable(made)[contest]]


ONCE, STRONGER, LAST = RevotePolicy.ONCE, RevotePolicy.STRONGER, RevotePolicy.LAST


@pytest.mark.parametrize(
    ("policy", "entry"), [(ONCE, [1]), (STRONGER, [3]), (LAST, [4])], ids=POLICIES
)
def test_policies_choose_differently(policy: RevotePolicy, entry: list[int]) -> None:
    ballots = [cast(1, "a", "sms"), cast(2, "a", "sms"), cast(3, "a", "eds"), cast(4, "a", "eds")]
    assert counted(history(policy, [*ballots, cast(5, "a", "sms")])) == entry


@pytest.mark.parametrize("policy", POLICIES)
def test_who_lost_a_ballot_comes_back_by_a_stronger_method(policy: RevotePolicy) -> None:
    first = [cast(1, "a", "sms"), cast(2, "a", "sms"), cast(3, "a", "post")]
    assert counted(history(policy, first, annulled={1})) == []
    assert counted(history(policy, [*first, cast(4, "a", "eds")], annulled={1})) == [4]


@pytest.mark.parametrize("policy", POLICIES)
def test_a_reclaim_holds_whatever_becomes_of_the_ballot_that_reclaims(
    policy: RevotePolicy,
) -> None:
    ballots = [cast(1, "a", "sms"), cast(2, "a", "eds", reclaims=1)]
    assert counted(history(policy, ballots)) == [2]
    assert counted(history(policy, ballots, annulled={2})) == []


def test_a_reclaim_by_another_voter_or_a_weaker_method_takes_nothing() -> None:
    ballots = [cast(1, "a", "sms"), cast(2, "b", "eds", reclaims=1), cast(3, "c", "eds")]
    assert counted(history(STRONGER, [*ballots, cast(4, "c", "sms", reclaims=3)])) == [1, 2, 3]


def test_under_once_a_restored_ballot_gives_way_to_the_one_cast_instead() -> None:
    ballots = [cast(1, "a", "sms"), cast(2, "a", "eds")]
    assert counted(history(ONCE, ballots, restored={1})) == [2]
    assert counted(history(ONCE, ballots[:1], restored={1})) == [1]
    assert counted(history(STRONGER, ballots, restored={2})) == [2]


@dataclass
class _Reference:
    """Section 6 asked of one ballot at a time."""

    made: History

    def voters_own(self, ballot: CastBallot) -> list[CastBallot]:
        return [
            other
            for other in self.made.ballots
            if (other.contest, other.pseudonym) == (ballot.contest, ballot.pseudonym)
        ]

    def rank(self, ballot: CastBallot) -> int:
        return METHODS.index(ballot.method)

    def fallen(self, ballot: CastBallot) -> bool:
        return ballot.entry in self.made.annulled or any(
            other.reclaims == ballot.tracker and self.rank(other) > self.rank(ballot)
            for other in self.voters_own(ballot)
        )

    def left(self, ballot: CastBallot) -> bool:
        return not self.fallen(ballot) and not any(
            self.fallen(other) and self.rank(other) >= self.rank(ballot)
            for other in self.voters_own(ballot)
        )

    def beaten_by(self, ballot: CastBallot, other: CastBallot) -> bool:
        if self.made.manifest.policy is ONCE:
            own, others = (b.entry in self.made.restored for b in (ballot, other))
            return others < own or (others == own and other.entry < ballot.entry)
        if self.rank(other) != self.rank(ballot):
            return self.rank(other) > self.rank(ballot)
        if self.made.manifest.policy is STRONGER:
            return other.entry < ballot.entry
        return other.entry > ballot.entry

    def counts(self, ballot: CastBallot) -> bool:
        return self.left(ballot) and not any(
            self.left(other) and self.beaten_by(ballot, other)
            for other in self.voters_own(ballot)
            if other is not ballot
        )


@given(st.integers(0, 2**32), st.sampled_from(POLICIES))
def test_random_little_logs_count_as_the_reference_says(seed: int, policy: RevotePolicy) -> None:
    draw = random.Random(seed)
    ballots: list[CastBallot] = []
    for entry in range(draw.randrange(12)):
        reclaims = draw.randrange(entry) if entry and draw.random() < 0.4 else None
        voter = draw.choice("abc")
        contest = draw.choice([ALMATY, ASTANA])
        ballots.append(cast(entry, voter, draw.choice(METHODS), reclaims, contest))
    annulled = {b.entry for b in ballots if draw.random() < 0.3}
    restored = {b.entry for b in ballots if draw.random() < 0.2}
    made = history(policy, ballots, annulled, restored)
    reference = _Reference(made)
    for contest in (ALMATY, ASTANA):
        expected = [b.entry for b in ballots if b.contest == contest and reference.counts(b)]
        assert counted(made, contest) == expected
