"""The monitor's desk: alerts, the queue, a cluster and what is done about it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from dauys.conduct.watching import open_case_for
from dauys.core.errors import RefusedError
from dauys.response.queue import Queued
from dauys.store.accounts import record_access, roles_of
from dauys.store.models.staff import Role
from dauys.store.outline import outline
from dauys.web.access import staff
from dauys.web.console import frame
from dauys.web.console.forms.decisions import ReasonForm
from dauys.web.console.forms.monitor import DismissClusterForm
from dauys.web.console.frame import attempt, go, services_of, show, who_may
from dauys.web.console.pages.cluster import cluster_page
from dauys.web.console.pages.monitor import monitor_page
from dauys.wiring import Services


@staff(*who_may("monitor"))
def monitor(request: HttpRequest, slug: str) -> HttpResponse:
    """Alerts, the monitor's health, and the queue."""
    services = services_of(slug)
    page = monitor_page(services) if outline(services.election).sealed else None
    analyst = Role.ANALYST in roles_of(frame.person(request))
    return show(request, services, "monitor", "monitor", page=page, analyst=analyst)


@staff(Role.ANALYST)
@require_POST
def look(request: HttpRequest, slug: str) -> HttpResponse:
    """Look at the signals now, whoever's turn it is."""
    patrol = frame.patrol_of(slug)
    attempt(request, patrol.look_now, gettext("The monitor has looked."))
    return go("monitor", slug)


@staff(Role.ANALYST)
@require_POST
def alert_seen(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Mark an alert as seen."""
    desk, who = services_of(slug).alerts, request.user.get_username()
    attempt(request, lambda: desk.see(number, who), gettext("Marked as seen."))
    return go("monitor", slug)


@staff(*who_may("monitor"))
def cluster(request: HttpRequest, slug: str, cluster: str) -> HttpResponse:
    """A cluster; addresses masked."""
    services = services_of(slug)
    return _show(request, services, _queued(services, cluster), unmasked=False)


@staff(Role.ANALYST)
@require_POST
def cluster_addresses(request: HttpRequest, slug: str, cluster: str) -> HttpResponse:
    """The cluster with addresses in full, once the reason is logged."""
    services = services_of(slug)
    queued = _queued(services, cluster)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _show(request, services, queued, unmasked=False, form=form)
    what = f"{slug}: addresses of cluster {cluster}"
    record_access(frame.person(request), what, form.cleaned_data["reason"])
    return _show(request, services, queued, unmasked=True)


@staff(Role.ANALYST)
@require_POST
def cluster_dismiss(request: HttpRequest, slug: str, cluster: str) -> HttpResponse:
    """Set the cluster aside, with a reason."""
    services = services_of(slug)
    queued = _queued(services, cluster)
    form = DismissClusterForm(request.POST)
    if not form.is_valid():
        return _show(request, services, queued, unmasked=False, dismissal=form)
    reason = form.cleaned_data["why"]
    done = gettext("The group was dismissed; the reason is kept.")
    attempt(request, lambda: services.queue.dismiss(cluster, reason), done)
    return go("monitor", slug)


@staff(Role.ANALYST)
@require_POST
def cluster_act(request: HttpRequest, slug: str, cluster: str, act: str) -> HttpResponse:
    """Take it, watch it, have its voters asked, or bring it before the commission."""
    services = services_of(slug)
    _queued(services, cluster)
    queue, who = services.queue, request.user.get_username()
    deeds = {
        "take": (lambda: queue.assign(cluster, who), gettext("You look after this group now.")),
        "watch": (lambda: queue.watch(cluster), gettext("The group is being watched.")),
        "verify": (
            lambda: services.verification.ask(cluster),
            gettext("The help desk will ask these voters whether they voted."),
        ),
        "case": (
            lambda: open_case_for(services.cases, queue, cluster),
            gettext("The commission has a case now."),
        ),
    }
    if act not in deeds:
        raise Http404
    attempt(request, *deeds[act])
    return go("cluster", slug, cluster)


def _queued(services: Services, cluster: str) -> Queued:
    try:
        return services.queue.get(cluster)
    except RefusedError as error:
        raise Http404 from error


def _show(
    request: HttpRequest,
    services: Services,
    queued: Queued,
    *,
    unmasked: bool,
    form: ReasonForm | None = None,
    dismissal: DismissClusterForm | None = None,
) -> HttpResponse:
    context = {
        "page": cluster_page(services, queued, unmasked=unmasked),
        "analyst": Role.ANALYST in roles_of(frame.person(request)),
        "form": form or dismissal or ReasonForm(),
        "reason_form": form or ReasonForm(),
        "dismissal": dismissal or DismissClusterForm(),
    }
    return show(request, services, "monitor", "cluster", **context)
