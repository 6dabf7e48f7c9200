"""Proving who you are. Strangers and voters see the same pages, word for word."""

import re
import secrets
from pathlib import Path
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from dauys.conduct.methods import EDS, EMAIL
from dauys.conduct.people import Identified
from dauys.core.errors import MalformedError, RefusedError
from dauys.core.ids import MethodId
from dauys.identity.texts import Locale
from dauys.web.access import anyone
from dauys.web.portal import links, refusals, sessions
from dauys.web.portal.doors import election
from dauys.web.portal.pages import election_page, seconds_until
from dauys.web.portal.sessions import CodeRequest
from dauys.web.portal.ways import signing_refusals, told
from dauys.web.visits import DEVICE_COOKIE, visit_of_request
from dauys.wiring import Services

DEVICE_AGE = 365 * 24 * 60 * 60
_DEVICE = re.compile(r"[0-9a-f]{32}")


@anyone
@require_http_methods(["GET", "POST"])
@election
def identify(request: HttpRequest, services: Services) -> HttpResponse:
    """The voter's number, then the method."""
    failure, written = None, ""
    if request.method == "POST":
        written = request.POST.get("number", "")[:40]
        try:
            number = services.numbering.parse(written).digits
            return _by_method(request, services, number)
        except MalformedError as error:
            failure = refusals.message(_number_faults(services), error.why)
        except RefusedError as error:
            failure = told(services, error.code, error.detail, refusals.CODE, refusals.HOURS)
    page = {
        "election": election_page(services, language()),
        "failure": failure,
        "written": written,
        "ended": "ended" in request.GET,
    }
    return with_device(request, render(request, "portal/identify.html", page))


def _number_faults(services: Services) -> dict[str, refusals.Message]:
    return refusals.of_numbers(services.numbering.words, language())


def _by_method(request: HttpRequest, services: Services, number: str) -> HttpResponse:
    slug, method = links.slug_of(services.election), MethodId(request.POST.get("method", "")[:40])
    if method == EDS:
        if settings.DEMO:
            request.session["number"] = number
            _put_keys_at_hand(number)
        return redirect("portal:signature", slug=slug)
    waiting = sessions.code_request(request, services)
    now = services.clock.now()
    same = waiting is not None and (waiting.number, waiting.method) == (number, method)
    if waiting is None or not same or now >= waiting.resend_at:
        _send_code(request, services, number, method)
    return redirect("portal:code", slug=slug)


def _put_keys_at_hand(number: str) -> None:
    """The demonstration's stand-in for NCALayer signs as whoever is here."""
    from dauys.scenario.demo_signer import choose  # noqa: PLC0415 -- demonstration only

    choose(Path(settings.DATA), number)


def _send_code(request: HttpRequest, services: Services, number: str, method: MethodId) -> None:
    locale = cast("Locale", language())
    sent = services.voting.request_code(number, visit_of_request(request), locale, method)
    kept = CodeRequest(method, sent.request_id, number, sent.masked, sent.expires, sent.resend_at)
    sessions.keep_code(request, services, kept)


@anyone
@require_http_methods(["GET", "POST"])
@election
def code(request: HttpRequest, services: Services) -> HttpResponse:
    """The code from the message or letter."""
    page = election_page(services, language())
    waiting = sessions.code_request(request, services)
    if waiting is None:
        return redirect("portal:identify", slug=page.slug)
    failure = None
    if request.method == "POST":
        typed = re.sub(r"\s", "", request.POST.get("code", ""))[:40]
        try:
            visit = visit_of_request(request)
            found = services.voting.enter_code(waiting.request_id, typed, visit, waiting.method)
            return redirect(arrive(request, services, found), slug=page.slug)
        except MalformedError as error:
            failure = refusals.message(refusals.CODE, error.why)
        except RefusedError as error:
            failure = told(services, error.code, error.detail, refusals.CODE)
    return _code_page(request, services, waiting, failure)


@anyone
@require_POST
@election
def code_again(request: HttpRequest, services: Services) -> HttpResponse:
    """Another code to the same address."""
    slug = links.slug_of(services.election)
    waiting = sessions.code_request(request, services)
    if waiting is None:
        return redirect("portal:identify", slug=slug)
    try:
        _send_code(request, services, waiting.number, waiting.method)
    except RefusedError as error:
        failure = told(services, error.code, error.detail, refusals.CODE, refusals.HOURS)
        return _code_page(request, services, waiting, failure)
    return redirect(reverse("portal:code", kwargs={"slug": slug}) + "?sent")


def _code_page(
    request: HttpRequest,
    services: Services,
    waiting: CodeRequest,
    failure: refusals.Message | None,
) -> HttpResponse:
    page = {
        "election": election_page(services, language()),
        "masked": waiting.masked,
        "by_email": waiting.method == EMAIL,
        "wait": seconds_until(waiting.resend_at, services.clock.now()),
        "sent": "sent" in request.GET and failure is None,
        "failure": failure,
        "delayed": services.code_watch.delayed(services.clock.now()),
    }
    response = render(request, "portal/code.html", page)
    response.headers["Cache-Control"] = "no-store"
    return response


@anyone
@require_http_methods(["GET", "POST"])
@election
def link(request: HttpRequest, services: Services) -> HttpResponse:
    """A one-time link of the help desk. Its secret comes in the form, never in the address."""
    page = election_page(services, language())
    failure = None
    if request.method == "POST":
        try:
            typed = request.POST.get("link", "")[:60]
            found = services.voting.enter_link(typed, visit_of_request(request))
            return redirect(arrive(request, services, found), slug=page.slug)
        except RefusedError as error:
            failure = told(services, error.code, error.detail, refusals.LINK, refusals.HOURS)
    response = render(request, "portal/link.html", {"election": page, "failure": failure})
    response.headers["Cache-Control"] = "no-store"
    return with_device(request, response)


@anyone
@election
def signature(request: HttpRequest, services: Services) -> HttpResponse:
    """Signing; the browser and the API do the rest."""
    page = {
        "election": election_page(services, language()),
        "refusals": {**signing_refusals(), **_number_faults(services)}.items(),
        "demo_number": request.session.get("number", "") if settings.DEMO else "",
    }
    return with_device(request, render(request, "portal/signature.html", page))


def arrive(request: HttpRequest, services: Services, found: Identified) -> str:
    """Let the voter in; where they go: to the ballot, or first to what was cast before."""
    sessions.begin(request, services, found)
    earlier = services.voting.standing(found.voter, found.method).earlier
    wish = sessions.take_wish(request)  # of whoever sat here before, perhaps somebody else
    if any(ballot.tracker == wish and ballot.may_reclaim for ballot in earlier):
        sessions.reclaim(request, wish)
        return "portal:ballot"
    return "portal:already" if earlier else "portal:ballot"


def with_device(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Give the browser a random number of its own, if it has none (see web/visits.py)."""
    if not _DEVICE.fullmatch(request.COOKIES.get(DEVICE_COOKIE, "")):
        response.set_cookie(
            DEVICE_COOKIE,
            secrets.token_hex(16),
            max_age=DEVICE_AGE,
            httponly=True,
            samesite="Lax",
            secure=settings.HTTPS,
        )
    return response


def language() -> str:
    """Language of the page: "kk", "ru" or "en"."""
    return get_language() or settings.LANGUAGE_CODE
