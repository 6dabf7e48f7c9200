"""The list of elections, and beginning a new one."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dauys.conduct.methods import EMAIL
from dauys.core.errors import RefusedError
from dauys.core.ids import ElectionId, MethodId
from dauys.crypto.election import new_uuid
from dauys.store.accounts import roles_of
from dauys.store.drafting import DraftDesk
from dauys.store.models.staff import Role
from dauys.web.access import staff
from dauys.web.console import frame, saying
from dauys.web.console.forms.draft import NewElectionForm
from dauys.wiring import office


@dataclass(frozen=True, slots=True)
class Card:
    """An election, and the desks that this person has there."""

    name: str
    organiser: str
    frame: frame.Frame


@staff(*Role)
def home(request: HttpRequest) -> HttpResponse:
    """Elections and desks."""
    cards = [
        Card(
            saying.say(one.name),
            saying.say(one.organiser),
            frame.frame_of(office().services(one.id), frame.person(request), ""),
        )
        for one in office().elections.all()
    ]
    roles = roles_of(frame.person(request))
    page = {"cards": cards, "may_begin": Role.ORGANISER in roles}
    return render(request, "console/home.html", page)


@staff(Role.ORGANISER)
def begin(request: HttpRequest) -> HttpResponse:
    """Begin an election."""
    form = NewElectionForm(request.POST or None)
    if form.is_valid():
        draft = DraftDesk(ElectionId(new_uuid(office().random)))
        slug = form.cleaned_data["slug"]
        phone = form.cleaned_data["help_phone"]
        try:
            name, organiser = form.text("name"), form.text("organiser")
            draft.create(slug, name, organiser, phone, _methods())
        except RefusedError as error:
            form.refuse(error, "slug")
        else:
            return frame.go("set_up", slug)
    status = 422 if form.errors else 200
    return render(request, "console/begin.html", {"form": form}, status=status)


def _methods() -> tuple[MethodId, ...]:
    """What a new election begins with: a mailbox is the weakest of ways, and has to be chosen."""
    offered = office().offered
    return tuple(method for method in offered if method != EMAIL) or offered
