"""Turnout, deliveries and health while voting goes on."""

from dataclasses import asdict

from django.http import HttpRequest, HttpResponse, JsonResponse

from dauys.store.models.staff import Role
from dauys.store.outline import outline
from dauys.web.access import staff
from dauys.web.console.frame import services_of, show
from dauys.web.console.pages.running import running as running_page

ROLES = (Role.ORGANISER, Role.ANALYST)


@staff(*ROLES)
def running(request: HttpRequest, slug: str) -> HttpResponse:
    """The page; a script on it asks `numbers` from time to time."""
    services = services_of(slug)
    page = running_page(services) if outline(services.election).sealed else None
    return show(request, services, "running", "running", page=page)


@staff(*ROLES)
def numbers(request: HttpRequest, slug: str) -> HttpResponse:
    """The same numbers for the page's script."""
    services = services_of(slug)
    if not outline(services.election).sealed:
        return JsonResponse({})
    return JsonResponse(asdict(running_page(services)))
