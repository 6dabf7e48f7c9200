"""What every template knows."""

from django.conf import settings
from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, object]:  # noqa: ARG001 -- a context processor
    """Whether this is the demonstration, for its banner."""
    return {"demo": settings.DEMO}
