"""The auditor's desk, and the files that trustees and auditors take away."""

from django.http import HttpRequest, HttpResponse

from dauys.store.accounts import accesses
from dauys.store.models.staff import Role
from dauys.store.outline import outline
from dauys.web.access import staff
from dauys.web.console.frame import go, services_of, show
from dauys.web.console.pages.audit import access_csv, published_zip
from dauys.web.console.pages.audit import audit as audit_page

EVERYTHING = 100_000


@staff(Role.AUDITOR)
def audit(request: HttpRequest, slug: str) -> HttpResponse:
    """Decisions, looks at private data, counts, files."""
    services = services_of(slug)
    page = audit_page(services) if outline(services.election).sealed else None
    return show(request, services, "audit", "audit", page=page)


@staff(Role.AUDITOR)
def access_log(request: HttpRequest, slug: str) -> HttpResponse:
    """All looks at private data, of all elections of this installation."""
    services_of(slug)
    response = HttpResponse(access_csv(accesses(EVERYTHING)), content_type="text/csv")
    response["Content-Disposition"] = f'attachment; filename="access-{slug}.csv"'
    return response


@staff(Role.AUDITOR, Role.ORGANISER, Role.TRUSTEE)
def board_files(request: HttpRequest, slug: str) -> HttpResponse:
    """The board's published files in one archive."""
    services = services_of(slug)
    if not outline(services.election).sealed:
        return go("home")
    response = HttpResponse(published_zip(services), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="board-{slug}.zip"'
    response["Content-Encoding"] = "identity"  # or GZipMiddleware packs it a second time
    return response
