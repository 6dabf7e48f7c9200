"""An open election and many voters at the slot at once: for fault tests and benchmarks.

Everybody is identified and has a permit already; what is left is the bodies to post.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path
from random import Random

from dauys.ballotbox.request import CastRequest
from dauys.conduct.people import Identified, Visit
from dauys.core.canonical import encode
from dauys.core.contests import Candidate
from dauys.core.forms import Text
from dauys.core.ids import CandidateId, ContestId, ElectionId, MethodId, QuestionId, RegisterNumber
from dauys.crypto.election import new_uuid
from dauys.identity.register import RegisterVoter
from dauys.scenario import names
from dauys.scenario.ballots import one_of, prepare_ballots
from dauys.scenario.people_keys import SEATS, OfficeKeys
from dauys.store.drafting import DraftDesk
from dauys.wiring import Office, Services, SystemClock

CONTEST = ContestId("council")
QUESTION = QuestionId("council")
CANDIDATES = 10
"""On the paper, unless another number is asked for: the voter chooses one."""
SMS = MethodId("sms")


@dataclass(frozen=True, slots=True)
class Rush:
    """The election, and a cast request for each voter, by register number."""

    services: Services
    bodies: tuple[bytes, ...]


def make_rush(
    folder: Path,
    voters: int,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
    candidates: int = CANDIDATES,
) -> Rush:
    """Found and open an election of one contest, one of `candidates`, in `folder`."""
    office = Office(folder, SystemClock())
    services = found_rush(office, voters, candidates)
    services.counting.open()
    state = services.journal.state()
    paper = [candidate.id for candidate in state.candidates[CONTEST, QUESTION].candidates]
    choices = [(CONTEST, paper[voter % candidates]) for voter in range(voters)]
    ballots = prepare_ballots(state.elections, {CONTEST: one_of(paper)}, choices, progress)
    bodies = []
    for voter, ballot in zip(services.voters.all(), ballots, strict=True):
        identified = Identified(voter, SMS, office.clock.now(), sent_to=voter.phone)
        permit = services.voting.permit(identified, ballot.key.public, None, Visit("127.0.0.1"))
        bodies.append(encode(CastRequest(permit=permit, ballot=ballot.text)))
    return Rush(services, tuple(bodies))


def found_rush(office: Office, voters: int, candidates: int = CANDIDATES) -> Services:
    """Found and seal the election in `office`, whose voters are of `person_numbers`."""
    election = ElectionId(new_uuid(os.urandom))
    keys = OfficeKeys.generate(os.urandom)
    now = office.clock.now()
    draft = DraftDesk(election)
    draft.create(f"rush-{election[:8].lower()}", _text("Rush"), _text("Nobody"))
    draft.set_times(now - timedelta(hours=1), now + timedelta(days=1), "Asia/Almaty")
    draft.set_rules(
        methods=("sms", "eds"), policy="stronger", stratum_minimum=20, quorum=2, clock_step=300
    )
    draft.put_contest(CONTEST, _text("Council"), region="all", uuid=new_uuid(os.urandom))
    draft.put_question(CONTEST, QUESTION, _text("Council"))
    for number in range(1, candidates + 1):
        candidate = Candidate(
            id=CandidateId(f"c{number}"),
            name=f"Candidate {number}",
            occupation=_text("Occupation"),
            programme=_text("Programme"),
        )
        draft.put_candidate(CONTEST, QUESTION, candidate)
    for number, key in enumerate(keys.trustees, 1):
        draft.put_trustee(number, f"Trustee {number}", key.public.to_json())
    for seat, title in SEATS:
        draft.put_seat(seat, title, keys.commission[seat].public_hex)
    services = office.services(election)
    services.set_up.accept_register(_register(voters))
    services.set_up.seal()
    return services


def _register(voters: int) -> tuple[RegisterVoter, ...]:
    random = Random(voters)
    numbers = islice(names.person_numbers(random), voters)
    phones = names.phones(random)
    return tuple(
        RegisterVoter(
            register_number=RegisterNumber(place),
            number=number,
            name=f"Voter {place}",
            category="entrepreneur",
            region="all",
            contest=CONTEST,
            weight=1,
            phone=next(phones),
            precinct=None,
            household=None,
        )
        for place, number in enumerate(numbers, 1)
    )


def _text(words: str) -> Text:
    return Text(kk=words, ru=words, en=words)
