"""What the voter's page asks of the server, and what anyone may ask of the board.

Bodies and answers are canonical JSON (docs/protocol.md, section 1). A refusal is
`{"detail", "error"}` with status 409, a body of another form has status 400.
"""

import base64
import io
from functools import wraps
from typing import Annotated, TypeVar

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import override
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_GET, require_POST
from msgspec import Meta

from dauys.core.canonical import Record, decode, encode
from dauys.core.errors import MalformedError, RefusedError
from dauys.core.forms import CredentialHex
from dauys.core.forms import Tracker as TrackerText
from dauys.core.ids import ContestId, Tracker
from dauys.web.access import View, anyone, voter
from dauys.web.portal import links, sessions
from dauys.web.portal.doors import services_by_id
from dauys.web.portal.identify import arrive
from dauys.web.visits import visit_of_request

R = TypeVar("R", bound=Record)


class ChallengeRequest(Record, frozen=True, kw_only=True):
    """The public key of the ballot that the voter is about to authorise."""

    credential: CredentialHex


class SignatureRequest(Record, frozen=True, kw_only=True):
    """A CMS signature, base64 of DER."""

    cms: Annotated[str, Meta(min_length=1)]


class PermitAsked(Record, frozen=True, kw_only=True):
    """Which key is to cast the ballot, and which earlier ballot is taken back, if any."""

    credential: CredentialHex
    reclaims: TrackerText | None


def answers(view: View) -> View:
    """Turn errors of services into answers for machines."""

    @wraps(view)
    def answered(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except MalformedError as error:
            return to_json(_error("malformed", error.why), 400)
        except RefusedError as error:
            status = 404 if error.code == "unknown_tracker" else 409
            return to_json(_error(error.code, error.detail), status)

    return answered


@anyone
@require_GET
@cache_control(public=True, max_age=3600)
def contest_election(_request: HttpRequest, election: str, contest: str) -> HttpResponse:
    """The Belenios election of a contest, byte for byte as published."""
    state = services_by_id(election).journal.state()
    text = state.elections.get(ContestId(contest))
    if text is None:
        raise Http404
    return HttpResponse(text, content_type="application/json")


@anyone
@require_POST
@answers
def challenge(request: HttpRequest, election: str) -> HttpResponse:
    """What the voter signs to vote with their ballot key."""
    services = services_by_id(election)
    asked = read_request(request, ChallengeRequest)
    content = services.voting.challenge(asked.credential)
    return to_json({"challenge": base64.b64encode(content).decode()})


@anyone
@require_POST
@answers
def signature(request: HttpRequest, election: str) -> HttpResponse:
    """Identify the voter by their signature; says which page comes next."""
    services = services_by_id(election)
    asked = read_request(request, SignatureRequest)
    try:
        cms = base64.b64decode(asked.cms, validate=True)
    except ValueError as error:
        raise MalformedError("signature", "not base64") from error
    found = services.voting.check_signature(cms, visit_of_request(request))
    return to_json({"next": arrive(request, services, found).removeprefix("portal:")})


@voter
@require_POST
@answers
def permit(request: HttpRequest, election: str) -> HttpResponse:
    """The registrar's permit for the identified voter's ballot key."""
    services = services_by_id(election)
    session = sessions.current(request, services)
    if session is None or session.done:
        raise RefusedError("session_over")
    asked = read_request(request, PermitAsked)
    if asked.reclaims != session.reclaims:
        raise RefusedError("nothing_to_reclaim")
    issued = services.voting.permit(
        session.identified, asked.credential, asked.reclaims, visit_of_request(request)
    )
    return to_json(issued)


@anyone
@require_GET
@never_cache
@answers
def receipt(request: HttpRequest, election: str) -> HttpResponse:
    """Receipt of the ballot with this tracker."""
    journal = services_by_id(election).journal
    tracker = Tracker(request.GET.get("tracker", ""))
    index = journal.state().by_tracker.get(tracker)
    if index is None:
        raise RefusedError("unknown_tracker")
    return to_json(journal.receipt_for(index))


@anyone
@require_GET
@never_cache
def checkpoint(_request: HttpRequest, election: str) -> HttpResponse:
    """The newest signed checkpoint of the board."""
    note = services_by_id(election).journal.checkpoint()
    return HttpResponse(note, content_type="text/plain; charset=utf-8")


@anyone
@require_GET
@cache_control(public=True, max_age=86400)
def qr(request: HttpRequest, election: str) -> HttpResponse:
    """QR code (SVG) of a page of the board: where opened ballots are checked, or a tracker."""
    slug = links.slug_of(services_by_id(election).election)
    language = request.GET.get("lang", "")
    if language not in dict(settings.LANGUAGES):
        raise Http404
    with override(language):
        if request.GET.get("page") == "opened":
            path = links.check_opened(slug)
        else:
            path = links.look_up(slug, Tracker(request.GET.get("tracker", "")[:43]))
    address = request.build_absolute_uri(path)
    picture = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        picture, kind="svg", scale=4, border=4, light="#ffffff", dark="#000000"
    )
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")


def read_request(request: HttpRequest, form: type[R]) -> R:
    """Body of the request, canonical JSON. Raises MalformedError."""
    return decode(request.body, form, "request")


def _error(code: str, detail: str) -> dict[str, str]:
    return {"error": code, "detail": detail}


def to_json(value: object, status: int = 200) -> HttpResponse:
    """Answer with canonical JSON."""
    response = HttpResponse(encode(value), content_type="application/json", status=status)
    response.headers.setdefault("Cache-Control", "no-store")
    return response
