"""The set-up as a checklist: which part is done, and what is missing in words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from dauys.board.draft import Problem
from dauys.core.errors import DauysError
from dauys.store.outline import Outline, outline
from dauys.web.console import saying
from dauys.web.console.words import refusal_text
from dauys.wiring import Services

PARTS: Final = (
    ("texts", _("Texts"), _("The name of the election, who runs it, the help phone.")),
    ("times", _("Times"), _("When voting opens and closes.")),
    ("rules", _("Rules"), _("How people vote, which vote counts, how decisions are made.")),
    ("contests", _("Contests and candidates"), _("Who is elected, and where.")),
    ("register", _("Register of voters"), _("Who may vote.")),
    ("trustees", _("Trustees"), _("Whose keys together open the result.")),
    ("commission", _("Commission"), _("Who signs decisions.")),
)
_PART_OF: Final = (
    (r"name\b|organiser", "texts"),
    (r"opens|closes|zone", "times"),
    (r"contests\[\d+\]\.registered|register", "register"),
    (r"contests|candidates", "contests"),
    (r"trustees", "trustees"),
    (r"commission", "commission"),
)
_FIELDS: Final = {
    "name": _("name"),
    "organiser": _("who runs it"),
    "opens": _("opening time"),
    "closes": _("closing time"),
    "zone": _("time zone"),
    "methods": _("ways to vote"),
    "quorum": _("signatures that a decision needs"),
    "stratum_minimum": _("fewest ballots in a sum of their own"),
    "clock_step": _("coarseness of published times"),
    "registered": _("voters in the register"),
    "register": _("register"),
    "candidates": _("candidates"),
    "questions": _("questions"),
    "lists": _("lists of candidates"),
    "kind": _("what voters choose from"),
    "text": _("the words of the question"),
    "weight": _("votes of the voters"),
    "occupation": _("occupation"),
    "programme": _("programme"),
    "seats": _("seats"),
    "minimum": _("fewest choices on a ballot"),
    "maximum": _("most choices on a ballot"),
    "trustees": _("trustees"),
    "commission": _("seats"),
    "contests": _("contests"),
    "key": _("signing key"),
    "kk": _("in Kazakh"),
    "ru": _("in Russian"),
    "en": _("in English"),
}
_CODES: Final = {
    "missing": _("nothing there yet"),
    "missing_text": _("not written yet"),
    "twice": _("the same thing stands twice"),
    "too_small": _("at least %s"),
    "too_large": _("at most %s"),
    "out_of_order": _("not set, or not after the opening"),
    "no_zone": _("without a time zone"),
    "unknown_zone": _("unknown"),
    "bad_origin": _("does not fit: tell the administrator"),
    "bad_key": _("no valid key yet"),
    "bad_uuid": _("does not fit: tell the administrator"),
    "bad_proof": _("the key's proof does not hold"),
    "unfinished": _("the key ceremony is not finished: %s"),
    "too_heavy": _("their votes add up to too many: %s"),
    "other_kind": _("candidates of another kind of question are left: remove them"),
    "lists_take_one": _("of lists one is chosen"),
    "entry_too_long": _("the texts are too long for one entry of the board"),
    "ballot_too_long": _("there are too many candidates for one ballot"),
    "malformed": _("the board does not take this form: shorten it or leave special characters out"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """A line of the checklist. `state` is todo, mend, done or locked."""

    words: str
    hint: str
    url: str
    state: str
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Checklist:
    """The set-up as a whole; `ready` when it can be sealed."""

    parts: tuple[Part, ...]
    done: int
    ready: bool
    sealed: bool


def checklist(services: Services) -> Checklist:
    """What is done and what is missing."""
    draft = outline(services.election)
    problems = {} if draft.sealed else _problems(services, draft)
    begun = _begun(draft)
    parts = tuple(
        Part(
            gettext(words),
            gettext(hint),
            reverse(f"console:{part}", args=[draft.slug]),
            _state(draft, part in begun, problems.get(part, [])),
            tuple(problems.get(part, [])) if part in begun else (),
        )
        for part, words, hint in PARTS
    )
    done = sum(part.state in {"done", "locked"} for part in parts)
    return Checklist(parts, done, not draft.sealed and not problems, draft.sealed)


def _problems(services: Services, draft: Outline) -> dict[str, list[str]]:
    """Sentences by part."""
    try:
        found = services.set_up.problems()
    except DauysError as error:
        return {"trustees": [refusal_text(error)]}
    sentences: dict[str, list[str]] = {}
    for problem in found:
        sentences.setdefault(_part(problem), []).append(sentence(problem, draft))
    if not draft.register:
        sentences.setdefault("register", []).append(gettext("The register is not loaded yet."))
    return {part: _once(lines) for part, lines in sentences.items()}


def _part(problem: Problem) -> str:
    if (problem.field, problem.code) == ("quorum", "too_large"):
        return "commission"  # seats are missing, rather than a rule wrong
    for pattern, part in _PART_OF:
        if re.match(pattern, problem.field):
            return part
    return "rules"


def sentence(problem: Problem, draft: Outline) -> str:
    """The problem in words: "Contest “Abai”: candidates: nothing there yet"."""
    words = []
    contest = None
    question = None
    group = None
    for name, place in re.findall(r"([a-z_]+)(?:\[(\d+)\])?", problem.field):
        if not place:
            words.append(gettext(_FIELDS[name]) if name in _FIELDS else name)
            continue
        number = int(place)
        if name == "contests":
            contest = draft.contests[number]
            words.append(f"«{saying.say(contest.name) or contest.word}»")
        elif name == "questions" and contest:
            question = contest.questions[number]
            words.append(f"«{saying.say(question.text) or number + 1}»")
        elif name == "lists" and question:
            group = question.lists[number]
            words.append(f"«{group.name or number + 1}»")
        elif name == "candidates" and question:
            people = question.candidates if group is None else group.candidates
            words.append(f"«{people[number].name or number + 1}»")
        elif name == "commission":
            seat = draft.commission[number]
            words.append(f"«{saying.say(seat.name) or seat.word}»")
        else:
            words.append(f"{gettext(_FIELDS.get(name, name))} {number + 1}")
    what = gettext(_CODES[problem.code]) if problem.code in _CODES else problem.code
    return ", ".join(words) + ": " + (what % problem.detail if "%s" in what else what)


def _begun(draft: Outline) -> set[str]:
    """Parts in which the organiser has written something."""
    written = {
        "texts": True,
        "rules": True,
        "times": bool(draft.opens),
        "contests": bool(draft.contests),
        "register": bool(draft.register),
        "trustees": bool(draft.trustees or draft.groups),
        "commission": bool(draft.commission),
    }
    return {part for part, begun in written.items() if begun}


def _state(draft: Outline, begun: bool, problems: list[str]) -> str:  # noqa: FBT001 -- private
    if draft.sealed:
        return "locked"
    if not begun:
        return "todo"
    return "mend" if problems else "done"


def _once(lines: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(lines))
