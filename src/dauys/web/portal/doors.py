"""How a view of the portal comes to its election and its voter."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from dauys.core.ids import ElectionId
from dauys.core.state import Phase
from dauys.web.access import View
from dauys.web.portal import sessions
from dauys.web.portal.sessions import VoterSession
from dauys.wiring import Services, office

ElectionView = Callable[[HttpRequest, Services], HttpResponse]
VoterView = Callable[[HttpRequest, Services, VoterSession], HttpResponse]


def election(view: ElectionView) -> View:
    """Give the view the services of the sealed election that the address names."""

    @wraps(view)
    def found(request: HttpRequest, slug: str) -> HttpResponse:
        return view(request, services_by_slug(slug))

    return found


def identified(view: VoterView) -> View:
    """Give the view the identified voter, or send whoever comes to identify."""

    @wraps(view)
    def found(request: HttpRequest, slug: str) -> HttpResponse:
        services = services_by_slug(slug)
        session = sessions.current(request, services)
        if session is None:
            ended = sessions.was_here(request, services)
            if ended:
                sessions.leave(request)
            query = "?ended" if ended else ""
            return redirect(reverse("portal:identify", kwargs={"slug": slug}) + query)
        response = view(request, services, session)
        response.headers["Cache-Control"] = "no-store"
        return response

    return found


def services_by_slug(slug: str) -> Services:
    """Services of a sealed election. Raises Http404."""
    try:
        services = office().by_slug(slug)
    except LookupError as error:
        raise Http404 from error
    return _sealed(services)


def services_by_id(election_id: str) -> Services:
    """Services of a sealed election. Raises Http404."""
    try:
        services = office().services(ElectionId(election_id))
    except LookupError as error:
        raise Http404 from error
    return _sealed(services)


def _sealed(services: Services) -> Services:
    if services.journal.state().phase is Phase.DRAFT:
        raise Http404
    return services
