"""Asking again about certificates that could not be asked about when their holders signed.

Where the organiser lets voters in while the authority does not answer (`if_known`), their
signatures are marked. They are asked about until there is an answer, and before the tally: a
certificate that was revoked before its holder signed makes a case for the commission, and an
unused permit that rests on it is cancelled.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from dauys.board.journal import Journal
from dauys.conduct import words
from dauys.conduct.people import Evidence, IssuedPermits, KeptSignature
from dauys.core.errors import DauysError, RefusedError
from dauys.core.ids import ContestId, LeafIndex
from dauys.core.ports import Clock
from dauys.identity.signature.cms import read_signed_message
from dauys.identity.signature.trust import (
    Revocation,
    RevocationPolicy,
    RevocationSource,
    Trust,
    require_not_revoked,
)
from dauys.response.cases import CaseDesk, Finding

CLUSTER: Final = "revoked-certificates"
PATIENCE: Final = timedelta(minutes=5)
AT_ONCE: Final = 50
"""Signatures of one round: with nobody answering, each takes seconds."""


@dataclass(frozen=True, slots=True)
class Rechecked:
    """What a round brought: how many are good, revoked, still unknown."""

    good: int = 0
    revoked: int = 0
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class RecheckDesk:
    """Asks again about the marked signatures of one election."""

    evidence: Evidence
    trust: Trust
    source: RevocationSource | None
    permits: IssuedPermits
    journal: Journal
    cases: CaseDesk
    clock: Clock

    def pending(self) -> int:
        """How many signatures are marked."""
        return len(self.evidence.marked())

    def recheck(self, limit: int | None = None) -> Rechecked:
        """Ask about the marked signatures, or `limit` of them, the longest unasked first."""
        found = Rechecked()
        revoked: list[KeptSignature] = []
        for kept in self.evidence.marked()[:limit]:
            now = self.clock.now()
            status = self._status(kept, now)
            self.evidence.note(kept.sha256, status, now)
            if status is Revocation.REVOKED:
                found = replace(found, revoked=found.revoked + 1)
                revoked.append(kept)
            elif status is Revocation.GOOD:
                found = replace(found, good=found.good + 1)
            else:
                found = replace(found, unknown=found.unknown + 1)
        for kept in revoked:
            self.permits.cancel_by_evidence(kept.sha256)
        self._open_cases({kept.sha256 for kept in revoked})
        return found

    def _status(self, kept: KeptSignature, now: datetime) -> Revocation:
        """What is known now of the certificates, as they were when the voter signed."""
        try:
            message = read_signed_message(self.evidence.read(kept.sha256))
            chain = self.trust.chain(message.certificate, message.other_certificates, kept.kept_at)
            policy = RevocationPolicy.IF_KNOWN
            return require_not_revoked(chain, self.source, policy, now, kept.kept_at)
        except RefusedError as error:
            return Revocation.REVOKED if error.code == "revoked" else Revocation.UNKNOWN
        except (DauysError, LookupError):
            return Revocation.UNKNOWN  # for `dauys evidence verify` to tell

    def _open_cases(self, hashes: set[str]) -> None:
        if not hashes:
            return
        serials = {
            permit.statement.serial
            for permit in self.permits.all()
            if permit.statement.evidence in hashes
        }
        ballots: dict[ContestId, list[LeafIndex]] = {}
        with self.journal.reading() as state:
            for record in state.ballots.values():
                if record.serial in serials:
                    ballots.setdefault(record.contest, []).append(record.index)
        for contest, places in ballots.items():
            finding = Finding(
                contest, words.REVOKED_TITLE, (words.revoked(len(places)),), tuple(places)
            )
            self.cases.open_by_monitor(finding, CLUSTER)


@dataclass(slots=True)
class RecheckRounds:
    """Asks again every few minutes, as one of the caretaker's chores."""

    desk: RecheckDesk
    _asked: datetime | None = None

    def __call__(self, _state: object, now: datetime) -> None:
        """Ask, if it is time."""
        if self._asked is None or now - self._asked >= PATIENCE:
            self._asked = now
            self.desk.recheck(AT_ONCE)
