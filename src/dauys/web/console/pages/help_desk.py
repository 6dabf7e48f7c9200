"""What the help desk may see of a voter: states in words, masked data, never a choice."""

from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from dauys.conduct.helping import Deed
from dauys.conduct.methods import DESK, EDS
from dauys.conduct.people import Voter
from dauys.identity.email import mask_address
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
CHANNELS = {"sms": _("by SMS"), "email": _("by e-mail")}
DEEDS = {
    Deed.LINK: _("a one-time link"),
    Deed.PHONE: _("another phone on the register"),
}
VOTED_SIGNING = _(
    "If the voter says that the ballot is not theirs: they can take it back on the "
    "voting page with a digital signature. You cannot do it for them."
)
VOTED = _(
    "If the voter says that the ballot is not theirs: they can report it on the voting page, and "
    "the commission looks at it. You cannot do it for them."
)
HELD_SIGNING = _(
    "Codes are stopped for this voter. Allow them again when you know who is calling, "
    "or let the voter use a digital signature."
)
HELD = _("Codes are stopped for this voter. Allow them again when you know who is calling.")
UNREACHED_SIGNING = _("No code reaches this voter: they can vote only with a digital signature.")
UNREACHED = _("No code reaches this voter: ask for a one-time link, if the rules have it.")
REACHED_SIGNING = _(
    "The voter can vote. If no code comes, they can ask for another after a minute, or use a "
    "digital signature."
)
REACHED = _("The voter can vote. If no code comes, they can ask for another after a minute.")
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

    by: str
    sent: str
    status: str
    delivery: str


@dataclass(frozen=True, slots=True)
class Ballot:
    """A ballot in the voter's name."""

    cast: str
    method: str
    sent_to: str
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
    email: str = ""
    codes: tuple[Code, ...] = ()
    ballots: tuple[Ballot, ...] = ()
    advice: str = ""


def voter_page(services: Services, number: str) -> VoterPage:
    """State of the voter with this number. The caller has logged the access."""
    voter = services.voters.by_number(number)
    help_desk = services.voting.help
    if voter is None:
        return VoterPage(registered=False)
    state = services.journal.state()
    zone = state.manifest.zone
    ballots = _ballots(services, voter, zone)
    return VoterPage(
        registered=True,
        line=voter.register_number,
        held=voter.codes.held,
        may_link=DESK in state.manifest.methods
        and (not help_desk.reached(voter) or voter.codes.held),
        frozen=help_desk.phones_frozen(),
        initials=initials(voter.name),
        category=saying.category_name(voter.category),
        contest=saying.say(state.contest(voter.contest).name),
        phone=services.numbering.phones.mask(voter.phone) if voter.phone else "",
        email=mask_address(voter.email) if voter.email else "",
        codes=_codes(services, number, zone),
        ballots=ballots,
        advice=_advice(services, voter, voted=bool(ballots)),
    )


def _codes(services: Services, number: str, zone: str) -> tuple[Code, ...]:
    codes = Figures(services.election).codes_of(number)
    deliveries = office().outbox.deliveries([code.message_id for code in codes])
    return tuple(
        Code(
            gettext(CHANNELS[code.channel]),
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
    """A voter to be asked whether they voted; `phone` and `email` in full, to reach them."""

    number: int
    register_number: int
    name: str
    phone: str
    email: str
    cast: str
    method: str
    signing: bool
    """Whether a signature would take the ballot back."""


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
        email=voter.email or "",
        cast=saying.when(record.cast_at, state.manifest.zone),
        method=saying.method_name(ballot.method),
        signing=EDS in state.manifest.methods,
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
                services.voting.mask(record),
                gettext(FATES[status_of(state, ballot.tracker).fate]),
            )
        )
    return tuple(found)


def _advice(services: Services, voter: Voter, *, voted: bool) -> str:
    signs = EDS in services.journal.state().manifest.methods
    if voted:
        return gettext(VOTED_SIGNING if signs else VOTED)
    if voter.codes.held:
        return gettext(HELD_SIGNING if signs else HELD)
    if not services.voting.help.reached(voter):
        return gettext(UNREACHED_SIGNING if signs else UNREACHED)
    return gettext(REACHED_SIGNING if signs else REACHED)
