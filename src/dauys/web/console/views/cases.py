"""Cases: the queue, a case, a new case, a scan, addresses."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from dauys.core.errors import RefusedError
from dauys.core.ids import CaseId, ContestId, LeafIndex
from dauys.response.cases import Finding, Origin
from dauys.store.accounts import record_access, roles_of
from dauys.store.models.staff import Role
from dauys.store.outline import outline
from dauys.web.access import staff
from dauys.web.console import frame
from dauys.web.console.forms.decisions import KINDS, NewCaseForm, ReasonForm
from dauys.web.console.frame import attempt, go, services_of, show, who_may
from dauys.web.console.pages import cases as pages
from dauys.wiring import Services


@staff(*who_may("cases"))
def cases(request: HttpRequest, slug: str) -> HttpResponse:
    """The queue."""
    services = services_of(slug)
    sealed = outline(services.election).sealed
    queue = pages.queue(services) if sealed else ()
    analyst = Role.ANALYST in roles_of(frame.person(request))
    return show(request, services, "cases", "cases", queue=queue, analyst=analyst, sealed=sealed)


@staff(Role.ANALYST)
@require_POST
def scan(request: HttpRequest, slug: str) -> HttpResponse:
    """Look for clusters now, and open cases for what is found."""
    watch = services_of(slug).watch
    attempt(request, lambda: watch.open_cases(watch.scan()), gettext("The scan is done."))
    return go("cases", slug)


@staff(Role.ANALYST)
def new_case(request: HttpRequest, slug: str) -> HttpResponse:
    """Open a case by hand."""
    services = services_of(slug)
    state = services.journal.state()
    contests = pages.contests_to_choose(state) if state.rules else ()
    form = NewCaseForm(request.POST or None, initial={"contests": contests})
    if form.is_valid():
        data = form.cleaned_data
        found = Finding(
            ContestId(data["contest"]),
            form.text("title"),
            (form.text("evidence"),),
            data["ballots"],
        )
        if _all_of_contest(services, found):
            case = services.cases.open_case(found, Origin.STAFF)
            return go("case", slug, case.number)
        form.refuse(RefusedError("unknown_ballot"), "ballots")
    title = gettext("Open a case")
    return show(request, services, "cases", "form", form=form, title=title)


@staff(*who_may("cases"))
def case(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A case; addresses only for the analyst, and masked."""
    return _case(request, slug, number, unmasked=False)


@staff(Role.ANALYST)
@require_POST
def addresses(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The case with addresses in full, once the reason is logged."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _case(request, slug, number, unmasked=False, form=form)
    what = f"{slug}: addresses of case {number}"
    record_access(frame.person(request), what, form.cleaned_data["reason"])
    return _case(request, slug, number, unmasked=True)


def _case(
    request: HttpRequest, slug: str, number: int, *, unmasked: bool, form: ReasonForm | None = None
) -> HttpResponse:
    services = services_of(slug)
    try:
        found = services.cases.get(CaseId(number))
    except RefusedError as error:
        raise Http404 from error
    context = {
        "page": pages.case_page(services, found, unmasked=unmasked),
        "analyst": Role.ANALYST in roles_of(frame.person(request)),
        "unmasked": unmasked,
        "form": form or ReasonForm(),
        "kinds": KINDS.items(),
    }
    return show(request, services, "cases", "case", **context)


def _all_of_contest(services: Services, found: Finding) -> bool:
    ballots = services.journal.state().ballots
    return all(
        LeafIndex(index) in ballots and ballots[LeafIndex(index)].contest == found.contest
        for index in found.ballots
    )
