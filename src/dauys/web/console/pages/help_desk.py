"""What the help desk may see of a voter: states in words, masked data, never a choice."""

from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from dauys.conduct.helping import DESK, Deed
from dauys.conduct.people import Voter
from dauys.response.verification import Question
from dauys.store.accounts import accounts
from dauys.store.figures import Figures
from dauys.tally.status import Fate, status_of
from dauys.web.console import saying
from dauys.web.console.pages.messages import delivery_words
from dauys.wiring import Services, office

CODES = {
    "waiting": _("sent, not entered"),
    "entered": _("entered"),
    "exhausted": _("given up after three wrong tries"),
}
DEEDS = {
    Deed.LINK: _("a one-time link"),
    Deed.PHONE: _("another phone on the register"),
}
FATES = {
    Fate.COUNTED: _("counts"),
    Fate.REPLACED: _("replaced by another ballot of the voter"),
    Fate.ANNULLED: _("annulled by a decision of the commission"),
    Fate.RECLAIMED: _("taken back by the voter"),
    Fate.SET_ASIDE: _("does not count; the voter may vote by a safer method"),
}


@dataclass(frozen=True, slots=True)
class Code:
    """A code that was sent."""

    sent: str
    status: str
    delivery: str


@dataclass(frozen=True, slots=True)
class Ballot:
    """A ballot in the voter's name."""

    cast: str
    method: str
    phone: str
    fate: str


@dataclass(frozen=True, slots=True)
class VoterPage:
    """What is known; `registered` alone when the number is not on the register."""

    registered: bool
    line: int = 0
    held: bool = False
    may_link: bool = False
    frozen: bool = False
    initials: str = ""
    category: str = ""
    contest: str = ""
    phone: str = ""
    codes: tuple[Code, ...] = ()
    ballots: tuple[Ballot, ...] = ()
    advice: str = ""


def voter_page(services: Services, number: str) -> VoterPage:
    """State of the voter with this IIN or BIN. The caller has logged the access."""
    voter = services.voters.by_number(number)
    if voter is None:
        return VoterPage(registered=False)
    state = services.journal.state()
    zone = state.manifest.zone
    ballots = _ballots(services, voter, zone)
    return VoterPage(
        registered=True,
        line=voter.register_number,
        held=voter.codes.held,
        may_link=DESK in state.manifest.methods and (not voter.phone or voter.codes.held),
        frozen=services.voting.help.phones_frozen(),
        initials=initials(voter.name),
        category=saying.category_name(voter.category),
        contest=saying.say(state.contest(voter.contest).name),
        phone=services.numbering.phones.mask(voter.phone) if voter.phone else "",
        codes=_codes(services, number, zone),
        ballots=ballots,
        advice=_advice(voter, voted=bool(ballots)),
    )


def _codes(services: Services, number: str, zone: str) -> tuple[Code, ...]:
    codes = Figures(services.election).codes_of(number)
    deliveries = office().outbox.deliveries([code.message_id for code in codes])
    return tuple(
        Code(
            saying.when(code.sent_at, zone),
            gettext(CODES[code.status]),
            delivery_words(deliveries.get(code.message_id)),
        )
        for code in codes
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that another person decides. `mine`: this person asked, and may only withdraw."""

    number: int
    what: str
    line: int
    reason: str
    asked_by: str
    asked_at: str
    phone: str
    mine: bool


def waiting(services: Services, person: int) -> tuple[Waiting, ...]:
    """Requests that nobody has decided yet, newest first."""
    if not office().elections.summary(services.election).sealed:
        return ()
    zone = services.journal.state().manifest.zone
    names = {account.id: account.name for account in accounts()}
    return tuple(
        Waiting(
            request.number,
            gettext(DEEDS[request.deed]),
            request.register_number,
            request.reason,
            names.get(request.asked_by, "—"),
            saying.when(request.asked_at, zone),
            services.numbering.phones.mask(request.phone_after) if request.phone_after else "",
            request.asked_by == person,
        )
        for request in services.voting.help.book.find(decided=False)
    )


@dataclass(frozen=True, slots=True)
class Ask:
    """A voter to be asked whether they voted; `phone` in full, for the call."""

    number: int
    register_number: int
    name: str
    phone: str
    cast: str
    method: str


def questions(services: Services) -> tuple[int, ...]:
    """Numbers of the questions that wait for an answer."""
    return tuple(question.number for question in services.verification.waiting())


def voter_to_ask(services: Services, question: Question) -> Ask:
    """Whom to call about what. The caller logs the access."""
    state = services.journal.state()
    ballot = state.ballots[question.ballot]
    voter = services.voters.by_pseudonym(ballot.pseudonym)
    record = services.permits.cast_records(voter.contest, voter.pseudonym)[ballot.index]
    return Ask(
        number=question.number,
        register_number=voter.register_number,
        name=voter.name,
        phone=voter.phone or "",
        cast=saying.when(record.cast_at, state.manifest.zone),
        method=saying.method_name(ballot.method),
    )


def initials(name: str) -> str:
    """First letters only: "К. Н. А."."""
    return " ".join(f"{part[0]}." for part in name.split() if part[0].isalnum())[:24]


def _ballots(services: Services, voter: Voter, zone: str) -> tuple[Ballot, ...]:
    state = services.journal.state()
    known = services.permits.cast_records(voter.contest, voter.pseudonym)
    found = []
    for ballot in state.ballots_of(voter.contest, voter.pseudonym):
        record = known[ballot.index]
        found.append(
            Ballot(
                saying.when(record.cast_at, zone),
                saying.method_name(ballot.method),
                services.numbering.phones.mask(record.phone) if record.phone else "",
                gettext(FATES[status_of(state, ballot.tracker).fate]),
            )
        )
    return tuple(found)


def _advice(voter: Voter, *, voted: bool) -> str:
    if voted:
        return gettext(
            "If the voter says that the ballot is not theirs: they can take it back on the "
            "voting page with a digital signature. You cannot do it for them."
        )
    if voter.codes.held:
        return gettext(
            "Codes are stopped for this voter. Allow them again when you know who is calling, "
            "or let the voter use a digital signature."
        )
    if not voter.phone:
        return gettext(
            "No phone stands on the register: the voter can vote only with a digital signature."
        )
    return gettext(
        "The voter can vote. If no code comes, they can ask for another after a minute, or use a "
        "digital signature."
    )
