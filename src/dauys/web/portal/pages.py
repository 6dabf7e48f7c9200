"""What the portal's pages show, read from the services of an election."""

from dataclasses import dataclass
from datetime import datetime

from dauys.conduct.methods import BY_CODE, DESK, EDS, EMAIL, SMS
from dauys.conduct.people import Earlier, Standing, Voter
from dauys.core.entries import RevotePolicy
from dauys.core.forms import format_instant, parse_instant
from dauys.core.ids import MethodId, Tracker
from dauys.core.state import ElectionState, Phase
from dauys.response.cases import Case
from dauys.store.elections import DatabaseElections
from dauys.tally.status import BallotStatus, status_of
from dauys.web.portal import links, ways
from dauys.web.portal.number_field import NumberField
from dauys.web.portal.sessions import VoterSession
from dauys.web.portal.times import Left, moment, pick, short_moment
from dauys.wiring import Services, office

GROUP = 4
"""Characters of a tracker that stand together."""


@dataclass(frozen=True, slots=True)
class ContestLine:
    """A contest on the landing page."""

    name: str
    seats: int
    candidates: int


@dataclass(frozen=True, slots=True)
class ElectionPage:
    """What every page of an election knows. Times are words in the election's zone."""

    id: str
    slug: str
    name: str
    organiser: str
    help_phone: str
    phase: Phase
    opens: str
    closes: str
    closes_short: str
    starts_in: Left
    ends_in: Left
    may_vote: bool
    before: bool
    extended: bool
    """Whether the commission moved the end."""
    by_sms: bool
    by_email: bool
    by_signature: bool
    by_link: bool
    codes_stopped: bool
    """Whether the commission stopped the methods that send codes."""
    phones: bool
    """Whether phones on the register matter."""
    signature_name: str
    signing_programs: bool
    """Whether the country's programs sign with the voters' keys."""
    confirm: str
    """How voters confirm who they are, as a sentence."""
    ladder: str
    """The methods from the weakest, if there are several."""
    sign_ins: tuple[tuple[str, str], ...]
    """Method and name of each identity provider that voters may sign in with."""
    numbers: NumberField
    policy: RevotePolicy
    contests: tuple[ContestLine, ...]
    board: str
    look_up: str
    check_opened: str
    notices: tuple[str, ...]
    """What voters are told now, in the reader's language; each stands on the board."""

    @property
    def by_code(self) -> bool:
        """Whether a code is sent to whoever asks now."""
        return self.by_sms or self.by_email

    @property
    def help_link(self) -> str:
        """The help line as a telephone's link has it."""
        return "tel:" + "".join(c for c in self.help_phone if c in "+0123456789")


def election_page(services: Services, language: str) -> ElectionPage:
    """The election as of now."""
    summary = DatabaseElections().summary(services.election)
    now, identity = services.clock.now(), office().identity
    with services.journal.reading() as state:
        manifest = state.manifest
        opens, closes = parse_instant(manifest.opens), parse_instant(state.closes)
        methods = state.methods_at(format_instant(now))
        open_now = state.phase is Phase.OPEN and now < closes
        return ElectionPage(
            id=manifest.election,
            slug=summary.slug,
            name=pick(manifest.name, language),
            organiser=pick(manifest.organiser, language),
            help_phone=summary.help_phone,
            phase=state.phase,
            opens=moment(opens, manifest.zone, language),
            closes=moment(closes, manifest.zone, language),
            closes_short=short_moment(closes, manifest.zone, language),
            starts_in=Left.until(opens, now),
            ends_in=Left.until(closes, now),
            may_vote=open_now,
            before=state.phase is Phase.SEALED,
            extended=state.closes != manifest.closes,
            by_sms=open_now and SMS in methods,
            by_email=open_now and EMAIL in methods,
            by_signature=EDS in methods and identity.signs,
            by_link=open_now and DESK in methods,
            codes_stopped=open_now
            and not set(BY_CODE) & set(methods)
            and bool(set(BY_CODE) & set(manifest.methods)),
            phones=SMS in manifest.methods,
            signature_name=ways.signature_name(identity),
            signing_programs=identity.national_keys,
            confirm=ways.confirm(methods, identity),
            ladder=ways.ladder(manifest.methods, identity, language),
            sign_ins=tuple(
                (one.method, pick(one.name, language))
                for one in identity.sign_ins
                if open_now and one.method in methods
            ),
            numbers=NumberField.of(services.numbering.words, language),
            policy=manifest.policy,
            contests=tuple(
                ContestLine(
                    pick(contest.name, language),
                    sum(question.seats for question in contest.questions),
                    sum(len(paper.people) for paper in state.papers(contest.id)),
                )
                for contest in manifest.contests
            ),
            board=links.board(summary.slug),
            look_up=links.look_up(summary.slug),
            check_opened=links.check_opened(summary.slug),
            notices=tuple(
                pick(notice.text, language)
                for notice in state.notices.values()
                if notice.at <= format_instant(now) < notice.until
            ),
        )


