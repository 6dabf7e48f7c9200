"""Asks a provider over HTTP: bounded in time and size, without redirections or proxies."""

import base64
import json
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

from dauys.identity.sign_in.provider import ProviderError

TIMEOUT_S: Final = 8.0
LONGEST: Final = 256 * 1024


class HttpWeb:
    """See `provider.Web`. Secrets go into headers and bodies, never into addresses."""

    def get(self, address: str) -> Mapping[str, Any]:
        """A JSON object. Raises ProviderError."""
        return _ask("GET", address, b"", {})

    def post(
        self, address: str, form: Mapping[str, str], login: tuple[str, str]
    ) -> Mapping[str, Any]:
        """The JSON object that answers a form. Raises ProviderError."""
        # RFC 6749, section 2.3.1: both parts are form-encoded first.
        basic = ":".join(quote(part, safe="") for part in login).encode()
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Authorization": f"Basic {base64.b64encode(basic).decode()}",
        }
        return _ask("POST", address, urlencode(form).encode(), headers)


def _ask(method: str, address: str, body: bytes, headers: dict[str, str]) -> Mapping[str, Any]:
    parts = urlsplit(address)
    connect = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = connect(parts.hostname or "", parts.port, timeout=TIMEOUT_S)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request(method, path, body, {"Accept": "application/json", **headers})
        return _read(connection.getresponse())
    except (OSError, HTTPException) as error:
        raise ProviderError("unreachable") from error
    finally:
        connection.close()


def _read(response: HTTPResponse) -> Mapping[str, Any]:
    if response.status != 200:
        raise ProviderError(f"status_{response.status}")
    data = response.read(LONGEST + 1)
    if len(data) > LONGEST:
        raise ProviderError("too_long")
    try:
        value = json.loads(data)
    except ValueError as error:
        raise ProviderError("unreadable") from error
    if not isinstance(value, dict):
        raise ProviderError("unreadable")
    return value
