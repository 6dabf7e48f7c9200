"""The register: upload, map columns, dry run, accept."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from dauys.core.errors import MalformedError, RefusedError
from dauys.identity.register import report_csv
from dauys.store.models.staff import Role
from dauys.web.access import staff
from dauys.web.console import saying
from dauys.web.console.forms.register import MappingForm, UploadForm, as_data
from dauys.web.console.frame import attempt, go, maybe_missing, services_of, show
from dauys.web.console.pages.register import current, dry_run, suggestion, table_of, uploads


@staff(Role.ORGANISER)
def register(request: HttpRequest, slug: str) -> HttpResponse:
    """The register so far, and a new file."""
    services = services_of(slug)
    form = UploadForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        token = uploads(services).keep(file.read(), file.name)
        try:
            table_of(services, token)
        except MalformedError as error:
            uploads(services).forget(token)
            form.refuse(error, "file")
        else:
            return go("register_check", slug, token)
    page = current(services)
    return show(request, services, "set_up", "register", form=form, page=page)


@staff(Role.ORGANISER)
@maybe_missing
def check(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Columns and the dry run; the mapping is in the address, so that it can be changed."""
    services = services_of(slug)
    table = table_of(services, token)
    data = request.GET if "number" in request.GET else as_data(suggestion(table))
    form = MappingForm(data, initial={"columns": table.columns})
    page = None
    if form.is_valid():
        try:
            report = services.set_up.read_register(table, form.mapping())
            page = dry_run(services, report)
        except MalformedError as error:
            form.refuse(error)
    context = {"form": form, "page": page, "token": token, "query": request.GET.urlencode()}
    return show(request, services, "set_up", "register_check", **context)


@staff(Role.ORGANISER)
@maybe_missing
def problems(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Rows with mistakes, as a file to mend the register by."""
    services = services_of(slug)
    table = table_of(services, token)
    data = request.GET if "number" in request.GET else as_data(suggestion(table))
    form = MappingForm(data, initial={"columns": table.columns})
    if not form.is_valid():
        return go("register_check", slug, token)
    report = services.set_up.read_register(table, form.mapping())
    content = "\ufeff" + report_csv(report.problems, saying.locale())
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="register-{slug}-problems.csv"'
    return response


@staff(Role.ORGANISER)
@require_POST
@maybe_missing
def accept(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Take the register; rows with mistakes only if the organiser leaves them out knowingly."""
    services = services_of(slug)
    table = table_of(services, token)
    form = MappingForm(request.POST, initial={"columns": table.columns})
    if not form.is_valid():
        return go("register_check", slug, token)

    def take() -> None:
        report = services.set_up.read_register(table, form.mapping())
        if report.problems and "leave_out" not in request.POST:
            raise RefusedError("register_has_problems")
        services.set_up.accept_register(report.voters)
        uploads(services).forget(token)

    taken = attempt(request, take, gettext("The register is loaded."))
    return go("set_up", slug) if taken else go("register_check", slug, token)
