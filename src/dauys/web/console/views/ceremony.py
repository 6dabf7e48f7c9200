"""Groups of trustees, and the key ceremonies by which they make their keys."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from dauys.core.errors import DauysError
from dauys.crypto.ceremony_messages import MemberError
from dauys.store.ceremonies import CeremonyBook
from dauys.store.models.staff import Role
from dauys.store.outline import outline
from dauys.web.access import staff
from dauys.web.console.ceremony_words import member_fault
from dauys.web.console.forms.ceremony import GroupForm, MessageForm
from dauys.web.console.frame import attempt, go, maybe_missing, services_of, show, who_may
from dauys.web.console.pages.ceremony import ceremonies, zipped


@staff(Role.ORGANISER)
def new_group(request: HttpRequest, slug: str) -> HttpResponse:
    """Name a group; its members can then begin."""
    services = services_of(slug)
    form = GroupForm(request.POST or None)
    if form.is_valid():
        plan, book = form.cleaned_data["plan"], CeremonyBook(services.election)
        attempt(request, lambda: book.begin(plan), gettext("Saved. The members can begin."))
        return go("ceremony", slug)
    locked, title = outline(services.election).sealed, gettext("Group of trustees")
    return show(request, services, "set_up", "form", form=form, title=title, locked=locked)


@staff(Role.ORGANISER)
@require_POST
def remove_group(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Take a group out, with everything that its members sent."""
    book = CeremonyBook(services_of(slug).election)
    attempt(request, lambda: book.remove(number), gettext("Removed."))
    return go("trustees", slug)


@staff(*who_may("ceremony"))
def ceremony(request: HttpRequest, slug: str) -> HttpResponse:
    """Who has sent what, and whose turn it is."""
    services = services_of(slug)
    return show(request, services, "ceremony", "ceremony", page=ceremonies(services, {}))


@staff(*who_may("ceremony"))
@require_POST
@maybe_missing
def hand_in(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Check a member's message and keep it."""
    services = services_of(slug)
    book = CeremonyBook(services.election)
    known = book.ceremony(number)
    form = MessageForm(request.POST, request.FILES, auto_id=f"group-{number}-%s")
    if form.is_valid():
        data = form.cleaned_data
        try:
            book.take(number, data["stage"], data["place"], data["text"])
        except MemberError as error:
            form.add_error("file", member_fault(error, data["stage"], known.plan))
        except DauysError as error:
            form.refuse(error, "file")
        else:
            return go("ceremony", slug)
    page = ceremonies(services, {number: form})
    return show(request, services, "ceremony", "ceremony", page=page, form=form)


@staff(*who_may("ceremony"))
@maybe_missing
def messages_zip(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Everything that was sent so far, for the members to go on with."""
    del request
    content = zipped(CeremonyBook(services_of(slug).election).ceremony(number))
    response = HttpResponse(content, content_type="application/zip")
    name = f"ceremony-{slug}-{number}.zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
