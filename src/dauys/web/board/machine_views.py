"""The board for machines: log files byte for byte, the summary, the feed, consistency proofs."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from dauys.board.tiles import CHECKPOINT_PATH
from dauys.core.canonical import encode
from dauys.web.access import anyone
from dauys.web.board import machine
from dauys.web.board.doors import Board, board
from dauys.web.board.entry_pages import raw_entry
from dauys.web.board.log_files import PARTIAL, pack, read_published
from dauys.web.portal.doors import services_by_slug
from dauys.wiring import office

CHUNK = 1 << 18
FOREVER = "public, max-age=31536000, immutable"
A_WHILE = "public, max-age=60"
ANEW = "no-cache"


@anyone
@require_safe
def checkpoint(_request: HttpRequest, slug: str) -> HttpResponse:
    """The published checkpoint."""
    return _published(slug, CHECKPOINT_PATH, "text/plain; charset=utf-8", ANEW)


@anyone
@require_safe
def tile(_request: HttpRequest, slug: str, rest: str) -> HttpResponse:
    """A tile of hashes or a bundle of entries. Full ones never change."""
    path = f"tile/{rest}"
    age = A_WHILE if PARTIAL.search(path) else FOREVER
    return _published(slug, path, "application/octet-stream", age)


@anyone  # type: ignore[arg-type]  # a stream is an answer too
@require_safe
def archive(_request: HttpRequest, slug: str) -> HttpResponseBase:
    """All published files in one ZIP file."""
    services_by_slug(slug)
    kept = office().data / "downloads" / f"{slug}.zip"
    try:
        file = pack(office().public_folder(slug), kept, slug)
    except LookupError as error:
        raise Http404 from error
    response = StreamingHttpResponse(_chunks(file), content_type="application/zip")
    response.headers["Content-Length"] = str(file.stat().st_size)
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}.zip"'
    response.headers["Cache-Control"] = ANEW
    return response


@anyone
@require_safe
@cache_control(public=True, max_age=5)
@board
def summary(_request: HttpRequest, board: Board) -> HttpResponse:
    """The board in numbers."""
    return _json(encode(machine.summary(board)))


@anyone
@require_safe
@cache_control(public=True, max_age=60)
@board
def feed(request: HttpRequest, board: Board) -> HttpResponse:
    """Atom feed of the decisions."""
    page = reverse("board:decisions", kwargs={"slug": board.slug})
    site = f"{'https' if settings.HTTPS else 'http'}://{request.get_host()}"
    text = machine.feed(board, site, page, request.path)
    return HttpResponse(text, content_type="application/atom+xml; charset=utf-8")


@anyone
@require_safe
@cache_control(public=True, max_age=3600)
@board
def consistency(request: HttpRequest, board: Board) -> HttpResponse:
    """Proof that the log of `old` entries is the beginning of the log of `new`."""
    try:
        old, new = int(request.GET.get("old", "")), int(request.GET.get("new", ""))
        if not 0 < old <= new:
            raise IndexError(old)  # noqa: TRY301 -- what the journal raises beyond its end
        proof = board.services.journal.consistency_proof(old, new)
    except (ValueError, IndexError) as error:
        raise Http404 from error
    return _json(encode({"old": old, "new": new, "proof": [one.hex() for one in proof]}))


@anyone
@require_safe
@cache_control(public=True, max_age=86400)
@board
def raw(_request: HttpRequest, board: Board, index: int) -> HttpResponse:
    """The bytes of an entry, as hashed into the tree."""
    try:
        return _json(raw_entry(board, index))
    except LookupError as error:
        raise Http404 from error


def _published(slug: str, path: str, content_type: str, age: str) -> HttpResponse:
    services_by_slug(slug)
    try:
        data = read_published(office().public_folder(slug), path)
    except LookupError as error:
        raise Http404 from error
    response = HttpResponse(data, content_type=content_type)
    response.headers["Cache-Control"] = age
    response.headers["Access-Control-Allow-Origin"] = "*"  # for verifiers on other sites
    return response


async def _chunks(file: Path) -> AsyncIterator[bytes]:
    with await asyncio.to_thread(file.open, "rb") as stream:
        while data := await asyncio.to_thread(stream.read, CHUNK):
            yield data


def _json(data: bytes) -> HttpResponse:
    return HttpResponse(data, content_type="application/json")
