"""What the board tells machines: the summary, and the feed of decisions."""

from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from dauys.core.contests import Contest, QuestionRule
from dauys.core.forms import Text, parse_instant
from dauys.web.board.decision_pages import decisions
from dauys.web.board.doors import Board

Json = dict[str, object]


def summary(board: Board) -> Json:
    """The board in numbers. `result` of a question is null until the log has it."""
    figures, manifest = board.figures, board.manifest
    return {
        "v": 1,
        "election": manifest.election,
        "name": _text(manifest.name),
        "organiser": _text(manifest.organiser),
        "fingerprint": board.timeline.fingerprint,
        "log": {"origin": manifest.log_origin, "key": manifest.log_key, "size": figures.size},
        "phase": figures.phase.value,
        "time": figures.now,
        "opens": manifest.opens,
        "closes": figures.closes,
        "registered": figures.registered,
        "ballots": figures.ballots,
        "counted": figures.standing,
        "annulled": figures.annulled,
        "taken_back": figures.taken_back,
        "decisions": figures.in_force,
        "permits": figures.permits,
        "contests": [_contest(board, contest) for contest in manifest.contests],
    }


def feed(board: Board, site: str, page: str, address: str) -> str:
    """Atom feed of the decisions: `page` is their list, `address` its own, below `site`."""
    reader = board.reader
    atom = Atom1Feed(
        title=_("Decisions: %(election)s") % {"election": reader.text(board.manifest.name)},
        link=site + page,
        description="",
        language=reader.language,
        author_name=reader.text(board.manifest.organiser),
        feed_url=site + address,
        feed_guid=f"urn:dauys:{board.manifest.election}",
    )
    for one in decisions(board):
        changed = one.in_force_at or one.proposed_at
        atom.add_item(
            title=f"№ {one.number}. {one.title}",
            link=f"{site}{page}{one.number}/",
            description=f"{one.told} {one.reason}",
            unique_id=f"urn:dauys:{board.manifest.election}:{one.number}",
            updateddate=parse_instant(changed),
        )
    return str(atom.writeString("utf-8"))


def _contest(board: Board, contest: Contest) -> Json:
    figures = board.figures.contest(contest.id)
    return {
        "id": contest.id,
        "name": _text(contest.name),
        "registered": figures.registered,
        "weight": contest.weight,
        "questions": [_question(board, contest, question) for question in contest.questions],
        "ballots": figures.ballots,
        "counted": figures.standing,
        "annulled": figures.annulled,
        "taken_back": figures.taken_back,
        "methods": dict(figures.by_method),
    }


def _question(board: Board, contest: Contest, question: QuestionRule) -> Json:
    return {
        "id": question.id,
        "text": _text(question.text),
        "kind": question.kind.value,
        "seats": question.seats,
        "result": _result(board, contest, question),
    }


def _result(board: Board, contest: Contest, question: QuestionRule) -> Json | None:
    entry = board.state.results.get(contest.id)
    if entry is None:
        return None
    result = next(one for one in entry.questions if one.question == question.id)
    return {
        "counts": [{"candidate": c.candidate, "votes": c.votes} for c in result.counts],
        "lists": [{"list": one.list, "votes": one.votes} for one in result.lists],
        "blank": result.blank,
        "elected": result.elected,
        "tied": result.tied,
    }


def _text(text: Text) -> Json:
    return {"kk": text.kk, "ru": text.ru, "en": text.en}
