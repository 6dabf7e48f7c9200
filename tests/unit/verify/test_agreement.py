"""The auditor and the board's own replay, written apart, say the same of random logs.

Signatures are taken on trust here, and ballots are any words: what is compared is who may
stand where, what decisions do, and which ballots count. Where the two differ, one of
them, or docs/protocol.md, is wrong.
"""

import copy
import hashlib
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from dauys.core.entries import (
    AnyEntry,
    Approval,
    BallotEntry,
    ClockTick,
    Close,
    Decision,
    Manifest,
    Open,
    RevotePolicy,
    encode_entry,
)
from dauys.core.errors import VerificationError
from dauys.core.ids import CandidateId, Credential, MethodId, Pseudonym, Tracker
from dauys.core.permit import Permit, Statement
from dauys.core.remedies import Annul, Dismiss, Extend, Remedy, Restore, Restrict, Zero
from dauys.core.replay import Replay as BoardReplay
from dauys.crypto.ballot import tracker
from dauys.tally.countable import countable as countable_by_the_board
from dauys.tally.strata import strata as strata_by_the_board
from dauys.verify.checks import Findings
from dauys.verify.countable import countable
from dauys.verify.replay import Replay
from dauys.verify.tallies import expected_strata
from tests.unit.verify.story import ALMATY, ASTANA, ELECTION, NO_REASON, day, story

METHODS = (MethodId("post"), MethodId("sms"), MethodId("eds"))
MEMBERS = ("chair", "clerk", "third")
ENTRIES = 60


def trust(_key: str, _message: bytes, _signature: bytes) -> None:
    """Take any signature."""


class RandomLog:
    """Draws entries that might come next: most are in order, some are not."""

    def __init__(self, draw: random.Random) -> None:
        self.draw = draw
        self.minutes = 240
        self.serial = 0
        self.entries: list[AnyEntry] = []

    def sealed(self, policy: RevotePolicy) -> list[AnyEntry]:
        manifest, *others = story().sealed()
        assert isinstance(manifest, Manifest)
        minimum = self.draw.choice([1, 2, 3])
        rules = replace(
            manifest,
            methods=METHODS,
            policy=policy,
            stratum_minimum=minimum,
            closes=day("07:00"),
        )
        return [rules, *others, Open(at=day("04:00"))]

    def time(self) -> str:
        """Now, or a little later, or sometimes earlier."""
        self.minutes += self.draw.choice([0, 0, 5, 20, 60, -5])
        return day(f"{self.minutes // 60:02d}:{self.minutes % 60:02d}")

    def following(self) -> AnyEntry:
        kinds = (self.ballot, self.clock, self.decision, self.approval, self.opening, self.closing)
        (kind,) = self.draw.choices(kinds, weights=[12, 2, 3, 8, 1, 1])
        return kind()

    def clock(self) -> ClockTick:
        return ClockTick(at=self.time())

    def opening(self) -> Open:
        return Open(at=self.time())

    def closing(self) -> Close:
        return Close(at=self.time(), permits=self.serial + self.draw.choice([0, 0, 5]))

    def ballot(self) -> BallotEntry:
        self.serial += 1
        earlier = [e for e in self.entries if isinstance(e, BallotEntry)]
        twin = self.draw.choice(earlier) if earlier and self.draw.random() < 0.05 else None
        reclaimed = self.draw.choice(earlier) if earlier and self.draw.random() < 0.4 else None
        text = twin.ballot if twin else f"ballot {self.serial}"
        own = reclaimed.permit.statement if reclaimed and self.draw.random() < 0.8 else None
        statement = Statement(
            election=ELECTION,
            contest=own.contest if own else self.draw.choice([ALMATY, ASTANA]),
            pseudonym=own.pseudonym if own else Pseudonym(self.draw.choice("abcdef") * 32),
            credential=Credential(hashlib.sha256(text.encode()).hexdigest()),
            method=self.draw.choice(METHODS),
            serial=self.serial,
            weight=1,
            evidence=None,
            reclaims=tracker(reclaimed.ballot) if reclaimed else None,
        )
        # One pseudonym for each voter and contest: the auditor alone asks for that.
        letters = "abcdef" if statement.contest == ALMATY else "012345"
        pseudonym = letters["abcdef012345".index(statement.pseudonym[0]) % 6] * 32
        statement = replace(statement, pseudonym=Pseudonym(pseudonym))
        return BallotEntry(permit=Permit(statement=statement, signature="00" * 64), ballot=text)

    def decision(self) -> Decision:
        number = 1 + sum(isinstance(e, Decision) for e in self.entries)
        return Decision(
            number=max(1, number - self.draw.choice([0, 0, 0, 1])),
            proposed=day("05:00"),
            case=None,
            remedy=self.remedy(),
            reason=NO_REASON,
        )

    def remedy(self) -> Remedy:
        ballots = [i for i, e in enumerate(self.entries) if isinstance(e, BallotEntry)]
        some = self.draw.sample(ballots, min(len(ballots), self.draw.randrange(1, 6)))
        named = tuple(sorted(some) if self.draw.random() < 0.9 else some) or (0,)
        allowed = tuple(
            self.draw.sample([*METHODS, MethodId("eds")][:3], self.draw.randrange(1, 4))
        )
        hour = self.draw.randrange(4, 20)
        candidate = CandidateId(self.draw.choice(["aigul", "dana"]))
        remedies: list[Remedy] = [
            Annul(ballots=named),
            Annul(ballots=named),
            Restore(ballots=self.draw.choice([named, *self.annulments()])),
            Restore(ballots=self.draw.choice([named, *self.annulments()])),
            Extend(closes=day(f"{hour:02d}:00")),
            Restrict(methods=allowed, since=day(f"{hour:02d}:00")),
            Zero(contest=ALMATY, candidate=candidate, method=MethodId("sms")),
            Dismiss(),
        ]
        return self.draw.choice(remedies)

    def annulments(self) -> list[tuple[int, ...]]:
        """What earlier decisions annul."""
        remedies = [e.remedy for e in self.entries if isinstance(e, Decision)]
        return [remedy.ballots for remedy in remedies if isinstance(remedy, Annul)]

    def approval(self) -> Approval:
        decisions = [e for e in self.entries if isinstance(e, Decision)]
        last = decisions[-1:] * 4 + decisions[-2:] or [self.decision()]
        decision = self.draw.choice(last)
        return Approval(
            at=self.time(),
            decision=decision.number,
            digest=hashlib.sha256(encode_entry(decision)).hexdigest(),
            member=self.draw.choice(MEMBERS),
            signature="00" * 64,
        )


