"""The entries one after another: who may stand where, and what each of them does.

docs/protocol.md, section 4. A misplaced entry is a fault and then takes effect as well as
it can, so that the checks behind it still say what they find.
"""

import hashlib

from dauys.core.contests import QuestionKind
from dauys.core.entries import (
    AnyEntry,
    Approval,
    BallotEntry,
    Booth,
    Candidates,
    Close,
    Decision,
    Decryption,
    Final,
    Manifest,
    Notice,
    Open,
    Result,
    Tally,
    Trustees,
    decode_entry,
)
from dauys.core.errors import MalformedError
from dauys.core.ids import Serial
from dauys.crypto.ballot import tracker
from dauys.verify.checks import Findings
from dauys.verify.decisions import check_quorums, take_approval, take_decision
from dauys.verify.history import CastBallot, History, PublishedDecryption, Stage
from dauys.verify.manifest import check_manifest
from dauys.verify.permits import PermitRules
from dauys.verify.times import check_times

ORDER = "entry-order"


class Replay:
    """Takes the log's entries in order. `history` is None until entry 0 gave a manifest."""

    def __init__(self, findings: Findings) -> None:
        self.history: History | None = None
        self.fingerprint = ""
        """SHA-256 of entry 0, hex."""
        self._findings = findings
        self._permits = PermitRules(findings)

    def take(self, number: int, data: bytes) -> None:
        """Take entry `number`, whose bytes are `data`."""
        if number == 0:
            self.fingerprint = hashlib.sha256(data).hexdigest()
        try:
            entry = decode_entry(data)
        except MalformedError as error:
            self._findings.fault_at("entry-canonical", number, error.why)
            return
        if self.history is None:
            if number == 0 and isinstance(entry, Manifest):
                check_manifest(entry, self._findings)
                check_times(entry, None, number, self._findings)
                self.history = History(entry)
            elif number == 0:
                self._misplaced(number, entry, "entry 0 is no manifest")
            return
        at = check_times(entry, self.history.time, number, self._findings)
        if at is not None:
            self.history.time = at
        self._apply(self.history, number, entry, data)

    def finish(self) -> None:
        """What can only be said at the end of the log."""
        if self.history is not None:
            check_quorums(self.history, self._findings)

    def _apply(self, history: History, number: int, entry: AnyEntry, data: bytes) -> None:
        match entry:
            case Manifest():
                self._misplaced(number, entry, "a manifest is entry 0 and nowhere else")
            case Candidates() | Trustees() | Booth():
                self._sealing(history, number, entry)
            case Open():
                self._open(history, number, entry)
            case BallotEntry():
                self._ballot(history, number, entry)
            case Decision() | Approval():
                self._deciding(history, number, entry, data)
            case Notice():
                self._notice(history, number, entry)
            case Close():
                self._close(history, number, entry)
            case Tally() | Decryption() | Result() | Final():
                self._counting(history, number, entry)
            case _:  # clock
                self._stage(history, number, entry, Stage.OPEN, Stage.CLOSED)

    def _sealing(self, history: History, number: int, entry: Candidates | Trustees | Booth) -> None:
        self._stage(history, number, entry, Stage.SEALED)
        match entry:
            case Candidates():
                self._candidates(history, number, entry)
            case Trustees() if history.trustees is None:
                history.trustees, history.trustees_entry = entry, number
            case Booth() if history.booth is None:
                paths = [file.path for file in entry.files]
                if not paths or paths != sorted(set(paths)):
                    self._findings.fault_at("booth-files", number, "not files sorted by path")
                history.booth = entry
            case _:
                self._misplaced(number, entry, "a second time")

    def _candidates(self, history: History, number: int, entry: Candidates) -> None:
        if history.trustees is not None:
            self._misplaced(number, entry, "after the trustees")
        asked, place = f"{entry.contest}, {entry.question}", (entry.contest, entry.question)
        contest = history.contest(entry.contest)
        questions = () if contest is None else contest.questions
        question = next((q for q in questions if q.id == entry.question), None)
        if question is None:
            self._misplaced(number, entry, f"there is no question {asked}")
        elif (bool(entry.candidates), bool(entry.lists)) != (
            question.kind is QuestionKind.CHOICE,
            question.kind is QuestionKind.LISTS,
        ):
            self._misplaced(number, entry, f"not as the kind of {asked} wants")
        if place in history.papers:
            self._misplaced(number, entry, f"a second time for {asked}")
        history.papers.setdefault(place, entry)
        names = history.names(entry.contest)
        if len(set(names)) != len(names):
            self._misplaced(number, entry, "two candidates or lists have the same id")

    def _open(self, history: History, number: int, entry: Open) -> None:
        self._stage(history, number, entry, Stage.SEALED, Stage.CLOSED)
        if history.trustees is None or history.booth is None:
            self._misplaced(number, entry, "before trustees and booth")
        if not history.manifest.opens <= entry.at < history.closes:
            self._misplaced(number, entry, "not between opening and closing time")
        self._before_tally(history, number, entry)
        history.stage = Stage.OPEN

    def _ballot(self, history: History, number: int, entry: BallotEntry) -> None:
        self._stage(history, number, entry, Stage.OPEN)
        if history.time is None or history.time >= history.closes:
            why = f"voting closed at {history.closes}"
            self._findings.fault_at("ballot-time", number, why)
        statement = entry.permit.statement
        ballot = CastBallot(
            entry=number,
            contest=statement.contest,
            pseudonym=statement.pseudonym,
            method=statement.method,
            credential=statement.credential,
            serial=Serial(statement.serial),
            weight=statement.weight,
            tracker=tracker(entry.ballot),
            reclaims=statement.reclaims,
        )
        self._permits.take(history, ballot, statement)
        history.ballots.append(ballot)
        history.ballot_entries.add(number)
        history.highest_serial = max(history.highest_serial, ballot.serial)

    def _deciding(
        self, history: History, number: int, entry: Decision | Approval, data: bytes
    ) -> None:
        self._stage(history, number, entry, Stage.OPEN, Stage.CLOSED)
        self._before_tally(history, number, entry)
        if isinstance(entry, Decision):
            digest = hashlib.sha256(data).hexdigest()
            take_decision(history, number, digest, entry, self._findings)
        else:
            take_approval(history, number, entry, self._findings)

    def _notice(self, history: History, number: int, entry: Notice) -> None:
        self._stage(history, number, entry, Stage.OPEN, Stage.CLOSED)
        self._before_tally(history, number, entry)
        if entry.until <= entry.at:
            self._misplaced(number, entry, "it ends before it begins")

    def _close(self, history: History, number: int, entry: Close) -> None:
        self._stage(history, number, entry, Stage.OPEN)
        if entry.at < history.closes:
            self._misplaced(number, entry, f"voting is open until {history.closes}")
        if entry.permits < max(history.highest_serial, history.permits or 0):
            self._misplaced(number, entry, "fewer permits than were used or issued before")
        history.permits = entry.permits
        history.stage = Stage.CLOSED

    def _counting(
        self, history: History, number: int, entry: Tally | Decryption | Result | Final
    ) -> None:
        if isinstance(entry, Final):
            self._stage(history, number, entry, Stage.TALLIED)
            history.stage = Stage.FINAL
            return
        self._stage(history, number, entry, Stage.CLOSED)
        if isinstance(entry, Tally):
            if (history.time or "") < history.closes:
                self._misplaced(number, entry, "before the closing time")
            if history.contest(entry.contest) is None:
                self._misplaced(number, entry, f"there is no contest {entry.contest}")
            if entry.contest in history.tallies:
                self._misplaced(number, entry, f"a second time for {entry.contest}")
            history.tallies.setdefault(entry.contest, (number, entry))
            return
        if entry.contest not in history.tallies:
            self._misplaced(number, entry, f"before the tally of {entry.contest}")
        if entry.contest in history.results:
            self._misplaced(number, entry, f"after the result of {entry.contest}")
        elif isinstance(entry, Decryption):
            self._decryption(history, number, entry)
        else:
            history.results[entry.contest] = (number, entry)
            if all(contest.id in history.results for contest in history.manifest.contests):
                history.stage = max(history.stage, Stage.TALLIED)

    def _decryption(self, history: History, number: int, entry: Decryption) -> None:
        key = (entry.contest, entry.stratum, entry.trustee)
        if key in history.decryptions:
            self._misplaced(number, entry, "a second time for the trustee and stratum")
        published = PublishedDecryption(number, entry.decryption, entry.binding)
        history.decryptions.setdefault(key, published)

    def _before_tally(self, history: History, number: int, entry: AnyEntry) -> None:
        if history.tallies:
            self._misplaced(number, entry, "after a tally")

    def _stage(self, history: History, number: int, entry: AnyEntry, *stages: Stage) -> None:
        if history.stage not in stages:
            self._misplaced(number, entry, f"the election is {history.stage.name.lower()}")

    def _misplaced(self, number: int, entry: AnyEntry, why: str) -> None:
        kind = type(entry).__struct_config__.tag
        self._findings.fault_at(ORDER, number, f"'{kind}': {why}")
