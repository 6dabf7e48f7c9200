"""How long a request may be, whoever sends it.

Django keeps a body whole, in a file when it is long, before it looks who asks for what: without
a limit anybody fills the disk that ballots are written to.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from dauys.identity.register.table import MAX_BYTES

LONGEST: Final = MAX_BYTES + 2**20
"""Bytes: the longest register, and what a form puts around it."""

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class Limited:
    """Hands requests to `app`, and answers 413 to those of more than `longest` bytes."""

    def __init__(self, app: App, longest: int = LONGEST) -> None:
        """Wrap an ASGI application."""
        self._app = app
        self._longest = longest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if _announced(scope) > self._longest:
            await _refuse(send)
            return
        size = 0

        async def counted() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            # What has come so far is let go, as when somebody hangs up.
            return message if size <= self._longest else {"type": "http.disconnect"}

        await self._app(scope, counted, send)
        if size > self._longest:
            await _refuse(send)


def _announced(scope: Scope) -> int:
    """What `Content-Length` says, which the server has checked; 0 if it says nothing."""
    return int(dict(scope["headers"]).get(b"content-length", b"0"))


async def _refuse(send: Send) -> None:
    headers = [(b"content-length", b"0"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