class Auditor:
    """The auditor's replay, with a way to try an entry first."""

    def __init__(self) -> None:
        self.findings = Findings()
        self.replay = Replay(self.findings)

    def takes(self, number: int, entry: AnyEntry) -> bool:
        """Whether `entry` may come next; it is taken if so."""
        trial = copy.deepcopy(self)
        trial.replay.take(number, encode_entry(entry))
        accepted = not trial.findings.faulty()
        if accepted:
            self.findings, self.replay = trial.findings, trial.replay
        return accepted


def board_takes(board: BoardReplay, entry: AnyEntry) -> bool:
    """Whether the board's own replay takes `entry`."""
    try:
        board.apply(entry)
    except VerificationError:
        return False
    return True


@settings(max_examples=40)
@given(st.integers(0, 2**32), st.sampled_from(list(RevotePolicy)))
def test_the_auditor_and_the_board_agree_on_random_logs(seed: int, policy: RevotePolicy) -> None:
    log, board, auditor = RandomLog(random.Random(seed)), BoardReplay(trust), Auditor()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dauys.verify.decisions.verify_signature", trust)
        for entry in log.sealed(policy):
            assert board_takes(board, entry)
            assert auditor.takes(len(log.entries), entry)
            log.entries.append(entry)
        for _ in range(ENTRIES):
            entry = log.following()
            accepted = board_takes(board, entry)
            assert auditor.takes(len(log.entries), entry) is accepted, entry
            if accepted:
                log.entries.append(entry)
    history = auditor.replay.history
    assert history is not None
    assert (history.closes, history.time) == (board.state.closes, board.state.now)
    assert history.annulled == set(board.state.annulled)
    assert history.restored == set(board.state.restored)
    assert sorted(history.zeros.items()) == sorted(board.state.zeroed)
    ours, theirs = countable(history), countable_by_the_board(board.state)
    for contest in (ALMATY, ASTANA):
        assert [b.entry for b in ours[contest]] == [b.index for b in theirs[contest]]
        groups = strata_by_the_board(board.state.manifest, theirs[contest])
        assert [
            (s.name, s.methods, s.ballots) for s in expected_strata(history, ours[contest])
        ] == [(s.name, s.methods, s.ballots) for s in groups]


def test_the_told_election_counts_the_same_on_the_board() -> None:
    board = BoardReplay(trust)
    for entry in story().entries:
        board.apply(entry)
    counted = {b.index for ballots in countable_by_the_board(board.state).values() for b in ballots}
    voters = ("v1", "v2", "v4", "v5", "v6", "v7", "v3 again", "v8", "w1", "w2", "w3", "sms still")
    assert counted == {story().places[voter] for voter in voters}
    assert Tracker(story().board.tracker(story().places["v1"])) in board.state.by_tracker
