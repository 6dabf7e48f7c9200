"""What the gateways that speak HTTP have in common: one POST, and what its failing means.

Everything goes in the body, secrets too: addresses end up in logs of proxies.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, TypeVar

import aiohttp
import msgspec

from dauys.identity.messages.gateway import NoReports, NotTakenError, PerhapsTakenError, Then

LONGEST_ANSWER: Final = 64 * 1024
Answer = TypeVar("Answer")


class Post:
    """POSTs to one gateway. `timeout_s` is for the whole answer, `connect_s` for the connection."""

    def __init__(self, base: str, timeout_s: float = 10.0, connect_s: float = 4.0) -> None:
        """`base` is the address that paths are appended to; it holds no secret."""
        self._base = base.rstrip("/")
        self._timeout = aiohttp.ClientTimeout(total=timeout_s, connect=connect_s)
        self._session: aiohttp.ClientSession | None = None

    async def form(self, path: str, fields: Mapping[str, str]) -> bytes:
        """POST `fields` as a form. Raises NotTakenError, PerhapsTakenError."""
        return await self._post(path, data=dict(fields))

    async def json(self, path: str, value: Mapping[str, Any]) -> bytes:
        """POST `value` as JSON. Raises as `form`."""
        return await self._post(path, json=dict(value))

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _post(self, path: str, **body: Any) -> bytes:  # noqa: ANN401 -- aiohttp's own arguments
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=self._timeout)
        try:
            async with self._session.post(
                f"{self._base}{path}", allow_redirects=False, **body
            ) as response:
                return await _answer(response)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            # No connection was made, so nothing was said over it.
            raise NotTakenError("unreachable", Then.NEXT) from error
        except TimeoutError as error:
            raise PerhapsTakenError("timeout") from error
        except aiohttp.ClientError as error:
            raise PerhapsTakenError("connection_lost") from error


@dataclass(frozen=True, slots=True)
class HttpGateway(NoReports):
    """An SMS gateway behind one `Post`; what else an account has is the gateway's to say."""

    name: str
    post: Post
    channel: ClassVar[str] = "sms"

    async def close(self) -> None:
        """Close the connections."""
        await self.post.close()


def read_json(body: bytes, kind: type[Answer]) -> Answer:
    """An answer to sending, as `kind`. Raises PerhapsTakenError."""
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.DecodeError as error:
        raise PerhapsTakenError("unreadable_answer") from error


async def _answer(response: aiohttp.ClientResponse) -> bytes:
    match response.status:
        case 200:
            body = await response.content.read(LONGEST_ANSWER + 1)
            if len(body) > LONGEST_ANSWER:
                raise PerhapsTakenError("unreadable_answer")
            return body
        case 429:
            raise NotTakenError("too_many_requests", Then.WAIT)
        case 401 | 403:
            raise NotTakenError("login_refused", Then.STOP)
        case status if 300 <= status < 500:  # never reached the sending of anything
            raise NotTakenError(f"http_{status}", Then.NEXT)
        case status:
            raise PerhapsTakenError(f"http_{status}")
