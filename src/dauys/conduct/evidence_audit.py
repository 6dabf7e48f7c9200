"""Whether every signed permit rests on a valid signature of the right person.

For an auditor under the organiser's authority, who may see the register and the voters'
signatures. Nothing here is taken from what the server said when a voter signed but the time;
docs/protocol.md, section 3.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from dauys.board.journal import Journal
from dauys.conduct.people import Evidence, IssuedPermits, KeptSignature, Register
from dauys.core.entries import BallotEntry, decode_entry
from dauys.core.errors import MalformedError, RefusedError, VerificationError
from dauys.core.forms import parse_instant
from dauys.core.ids import ElectionId, Pseudonym
from dauys.core.permit import Permit, Statement
from dauys.crypto.signing import verify_signature
from dauys.identity.signature.authorisation import VOTE, Authorisation, decode
from dauys.identity.signature.certificates import read_certificate
from dauys.identity.signature.cms import check_signed_message, read_signed_message
from dauys.identity.signature.profile import Holder, Profile
from dauys.identity.signature.trust import (
    Revocation,
    RevocationPolicy,
    RevocationSource,
    Trust,
    require_not_revoked,
)

Progress = Callable[[int, int], None]
LIFETIME = timedelta(minutes=15)
"""Of a challenge, with room for the clocks: the signature came within it."""


class Fault(StrEnum):
    """What can be wrong; `docs/operating.md` says what to do."""

    MISSING = "missing"
    """The permit names a signature that is not kept, or none though its method makes one."""
    DAMAGED = "damaged"
    """What is kept does not open, or is not what its hash says: it was swapped."""
    SIGNATURE = "signature"
    """It is no valid signature for signing documents by a certificate that is trusted."""
    CONTENT = "content"
    """It authorises something else: another ballot key, election or purpose."""
    PERSON = "person"
    """It is somebody else's than the register's voter behind the permit's pseudonym."""
    TIME = "time"
    """It was not kept while its authorisation was good."""
    REVOKED = "revoked"
    """The certificate had been revoked before."""
    USED_TWICE = "used_twice"
    """Two permits rest on it."""
    PERMIT = "permit"
    """The board has another permit under this number than the registrar's book, or a forged one."""
    EXTRA = "extra"
    """A signature that is kept belongs to no permit and is not a voter's valid one either."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """One fault: of the permit with this serial (0 for none), of the evidence with this hash."""

    fault: Fault
    serial: int
    evidence: str
    detail: str


@dataclass(frozen=True, slots=True)
class EvidenceReport:
    """What was found. `unasked` are signatures of whose certificates nobody could tell.

    `without_permit` are valid ones whose voters went no further.
    """

    permits: int
    signed: int
    kept: int
    valid: int
    unasked: int
    without_permit: int
    flaws: tuple[Flaw, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.flaws


class _FlawError(Exception):
    def __init__(self, fault: Fault, detail: str = "") -> None:
        super().__init__(fault, detail)
        self.fault = fault
        self.detail = detail


@dataclass(frozen=True, slots=True)
class EvidenceAudit:
    """Everything the auditor needs of one election."""

    election: ElectionId
    evidence: Evidence
    permits: IssuedPermits
    register: Register
    journal: Journal
    trust: Trust
    profile: Profile
    source: RevocationSource | None

    def verify(self, now: datetime, progress: Progress) -> EvidenceReport:
        """Look at every permit and every signature kept. Takes some 20 ms for each."""
        permits, manifest = tuple(self.permits.all()), self.journal.state().manifest
        kept = {one.sha256: one for one in self.evidence.all()}
        named = [p.statement for p in permits if p.statement.evidence]
        extra = sorted(set(kept) - {statement.evidence or "" for statement in named})
        total, done = len(named) + len(extra), 0
        flaws = list(self._wrong_permits(permits, manifest.registrar))
        flaws += self._without_evidence(permits, manifest.signed)
        seen: dict[str, int] = {}
        valid = unasked = without_permit = 0
        for statement in named:
            done += 1
            progress(done, total)
            flaw, asked = self._look(statement, kept, seen, now)
            flaws += [flaw] if flaw else []
            valid += flaw is None
            unasked += flaw is None and not asked
        for sha256 in extra:
            done += 1
            progress(done, total)
            try:
                self._require_voters(kept[sha256], now)
            except _FlawError as error:
                flaws.append(Flaw(Fault.EXTRA, 0, sha256, f"{error.fault}: {error.detail}"))
            else:
                without_permit += 1
        return EvidenceReport(
            len(permits), len(named), len(kept), valid, unasked, without_permit, tuple(flaws)
        )

    def _wrong_permits(self, permits: tuple[Permit, ...], registrar: str) -> Iterator[Flaw]:
        """The registrar signed each, and the board has the same."""
        book = {permit.statement.serial: permit for permit in permits}
        for permit in permits:
            try:
                verify_signature(
                    registrar, permit.statement.signed_bytes(), bytes.fromhex(permit.signature)
                )
            except (VerificationError, MalformedError):
                yield _flaw(Fault.PERMIT, permit.statement, "not the registrar's signature")
        for written in self.journal.entries():
            entry = decode_entry(written)
            if isinstance(entry, BallotEntry):
                statement = entry.permit.statement
                if book.get(statement.serial) != entry.permit:
                    yield _flaw(Fault.PERMIT, statement, "the board's is another")

    def _without_evidence(
        self, permits: tuple[Permit, ...], signed: tuple[str, ...]
    ) -> Iterator[Flaw]:
        for permit in permits:
            statement = permit.statement
            if statement.evidence is None and statement.method in signed:
                yield _flaw(Fault.MISSING, statement, "the permit names none")

    def _look(
        self,
        statement: Statement,
        kept: Mapping[str, KeptSignature],
        seen: dict[str, int],
        now: datetime,
    ) -> tuple[Flaw | None, bool]:
        """The first flaw of a permit's evidence, and whether revocation could be asked."""
        try:
            known = self._require_good(statement, kept, seen, now)
        except _FlawError as error:
            return _flaw(error.fault, statement, error.detail), False
        return None, known is not Revocation.UNKNOWN

    def _require_good(
        self,
        statement: Statement,
        kept: Mapping[str, KeptSignature],
        seen: dict[str, int],
        now: datetime,
    ) -> Revocation:
        sha256 = statement.evidence or ""
        if sha256 not in kept:
            raise _FlawError(Fault.MISSING)
        if sha256 in seen:
            raise _FlawError(Fault.USED_TWICE, f"also by permit {seen[sha256]}")
        seen[sha256] = statement.serial
        holder, authorisation, known = self._read(kept[sha256], now)
        if authorisation.credential != statement.credential:
            raise _FlawError(Fault.CONTENT, "another ballot key")
        self._require_person(statement, holder)
        return known

    def _read(self, kept: KeptSignature, now: datetime) -> tuple[Holder, Authorisation, Revocation]:
        """Who signed what, if it is valid as of the time when it was kept."""
        cms = self._open(kept)
        try:
            message = read_signed_message(cms)
            check_signed_message(message, self.profile.algorithms)
            certificate = read_certificate(message.certificate)
            self.profile.require_for_signing(certificate)
            carried = message.other_certificates
            chain = self.trust.chain(message.certificate, carried, kept.kept_at)
            holder = self.profile.holder_of(certificate)
        except RefusedError as error:
            raise _FlawError(Fault.SIGNATURE, str(error)) from error
        authorisation = self._authorisation(message.content, kept)
        try:
            policy = RevocationPolicy.IF_KNOWN
            known = require_not_revoked(chain, self.source, policy, now, kept.kept_at)
        except RefusedError as error:
            raise _FlawError(Fault.REVOKED) from error
        if known is Revocation.UNKNOWN and kept.revocation == Revocation.REVOKED:
            raise _FlawError(Fault.REVOKED, "as was heard when it was asked again")
        return holder, authorisation, known

    def _open(self, kept: KeptSignature) -> bytes:
        try:
            return self.evidence.read(kept.sha256)
        except LookupError as error:
            raise _FlawError(Fault.MISSING) from error
        except VerificationError as error:
            raise _FlawError(Fault.DAMAGED, error.why) from error

    def _authorisation(self, content: bytes, kept: KeptSignature) -> Authorisation:
        try:
            authorisation = decode(content)
        except MalformedError as error:
            raise _FlawError(Fault.CONTENT, error.why) from error
        if (authorisation.purpose, authorisation.election) != (VOTE, self.election):
            raise _FlawError(Fault.CONTENT, "another purpose or election")
        expires = parse_instant(authorisation.expires)
        if not expires - LIFETIME <= kept.kept_at < expires:
            raise _FlawError(Fault.TIME, authorisation.expires)
        return authorisation

    def _require_person(self, statement: Statement, holder: Holder) -> None:
        try:
            voter = self.register.by_pseudonym(Pseudonym(statement.pseudonym))
        except LookupError as error:
            raise _FlawError(Fault.PERSON, "nobody on the register has the pseudonym") from error
        if voter.number != holder.number:
            raise _FlawError(Fault.PERSON, f"register line {voter.register_number}")
        if voter.contest != statement.contest:
            raise _FlawError(Fault.PERSON, f"of the contest {voter.contest}")

    def _require_voters(self, kept: KeptSignature, now: datetime) -> None:
        holder, _, _ = self._read(kept, now)
        if self.register.by_number(holder.number) is None:
            raise _FlawError(Fault.PERSON, "nobody on the register")


def _flaw(fault: Fault, statement: Statement, detail: str = "") -> Flaw:
    return Flaw(fault, statement.serial, statement.evidence or "", detail)
