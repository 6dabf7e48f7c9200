"""What surrounds every page of the console: the election and the desks of this person."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from dauys.conduct.patrol import Patrol
from dauys.core.errors import DauysError
from dauys.core.state import Phase
from dauys.store.accounts import roles_of
from dauys.store.elections import ElectionSummary
from dauys.store.models.staff import Role
from dauys.web.console import saying
from dauys.web.console.words import refusal_text
from dauys.wiring import Services, office

DESKS: tuple[tuple[str, str, frozenset[Role]], ...] = (
    ("set_up", _("Set-up"), frozenset({Role.ORGANISER})),
    ("conduct", _("Steps"), frozenset({Role.ORGANISER})),
    ("running", _("Course of voting"), frozenset({Role.ORGANISER, Role.ANALYST})),
    ("messages", _("Messages"), frozenset({Role.ORGANISER, Role.ANALYST})),
    ("monitor", _("Monitor"), frozenset({Role.ANALYST, Role.COMMISSION})),
    (
        "daily",
        _("Reports"),
        frozenset({Role.ORGANISER, Role.ANALYST, Role.COMMISSION, Role.AUDITOR}),
    ),
    ("cases", _("Cases"), frozenset({Role.ANALYST, Role.COMMISSION})),
    ("decisions", _("Decisions"), frozenset({Role.ANALYST, Role.COMMISSION})),
    ("seat", _("My signing key"), frozenset({Role.COMMISSION})),
    ("help_desk", _("Help desk"), frozenset({Role.HELP_DESK})),
    ("ceremony", _("Key ceremony"), frozenset({Role.ORGANISER, Role.TRUSTEE})),
    ("trustee", _("Decryption"), frozenset({Role.ORGANISER, Role.TRUSTEE})),
    ("audit", _("Audit"), frozenset({Role.AUDITOR})),
    (
        "results",
        _("Results"),
        frozenset({Role.ORGANISER, Role.ANALYST, Role.COMMISSION, Role.TRUSTEE, Role.AUDITOR}),
    ),
)
"""Name of the address, words, and who may open it; views declare the same roles."""


def who_may(desk: str) -> tuple[Role, ...]:
    """Roles that may open a desk, for the view's decorator."""
    return next(tuple(sorted(roles)) for name, _words, roles in DESKS if name == desk)


@dataclass(frozen=True, slots=True)
class Desk:
    """A link of the navigation."""

    words: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """The election that a page is about, and where this person may go."""

    slug: str
    name: str
    phase: str
    phase_words: str
    desks: tuple[Desk, ...]


def services_of(slug: str) -> Services:
    """Services of the election with this short name. Raises Http404."""
    try:
        return office().by_slug(slug)
    except LookupError as error:
        raise Http404 from error


def patrol_of(slug: str) -> Patrol:
    """Who looks at the signals of the election with this short name. Raises Http404."""
    return office().patrol(slug, services_of(slug).election)


def summary_of(services: Services) -> ElectionSummary:
    """Name, zone and the like of the election."""
    return office().elections.summary(services.election)


def desks_of(slug: str, person: int, current: str = "") -> tuple[Desk, ...]:
    """Desks that the person may open in the election."""
    roles = roles_of(person)
    return tuple(
        Desk(gettext(words), reverse(f"console:{name}", args=[slug]), name == current)
        for name, words, allowed in DESKS
        if roles & allowed
    )


def frame_of(services: Services, person: int, current: str) -> Frame:
    """The frame of a page at the desk `current`."""
    summary = summary_of(services)
    phase = services.journal.state().phase if summary.sealed else Phase.DRAFT
    return Frame(
        slug=summary.slug,
        name=saying.say(summary.name),
        phase=phase.value,
        phase_words=gettext(saying.PHASES[phase.value]),
        desks=desks_of(summary.slug, person, current),
    )


def show(
    request: HttpRequest, services: Services, desk: str, template: str, **context: object
) -> HttpResponse:
    """Render `console/<template>.html` inside the frame; 422 when a form was not accepted."""
    frame = frame_of(services, person(request), desk)
    form = context.get("form")
    status = 422 if form is not None and getattr(form, "errors", None) else 200
    page = {"frame": frame, **context}
    return render(request, f"console/{template}.html", page, status=status)


def person(request: HttpRequest) -> int:
    """Row number of the signed-in account. Only behind `access.staff`."""
    return int(request.user.pk or 0)


def go(name: str, *parts: object) -> HttpResponseRedirect:
    """Redirect to the console's address `name`."""
    return HttpResponseRedirect(reverse(f"console:{name}", args=parts))


def attempt(request: HttpRequest, deed: Callable[[], object], done: str) -> bool:
    """Do `deed` and say `done` on the next page, or else why it was refused."""
    try:
        deed()
    except DauysError as error:
        messages.error(request, refusal_text(error))
        return False
    messages.success(request, done)
    return True


def maybe_missing(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer 404 when a part of the address names nothing (LookupError)."""

    @wraps(view)
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except LookupError as error:
            raise Http404 from error

    return answered
