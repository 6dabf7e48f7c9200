"""The set-up: the checklist, texts, times, rules, trustees and commission."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from dauys.conduct.methods import EDS
from dauys.conduct.weaknesses import weaker_rules
from dauys.store.accounts import accounts, person_named
from dauys.store.drafting import DraftDesk
from dauys.store.models.staff import Role
from dauys.store.outline import DraftOrder, outline
from dauys.web.access import staff
from dauys.web.console import saying
from dauys.web.console.forms.base import ConsoleForm
from dauys.web.console.forms.draft import RulesForm, SeatForm, TextsForm, TimesForm, TrusteeForm
from dauys.web.console.frame import attempt, go, maybe_missing, services_of, show
from dauys.web.console.pages.set_up import checklist
from dauys.wiring import office


@staff(Role.ORGANISER)
def set_up(request: HttpRequest, slug: str) -> HttpResponse:
    """The checklist."""
    services = services_of(slug)
    return show(request, services, "set_up", "set_up", page=checklist(services))


@staff(Role.ORGANISER)
def texts(request: HttpRequest, slug: str) -> HttpResponse:
    """Names and the help phone."""
    services = services_of(slug)
    draft = outline(services.election)
    form = TextsForm(request.POST or None, initial=TextsForm.of(draft))
    if form.is_valid():
        name, organiser = form.text("name"), form.text("organiser")
        desk, phone = DraftDesk(services.election), form.cleaned_data["help_phone"]
        return _saved(request, slug, lambda: desk.describe(name, organiser, phone))
    return _form(request, slug, form, gettext("Texts"))


@staff(Role.ORGANISER)
def times(request: HttpRequest, slug: str) -> HttpResponse:
    """Opening and closing."""
    services = services_of(slug)
    form = TimesForm(request.POST or None, initial=TimesForm.of(outline(services.election)))
    if form.is_valid():
        desk, data = DraftDesk(services.election), form.cleaned_data
        return _saved(
            request, slug, lambda: desk.set_times(data["opens"], data["closes"], data["zone"])
        )
    return _form(request, slug, form, gettext("Times"))


@staff(Role.ORGANISER)
def rules(request: HttpRequest, slug: str) -> HttpResponse:
    """How people vote; weaker choices are warned of, and published with the rules."""
    services = services_of(slug)
    draft = outline(services.election)
    form = RulesForm(request.POST or None, initial=RulesForm.of(draft))
    if form.is_valid():
        chosen, desk = form.rules(), DraftDesk(services.election)
        return _saved(request, slug, lambda: desk.set_rules(**chosen))
    warnings = weaker_rules(services.set_up.drafts.chosen())
    if EDS in draft.methods:
        warnings += office().warnings
    said = tuple(map(saying.say, warnings))
    return _form(request, slug, form, gettext("Rules"), warnings=said)


@staff(Role.ORGANISER)
def trustees(request: HttpRequest, slug: str) -> HttpResponse:
    """The trustees, and adding one."""
    services = services_of(slug)
    draft = outline(services.election)
    form = TrusteeForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        desk, data, number = (
            DraftDesk(services.election),
            form.cleaned_data,
            len(draft.trustees) + 1,
        )
        attempt(
            request,
            lambda: desk.put_trustee(number, data["name"], data["public_key"]),
            gettext("Saved."),
        )
        return go("trustees", slug)
    return show(request, services, "set_up", "trustees", form=form, draft=draft)


@staff(Role.ORGANISER)
@require_POST
def remove_trustee(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Take a trustee out."""
    order = DraftOrder(services_of(slug).election)
    attempt(request, lambda: order.remove_trustee(number), gettext("Removed."))
    return go("trustees", slug)


@staff(Role.ORGANISER)
def commission(request: HttpRequest, slug: str) -> HttpResponse:
    """The seats of the commission."""
    services = services_of(slug)
    draft = outline(services.election)
    seats = [(seat, saying.say(seat.name)) for seat in draft.commission]
    return show(request, services, "set_up", "commission", draft=draft, seats=seats)


@staff(Role.ORGANISER)
@maybe_missing
def seat(request: HttpRequest, slug: str, word: str = "") -> HttpResponse:
    """Add a seat, or change one."""
    services = services_of(slug)
    known = outline(services.election).seat(word) if word else None
    people = tuple(one.name for one in accounts() if Role.COMMISSION in one.roles)
    form = SeatForm(request.POST or None, initial=SeatForm.of(known, people))
    if form.is_valid():
        data, name = form.cleaned_data, form.text("name")
        chosen, key = word or data["word"], known.key if known else ""
        # A key belongs to the person who made it: a new holder makes a new one.
        if known and known.holder != data["holder"]:
            key = ""
        desk = DraftDesk(services.election)
        attempt(
            request,
            lambda: desk.put_seat(chosen, name, key, person_named(data["holder"])),
            gettext("Saved."),
        )
        return go("commission", slug)
    return _form(request, slug, form, gettext("Seat of the commission"))


@staff(Role.ORGANISER)
@require_POST
def remove_seat(request: HttpRequest, slug: str, word: str) -> HttpResponse:
    """Take a seat out."""
    order = DraftOrder(services_of(slug).election)
    attempt(request, lambda: order.remove_seat(word), gettext("Removed."))
    return go("commission", slug)


def _saved(request: HttpRequest, slug: str, deed: Callable[[], object]) -> HttpResponse:
    attempt(request, deed, gettext("Saved."))
    return go("set_up", slug)


def _form(
    request: HttpRequest, slug: str, form: ConsoleForm, title: str, **context: object
) -> HttpResponse:
    services = services_of(slug)
    sealed = outline(services.election).sealed
    return show(
        request, services, "set_up", "form", form=form, title=title, locked=sealed, **context
    )
