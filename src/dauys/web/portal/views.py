"""The voter's pages before and after identification (see identify.py for what is between)."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from dauys.conduct.methods import EDS
from dauys.core.errors import MalformedError, RefusedError
from dauys.core.ids import Tracker
from dauys.store.elections import DatabaseElections
from dauys.web.access import anyone, voter
from dauys.web.portal import links, refusals, sessions
from dauys.web.portal.ballot_pages import ballot_page
from dauys.web.portal.doors import election, identified
from dauys.web.portal.identify import language
from dauys.web.portal.pages import (
    election_lines,
    election_page,
    own_page,
    reports,
    seconds_until,
)
from dauys.web.portal.sessions import VoterSession
from dauys.web.portal.times import pick
from dauys.web.portal.uses import uses_of
from dauys.web.portal.ways import told
from dauys.web.visits import visit_of_request
from dauys.wiring import Services, office

HOURS = frozenset(refusals.HOURS)


@anyone
def elections(request: HttpRequest) -> HttpResponse:
    """All elections, or straight to the only one."""
    sealed = [one for one in DatabaseElections().all() if one.sealed]
    if len(sealed) == 1:
        return redirect("portal:landing", slug=sealed[0].slug)
    lines = election_lines(tuple(office().services(one.id) for one in sealed), language())
    return render(request, "portal/elections.html", {"elections": lines})


@anyone
@election
def landing(request: HttpRequest, services: Services) -> HttpResponse:
    """What the election is, and the way in."""
    session = sessions.current(request, services)
    page = {
        "election": election_page(services, language()),
        "identified": session is not None and not session.done,
    }
    return render(request, "portal/landing.html", page)


@voter
@identified
def ballot(request: HttpRequest, services: Services, session: VoterSession) -> HttpResponse:
    """Choose, check, cast, receipt: one page, so that nothing is lost on the way."""
    found = session.identified
    standing = services.voting.standing(found.voter, found.method)
    page = election_page(services, language())
    if session.done:
        return redirect("portal:mine", slug=page.slug)
    if standing.refusal in HOURS:
        return _closed(request, services, session, standing.refusal)
    if standing.refusal and session.reclaims is None:
        return redirect("portal:already", slug=page.slug)
    context = {
        "election": page,
        "ballot": ballot_page(services, session, language()),
        "refusals": refusals.fitting(refusals.BALLOT, signature=page.by_signature).items(),
        **_timer(services, session),
    }
    return render(request, "portal/ballot.html", context)


@voter
@require_http_methods(["GET", "POST"])
@identified
def already(request: HttpRequest, services: Services, session: VoterSession) -> HttpResponse:
    """What was cast in the voter's name, and what they can do about it."""
    page = election_page(services, language())
    own = own_page(services, session, language())
    if request.method == "POST":
        return _decide(request, session, page.slug)
    if session.done or not own.ballots:
        return redirect("portal:mine" if session.done else "portal:ballot", slug=page.slug)
    context = {"election": page, "own": own, **_timer(services, session)}
    return render(request, "portal/already.html", context)


def _decide(request: HttpRequest, session: VoterSession, slug: str) -> HttpResponse:
    """Take a ballot back (with the signature at hand, or by signing now), or vote again."""
    tracker = request.POST.get("tracker", "")[:43]
    if not tracker:
        sessions.reclaim(request, None)
        return redirect("portal:ballot", slug=slug)
    if session.identified.method == EDS:
        sessions.reclaim(request, Tracker(tracker))
        return redirect("portal:ballot", slug=slug)
    sessions.wish(request, Tracker(tracker))
    return redirect("portal:signature", slug=slug)


@voter
@require_http_methods(["GET", "POST"])
@identified
def report(request: HttpRequest, services: Services, session: VoterSession) -> HttpResponse:
    """The voter's "that was not me", and what became of it."""
    failure = None
    page = election_page(services, language())
    if request.method == "POST":
        tracker = Tracker(request.POST.get("tracker", "")[:43])
        try:
            services.voting.report_stolen(session.identified, tracker, visit_of_request(request))
            return redirect("portal:report", slug=page.slug)
        except RefusedError as error:
            failure = told(services, error.code, error.detail, refusals.STANDING)
    context = {
        "election": page,
        "reports": reports(services, session.identified.voter, language()),
        "own": own_page(services, session, language()),
        "failure": failure,
        **_timer(services, session),
    }
    return render(request, "portal/report.html", context)


@voter
@identified
def mine(request: HttpRequest, services: Services, session: VoterSession) -> HttpResponse:
    """Every ballot in the voter's name; with a signature, every use of it."""
    signed, own = _signed(services, session), own_page(services, session, language())
    if own.ballots and sessions.looks_first(request):
        services.voting.checked(session.identified, visit_of_request(request))
    context = {
        "signed": signed,
        "uses": uses_of(services, session, language()) if signed else (),
        "election": election_page(services, language()),
        "own": own,
        **_timer(services, session),
    }
    return render(request, "portal/mine.html", context)


@voter
@require_http_methods(["GET", "POST"])
@identified
def phone(request: HttpRequest, services: Services, session: VoterSession) -> HttpResponse:
    """The voter's phone on the register, changed by their own signature before voting."""
    found, failure, page = session.identified.voter, None, election_page(services, language())
    phones = services.numbering.phones
    if not _signed(services, session):
        return redirect("portal:signature", slug=page.slug)
    if request.method == "POST":
        try:
            written = phones.parse(request.POST.get("phone", "")[:40])
            services.voting.help.phone_by_signature(found, written)
            return redirect(reverse("portal:phone", kwargs={"slug": page.slug}) + "?changed")
        except MalformedError as error:
            failure = refusals.message(refusals.of_phones(phones.words, language()), error.why)
        except RefusedError as error:
            failure = told(services, error.code, "", refusals.PHONE)
    context = {
        "election": page,
        "masked": phones.mask(found.phone) if found.phone else "",
        "hint": pick(phones.words.hint, language()),
        "frozen": services.voting.help.phones_frozen(),
        "changed": "changed" in request.GET and failure is None,
        "failure": failure,
        **_timer(services, session),
    }
    return render(request, "portal/phone.html", context)


@voter
@require_POST
@identified
def stay(request: HttpRequest, services: Services, session: VoterSession) -> HttpResponse:
    """Twenty more minutes."""
    until = sessions.extend(request, services, session)
    return JsonResponse({"seconds": seconds_until(until, services.clock.now())})


@voter
@require_POST
@identified
def done(request: HttpRequest, _services: Services, _session: VoterSession) -> HttpResponse:
    """The ballot is in the box."""
    sessions.finish(request)
    return HttpResponse(status=204)


@voter
@require_POST
@election
def leave(request: HttpRequest, services: Services) -> HttpResponse:
    """Sign out."""
    sessions.leave(request)
    return redirect("portal:landing", slug=links.slug_of(services.election))


def _closed(
    request: HttpRequest, services: Services, session: VoterSession, code: str
) -> HttpResponse:
    """The page for hours and methods in which nobody votes."""
    context = {
        "election": election_page(services, language()),
        "failure": told(services, code, "", refusals.HOURS),
        **_timer(services, session),
    }
    return render(request, "portal/closed.html", context)


def _signed(services: Services, session: VoterSession) -> bool:
    """Whether the voter signed: only then is everything told that was done in their name."""
    return session.identified.method in services.journal.state().manifest.signed


def _timer(services: Services, session: VoterSession) -> dict[str, object]:
    left = seconds_until(session.until, services.clock.now())
    return {"session": session, "session_left": left}