@dataclass(frozen=True, slots=True)
class ElectionLine:
    """An election in the list of all."""

    slug: str
    name: str
    organiser: str
    may_vote: bool
    before: bool
    opens: str
    closes: str


def election_lines(services: tuple[Services, ...], language: str) -> tuple[ElectionLine, ...]:
    """Elections for the list, in the order given."""
    pages = (election_page(one, language) for one in services)
    return tuple(
        ElectionLine(p.slug, p.name, p.organiser, p.may_vote, p.before, p.opens, p.closes)
        for p in pages
    )


@dataclass(frozen=True, slots=True)
class OwnBallot:
    """A ballot cast in the voter's name, as they are told of it."""

    tracker: Tracker
    groups: tuple[str, ...]
    at: str
    method: MethodId
    phone_end: str
    """Of the phone that its code went to."""
    mailbox: str
    """The address that its code went to, masked."""
    signed: bool
    counts: bool
    may_reclaim: bool
    may_report: bool
    status: BallotStatus
    case: int | None
    look_up: str


@dataclass(frozen=True, slots=True)
class OwnPage:
    """The voter's ballots, the newest first, and whether they may vote now."""

    voter_name: str
    voter_number: str
    method: MethodId
    signed: bool
    """Whether the voter came by a signature."""
    standing: Standing
    ballots: tuple[OwnBallot, ...]
    done: bool
    voted: str
    """That somebody voted under the voter's number."""

    @property
    def may_vote(self) -> bool:
        """Whether another ballot would be taken now."""
        return not self.standing.refusal and not self.done


def own_page(services: Services, session: VoterSession, language: str) -> OwnPage:
    """All ballots in the name of the session's voter."""
    voter, method = session.identified.voter, session.identified.method
    standing = services.voting.standing(voter, method)
    slug = links.slug_of(services.election)
    cases = services.cases.find(contest=voter.contest)
    in_time = standing.refusal not in {"not_open", "closed"}
    with services.journal.reading() as state:
        ballots = tuple(
            _own_ballot(state, earlier, cases, slug, language, in_time=in_time)
            for earlier in reversed(standing.earlier)
        )
        signed = method in state.manifest.signed
    name, number = voter.name, services.numbering.mask(voter.number)
    kind = services.numbering.parse(voter.number, strict=False).kind
    voted = pick(services.numbering.words.voted[kind], language)
    return OwnPage(name, number, method, signed, standing, ballots, session.done, voted)


def _own_ballot(
    state: ElectionState,
    earlier: Earlier,
    cases: tuple[Case, ...],
    slug: str,
    language: str,
    *,
    in_time: bool,
) -> OwnBallot:
    case = next((c.number for c in cases if earlier.index in c.disputed), None)
    return OwnBallot(
        tracker=earlier.tracker,
        groups=tracker_groups(earlier.tracker),
        at=moment(earlier.cast_at, state.manifest.zone, language),
        method=earlier.method,
        phone_end=(earlier.masked or "")[-2:] if earlier.method == SMS else "",
        mailbox=(earlier.masked or "") if earlier.method == EMAIL else "",
        signed=earlier.method in state.manifest.signed,
        counts=earlier.counts,
        may_reclaim=earlier.may_reclaim and in_time,
        may_report=case is None and earlier.counts,
        status=status_of(state, earlier.tracker),
        case=case,
        look_up=links.look_up(slug, earlier.tracker),
    )


def tracker_groups(tracker: str) -> tuple[str, ...]:
    """The tracker in groups of four."""
    return tuple(tracker[i : i + GROUP] for i in range(0, len(tracker), GROUP))


@dataclass(frozen=True, slots=True)
class Report:
    """What became of "this was not me"."""

    case: int
    opened: str
    status: str
    decision: int | None
    ballot_at: tuple[str, ...]


def reports(services: Services, voter: Voter, language: str) -> tuple[Report, ...]:
    """Cases in which the voter's word stands."""
    with services.journal.reading() as state:
        mine = {ballot.index for ballot in state.ballots_of(voter.contest, voter.pseudonym)}
        zone = state.manifest.zone
    cases = services.cases.find(contest=voter.contest)
    return tuple(
        Report(
            case.number,
            moment(case.opened, zone, language),
            case.status.value,
            case.decision,
            tuple(str(index) for index in case.disputed if index in mine),
        )
        for case in cases
        if mine & set(case.disputed)
    )


def seconds_until(instant: datetime, now: datetime) -> int:
    """Whole seconds from `now`, at least 0."""
    return max(0, round((instant - now).total_seconds()))
