"""Who stands: candidates and lists of the draft's questions."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from dauys.core.ids import CandidateId, ContestId, ListId
from dauys.store.drafting import DraftDesk
from dauys.store.models.staff import Role
from dauys.store.outline import DraftOrder, outline
from dauys.web.access import staff
from dauys.web.console.forms.contests import CandidateForm, ListForm
from dauys.web.console.frame import attempt, go, maybe_missing, services_of, show
from dauys.web.console.views.contests import MOVES, free_word


@staff(Role.ORGANISER)
@maybe_missing
def new_candidate(
    request: HttpRequest, slug: str, word: str, question: str, group: str = ""
) -> HttpResponse:
    """Add a candidate to a question, or to a list of it."""
    services = services_of(slug)
    draft = outline(services.election)
    asked = draft.contest(word)
    into = asked.question(question).id
    form = CandidateForm(request.POST or None)
    if form.is_valid():
        desk, one = DraftDesk(services.election), form.candidate(free_word("c", asked.words))
        on = ListId(group) if group else None
        attempt(request, lambda: desk.put_candidate(asked.word, into, one, on), gettext("Saved."))
        return go("contest", slug, word)
    context = {"form": form, "title": gettext("Candidate"), "locked": draft.sealed}
    return show(request, services, "set_up", "form", **context)


@staff(Role.ORGANISER)
@maybe_missing
def candidate(request: HttpRequest, slug: str, word: str, candidate: str) -> HttpResponse:
    """Change a candidate."""
    services = services_of(slug)
    draft = outline(services.election)
    place = draft.contest(word).place_of(CandidateId(candidate))
    form = CandidateForm(request.POST or None, initial=CandidateForm.of(place.candidate))
    if form.is_valid():
        desk, one = DraftDesk(services.election), form.candidate(candidate)
        attempt(
            request,
            lambda: desk.put_candidate(ContestId(word), place.question, one, place.group),
            gettext("Saved."),
        )
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


@staff(Role.ORGANISER)
@maybe_missing
def candidate_list(
    request: HttpRequest, slug: str, word: str, question: str, group: str = ""
) -> HttpResponse:
    """Add a list of candidates to a question, or rename one."""
    services = services_of(slug)
    draft = outline(services.election)
    asked = draft.contest(word)
    names = {one.id: one.name for one in asked.question(question).lists}
    form = ListForm(request.POST or None, initial={"name": names[ListId(group)]} if group else None)
    if form.is_valid():
        desk, name = DraftDesk(services.election), form.cleaned_data["name"]
        into, one = asked.question(question).id, ListId(group or free_word("l", asked.words))
        attempt(request, lambda: desk.put_list(asked.word, into, one, name), gettext("Saved."))
        return go("contest", slug, word)
    context = {"form": form, "title": gettext("List of candidates"), "locked": draft.sealed}
    return show(request, services, "set_up", "form", **context)


@staff(Role.ORGANISER)
@require_POST
def arrange_list(request: HttpRequest, slug: str, word: str, group: str, act: str) -> HttpResponse:
    """Move a list up or down the ballot paper, or take it out with its candidates."""
    election, contest, one = services_of(slug).election, ContestId(word), ListId(group)
    if act in MOVES:
        order = DraftOrder(election)
        attempt(request, lambda: order.move_list(contest, one, MOVES[act]), gettext("Moved."))
    elif act == "remove":
        desk = DraftDesk(election)
        attempt(request, lambda: desk.remove_list(contest, one), gettext("Removed."))
    return go("contest", slug, word)
