"""Pages of the demonstration. Each asks first whether this is one."""

import base64
from functools import wraps
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dauys.core.canonical import Record, decode, encode
from dauys.core.errors import MalformedError
from dauys.web.access import View, anyone
from dauys.web.demo.pages import messages, samples, use_phone
from dauys.web.portal.identify import language
from dauys.wiring import office


class SignRequest(Record, frozen=True, kw_only=True):
    """What a sample voter signs: `content` is base64."""

    number: str
    content: str


def demonstration(view: View) -> View:
    """Answer 404 unless this is a demonstration."""

    @wraps(view)
    def shown(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return shown


@anyone
@require_GET
@never_cache
@demonstration
def outbox(request: HttpRequest) -> HttpResponse:
    """Text messages that would have been sent."""
    return render(request, "demo/outbox.html", {"messages_sent": messages(language())})


@anyone
@require_GET
@never_cache
@demonstration
def outbox_list(request: HttpRequest) -> HttpResponse:
    """The part of the page that is renewed."""
    return render(request, "demo/messages.html", {"messages_sent": messages(language())})


@anyone
@require_GET
@never_cache
@demonstration
def voters(request: HttpRequest) -> HttpResponse:
    """People to try the election with."""
    return render(request, "demo/voters.html", {"samples": samples(language())})


@anyone
@require_http_methods(["GET", "POST"])
@never_cache
@demonstration
def phone(request: HttpRequest) -> HttpResponse:
    """A phone with eGov Mobile on it, stood in for: signs what a link of this site leads to."""
    if not office().identity.national_keys:
        raise Http404
    asked = request.POST if request.method == "POST" else request.GET
    link, number = asked.get("link", "")[:1000], asked.get("number", "")[:40]
    page: dict[str, object] = {"link": link, "number": number, "samples": samples(language())}
    if request.method == "POST":
        page["told"] = use_phone(link, number, request.build_absolute_uri("/"))
    return render(request, "demo/phone.html", page)


@anyone
@require_POST
@demonstration
def sign(request: HttpRequest) -> HttpResponse:
    """Sign as a sample voter, with the test authority of this demonstration."""
    try:
        asked = decode(request.body, SignRequest, "request")
        cms = _sign(asked.number, base64.b64decode(asked.content, validate=True))
    except (MalformedError, ValueError):
        return _json({"error": "malformed", "detail": ""}, 400)
    except LookupError:
        return _json({"error": "unknown_voter", "detail": ""}, 404)
    return _json({"cms": base64.b64encode(cms).decode()}, 200)


def _sign(number: str, content: bytes) -> bytes:
    from dauys.scenario.demo_signer import sign as sign_as  # noqa: PLC0415 -- demonstration only

    return sign_as(Path(settings.DATA), number, content)


def _json(value: dict[str, str], status: int) -> HttpResponse:
    return HttpResponse(encode(value), content_type="application/json", status=status)
