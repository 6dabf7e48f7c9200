"""Signing in at the organisation's own identity provider, and coming back from there."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from dauys.core.errors import MalformedError, RefusedError
from dauys.core.ids import MethodId
from dauys.identity.sign_in.desk import SignInDesk
from dauys.web.access import anyone
from dauys.web.portal import refusals, sessions
from dauys.web.portal.doors import services_by_slug
from dauys.web.portal.identify import arrive, language, with_device
from dauys.web.portal.pages import election_page
from dauys.web.portal.ways import told
from dauys.web.visits import visit_of_request
from dauys.wiring import Services, office


@anyone
@require_safe
def sign_in(request: HttpRequest, slug: str, method: str) -> HttpResponse:
    """Send the voter to the provider."""
    services = services_by_slug(slug)
    desk = _desk(method)
    address = request.build_absolute_uri(reverse("portal:back", args=[slug, method]))
    try:
        services.voting.require_method(MethodId(method))
        there, pending = desk.begin(address, language())
    except RefusedError as error:
        return _refused(request, services, error)
    sessions.keep_sign_in(request, services, method, pending)
    return HttpResponseRedirect(there)


@anyone
@require_safe
def back(request: HttpRequest, slug: str, method: str) -> HttpResponse:
    """Whoever comes back: identified, or told why not."""
    services = services_by_slug(slug)
    desk = _desk(method)
    pending = sessions.take_sign_in(request, services, method)
    if pending is None:
        return _refused(request, services, RefusedError("sign_in_unknown"))
    try:
        number = _known(services, desk.finish(pending, request.GET.dict()))
        found = services.voting.signed_in(MethodId(method), number, visit_of_request(request))
    except RefusedError as error:
        return _refused(request, services, error)
    return redirect(arrive(request, services, found), slug=slug)


def _known(services: Services, told: str) -> str:
    """The number in the register's one form. Raises RefusedError `not_registered`."""
    try:
        return services.numbering.parse(told, strict=False).digits
    except MalformedError as error:
        raise RefusedError("not_registered") from error


def _desk(method: str) -> SignInDesk:
    desk = office().sign_ins.get(MethodId(method))
    if desk is None:
        raise Http404
    return desk


def _refused(request: HttpRequest, services: Services, error: RefusedError) -> HttpResponse:
    page = {
        "election": election_page(services, language()),
        "failure": told(services, error.code, error.detail, refusals.ELSEWHERE, refusals.HOURS),
        "written": "",
        "ended": False,
    }
    response = render(request, "portal/identify.html", page, status=403)
    response.headers["Cache-Control"] = "no-store"
    return with_device(request, response)
