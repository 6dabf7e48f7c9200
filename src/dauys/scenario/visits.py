"""Plays visits through the services that the web uses, and remembers what really happened."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import msgspec

from dauys.ballotbox.request import CastRequest
from dauys.conduct.people import Earlier, Identified
from dauys.conduct.people import Visit as Arrival
from dauys.core.errors import RefusedError
from dauys.core.ids import CandidateId, ContestId, LeafIndex, MethodId, RegisterNumber, Tracker
from dauys.crypto.ballot import tracker
from dauys.scenario.ballots import PreparedBallot
from dauys.scenario.people import EDS, Actor, Electorate, OnRefusal, Terminal, Visit, Voter
from dauys.wiring import Services

CODE = re.compile(r"(?<![0-9])[0-9]{6}(?![0-9])")
TRIES_ELSEWHERE = 60
"""One in so many voters tries to vote in another region first."""
THINKS_IT_OVER = timedelta(minutes=20)

ReadMessage = Callable[[str], str]
Sign = Callable[[Voter, bytes, datetime], bytes]
Prepare = Callable[[ContestId, CandidateId], PreparedBallot]


@dataclass(frozen=True, slots=True)
class TrueBallot:
    """A ballot on the board, with what only the simulator knows: whose it is, and for whom."""

    index: LeafIndex
    tracker: Tracker
    contest: ContestId
    candidate: CandidateId
    register_number: RegisterNumber
    method: MethodId
    by: Actor
    at: datetime


@dataclass(slots=True)
class Truth:
    """What really happened."""

    ballots: list[TrueBallot] = field(default_factory=list)
    """In the order of the board."""
    stolen: set[Tracker] = field(default_factory=set)
    """The thief's ballots among them."""
    robbed: set[RegisterNumber] = field(default_factory=set)
    """Voters in whose name the thief cast one."""
    refused: list[tuple[Visit, str]] = field(default_factory=list)
    """Visits that ended without a ballot, and the code of the refusal."""
    other_region: list[str] = field(default_factory=list)
    """What voters were told who tried to vote in another region: codes of refusal."""

    def add(self, ballot: TrueBallot) -> None:
        """Remember a ballot that is on the board now."""
        self.ballots.append(ballot)
        if ballot.by is Actor.THIEF:
            self.stolen.add(ballot.tracker)
            self.robbed.add(ballot.register_number)


