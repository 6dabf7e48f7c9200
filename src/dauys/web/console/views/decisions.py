"""Decisions: proposing with a preview, signing, withdrawing; and a member's own key."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from dauys.core.errors import RefusedError
from dauys.core.ids import CaseId, DecisionNumber
from dauys.response.cases import Case
from dauys.store.accounts import HeldSeat, roles_of, seat_of
from dauys.store.models.staff import Role
from dauys.store.outline import DraftOrder, outline
from dauys.web.access import staff
from dauys.web.console import frame, saying
from dauys.web.console.forms.decisions import FORMS, KINDS, reason_initial
from dauys.web.console.forms.people import PublicKeyForm, SignatureForm
from dauys.web.console.frame import attempt, go, services_of, show, who_may
from dauys.web.console.pages import decisions as pages
from dauys.web.console.reasons.words import offered_reason
from dauys.wiring import Services


@staff(*who_may("decisions"))
def decisions(request: HttpRequest, slug: str) -> HttpResponse:
    """Proposals and decisions."""
    services = services_of(slug)
    sealed = outline(services.election).sealed
    lines = pages.proposals(services) if sealed else ()
    context = {"lines": lines, "kinds": KINDS.items(), "sealed": sealed}
    return show(request, services, "decisions", "decisions", **context)


@staff(*who_may("decisions"))
def propose(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Choose a remedy, see what it would do, and only then put it to the commission."""
    services = services_of(slug)
    case = _case(services, request.GET.get("case", ""))
    state = services.journal.state()
    if kind not in FORMS or not state.rules:
        raise Http404
    initial = reason_initial(offered_reason(kind, case))
    form = FORMS[kind](request.POST or None, initial=initial, state=state, case=case)
    preview = None
    if form.is_valid():
        try:
            preview = pages.preview_of(services, form.remedy())
            if "confirmed" in request.POST:
                number = case.number if case else None
                proposer = request.user.get_username()
                made = services.decisions.propose(
                    form.remedy(), form.text("reason"), number, proposer
                )
                return go("decision", slug, made.number)
        except RefusedError as error:
            form.refuse(error)
    context = {"form": form, "preview": preview, "title": KINDS[kind], "case": case}
    return show(request, services, "decisions", "propose", **context)


@staff(*who_may("decisions"))
def decision(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One proposal: its text, who has signed, and for a member the means to sign."""
    services = services_of(slug)
    try:
        proposal = services.decisions.get(DecisionNumber(number))
    except RefusedError as error:
        raise Http404 from error
    seat = _seat(services, request)
    member = seat and next(
        (m for m in services.journal.state().manifest.commission if m.id == seat.word), None
    )
    context = {
        "page": pages.proposal_page(services, proposal),
        "member": member,
        "has_signed": bool(member and proposal.approved_by(member.id)),
        "mine": proposal.proposer == request.user.get_username(),
    }
    return show(request, services, "decisions", "decision", **context)


@staff(Role.COMMISSION)
@require_POST
def approve(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Keep a member's signature, made in their browser."""
    services = services_of(slug)
    form = SignatureForm(request.POST)
    if form.is_valid():

        def sign() -> None:
            seat = seat_of(services.election, frame.person(request))
            services.decisions.approve(
                DecisionNumber(number), seat.word, form.cleaned_data["signature"]
            )

        attempt(request, sign, gettext("Your signature is kept."))
    return go("decision", slug, number)


@staff(*who_may("decisions"))
@require_POST
def withdraw(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Take back a proposal of one's own."""
    desk, name = services_of(slug).decisions, request.user.get_username()
    attempt(
        request, lambda: desk.withdraw(DecisionNumber(number), name), gettext("It is withdrawn.")
    )
    return go("decision", slug, number)


@staff(Role.COMMISSION)
def seat(request: HttpRequest, slug: str) -> HttpResponse:
    """The member's own key: made in the browser, only the public half comes here."""
    services = services_of(slug)
    held = _seat(services, request)
    form = PublicKeyForm(request.POST or None)
    if held and form.is_valid():
        order, key = DraftOrder(services.election), form.cleaned_data["key"]
        attempt(request, lambda: order.hand_in_key(held.word, key), gettext("Your key is kept."))
        return go("seat", slug)
    draft = outline(services.election)
    name = saying.say(draft.seat(held.word).name) if held else ""
    context = {"held": held, "name": name, "sealed": draft.sealed}
    return show(request, services, "seat", "seat", **context)


def _case(services: Services, number: str) -> Case | None:
    if not number:
        return None
    try:
        return services.cases.get(CaseId(int(number)))
    except (RefusedError, ValueError) as error:
        raise Http404 from error


def _seat(services: Services, request: HttpRequest) -> HeldSeat | None:
    person = frame.person(request)
    if Role.COMMISSION not in roles_of(person):
        return None
    try:
        return seat_of(services.election, person)
    except RefusedError:
        return None
