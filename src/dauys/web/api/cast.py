"""POST /api/v1/elections/<id>/cast: the ballot box's slot, plain ASGI before Django.

Behind Django's middleware a cast costs four milliseconds more (docs/adr/0004). No session
and no cookie is read but the device's: the permit in the body says all. The answer goes
out after the ballot is durable; the same ballot again gets the same answer.
"""

import asyncio
import logging
import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus

from dauys.ballotbox.batching import BusyError
from dauys.ballotbox.request import MAX_REQUEST_BYTES, parse_request
from dauys.conduct.casting import BallotSlot
from dauys.conduct.people import Visit
from dauys.core.canonical import encode
from dauys.core.errors import MalformedError, RefusedError
from dauys.core.ids import ElectionId
from dauys.web.bodies import Receive, Scope, Send
from dauys.web.visits import visit_of
from dauys.wiring import slot

PATH = re.compile(r"/api/v1/elections/([1-9A-HJ-NP-Za-km-z]{14,40})/cast")
MAX_UNDER_WAY = 1024
"""Casts that arrived whole and are not answered yet: about two seconds of work."""
log = logging.getLogger("dauys.cast")

STATUS = {"bad_permit": 422, "bad_ballot": 422, "busy": 503, "unknown_election": 404}
"""Status of a refusal by its code; every other is 409, a conflict with the board."""


class CastEndpoint:
    """Takes ballots; one writer thread puts them on the board, others check proofs."""

    def __init__(self, checkers: int) -> None:
        """`checkers` threads check proofs; the kernel lets them run at the same time."""
        self._under_way = 0
        self._pool = ThreadPoolExecutor(checkers, thread_name_prefix="proofs")
        self._slots: dict[ElectionId, BallotSlot] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one cast."""
        match = PATH.fullmatch(scope["path"])
        assert match is not None, "the router sends casts only"  # noqa: S101 -- wiring, not input
        if scope["method"] != "POST":
            await _answer(send, 405, _error("method"), [(b"allow", b"POST")])
            return
        try:
            body = await _read(receive)
            status, answer = await self._take(ElectionId(match[1]), body, scope)
        except MalformedError as error:
            status, answer = HTTPStatus.BAD_REQUEST, _error("malformed", error.why)
        except RefusedError as error:
            status = STATUS.get(error.code, HTTPStatus.CONFLICT)
            answer = _error(error.code, error.detail)
        except Exception:
            log.exception("a cast failed")
            status, answer = HTTPStatus.INTERNAL_SERVER_ERROR, _error("server")
        await _answer(send, status, answer, [(b"retry-after", b"2")] if status == 503 else [])

    async def _take(self, election: ElectionId, body: bytes, scope: Scope) -> tuple[int, bytes]:
        """Cast, unless too many are at it: better told at once to come again than kept waiting."""
        if self._under_way >= MAX_UNDER_WAY:
            raise BusyError("too many are waiting")
        self._under_way += 1
        try:
            return await self._cast(election, body, scope)
        finally:
            self._under_way -= 1

    async def _cast(self, election: ElectionId, body: bytes, scope: Scope) -> tuple[int, bytes]:
        request = parse_request(body)
        loop = asyncio.get_running_loop()
        taker = self._slots.get(election)
        if taker is None:
            taker = await loop.run_in_executor(self._pool, slot, election)
            self._slots[election] = taker
        ballot = await loop.run_in_executor(self._pool, taker.check, request)
        receipt = await taker.cast(ballot, _visit(scope))
        return HTTPStatus.OK, encode(receipt)

    async def close(self) -> None:
        """Finish what is under way."""
        for taker in self._slots.values():
            await taker.close()
        self._pool.shutdown()


def _visit(scope: Scope) -> Visit:
    headers: list[tuple[bytes, bytes]] = scope["headers"]
    texts = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
    return visit_of((scope.get("client") or ("", 0))[0], texts)


async def _read(receive: Receive) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise MalformedError("cast request", "cut short")
        part: bytes = message.get("body", b"")
        size += len(part)
        if size > MAX_REQUEST_BYTES:
            raise MalformedError("cast request", "too long")
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)


def _error(code: str, detail: str = "") -> bytes:
    return encode({"error": code, "detail": detail})


async def _answer(
    send: Send, status: int, body: bytes, headers: Iterable[tuple[bytes, bytes]] = ()
) -> None:
    await send(
        {
            "type": "http.response.start",
            "status": int(status),
            "headers": [
                (b"content-type", b"application/json"),
                (b"content-length", str(len(body)).encode()),
                (b"cache-control", b"no-store"),
                (b"x-content-type-options", b"nosniff"),
                *headers,
            ],
        }
    )
    await send({"type": "http.response.body", "body": body})
