"""Contests of the draft and their questions."""

from collections.abc import Collection

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from dauys.core.ids import ContestId, ElectionId, QuestionId
from dauys.crypto.election import new_uuid
from dauys.store.drafting import DraftDesk
from dauys.store.models.staff import Role
from dauys.store.outline import DraftOrder, outline
from dauys.web.access import staff
from dauys.web.console import saying
from dauys.web.console.forms.contests import ContestForm, NewContestForm, QuestionForm
from dauys.web.console.frame import attempt, go, maybe_missing, services_of, show
from dauys.wiring import office

NEW = {"kind": "choice", "seats": 1, "minimum": 1, "maximum": 1}
MOVES = {"up": -1, "down": 1}


@staff(Role.ORGANISER)
def contests(request: HttpRequest, slug: str) -> HttpResponse:
    """The list."""
    services = services_of(slug)
    draft = outline(services.election)
    named = [(contest, saying.say(contest.name)) for contest in draft.contests]
    return show(request, services, "set_up", "contests", draft=draft, contests=named)


@staff(Role.ORGANISER)
def new_contest(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a contest with its first question, which has the contest's name until changed."""
    services = services_of(slug)
    form = NewContestForm(request.POST or None, initial=NEW)
    if form.is_valid():
        desk, name = DraftDesk(services.election), form.text("name")
        word, uuid = ContestId(form.cleaned_data["word"]), ElectionId(new_uuid(office().random))

        def add() -> None:
            desk.put_contest(word, name, region=form.cleaned_data["region"], uuid=uuid)
            desk.put_question(word, free_word("q", ()), name, **form.rules())

        attempt(request, add, gettext("Saved."))
        return go("contest", slug, word)
    context = {"form": form, "contest": None, "locked": outline(services.election).sealed}
    return show(request, services, "set_up", "contest", **context)


@staff(Role.ORGANISER)
@maybe_missing
def contest(request: HttpRequest, slug: str, word: str) -> HttpResponse:
    """Change a contest, and see its questions with their candidates."""
    services = services_of(slug)
    draft = outline(services.election)
    known = draft.contest(word)
    form = ContestForm(request.POST or None, initial=ContestForm.of(known))
    if form.is_valid():
        desk, uuid = DraftDesk(services.election), ElectionId(new_uuid(office().random))
        region = form.cleaned_data["region"]
        attempt(
            request,
            lambda: desk.put_contest(known.word, form.text("name"), region=region, uuid=uuid),
            gettext("Saved."),
        )
        return go("contest", slug, word)
    context = {
        "form": form,
        "contest": known,
        "questions": [(one, saying.say(one.text)) for one in known.questions],
        "locked": draft.sealed,
    }
    return show(request, services, "set_up", "contest", **context)


@staff(Role.ORGANISER)
@require_POST
def remove_contest(request: HttpRequest, slug: str, word: str) -> HttpResponse:
    """Take a contest out."""
    desk = DraftDesk(services_of(slug).election)
    attempt(request, lambda: desk.remove_contest(ContestId(word)), gettext("Removed."))
    return go("contests", slug)


@staff(Role.ORGANISER)
@maybe_missing
def question(request: HttpRequest, slug: str, word: str, question: str = "") -> HttpResponse:
    """Add a question, or change one."""
    services = services_of(slug)
    draft = outline(services.election)
    asked = draft.contest(word)
    known = asked.question(question) if question else None
    form = QuestionForm(request.POST or None, initial=QuestionForm.of(known) if known else NEW)
    if form.is_valid():
        desk = DraftDesk(services.election)
        chosen = QuestionId(question) or free_word("q", [one.id for one in asked.questions])
        attempt(
            request,
            lambda: desk.put_question(asked.word, chosen, form.text("text"), **form.rules()),
            gettext("Saved."),
        )
        return go("contest", slug, word)
    context = {"form": form, "title": gettext("Question"), "locked": draft.sealed}
    return show(request, services, "set_up", "form", **context)


@staff(Role.ORGANISER)
@require_POST
def arrange_question(
    request: HttpRequest, slug: str, word: str, question: str, act: str
) -> HttpResponse:
    """Move a question up or down the ballot, or take it out."""
    election, contest, one = services_of(slug).election, ContestId(word), QuestionId(question)
    if act in MOVES:
        order = DraftOrder(election)
        attempt(request, lambda: order.move_question(contest, one, MOVES[act]), gettext("Moved."))
    elif act == "remove":
        desk = DraftDesk(election)
        attempt(request, lambda: desk.remove_question(contest, one), gettext("Removed."))
    return go("contest", slug, word)


def free_word(letter: str, taken: Collection[str]) -> QuestionId:
    """A word that no question has: the board needs one, voters never see it."""
    number = len(taken) + 1
    while f"{letter}{number}" in taken:
        number += 1
    return QuestionId(f"{letter}{number}")
