"""Contests and candidates of the draft."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from dauys.core.ids import CandidateId, ContestId, ElectionId
from dauys.crypto.election import new_uuid
from dauys.store.drafting import DraftDesk
from dauys.store.models.staff import Role
from dauys.store.outline import DraftOrder, outline
from dauys.web.access import staff
from dauys.web.console import saying
from dauys.web.console.forms.draft import CandidateForm, ContestForm
from dauys.web.console.frame import attempt, go, maybe_missing, services_of, show
from dauys.wiring import office

NEW = {"seats": 1, "minimum": 1, "maximum": 1}
MOVES = {"up": -1, "down": 1}


@staff(Role.ORGANISER)
def contests(request: HttpRequest, slug: str) -> HttpResponse:
    """The list."""
    services = services_of(slug)
    draft = outline(services.election)
    named = [(contest, saying.say(contest.name)) for contest in draft.contests]
    return show(request, services, "set_up", "contests", draft=draft, contests=named)


@staff(Role.ORGANISER)
@maybe_missing
def contest(request: HttpRequest, slug: str, word: str = "") -> HttpResponse:
    """Add a contest, or change one and see its candidates."""
    services = services_of(slug)
    draft = outline(services.election)
    known = draft.contest(word) if word else None
    form = ContestForm(request.POST or None, initial=ContestForm.of(known) if known else NEW)
    if form.is_valid():
        desk, name, values = DraftDesk(services.election), form.text("name"), form.contest()
        chosen = ContestId(word or form.cleaned_data["word"])
        uuid = ElectionId(new_uuid(office().random))
        attempt(
            request,
            lambda: desk.put_contest(chosen, name, uuid=uuid, **values),
            gettext("Saved."),
        )
        return go("contest", slug, chosen)
    context = {"form": form, "contest": known, "locked": draft.sealed}
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
def candidate(request: HttpRequest, slug: str, word: str, candidate: str = "") -> HttpResponse:
    """Add a candidate, or change one."""
    services = services_of(slug)
    draft = outline(services.election)
    papers = {one.id: one for one in draft.contest(word).candidates}
    known = papers[CandidateId(candidate)] if candidate else None
    form = CandidateForm(request.POST or None, initial=CandidateForm.of(known) if known else None)
    if form.is_valid():
        desk = DraftDesk(services.election)
        one = form.candidate(candidate or _free_word(set(papers)))
        attempt(request, lambda: desk.put_candidate(ContestId(word), one), gettext("Saved."))
        return go("contest", slug, word)
    context = {"form": form, "title": gettext("Candidate"), "locked": draft.sealed}
    return show(request, services, "set_up", "form", **context)


@staff(Role.ORGANISER)
@require_POST
def arrange(request: HttpRequest, slug: str, word: str, candidate: str, act: str) -> HttpResponse:
    """Move a candidate up or down the ballot paper, or take them out."""
    election = services_of(slug).election
    contest, one = ContestId(word), CandidateId(candidate)
    if act in MOVES:
        order = DraftOrder(election)
        attempt(request, lambda: order.move_candidate(contest, one, MOVES[act]), gettext("Moved."))
    elif act == "remove":
        desk = DraftDesk(election)
        attempt(request, lambda: desk.remove_candidate(contest, one), gettext("Removed."))
    return go("contest", slug, word)


def _free_word(taken: set[CandidateId]) -> str:
    """A word no candidate of the contest has: the board needs one, voters never see it."""
    number = len(taken) + 1
    while f"c{number}" in taken:
        number += 1
    return f"c{number}"
