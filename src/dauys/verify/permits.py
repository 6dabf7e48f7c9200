"""What a ballot's permit must say at its place. docs/protocol.md, sections 3 and 4.

The registrar's signature takes time and is checked with the proofs, in `proofs`.
"""

from collections import Counter

from dauys.core.ids import Credential, Pseudonym, Serial, Tracker
from dauys.core.permit import Statement
from dauys.verify.checks import Findings
from dauys.verify.history import CastBallot, History
from dauys.verify.manifest import weight_of


class PermitRules:
    """Remembers what earlier ballots used up."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._credentials: dict[Credential, int] = {}
        self._serials: dict[Serial, int] = {}
        self._evidence: dict[str, int] = {}
        self._trackers: dict[Tracker, CastBallot] = {}
        self._contest_of: dict[Pseudonym, str] = {}
        self._weight_of: dict[Pseudonym, int] = {}
        self._heard: Counter[str] = Counter()

    def take(self, history: History, ballot: CastBallot, statement: Statement) -> None:
        """Check the permit of a ballot that is not yet among `history.ballots`."""
        self._check_statement(history, ballot, statement)
        self._check_method(history, ballot)
        self._check_once(ballot, statement.evidence)
        self._check_reclaims(history, ballot)
        self._credentials.setdefault(ballot.credential, ballot.entry)
        self._serials.setdefault(ballot.serial, ballot.entry)
        if statement.evidence is not None:
            self._evidence.setdefault(statement.evidence, ballot.entry)
        self._trackers.setdefault(ballot.tracker, ballot)

    def _check_statement(self, history: History, ballot: CastBallot, statement: Statement) -> None:
        name = "permit-statement"
        if statement.election != history.manifest.election:
            self._findings.fault_at(name, ballot.entry, "the permit is for another election")
        if history.contest(ballot.contest) is None:
            self._findings.fault_at(name, ballot.entry, f"there is no contest {ballot.contest}")
        if ballot.method not in history.manifest.methods:
            self._findings.fault_at(name, ballot.entry, f"there is no method {ballot.method}")
        if statement.evidence is None and ballot.method in history.manifest.signed:
            self._findings.fault_at(name, ballot.entry, f"{ballot.method} leaves no evidence")
        # "pseudonym: one for each voter and contest"
        contest = self._contest_of.setdefault(ballot.pseudonym, ballot.contest)
        if contest != ballot.contest:
            self._findings.fault_at(name, ballot.entry, f"the pseudonym is one of {contest}")
        self._check_weight(history, ballot)

    def _check_weight(self, history: History, ballot: CastBallot) -> None:
        known = self._weight_of.get(ballot.pseudonym)
        if known is None:
            self._weight_of[ballot.pseudonym] = ballot.weight
            self._heard[ballot.contest] += ballot.weight
        elif known != ballot.weight:
            why = f"the voter's weight was {known} before"
            self._findings.fault_at("permit-statement", ballot.entry, why)
        contest, heard = history.contest(ballot.contest), self._heard[ballot.contest]
        if contest is not None and heard > weight_of(contest):
            why = f"weights add up to {heard}, registered are {weight_of(contest)}"
            self._findings.fault_at("voters-within-register", ballot.entry, why)

    def _check_method(self, history: History, ballot: CastBallot) -> None:
        for restriction in history.restrictions:
            begun = history.time is not None and history.time >= restriction.since
            if begun and ballot.method not in restriction.methods:
                why = f"{ballot.method} is not allowed since {restriction.since}"
                self._findings.fault_at("permit-method", ballot.entry, why)

    def _check_once(self, ballot: CastBallot, evidence: str | None) -> None:
        earlier = self._trackers.get(ballot.tracker)
        used = (
            ("credential", self._credentials.get(ballot.credential)),
            ("permit's serial", self._serials.get(ballot.serial)),
            ("ballot", earlier and earlier.entry),
            ("evidence", None if evidence is None else self._evidence.get(evidence)),
        )
        for what, entry in used:
            if entry is not None:
                self._findings.fault_at(
                    "ballot-once", ballot.entry, f"its {what} is that of entry {entry}"
                )

    def _check_reclaims(self, history: History, ballot: CastBallot) -> None:
        if ballot.reclaims is None:
            return
        name = "permit-reclaims"
        earlier = self._trackers.get(ballot.reclaims)
        if earlier is None:
            self._findings.fault_at(name, ballot.entry, "it reclaims no earlier ballot")
            return
        if (earlier.contest, earlier.pseudonym) != (ballot.contest, ballot.pseudonym):
            self._findings.fault_at(name, ballot.entry, f"entry {earlier.entry} is another voter's")
        if history.strength(earlier.method) >= history.strength(ballot.method):
            why = f"{ballot.method} is not stronger than {earlier.method}"
            self._findings.fault_at(name, ballot.entry, why)
