"""The report of a day, as a page and on paper."""

from datetime import date

from django.http import HttpRequest, HttpResponse

from dauys.store.outline import outline
from dauys.web.access import staff
from dauys.web.console import saying
from dauys.web.console.frame import maybe_missing, services_of, show, summary_of, who_may
from dauys.web.console.pages.daily import daily, days
from dauys.web.console.pages.daily_paper import daily_paper


@staff(*who_may("daily"))
def reports(request: HttpRequest, slug: str) -> HttpResponse:
    """Days with a report, the newest first."""
    services = services_of(slug)
    sealed = outline(services.election).sealed
    found = [(day, saying.day(day)) for day in days(services)] if sealed else ()
    return show(request, services, "daily", "reports", days=found, sealed=sealed)


@staff(*who_may("daily"))
@maybe_missing
def report(request: HttpRequest, slug: str, day: date) -> HttpResponse:
    """The report of a day."""
    services = services_of(slug)
    return show(request, services, "daily", "report", page=daily(services, day))


@staff(*who_may("daily"))
@maybe_missing
def paper(request: HttpRequest, slug: str, day: date) -> HttpResponse:
    """The same as PDF."""
    services = services_of(slug)
    data = daily_paper(daily(services, day), summary_of(services))
    answer = HttpResponse(data, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{slug}-{day.isoformat()}.pdf"'
    return answer
