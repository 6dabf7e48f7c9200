"""The desk of messages: gateways, deliveries, budgets, and what an election will cost."""

from decimal import Decimal

from django.http import HttpRequest, HttpResponse

from dauys.web.access import staff
from dauys.web.console.forms.people import CostForm
from dauys.web.console.frame import services_of, show, who_may
from dauys.web.console.pages.messages import messages_page


@staff(*who_may("messages"))
def messages(request: HttpRequest, slug: str) -> HttpResponse:
    """The page; expectations of the cost come with the address."""
    services = services_of(slug)
    form = CostForm(request.GET or None, initial={"share": 70, "per_voter": "1.3"})
    share, per_voter = 70, Decimal("1.3")
    if form.is_valid():
        share, per_voter = form.cleaned_data["share"], form.cleaned_data["per_voter"]
    page = messages_page(services, share, per_voter)
    return show(request, services, "messages", "messages", form=form, page=page)