@dataclass(slots=True)
class Players:
    """Acts for the people of an electorate."""

    electorate: Electorate
    services: Services
    read_message: ReadMessage
    sign: Sign
    prepare: Prepare
    truth: Truth = field(default_factory=Truth)

    def play(self, visit: Visit) -> Iterator[datetime]:
        """One visit from its beginning to its end."""
        voter = self.electorate.voter(visit.register_number)
        try:
            if visit.method == EDS:
                yield from self._by_signature(visit, voter)
            else:
                yield from self._by_code(visit, voter)
        except RefusedError as error:
            self.truth.refused.append((visit, error.code))
            yield from self._after_refusal(visit, voter, error.code)

    def _by_code(self, visit: Visit, voter: Voter) -> Iterator[datetime]:
        yield visit.time
        desk, arrival = self.services.voting, _arrival(visit.terminal)
        sent = desk.request_code(voter.number, arrival, "ru")
        code = _code_in(self.read_message(voter.phone))
        for wrong in range(visit.wrong_codes):
            yield visit.time + visit.code_latency * (wrong + 1) / (visit.wrong_codes + 1)
            try:
                desk.enter_code(sent.request_id, _other_code(code, wrong), arrival)
            except RefusedError as error:
                if error.code != "wrong_code":
                    raise
        yield visit.identified_at
        identified = desk.enter_code(sent.request_id, code, arrival)
        standing = desk.standing(identified.voter, identified.method)
        if standing.refusal:
            yield from self._told_of_earlier(visit, identified, standing.earlier)
            raise RefusedError(standing.refusal)
        yield visit.cast_at
        self._cast(visit, identified, self.prepare(voter.contest, visit.candidate), None)

    def _told_of_earlier(
        self, visit: Visit, identified: Identified, earlier: tuple[Earlier, ...]
    ) -> Iterator[datetime]:
        """A robbed voter without a signature may say so on the page, by the code alone."""
        voter = self.electorate.voter(visit.register_number)
        if visit.by is not Actor.VOTER or voter.on_refusal is not OnRefusal.REPORT:
            return
        for one in earlier:
            if one.tracker in self.truth.stolen and one.counts:
                yield visit.identified_at + timedelta(minutes=1)
                arrival = _arrival(visit.terminal)
                self.services.voting.report_stolen(identified, one.tracker, arrival)

    def _by_signature(self, visit: Visit, voter: Voter) -> Iterator[datetime]:
        yield visit.time
        desk, arrival = self.services.voting, _arrival(visit.terminal)
        ballot = self.prepare(voter.contest, visit.candidate)
        challenge = desk.challenge(ballot.key.public)
        cms = self.sign(voter, challenge, self.services.clock.now())
        identified = desk.check_signature(cms, arrival)
        standing = desk.standing(identified.voter, identified.method)
        stolen = (e for e in standing.earlier if e.tracker in self.truth.stolen)
        reclaims = next((e.tracker for e in stolen if e.may_reclaim), None)
        if standing.refusal and reclaims is None:
            raise RefusedError(standing.refusal)
        yield visit.cast_at
        self._cast(visit, identified, ballot, reclaims)

    def _cast(
        self,
        visit: Visit,
        identified: Identified,
        ballot: PreparedBallot,
        reclaims: Tracker | None,
    ) -> None:
        arrival = replace(_arrival(visit.terminal), dwell_s=visit.dwell.total_seconds())
        permit = self.services.voting.permit(identified, ballot.key.public, reclaims, arrival)
        if visit.register_number % TRIES_ELSEWHERE == 0:
            self._try_another_region(CastRequest(permit=permit, ballot=ballot.text), arrival)
        cast = self.services.casting.cast(CastRequest(permit=permit, ballot=ballot.text), arrival)
        self.truth.add(
            TrueBallot(
                cast.index,
                tracker(ballot.text),
                identified.voter.contest,
                visit.candidate,
                visit.register_number,
                visit.method,
                visit.by,
                self.services.clock.now(),
            )
        )

    def _try_another_region(self, request: CastRequest, arrival: Arrival) -> None:
        """The voter's permit with another contest's name on it: the registrar never said so."""
        statement = request.permit.statement
        others = [c.id for c in self.electorate.contests if c.id != statement.contest]
        elsewhere = msgspec.structs.replace(statement, contest=others[0])
        permit = msgspec.structs.replace(request.permit, statement=elsewhere)
        try:
            self.services.casting.cast(CastRequest(permit=permit, ballot=request.ballot), arrival)
        except RefusedError as error:
            self.truth.other_region.append(error.code)

    def _after_refusal(self, visit: Visit, voter: Voter, code: str) -> Iterator[datetime]:
        """An honest voter with a signature comes back with it."""
        if visit.by is not Actor.VOTER or visit.method == EDS or not voter.has_signature:
            return
        robbed = (
            code == "already_voted"
            and voter.on_refusal is OnRefusal.RECLAIM
            and visit.register_number in self.truth.robbed
        )
        if robbed or code == "method_not_allowed":
            yield from self.play(by_signature(visit, visit.identified_at + THINKS_IT_OVER))


def by_signature(visit: Visit, moment: datetime) -> Visit:
    """The same visit at `moment`, with a digital signature."""
    return replace(visit, time=moment, method=EDS, wrong_codes=0, code_latency=timedelta(0))


def _arrival(terminal: Terminal) -> Arrival:
    return Arrival(terminal.address, terminal.device, terminal.browser, terminal.tls)


def _code_in(message: str) -> str:
    found = CODE.search(message)
    if found is None:
        raise LookupError("the message holds no code")
    return found[0]


def _other_code(code: str, number: int) -> str:
    return f"{(int(code) + number + 1) % 10**6:06d}"
