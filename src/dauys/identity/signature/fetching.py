"""Asking a certificate authority over HTTP: a small port, and what stands behind it."""

from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from time import monotonic
from typing import Protocol
from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, Request, UnknownHandler

from dauys.core.errors import DauysError

_CHUNK = 65_536


class FetchError(DauysError):
    """Nothing usable came from `address`; `why` is for logs."""

    def __init__(self, address: str, why: str) -> None:
        """Keep both."""
        super().__init__(f"{address}: {why}")
        self.address = address
        self.why = why


class Fetch(Protocol):
    """Brings bytes from the addresses of a certificate authority."""

    def get(self, address: str, limit: int) -> bytes:
        """Body of at most `limit` bytes. Raises FetchError."""
        ...

    def post(self, address: str, body: bytes, kind: str, limit: int) -> bytes:
        """Send `body` of content type `kind`; the answer's body. Raises FetchError."""
        ...


@dataclass(frozen=True, slots=True)
class HttpFetch:
    """Fetches directly: no proxy, no redirects, no other scheme than http and https.

    `timeout` is in seconds, for each wait; `patience` for the whole.
    """

    timeout: float = 3.0
    patience: float = 30.0

    def get(self, address: str, limit: int) -> bytes:
        """Body of at most `limit` bytes. Raises FetchError."""
        return self._fetch(address, None, {}, limit)

    def post(self, address: str, body: bytes, kind: str, limit: int) -> bytes:
        """Send `body` of content type `kind`; the answer's body. Raises FetchError."""
        return self._fetch(address, body, {"Content-Type": kind}, limit)

    def _fetch(
        self, address: str, body: bytes | None, headers: dict[str, str], limit: int
    ) -> bytes:
        try:
            request = Request(address, body, headers)  # noqa: S310 - the opener knows no other schemes
            with _opener().open(request, timeout=self.timeout) as response:
                if response.status != 200:
                    raise FetchError(address, f"status {response.status}")
                return b"".join(self._chunks(address, response, limit))
        except (OSError, HTTPException, ValueError) as error:
            raise FetchError(address, str(error) or type(error).__name__) from error

    def _chunks(self, address: str, response: HTTPResponse, limit: int) -> Iterator[bytes]:
        ends, size = monotonic() + self.patience, 0
        while chunk := response.read1(_CHUNK):
            size += len(chunk)
            if size > limit:
                raise FetchError(address, f"more than {limit} bytes")
            if monotonic() > ends:
                raise FetchError(address, "too slow")
            yield chunk


def _opener() -> OpenerDirector:
    opener = OpenerDirector()
    for handler in (HTTPHandler(), HTTPSHandler(), UnknownHandler()):
        opener.add_handler(handler)
    return opener
