"""Signing with eGov Mobile: three requests of the app, and those of the browser that waits.

What the app is told is `identity/kazakhstan/egov_mobile.py`. Its answers are plain JSON: 403 for a
signature that is not taken, 401 for a wrong token, 404 and 410 for a signing that is not, or
no longer, there.
"""

import base64
import io
import json
from functools import wraps
from typing import Any

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dauys.conduct.remote_signing import RemoteState, code_of
from dauys.core.canonical import Record
from dauys.core.errors import MalformedError, RefusedError
from dauys.core.forms import Hash, Text
from dauys.identity.kazakhstan import egov_mobile
from dauys.web.access import View, anyone
from dauys.web.api.views import ChallengeRequest, answers, read_request, to_json
from dauys.web.portal import doors, national_refusals, refusals
from dauys.web.portal.identify import arrive
from dauys.web.portal.pages import seconds_until
from dauys.web.visits import visit_of_request
from dauys.wiring import Services, office

WHAT = Text(
    kk="Бір бюллетеньге рұқсатқа қол қою. Таңдауыңыз бұл жерде жоқ.",
    ru="Подписание разрешения на один бюллетень. Вашего выбора здесь нет.",
    en="Signing a permission for one ballot. Your choice is not in it.",
)
DOCUMENT = Text(
    kk="Бір бюллетеньге рұқсат. Код:",
    ru="Разрешение на один бюллетень. Код:",
    en="Permission for one ballot. Code:",
)
STATUS = {
    "challenge_unknown": 404,
    "challenge_used": 410,
    "challenge_expired": 410,
    "wrong_token": 401,
}


class Waiting(Record, frozen=True, kw_only=True):
    """What lets the browser that began a signing ask about it."""

    secret: Hash


@anyone
@require_POST
@answers
def begin(request: HttpRequest, election: str) -> HttpResponse:
    """Start a signing on a phone for this browser's ballot key."""
    services = _services(election)
    begun = services.remote.begin(read_request(request, ChallengeRequest).credential)
    address = _address(request, election, begun.number)
    return to_json(
        {
            "number": begun.number,
            "secret": begun.secret,
            "challenge": base64.b64encode(begun.challenge).decode(),
            "code": begun.code,
            "seconds": seconds_until(begun.expires, services.clock.now()),
            "link": egov_mobile.deep_link(address),
            "qr": _qr(egov_mobile.qr_text(address)),
        }
    )


@anyone
@require_POST
@answers
def ask(request: HttpRequest, election: str, number: str) -> HttpResponse:
    """How far the signing is; once it is signed, identify the voter in this browser."""
    services = _services(election)
    secret = read_request(request, Waiting).secret
    state, refusal = services.remote.ask(number, secret)
    if state is not RemoteState.SIGNED:
        return to_json({"state": state, "refusal": refusal, "next": ""})
    found = services.remote.take(number, secret, visit_of_request(request))
    going = arrive(request, services, found).removeprefix("portal:")
    return to_json({"state": state, "refusal": "", "next": going})


def for_the_app(view: View) -> View:
    """Answer the app: JSON with a message for the person, and the status it expects."""

    @wraps(view)
    def answered(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except MalformedError:
            return _plain({"message": str(national_refusals.SIGNING_HERE["unreadable"].title)}, 400)
        except RefusedError as error:
            found = national_refusals.SIGNING_HERE.get(error.code, refusals.SERVER)
            words = " ".join(str(part) for part in (found.title, found.means, found.todo))
            return _plain({"message": words}, STATUS.get(error.code, 403))

    return answered


@anyone
@require_GET
@never_cache
@for_the_app
def description(request: HttpRequest, election: str, number: str) -> HttpResponse:
    """The app's first request: what is to be signed, and where it is."""
    services = _services(election)
    signing = services.remote.find(number)
    organiser = services.journal.state().manifest.organiser
    document = f"{_address(request, election, number)}/document"
    return _plain(
        egov_mobile.description(WHAT, organiser, signing.expires, document, signing.token), 200
    )


@anyone
@csrf_exempt  # a program with a token of its own; no cookie of anybody is looked at
@require_http_methods(["GET", "PUT"])
@never_cache
@for_the_app
def document(request: HttpRequest, election: str, number: str) -> HttpResponse:
    """The app's second and third requests: fetch what to sign, put it back signed."""
    services = _services(election)
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if request.method == "GET":
        content = services.remote.document(number, token)
        return _plain(egov_mobile.documents(DOCUMENT, code_of(content), content), 200)
    services.remote.hand_in(number, token, egov_mobile.signed_cms(request.body))
    return _plain({"message": str(national_refusals.TAKEN)}, 200)


def _services(election: str) -> Services:
    """Services of an election whose voters have keys of the country. Raises Http404."""
    if not office().identity.national_keys:
        raise Http404
    return doors.services_by_id(election)


def _address(request: HttpRequest, election: str, number: str) -> str:
    path = reverse("api:mobile-description", kwargs={"election": election, "number": number})
    return request.build_absolute_uri(path)


def _qr(text: str) -> str:
    """QR code as the address of a picture (SVG)."""
    picture = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        picture, kind="svg", scale=4, border=4, light="#ffffff", dark="#000000"
    )
    return "data:image/svg+xml;base64," + base64.b64encode(picture.getvalue()).decode()


def _plain(value: dict[str, Any], status: int) -> HttpResponse:
    body = json.dumps(value, ensure_ascii=False)
    return HttpResponse(body, content_type="application/json; charset=utf-8", status=status)
