"""The commission's decisions in words: what each does, why, who signed, from when."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dauys.core.ids import DecisionNumber
from dauys.core.remedies import Annul, Dismiss, Extend, Remedy, Restore, Restrict, Retune, Zero
from dauys.core.state import DecisionRecord
from dauys.web.board import words
from dauys.web.board.doors import Board


@dataclass(frozen=True, slots=True)
class SignedLine:
    """A member's signature, its time and its entry."""

    member: str
    at: str
    index: int


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """A decision in full. `in_force` is "" while signatures are missing."""

    number: int
    title: str
    told: str
    reason: str
    case: int | None
    proposed: str
    proposed_at: str
    in_force: str
    in_force_at: str
    in_force_index: int | None
    missing: int
    signed: tuple[SignedLine, ...]
    index: int
    digest: str
    ballots: tuple[int, ...]


def decisions(board: Board) -> tuple[DecisionPage, ...]:
    """All decisions, the newest first."""
    numbers = sorted(board.state.decisions, reverse=True)
    return tuple(decision(board, number) for number in numbers)


def decision(board: Board, number: int) -> DecisionPage:
    """One decision. Raises LookupError for a number that is not on the board."""
    record = board.state.decisions[DecisionNumber(number)]
    one, reader = record.decision, board.reader
    seats = {member.id: reader.text(member.name) for member in board.manifest.commission}
    signed = board.timeline.approvals.get(DecisionNumber(number), [])
    at = _in_force_at(board, record)
    return DecisionPage(
        number=number,
        title=remedy_title(one.remedy),
        told=remedy_told(board, one.remedy),
        reason=reader.text(one.reason),
        case=one.case,
        proposed=reader.moment(one.proposed),
        proposed_at=one.proposed,
        in_force=reader.moment(at) if at else "",
        in_force_at=at,
        in_force_index=record.in_force,
        missing=max(0, board.manifest.quorum - len(record.approved_by)),
        signed=tuple(SignedLine(seats[s.member], reader.moment(s.at), s.index) for s in signed),
        index=record.index,
        digest=record.digest,
        ballots=one.remedy.ballots if isinstance(one.remedy, Annul | Restore) else (),
    )


def remedy_title(remedy: Remedy) -> str:  # noqa: PLR0911 -- one for each remedy
    """The remedy in one line."""
    match remedy:
        case Extend():
            return _("Voting is extended")
        case Restrict():
            return _("Ways of voting are restricted")
        case Annul(ballots=ballots):
            return ngettext(
                "%(count)d ballot is annulled", "%(count)d ballots are annulled", len(ballots)
            ) % {"count": len(ballots)}
        case Zero():
            return _("A candidate’s votes are taken away")
        case Retune():
            return _("The monitor’s thresholds change")
        case Dismiss():
            return _("The case is dismissed")
        case Restore(ballots=ballots):
            return ngettext(
                "%(count)d ballot counts again", "%(count)d ballots count again", len(ballots)
            ) % {"count": len(ballots)}


def remedy_told(board: Board, remedy: Remedy) -> str:  # noqa: PLR0911 -- one for each remedy
    """What the remedy does, in a sentence or two."""
    reader = board.reader
    match remedy:
        case Extend(closes=closes):
            return _("Voting goes on until %(closes)s.") % {"closes": reader.moment(closes)}
        case Restrict(methods=methods, since=since):
            return _(
                "From %(since)s only ballots cast by these methods are accepted: %(methods)s."
            ) % {
                "since": reader.moment(since),
                "methods": words.methods(methods),
            }
        case Annul():
            return _(
                "Exactly the ballots listed here do not count. While voting is open, "
                "their voters may vote again by a safer method."
            )
        case Zero(contest=contest, candidate=candidate, method=method):
            return _(
                "Votes for %(candidate)s do not count if they came by this method: "
                "%(method)s. Contest: %(contest)s."
            ) % {
                "candidate": board.state.candidate(contest, candidate).name,
                "method": words.method(method),
                "contest": reader.text(board.state.contest(contest).name),
            }
        case Retune(policy=policy):
            return _(
                "The monitor looks by another policy from now on. No ballot changes by it."
                " Its fingerprint: %(policy)s"
            ) % {"policy": policy}
        case Dismiss():
            return _("The case ends without consequences for any ballot.")
        case Restore():
            return _("Ballots that were annulled before count again.")


def _in_force_at(board: Board, record: DecisionRecord) -> str:
    return "" if record.in_force is None else board.timeline.time_at(record.in_force) or ""
