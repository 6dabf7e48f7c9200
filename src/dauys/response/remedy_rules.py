"""When a remedy may be put to the commission: refused by a code, before anyone signs.

The log has rules of its own (core/replay.py) and they are tried too; these are stricter,
and say what is wrong in words that can be translated.
"""

from dauys.core.canonical import decode, encode
from dauys.core.entries import MAX_ENTRY_BYTES, Decision
from dauys.core.errors import MalformedError, RefusedError, VerificationError
from dauys.core.forms import Text, parse_instant
from dauys.core.ids import LeafIndex
from dauys.core.remedies import Annul, Dismiss, Extend, Remedy, Restore, Restrict, Retune, Zero
from dauys.core.state import ElectionState, Phase
from dauys.response.rehearsal import rehearse


class TooManyBallotsError(RefusedError):
    """The ballots do not fit one entry: the first `fit` of them do."""

    def __init__(self, fit: int) -> None:
        """`fit` ballots may stand in one decision with this reason."""
        super().__init__("too_many_ballots", f"{fit} fit")
        self.fit = fit


def check_time_for_decisions(state: ElectionState) -> None:
    """Raise RefusedError `not_open` before voting opened, `tally_began` after its end."""
    if state.phase in {Phase.DRAFT, Phase.SEALED}:
        raise RefusedError("not_open")
    if state.tallies or state.phase not in {Phase.OPEN, Phase.CLOSED}:
        raise RefusedError("tally_began")


def check_decision(state: ElectionState, decision: Decision, instant: str) -> None:
    """Check that `decision` could be published and would do something at `instant`.

    Raises RefusedError: `not_open`, `tally_began`, `empty_reason`, those of
    `check_remedy`, `too_many_ballots`, `reason_too_long`, `malformed`, or `log_refuses`.
    """
    check_time_for_decisions(state)
    check_reason(decision.reason)
    check_remedy(state, decision.remedy, instant)
    if isinstance(decision.remedy, Dismiss) and decision.case is None:
        raise RefusedError("no_case")
    check_size(decision)
    try:
        decode(encode(decision), Decision, "decision")
    except MalformedError as error:
        raise RefusedError("malformed", error.why) from error
    try:
        rehearse(state, decision)
    except VerificationError as error:
        raise RefusedError("log_refuses", str(error)) from error


def check_reason(reason: Text) -> None:
    """Raise RefusedError `empty_reason`, naming the language, if words are missing."""
    for language, words in (("kk", reason.kk), ("ru", reason.ru), ("en", reason.en)):
        if not words.strip():
            raise RefusedError("empty_reason", language)


def check_remedy(state: ElectionState, remedy: Remedy, instant: str) -> None:  # noqa: C901 -- a case for each remedy
    """Raise RefusedError unless `remedy` names what exists and would do something."""
    match remedy:
        case Extend():
            _check_extension(state, remedy, instant)
        case Restrict():
            _check_restriction(state, remedy, instant)
        case Annul():
            _check_ballots(state, remedy.ballots)
            if all(leaf in state.annulled for leaf in remedy.ballots):
                raise RefusedError("already_annulled")
        case Restore():
            _check_ballots(state, remedy.ballots)
            if not any(leaf in state.annulled for leaf in remedy.ballots):
                raise RefusedError("nothing_to_restore")
        case Zero():
            _check_zeroing(state, remedy)
        case Retune(policy=policy):
            if policy == state.monitor:
                raise RefusedError("same_policy")
        case Dismiss():
            pass


def check_size(decision: Decision) -> None:
    """Raise RefusedError `reason_too_long`, or TooManyBallotsError, over 65,535 bytes."""
    size = len(encode(decision))
    if size <= MAX_ENTRY_BYTES:
        return
    match decision.remedy:
        case Annul(ballots=ballots) | Restore(ballots=ballots):
            room = MAX_ENTRY_BYTES - size + sum(map(_width, ballots))
        case _:
            raise RefusedError("reason_too_long", f"{size} bytes")
    fit = 0
    for ballot in ballots:
        room -= _width(ballot)
        if room < 0:
            break
        fit += 1
    if fit == 0:
        raise RefusedError("reason_too_long", f"{size} bytes")
    raise TooManyBallotsError(fit)


def _width(ballot: int) -> int:
    return len(f"{ballot},")


def _check_extension(state: ElectionState, remedy: Extend, instant: str) -> None:
    _check_instant(remedy.closes)
    if remedy.closes <= instant:
        raise RefusedError("in_the_past", remedy.closes)
    if remedy.closes <= state.closes:
        raise RefusedError("not_later", state.closes)


def _check_restriction(state: ElectionState, remedy: Restrict, instant: str) -> None:
    _check_instant(remedy.since)
    unknown = [method for method in remedy.methods if method not in state.manifest.methods]
    if unknown:
        raise RefusedError("unknown_method", unknown[0])
    if len(set(remedy.methods)) != len(remedy.methods):
        raise RefusedError("method_named_twice")
    start = max(remedy.since, instant)
    allowed = state.methods_at(start)
    if all(method in remedy.methods for method in allowed):
        raise RefusedError("nothing_restricted")
    # Others may be in force that begin later.
    begin = {start, *(other.since for other in state.restrictions if other.since > start)}
    if any(set(remedy.methods).isdisjoint(state.methods_at(moment)) for moment in begin):
        raise RefusedError("no_method_left")


def _check_ballots(state: ElectionState, ballots: tuple[int, ...]) -> None:
    if not ballots:
        raise RefusedError("no_ballots")
    if list(ballots) != sorted(set(ballots)):
        raise RefusedError("not_ascending")
    for ballot in ballots:
        if LeafIndex(ballot) not in state.ballots:
            raise RefusedError("unknown_ballot", str(ballot))


def _check_zeroing(state: ElectionState, remedy: Zero) -> None:
    if remedy.contest not in {contest.id for contest in state.manifest.contests}:
        raise RefusedError("unknown_contest", remedy.contest)
    standing = (one.id for paper in state.papers(remedy.contest) for one in paper.people)
    if remedy.candidate not in standing:
        raise RefusedError("unknown_candidate", remedy.candidate)
    if remedy.method not in state.manifest.methods:
        raise RefusedError("unknown_method", remedy.method)
    if any(zero == remedy for _, zero in state.zeroed):
        raise RefusedError("already_zeroed")


def _check_instant(text: str) -> None:
    try:
        parse_instant(text)
    except MalformedError as error:
        raise RefusedError("malformed", error.why) from error
