"""The help desk: look up a voter, logged; see states in words."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext

from dauys.response.verification import Outcome
from dauys.store.accounts import record_access
from dauys.store.models.staff import Role
from dauys.store.outline import outline
from dauys.web.access import staff
from dauys.web.console.forms.people import AnswerForm, LookUpForm
from dauys.web.console.frame import attempt, go, person, services_of, show
from dauys.web.console.pages.help_desk import questions, voter_page, voter_to_ask, waiting


@staff(Role.HELP_DESK)
def help_desk(request: HttpRequest, slug: str) -> HttpResponse:
    """The form, and below it what is known of the voter."""
    services = services_of(slug)
    sealed = outline(services.election).sealed
    form = LookUpForm(request.POST or None)
    page = None
    if sealed and form.is_valid():
        number = form.cleaned_data["number"]
        voter = services.voters.by_number(number)
        what = f"register number {voter.register_number}" if voter else "number not registered"
        record_access(person(request), f"{slug}: {what}", form.cleaned_data["reason"])
        page = voter_page(services, number)
    context = {
        "form": form,
        "page": page,
        "sealed": sealed,
        "questions": questions(services),
        "waiting": waiting(services, person(request)),
    }
    return show(request, services, "help_desk", "help_desk", **context)


@staff(Role.HELP_DESK)
def question(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A voter to be asked: the phone, which is logged, and then what they said."""
    services = services_of(slug)
    found = next((q for q in services.verification.waiting() if q.number == number), None)
    if found is None:
        raise Http404
    form = AnswerForm(request.POST or None)
    if form.is_valid():
        outcome = Outcome(form.cleaned_data["outcome"])
        who = request.user.get_username()
        done = gettext("The answer is written down.")
        attempt(request, lambda: services.verification.answer(number, outcome, who), done)
        return go("help_desk", slug)
    page = voter_to_ask(services, found)
    what = f"{slug}: phone of register number {page.register_number}, to ask about a ballot"
    record_access(person(request), what, f"question {number}")
    return show(request, services, "help_desk", "question", form=form, page=page)
