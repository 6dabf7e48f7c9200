"""The site behind a proxy that takes TLS off, as docs/operating.md has it."""

import asyncio
import io
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.test import override_settings


@pytest.fixture
def posted() -> HttpRequest:
    """A form that a browser posted over https, as Django sees it behind the proxy."""
    from django.core.handlers.asgi import ASGIRequest

    from dauys.web.asgi import as_sent

    token = "a" * 32
    headers = {
        "host": "localhost",
        "origin": "https://localhost",
        "cookie": f"dauys_csrf={token}",
        "x-csrftoken": token,
    }
    scope: dict[str, Any] = {
        "type": "http",
        "method": "POST",
        "path": "/",
        "query_string": b"",
        "scheme": "http",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    with override_settings(HTTPS=True):
        return ASGIRequest(as_sent(scope), io.BytesIO())


def test_a_form_posted_over_https_is_taken(posted: HttpRequest) -> None:
    middleware = CsrfViewMiddleware(lambda _request: HttpResponse())
    middleware.process_request(posted)
    assert middleware.process_view(posted, lambda _request: HttpResponse(), (), {}) is None
    assert posted.is_secure()


def test_a_site_without_tls_says_so() -> None:
    from dauys.web.asgi import Application, as_sent

    with override_settings(HTTPS=False):
        assert as_sent({"scheme": "http"}) == {"scheme": "http"}
    found: list[str] = []

    async def django(scope: dict[str, Any], _receive: object, _send: object) -> None:
        found.append(scope["scheme"])

    application = Application()
    application._django = django

    async def ask() -> None:
        await application({"type": "http", "path": "/", "scheme": "http"}, None, None)  # type: ignore[arg-type]  # neither is used

    with override_settings(HTTPS=True):
        asyncio.run(ask())
    assert found == ["https"]
