"""What a voter does: prove who they are, get a permit, learn of earlier ballots, reclaim.

Casting itself is the ballot box's (`ballotbox/`). Before a voter is identified, every
answer is the same whether the number is on the register, has voted, or is nobody's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from dauys.board.journal import Journal
from dauys.conduct import words
from dauys.conduct.helping import HelpDesk
from dauys.conduct.methods import DESK, EDS, SMS
from dauys.conduct.people import (
    CastRecord,
    Earlier,
    Evidence,
    Identified,
    PermitBook,
    Register,
    SignalLog,
    Standing,
    SteppedUp,
    Visit,
    Voter,
)
from dauys.core.errors import RefusedError
from dauys.core.forms import format_instant
from dauys.core.ids import Credential, ElectionId, LeafIndex, MethodId, Serial, Tracker
from dauys.core.permit import Permit
from dauys.core.ports import Clock
from dauys.core.state import BallotRecord, ElectionState
from dauys.identity.code_limits import Origin
from dauys.identity.codes import NORMAL, CodeAccepted, CodeDesk, CodeSent, WrongCodeError
from dauys.identity.permits import PermitRequest, Registrar
from dauys.identity.signature.desk import SignatureDesk
from dauys.identity.signature.profile import Holder
from dauys.identity.texts import Locale
from dauys.response.cases import Case, CaseDesk
from dauys.tally.countable import choose


@dataclass(frozen=True, slots=True)
class VoterDesk:
    """Serves the voters of one election."""

    election: ElectionId
    journal: Journal
    register: Register
    codes: Mapping[MethodId, CodeDesk]
    """By the methods that send codes: those of `BY_CODE`."""
    signatures: SignatureDesk
    registrar: Registrar
    permits: PermitBook
    evidence: Evidence
    signals: SignalLog
    cases: CaseDesk
    help: HelpDesk
    clock: Clock
    stepped_up: SteppedUp

    # -- identification --------------------------------------------------------

    def request_code(
        self, number: str, visit: Visit, locale: Locale, method: MethodId = SMS
    ) -> CodeSent:
        """Send a code to the address on the register; a stranger gets the same answer.

        Raises RefusedError `method_not_allowed`, `closed`, `not_open`, `too_soon`,
        `too_many_codes`, `no_gateway`, and `signature_asked` (with the minutes left) to
        whoever comes through a network whose voters are asked for a signature.
        """
        desk = self._desk(method)
        self.require_method(method)
        self._require_no_step_up(visit)
        voter = self.register.by_number(number)
        address, standing = (voter.address(method), voter.codes) if voter else (None, NORMAL)
        try:
            sent = desk.request(number, address, _origin(visit), locale, standing)
        except RefusedError as error:
            if error.code == "too_many_codes":  # a flood shows to the monitor, refused or not
                self._note_request(voter, method, visit)
            raise
        self._note_request(voter, method, visit)
        return sent

    def enter_code(
        self, request_id: str, code: str, visit: Visit, method: MethodId = SMS
    ) -> Identified:
        """Identify the voter by the code that was sent. Raises as `CodeDesk.enter`."""
        try:
            accepted = self._desk(method).enter(request_id, code, _origin(visit))
        except WrongCodeError as error:
            self._note_wrong(error, method, visit)
            raise
        voter = self.register.by_number(accepted.number)
        if voter is None:
            raise RefusedError("unknown_request")
        identified = _by_code(voter, method, accepted)
        self._note_identified(identified, visit)
        return identified

    def enter_link(self, token: str, visit: Visit) -> Identified:
        """Identify the voter by a link that two people of the help desk gave.

        Raises RefusedError as `HelpDesk.use_link`.
        """
        voter = self.help.use_link(token)
        identified = Identified(voter, DESK, self.clock.now())
        self._note_identified(identified, visit)
        return identified

    def challenge(self, credential: Credential) -> bytes:
        """What the voter signs to vote with the ballot key `credential`."""
        return self.signatures.challenge(self.election, credential)

    def check_signature(self, cms: bytes, visit: Visit) -> Identified:
        """Identify the voter by their signature under the challenge.

        Raises RefusedError as `SignatureDesk.check`, and `not_registered`: told only to
        whoever has just proved to be that person.
        """
        identified = self.signer_of(cms)
        self.signed(identified, visit)
        return identified

    def signer_of(self, cms: bytes, challenge: bytes | None = None) -> Identified:
        """Who signed `challenge`, or any live one; for `check_signature`, which says more.

        Raises RefusedError as that does, and `wrong_content` for another challenge.
        """
        now = self.clock.now()
        signer = self.signatures.check(cms, "vote", challenge, self._require_registered)
        voter = self._require_registered(signer.holder)
        return Identified(
            voter,
            EDS,
            now,
            evidence=self.evidence.keep(signer.cms, now, signer.revocation),
            credential=signer.authorisation.credential,
        )

    def _require_registered(self, holder: Holder) -> Voter:
        voter = self.register.by_number(holder.number)
        if voter is None:
            raise RefusedError("not_registered")
        return voter

    def signed(self, identified: Identified, visit: Visit) -> None:
        """Take note that a voter came from there with a signature of their own."""
        desk = next(iter(self.codes.values()))  # they share what they know
        desk.know(identified.voter.number, _origin(visit))
        self._note_identified(identified, visit)

    def signed_in(self, method: MethodId, number: str, visit: Visit) -> Identified:
        """Identify the voter whose number an identity provider has just told us.

        Raises RefusedError as `require_method`, and `not_registered`.
        """
        self.require_method(method)
        voter = self.register.by_number(number)
        if voter is None:
            raise RefusedError("not_registered")
        identified = Identified(voter, method, self.clock.now())
        self._note_identified(identified, visit)
        return identified

    def _note_identified(self, identified: Identified, visit: Visit) -> None:
        self.signals.note(
            "identified",
            identified.voter,
            identified.method,
            identified.at,
            visit,
            phone=identified.sent_to if identified.method == SMS else None,
            code_latency_s=identified.code_latency_s,
            code_attempts=identified.code_attempts,
        )
        now = format_instant(self.clock.now())
        with self.journal.reading() as state:
            refusal = _refusal(state, identified.voter, identified.method, now)
        if refusal == "already_voted":
            self.signals.note(
                "refused_voted", identified.voter, identified.method, identified.at, visit
            )

    def _require_no_step_up(self, visit: Visit) -> None:
        until = self.stepped_up.until(visit.address)
        if until is not None:
            minutes = -(-(until - self.clock.now()) // timedelta(minutes=1))
            raise RefusedError("signature_asked", str(max(1, minutes)))

    def _note_request(self, voter: Voter | None, method: MethodId, visit: Visit) -> None:
        now = self.clock.now()
        if voter is not None:
            phone = voter.phone if method == SMS else None
            self.signals.note("code_requested", voter, method, now, visit, phone=phone)
        else:
            self.signals.note_stranger(method, now, visit)

    def _note_wrong(self, wrong: WrongCodeError, method: MethodId, visit: Visit) -> None:
        """One signal for voters and strangers alike: time must not tell them apart."""
        voter, now = self.register.by_number(wrong.number), self.clock.now()
        if voter is None:
            self.signals.note_stranger(method, now, visit, "code_wrong")
        else:
            self.signals.note("code_wrong", voter, method, now, visit, code_attempts=wrong.attempts)

    def _desk(self, method: MethodId) -> CodeDesk:
        desk = self.codes.get(method)
        if desk is None:
            raise RefusedError("method_not_allowed", method)
        return desk

    def require_method(self, method: MethodId) -> None:
        """Check that voters are identified by `method` now.

        Raises RefusedError `method_not_allowed`, `closed`, `not_open`.
        """
        if method not in self.journal.state().manifest.methods:
            raise RefusedError("method_not_allowed", method)
        state = self.journal.state()
        state.check_admits(method, format_instant(self.clock.now()))

    # -- the identified voter --------------------------------------------------

    def standing(self, voter: Voter, method: MethodId) -> Standing:
        """Whether the voter may vote by `method` now, and what was cast in their name."""
        now = format_instant(self.clock.now())
        # Held still, so that no ballot is told of that is only on its way to the board.
        with self.journal.reading() as state:
            refusal = _refusal(state, voter, method, now)
            ballots = state.ballots_of(voter.contest, voter.pseudonym)
            counting = choose(state, ballots)
            reclaimable = {
                ballot
                for ballot in ballots
                if state.strength(ballot.method) < state.strength(method)
                and not state.is_fallen(ballot)
            }
        known = self.permits.cast_records(voter.contest, voter.pseudonym) if ballots else {}
        earlier = (
            self._tell(ballot, known, counts=ballot in counting, may_reclaim=ballot in reclaimable)
            for ballot in ballots
        )
        return Standing(refusal, tuple(earlier))

    def checked(self, identified: Identified, visit: Visit) -> None:
        """Take note that a voter looked at what was cast in their name."""
        now = self.clock.now()
        self.signals.note("checked", identified.voter, identified.method, now, visit)

    def permit(
        self, identified: Identified, credential: Credential, reclaims: Tracker | None, visit: Visit
    ) -> Permit:
        """Let the key `credential` cast one ballot in the voter's contest.

        With `reclaims` the voter says that this earlier ballot was not theirs: it will not
        count, and a report goes to the commission. Raises RefusedError as `check_may_cast`,
        `other_credential` (the signature named another key), `credential_used`.
        """
        if identified.credential not in {None, credential}:
            raise RefusedError("other_credential")
        voter = identified.voter
        state = self.journal.state()
        state.check_may_cast(
            voter.contest,
            voter.pseudonym,
            identified.method,
            reclaims,
            format_instant(self.clock.now()),
        )
        permit = self.registrar.issue(
            PermitRequest(
                election=self.election,
                contest=voter.contest,
                pseudonym=voter.pseudonym,
                credential=credential,
                method=identified.method,
                weight=voter.weight,
                evidence=identified.evidence,
                reclaims=reclaims,
            )
        )
        self.permits.note_sent_to(Serial(permit.statement.serial), identified.sent_to)
        if reclaims is not None:
            self.report_stolen(identified, reclaims, visit)
        return permit

    def report_stolen(self, identified: Identified, tracker: Tracker, visit: Visit) -> Case:
        """Keep the identified voter's word that an earlier ballot was not theirs.

        It annuls nothing by itself (see `permit` with `reclaims`); the commission sees it.
        Raises RefusedError `unknown_tracker` unless the ballot was cast in their name.
        """
        voter = identified.voter
        for ballot in self.journal.state().ballots_of(voter.contest, voter.pseudonym):
            if ballot.tracker == tracker:
                break
        else:
            raise RefusedError("unknown_tracker")
        now = self.clock.now()
        self.signals.note("reclaimed", voter, identified.method, now, visit)
        return self.cases.report_by_voter(
            ballot, words.reported_title(ballot), words.reported(ballot, identified.method)
        )

    def mask(self, record: CastRecord) -> str:
        """Where a ballot's code went, as its owner recognises it; empty where there was none."""
        return self.codes[record.method].mask(record.sent_to) if record.sent_to else ""

    def _tell(
        self,
        ballot: BallotRecord,
        known: Mapping[LeafIndex, CastRecord],
        *,
        counts: bool,
        may_reclaim: bool,
    ) -> Earlier:
        record = known[ballot.index]
        return Earlier(
            ballot.tracker,
            ballot.index,
            record.cast_at,
            ballot.method,
            self.mask(record) or None,
            counts,
            may_reclaim,
        )


def _refusal(state: ElectionState, voter: Voter, method: MethodId, now: str) -> str:
    """Code of what keeps the voter from voting by `method`, or empty."""
    try:
        state.check_may_cast(voter.contest, voter.pseudonym, method, None, now)
    except RefusedError as error:
        return error.code
    return ""


def _by_code(voter: Voter, method: MethodId, accepted: CodeAccepted) -> Identified:
    return Identified(
        voter,
        method,
        accepted.entered_at,
        sent_to=accepted.sent_to,
        code_latency_s=(accepted.entered_at - accepted.sent_at).total_seconds(),
        code_attempts=accepted.attempts,
    )


def _origin(visit: Visit) -> Origin:
    return Origin(visit.address, visit.device)
