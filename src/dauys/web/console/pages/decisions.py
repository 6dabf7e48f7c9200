"""Proposals and decisions in words, and what a remedy would do, in plain numbers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from dauys.core.canonical import encode
from dauys.core.forms import Text, format_instant
from dauys.core.ids import ContestId
from dauys.core.remedies import Annul, Dismiss, Extend, Remedy, Restore, Restrict, Retune, Zero
from dauys.core.state import ElectionState
from dauys.response.preview import Change as Changed
from dauys.response.preview import Consequences, Counting, preview
from dauys.response.proposals import Proposal
from dauys.tally.countable import countable
from dauys.tally.strata import strata
from dauys.web.console import saying
from dauys.wiring import Services

STATUSES = {
    "waiting": _("waiting for signatures"),
    "published": _("in force, on the board"),
    "withdrawn": _("withdrawn"),
}


@dataclass(frozen=True, slots=True)
class Signer:
    """A seat of the commission and when it signed; empty: not yet."""

    seat: str
    signed: str


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """A proposal in the list."""

    number: int
    remedy: str
    case: int | None
    status: str
    status_code: str
    signatures: str


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """A proposal, who has signed, and what a member needs to sign.

    `text` is the entry byte for byte: the browser shows it, hashes it and signs that.
    """

    line: ProposalLine
    reason: Text
    proposed: str
    proposer: str
    signers: tuple[Signer, ...]
    digest: str
    text: str
    election: str
    entry: int | None


@dataclass(frozen=True, slots=True)
class Group:
    """Ballots of one contest and method that a remedy names; `votes` of those that count now."""

    contest: str
    method: str
    ballots: int
    counting: int
    votes: int
    voters: int
    share: str


@dataclass(frozen=True, slots=True)
class Change:
    """Ballots that count in a contest, and their votes, before and after."""

    contest: str
    before: int
    after: int
    votes_before: int
    votes_after: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What would happen, as sentences and two tables; with votes where some voter has several."""

    remedy: str
    sentences: tuple[str, ...]
    warnings: tuple[str, ...]
    groups: tuple[Group, ...]
    changes: tuple[Change, ...]
    weighted: bool


def proposals(services: Services) -> tuple[ProposalLine, ...]:
    """All proposals, waiting ones first, newest first."""
    state = services.journal.state()
    lines = [_line(state, proposal) for proposal in services.decisions.find()]
    return tuple(sorted(lines, key=lambda line: (line.status_code != "waiting", -line.number)))


def proposal_page(services: Services, proposal: Proposal) -> ProposalPage:
    """One proposal."""
    state = services.journal.state()
    zone = state.manifest.zone
    signed = {approval.member: approval.at for approval in proposal.approvals}
    record = state.decisions.get(proposal.number)
    return ProposalPage(
        line=_line(state, proposal),
        reason=proposal.decision.reason,
        proposed=saying.when(proposal.decision.proposed, zone),
        proposer=proposal.proposer,
        signers=tuple(
            Signer(
                saying.say(member.name),
                saying.briefly(signed[member.id], zone) if member.id in signed else "",
            )
            for member in state.manifest.commission
        ),
        digest=proposal.digest,
        text=encode(proposal.decision).decode(),
        election=state.manifest.election,
        entry=record.index if record else None,
    )


def remedy_words(state: ElectionState, remedy: Remedy) -> str:  # noqa: PLR0911 -- one each
    """A remedy in one sentence."""
    zone = state.manifest.zone
    match remedy:
        case Extend(closes=closes):
            return gettext("Extend voting until %s") % saying.when(closes, zone)
        case Restrict(methods=methods, since=since):
            return gettext("From %(since)s on, voting only by: %(methods)s") % {
                "since": saying.when(since, zone),
                "methods": saying.methods_said(methods),
            }
        case Annul(ballots=ballots):
            return gettext("Annul ballots: %s") % len(ballots)
        case Restore(ballots=ballots):
            return gettext("Restore ballots: %s") % len(ballots)
        case Zero(contest=contest, candidate=candidate, method=method):
            return gettext("Do not count votes for %(candidate)s cast by: %(method)s") % {
                "candidate": state.candidate(contest, candidate).name,
                "method": saying.method_name(method),
            }
        case Retune(policy=policy):
            return gettext("Change the monitor's policy to %s") % policy[:16]
        case Dismiss():
            return gettext("Dismiss the case")


