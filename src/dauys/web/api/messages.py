"""What gateways tell by themselves of messages they were given. Each report is signed."""

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from dauys.identity.messages.gateway import ReportRefusedError
from dauys.web.access import anyone
from dauys.wiring import office

LONGEST: Final = 4096


@csrf_exempt
@anyone
@require_POST
def report(request: HttpRequest, gateway: str) -> HttpResponse:
    """Take a report that the gateway signed; 403 for any other, and nothing is told."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > LONGEST:
        return HttpResponse(status=413)
    try:
        office().take_report(gateway, request.POST.dict())
    except LookupError as error:
        raise Http404 from error
    except ReportRefusedError:
        return HttpResponse(status=403)
    return HttpResponse("OK", content_type="text/plain")
