"""Sealing, opening, closing, counting, announcing; and the results."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from dauys.conduct.parts import read_parts
from dauys.core.errors import DauysError
from dauys.store.models.staff import Role
from dauys.store.outline import outline
from dauys.web.access import staff
from dauys.web.console.forms.people import PartsForm
from dauys.web.console.frame import attempt, go, services_of, show, who_may
from dauys.web.console.pages import counting
from dauys.web.console.pages.set_up import checklist


@staff(Role.ORGANISER)
def seal(request: HttpRequest, slug: str) -> HttpResponse:
    """The last warning, and the seal."""
    services = services_of(slug)
    if request.method == "POST":
        if "sure" in request.POST and attempt(
            request, services.set_up.seal, gettext("The election is sealed.")
        ):
            return go("conduct", slug)
        return go("seal", slug)
    page, draft = checklist(services), outline(services.election)
    return show(request, services, "set_up", "seal", page=page, draft=draft)


@staff(Role.ORGANISER)
def conduct(request: HttpRequest, slug: str) -> HttpResponse:
    """The steps, and what can be done now."""
    services = services_of(slug)
    page = counting.conduct(services)
    return show(request, services, "conduct", "conduct", page=page)


@staff(Role.ORGANISER)
@require_POST
def step(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Take one step."""
    desk = services_of(slug).counting
    deeds = {
        "open": (desk.open, gettext("Voting is open.")),
        "close": (desk.close, gettext("Voting is closed.")),
        "tally": (desk.tally, gettext("The encrypted sums are published.")),
        "announce": (desk.announce, gettext("The result is announced.")),
    }
    if name not in deeds:
        raise Http404
    attempt(request, *deeds[name])
    return go("conduct", slug)


@staff(*who_may("trustee"))
def trustee(request: HttpRequest, slug: str) -> HttpResponse:
    """What there is to decrypt, and handing in parts."""
    services = services_of(slug)
    form = PartsForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            services.counting.accept(read_parts(form.cleaned_data["file"]).parts)
        except DauysError as error:
            form.refuse(error, "file")
        else:
            return go("trustee", slug)
    page = counting.conduct(services)
    return show(request, services, "trustee", "trustee", form=form, page=page)


@staff(*who_may("results"))
def results(request: HttpRequest, slug: str) -> HttpResponse:
    """The results, once they are announced."""
    services = services_of(slug)
    page = counting.results(services) if outline(services.election).sealed else None
    return show(request, services, "results", "results", page=page)
