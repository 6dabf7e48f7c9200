"""Where a request came from, as the signals keep it."""

import re
from collections.abc import Iterable
from functools import cache
from http.cookies import CookieError, SimpleCookie

from django.conf import settings
from django.http import HttpRequest

from dauys.conduct.people import Visit
from dauys.web.address import TrustedProxies

DEVICE_COOKIE = "dauys_device"
_DEVICE = re.compile(r"[0-9a-f]{32}")
_BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("YaBrowser", "Yandex"),
    ("SamsungBrowser", "Samsung"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_JA4 = re.compile(
    r"[tqd](1[0-3]|s[23]|d[1-3]|00)[di][0-9]{4}[0-9a-zA-Z]{2}_[0-9a-f]{12}_[0-9a-f]{12}"
)
"""Protocol, version, SNI, counts, ALPN; hashes of ciphers and of extensions.

https://github.com/FoxIO-LLC/ja4/blob/main/technical_details/JA4.md
"""
_MAX_DWELL_S = 86_400.0


def visit_of(peer: str, headers: Iterable[tuple[str, str]]) -> Visit:
    """Describe a request by the other end of its connection and its headers.

    `X-Forwarded-For` and the header that holds the JA4 of the TLS handshake count only from
    proxies the operator named. The device is a random
    cookie of the voter's page, not a fingerprint; the browser is its family only.
    """
    found: dict[str, list[str]] = {}
    for name, value in headers:
        found.setdefault(name.lower(), []).append(value)
    agent = " ".join(found.get("user-agent", []))
    return Visit(
        address=_proxies().client_address(peer, found.get("x-forwarded-for", [])),
        device=_device("; ".join(found.get("cookie", []))),
        browser=next((name for mark, name in _BROWSERS if mark in agent), "other"),
        tls=_tls(peer, found.get(settings.TLS_HEADER, [])),
        automation="Headless" in agent if agent else None,
        dwell_s=_dwell(found.get("x-dauys-dwell", [""])[0]),
    )


def visit_of_request(request: HttpRequest) -> Visit:
    """Describe a request that came through Django."""
    return visit_of(request.META.get("REMOTE_ADDR", ""), request.headers.items())


@cache
def _proxies() -> TrustedProxies:
    return TrustedProxies(settings.TRUSTED_PROXIES)


def _device(cookies: str) -> str:
    try:
        morsel = SimpleCookie(cookies).get(DEVICE_COOKIE)
    except CookieError:
        return ""
    return morsel.value if morsel and _DEVICE.fullmatch(morsel.value) else ""


def _tls(peer: str, written: list[str]) -> str:
    """What the proxy says, in its one form; nothing where somebody wrote a second one."""
    if len(written) != 1 or not _proxies().trusts(peer.partition("%")[0]):
        return ""
    return written[0] if _JA4.fullmatch(written[0]) else ""


def _dwell(text: str) -> float | None:
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,3})?", text):
        return None
    return min(float(text), _MAX_DWELL_S)
