"""Turnout, deliveries and health while voting goes on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dauys.store.models.staff import Role
from dauys.store.outline import outline
from dauys.web.access import staff
from dauys.web.console.frame import services_of, show
from dauys.web.console.pages.running import running as running_page

ROLES = (Role.ORGANISER, Role.ANALYST)


@staff(*ROLES)
def running(request: HttpRequest, slug: str) -> HttpResponse:
    """The page; it asks `numbers` from time to time (htmx)."""
    services = services_of(slug)
    page = running_page(services) if outline(services.election).sealed else None
    return show(request, services, "running", "running", page=page)


@staff(*ROLES)
def numbers(request: HttpRequest, slug: str) -> HttpResponse:
    """The part of the page that is renewed."""
    services = services_of(slug)
    page = running_page(services) if outline(services.election).sealed else None
    return render(request, "console/parts/numbers.html", {"page": page})
