"""What the help desk does for a voter: each act logged, the grave ones by two people."""

import io

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from dauys.conduct.people import Voter
from dauys.core.errors import DauysError
from dauys.store.accounts import record_access
from dauys.store.models.staff import Role
from dauys.web.access import staff
from dauys.web.console.forms.people import NewPhoneForm, ReasonForm
from dauys.web.console.frame import attempt, go, maybe_missing, person, services_of, show
from dauys.web.console.words import refusal_text
from dauys.wiring import Services


@staff(Role.HELP_DESK)
@require_POST
@maybe_missing
def hold(request: HttpRequest, slug: str, line: int) -> HttpResponse:
    """Stop the voter's codes."""
    services, voter = _voter(slug, line)
    done = gettext("Codes are stopped for this voter, who gets a message about it.")
    _log(request, slug, voter, "codes stopped")
    attempt(request, lambda: services.voting.help.hold_codes(voter), done)
    return go("help_desk", slug)


@staff(Role.HELP_DESK)
@require_POST
@maybe_missing
def free(request: HttpRequest, slug: str, line: int) -> HttpResponse:
    """Let the voter have codes as if none had been asked for."""
    services, voter = _voter(slug, line)
    done = gettext("The voter can ask for a code at once, and gets a message about it.")
    _log(request, slug, voter, "codes allowed anew")
    attempt(request, lambda: services.voting.help.free_codes(voter), done)
    return go("help_desk", slug)


@staff(Role.HELP_DESK)
@maybe_missing
def ask_link(request: HttpRequest, slug: str, line: int) -> HttpResponse:
    """Ask for a one-time link; another person decides."""
    services, voter = _voter(slug, line)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        _log(request, slug, voter, "one-time link asked for", reason)
        done = gettext("Asked. Another person of the help desk decides now.")
        help_desk = services.voting.help
        attempt(request, lambda: help_desk.ask_link(voter, reason, person(request)), done)
        return go("help_desk", slug)
    title = gettext("Ask for a one-time link")
    return show(request, services, "help_desk", "help_ask", form=form, title=title, deed="link")


@staff(Role.HELP_DESK)
@maybe_missing
def ask_phone(request: HttpRequest, slug: str, line: int) -> HttpResponse:
    """Ask for another phone on the register; another person decides."""
    services, voter = _voter(slug, line)
    form = NewPhoneForm(request.POST or None)
    if form.is_valid():
        reason, phone = form.cleaned_data["reason"], form.cleaned_data["phone"]
        _log(request, slug, voter, "another phone asked for", reason)
        done = gettext("Asked. Another person of the help desk decides now.")
        help_desk = services.voting.help
        attempt(request, lambda: help_desk.ask_phone(voter, phone, reason, person(request)), done)
        return go("help_desk", slug)
    title = gettext("Ask for another phone on the register")
    return show(request, services, "help_desk", "help_ask", form=form, title=title, deed="phone")


@staff(Role.HELP_DESK)
@require_POST
def decide(request: HttpRequest, slug: str, number: int, verdict: str) -> HttpResponse:
    """Approve or refuse what somebody else asked for. A link is shown once."""
    services = services_of(slug)
    help_desk, who = services.voting.help, person(request)
    if verdict != "approve":
        done = gettext("Refused.")
        attempt(request, lambda: help_desk.refuse(number, who), done)
        return go("help_desk", slug)
    record_access(who, f"{slug}: request {number} approved")
    try:
        token = help_desk.approve(number, who)
    except DauysError as error:
        return _failed(request, slug, error)
    if not token:
        attempt(request, lambda: None, gettext("The phone was changed; both phones get a message."))
        return go("help_desk", slug)
    response = show(request, services, "help_desk", "help_link", **_link(slug, token))
    response.headers["Cache-Control"] = "no-store"
    return response


def _link(slug: str, token: str) -> dict[str, object]:
    """The link, its secret in groups, and a QR code of it."""
    address = settings.PUBLIC_URL + reverse("portal:link", args=[slug]) + "#" + token
    picture = io.BytesIO()
    segno.make(address, error="m").save(picture, kind="svg", scale=5, xmldecl=False, svgns=False)
    groups = tuple(token[place : place + 4] for place in range(0, len(token), 4))
    return {"address": address, "groups": groups, "qr": picture.getvalue().decode()}


def _failed(request: HttpRequest, slug: str, error: DauysError) -> HttpResponse:
    def deed() -> None:
        raise error

    attempt(request, deed, refusal_text(error))
    return go("help_desk", slug)


def _voter(slug: str, line: int) -> tuple[Services, Voter]:
    services = services_of(slug)
    return services, services.voters.by_register_number(line)


def _log(request: HttpRequest, slug: str, voter: Voter, what: str, reason: str = "") -> None:
    what = f"{slug}: register number {voter.register_number}: {what}"
    record_access(person(request), what, reason)
