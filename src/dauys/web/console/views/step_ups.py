"""Networks whose voters are asked for a signature: ask, confirm by a second person, lift."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from dauys.core.errors import RefusedError
from dauys.store.models.staff import Role
from dauys.store.outline import outline
from dauys.web.access import staff
from dauys.web.console.forms.monitor import StepUpForm
from dauys.web.console.frame import attempt, go, services_of, show, who_may
from dauys.web.console.pages.step_ups import networks, step_up_lines


@staff(*who_may("monitor"))
def step_ups(request: HttpRequest, slug: str) -> HttpResponse:
    """What is in force, what waits for a second person, and the form to ask."""
    services = services_of(slug)
    if not outline(services.election).sealed:
        return show(request, services, "monitor", "step_ups", sealed=False)
    form = StepUpForm(request.POST or None, initial={"networks": networks(services)})
    if form.is_valid():
        data, who = form.cleaned_data, request.user.get_username()
        try:
            services.step_ups.ask(data["network"], data["hours"], data["why"], who)
            return go("step_ups", slug)
        except RefusedError as error:
            form.refuse(error)
    lines = step_up_lines(services, request.user.get_username())
    return show(request, services, "monitor", "step_ups", sealed=True, form=form, lines=lines)


@staff(Role.ANALYST, Role.COMMISSION)
@require_POST
def step_up_act(request: HttpRequest, slug: str, number: int, act: str) -> HttpResponse:
    """Confirm it, or end it before its time."""
    desk, who = services_of(slug).step_ups, request.user.get_username()
    deeds = {
        "confirm": (
            lambda: desk.confirm(number, who),
            gettext("It is in force, and the notice is on the public board."),
        ),
        "lift": (
            lambda: desk.lift(number, who),
            gettext("It has ended, and the notice is on the public board."),
        ),
    }
    if act not in deeds:
        raise Http404
    attempt(request, *deeds[act])
    return go("step_ups", slug)
