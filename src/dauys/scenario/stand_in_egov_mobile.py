"""A stand-in for eGov Mobile: does its three requests, and signs with keys of a test authority.

For tests and demonstrations.
"""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen

Sign = Callable[[bytes], bytes]
SCHEME: Final = "mobileSign:"


@dataclass(frozen=True, slots=True)
class Shown:
    """What the app shows the person before they sign."""

    description: str
    organisation: str
    document: str


class AppError(Exception):
    """The site refused: `status`, and its words for the person."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(f"{status}: {message}")
        self.status = status
        self.message = message


@dataclass(frozen=True, slots=True)
class StandInEgovMobile:
    """The app, with the person's key behind `sign`: makes an attached CMS (DER) of a content."""

    sign: Sign

    def open(self, scanned: str) -> tuple[Shown, dict[str, Any], dict[str, Any]]:
        """The first two requests: what a QR code, or a deep link, leads to. Raises AppError."""
        told = self._ask("GET", address_of(scanned))
        where = told["document"]
        documents = self._ask("GET", where["uri"], token=where["auth_token"])
        one = documents["documentsToSign"][0]
        shown = Shown(told["description"], told["organisation"]["nameRu"], one["nameRu"])
        return shown, where, documents

    def scan(self, scanned: str) -> Shown:
        """All three requests, the person having agreed. Raises AppError."""
        shown, where, documents = self.open(scanned)
        for one in documents["documentsToSign"]:
            file = one["document"]["file"]
            file["data"] = base64.b64encode(self.sign(base64.b64decode(file["data"]))).decode()
        self._ask("PUT", where["uri"], token=where["auth_token"], body=documents)
        return shown

    def _ask(
        self, method: str, address: str, *, token: str = "", body: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} if data else {}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        request = Request(address, data, headers, method=method)  # noqa: S310 - address_of says http only
        try:
            with urlopen(request, timeout=20) as response:  # noqa: S310 - likewise
                found: dict[str, Any] = json.load(response)
                return found
        except HTTPError as error:
            with error:
                raise AppError(error.code, _message(error.read())) from error


def address_of(scanned: str) -> str:
    """Where a QR code or a deep link leads. Raises ValueError for anything else."""
    if scanned.startswith(SCHEME):
        address = scanned.removeprefix(SCHEME)
    else:
        address = parse_qs(urlsplit(scanned).query).get("link", [""])[0]
    if urlsplit(address).scheme not in ("http", "https"):
        raise ValueError("not a link of mobile signing")
    return address


def _message(body: bytes) -> str:
    try:
        return str(json.loads(body)["message"])
    except (ValueError, KeyError, TypeError):
        return ""
