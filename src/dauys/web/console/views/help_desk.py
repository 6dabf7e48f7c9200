"""The help desk: look up a voter, logged; see states in words."""

from django.http import HttpRequest, HttpResponse

from dauys.store.accounts import record_access
from dauys.store.models.staff import Role
from dauys.store.outline import outline
from dauys.web.access import staff
from dauys.web.console.forms.people import LookUpForm
from dauys.web.console.frame import person, services_of, show
from dauys.web.console.pages.help_desk import voter_page


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
    return show(request, services, "help_desk", "help_desk", form=form, page=page, sealed=sealed)
