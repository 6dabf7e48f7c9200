"""Headers that keep a page to itself: no inline script, no other host, no framing.

htmx works only on elements that carry the page's nonce (its extension hx-csp), so that
markup which somebody slipped in can ask for nothing. A page that shows a nonce gets it into its
policy; voters' pages use no htmx and have none.
"""

import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from dauys.wiring import office

NCALAYER = "wss://127.0.0.1:13579"
"""The national signing agent on the voter's own computer."""

SOURCES = {
    "default-src": "'none'",
    "script-src": "'self'{nonce}",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "worker-src": "'self'",
    "manifest-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "htmx dauys-booth",
}

PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


class PageNonce:
    """A random word for one answer, drawn when a template first shows it."""

    def __init__(self) -> None:
        """Not drawn yet."""
        self._word = ""

    def __str__(self) -> str:
        """128 bits, URL-safe."""
        if not self._word:
            self._word = secrets.token_urlsafe(16)
        return self._word

    def source(self) -> str:
        """What the policy says of it: nothing, if no template showed it."""
        return f" 'nonce-{self._word}'" if self._word else ""


class SecurityHeaders:
    """Adds the content security policy and its like to every answer of Django."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Wrap the next layer."""
        self._get_response = get_response
        national = office().identity.national_keys
        sources = {**SOURCES, "connect-src": f"'self' {NCALAYER}"} if national else SOURCES
        self._policy = "; ".join(f"{kind} {places}" for kind, places in sources.items())

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the headers set."""
        nonce = PageNonce()
        request.page_nonce = nonce  # type: ignore[attr-defined]  # Django's place for it
        response = self._get_response(request)
        response.headers["Content-Security-Policy"] = self._policy.replace(
            "{nonce}", nonce.source()
        )
        response.headers["Permissions-Policy"] = PERMISSIONS
        return response