def preview_of(services: Services, remedy: Remedy) -> Preview:
    """What `remedy` would do now. Raises RefusedError as `response.preview` does."""
    instant = format_instant(services.clock.now())
    with services.journal.reading() as state:
        found = preview(state, remedy, Counting(countable, strata), instant)
        names = {c.id: saying.say(c.name) for c in state.manifest.contests}
        return Preview(
            remedy=remedy_words(state, remedy),
            sentences=_sentences(state, found),
            warnings=_warnings(found, names),
            groups=tuple(
                Group(
                    names[group.contest],
                    saying.method_name(group.method),
                    group.ballots,
                    group.counting,
                    group.votes,
                    group.voters,
                    saying.percent(group.votes, group.turnout),
                )
                for group in found.groups
            ),
            changes=tuple(
                Change(
                    names[change.contest],
                    change.before,
                    change.after,
                    change.votes_before,
                    change.votes_after,
                )
                for change in found.changes
                if _moves(change)
            ),
            weighted=any(state.contest(contest).weighted for contest in _touched(found)),
        )


def _line(state: ElectionState, proposal: Proposal) -> ProposalLine:
    return ProposalLine(
        number=proposal.number,
        remedy=remedy_words(state, proposal.decision.remedy),
        case=proposal.decision.case,
        status=gettext(STATUSES[proposal.status.value]),
        status_code=proposal.status.value,
        signatures=gettext("%(signed)s of %(needed)s needed")
        % {"signed": len(proposal.approvals), "needed": state.manifest.quorum},
    )


def _sentences(state: ElectionState, found: Consequences) -> tuple[str, ...]:
    zone = state.manifest.zone
    lines = []
    if found.groups:
        lines.append(gettext("Ballots named: %s.") % found.ballots)
    if found.voters:
        lines += [
            gettext("Voters of whom another ballot, or this one, counts afterwards: %s.")
            % found.voters.counted,
            gettext("Voters who have no counting ballot afterwards and may vote again: %s.")
            % found.voters.may_vote,
            gettext("Voters who have no counting ballot afterwards and can no longer vote: %s.")
            % found.voters.shut_out,
        ]
    before, after = found.closes
    if before != after:
        lines.append(
            gettext("Voting closes %(after)s instead of %(before)s.")
            % {"before": saying.when(before, zone), "after": saying.when(after, zone)}
        )
    if found.methods[0] != found.methods[1]:
        lines.append(
            gettext("Ways to vote from %(since)s: %(after)s (before: %(before)s).")
            % {
                "since": saying.when(found.methods_since, zone),
                "before": saying.methods_said(found.methods[0]),
                "after": saying.methods_said(found.methods[1]),
            }
        )
    lines += _reach(state, found)
    if not any(map(_moves, found.changes)):
        lines.append(gettext("No ballot changes from counting to not counting now."))
    return tuple(lines)


def _reach(state: ElectionState, found: Consequences) -> Iterator[str]:
    """How far it goes: what of the ballots is meant, and what could come of it."""
    if isinstance(found.remedy, Zero):
        yield gettext(
            "Votes by this method: %s. How many of them are the candidate's is known after the "
            "sums are decrypted; only those are taken away."
        ) % sum(group.votes for group in found.groups)
        if found.stays:
            yield (
                gettext(
                    "The list %s keeps these votes and its seats; only who of the list gets them "
                    "can change."
                )
                % found.stays.name
            )
        return
    for change in filter(_moves, found.changes):
        contest = state.contest(change.contest)
        yield gettext(
            "%(contest)s: votes that come or go: %(votes)s. Who is elected can change where so "
            "many votes or fewer decide it. Nobody knows that before the count."
        ) % {"contest": saying.say(contest.name), "votes": change.moved}
        if len(contest.questions) > 1:
            questions = "; ".join(saying.say(question.text) for question in contest.questions)
            yield gettext("They come or go in every question of the ballot: %s.") % questions


def _moves(change: Changed) -> bool:
    """Whether other ballots count afterwards, be they as many."""
    return change.moved > 0


def _touched(found: Consequences) -> set[ContestId]:
    return {g.contest for g in found.groups} | {c.contest for c in found.changes if _moves(c)}


def _warnings(found: Consequences, names: Mapping[ContestId, str]) -> tuple[str, ...]:
    lines = []
    if found.voters and found.voters.shut_out:
        lines.append(gettext("Some voters would lose their vote without a way to vote again."))
    if found.reopens:
        lines.append(gettext("Voting has ended; it would go on again."))
    if found.without_effect:
        lines.append(
            gettext(
                "The sum of this method would be too small to be decrypted by itself: nothing "
                "would be taken away."
            )
        )
    lines += [
        gettext(
            "In the contest %(contest)s there would be too few ballots for a separate sum: "
            "%(method)s."
        )
        % {"contest": names[contest], "method": saying.method_name(method)}
        for contest, method in found.joined
        if contest in _touched(found)
    ]
    lines += [
        gettext("Decision № %s would lose its effect.") % number for number in found.zeroings_lost
    ]
    return tuple(lines)
