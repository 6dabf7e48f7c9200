"""The pages of the public board. Anyone may read all of them; nothing here writes."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from dauys.core.errors import MalformedError, RefusedError
from dauys.web.access import anyone
from dauys.web.board import (
    decision_pages,
    entry_pages,
    pages,
    result_pages,
    rule_pages,
    watch_pages,
)
from dauys.web.board.doors import Board, board
from dauys.web.board.tracker_pages import Found, look_up, read_tracker

brief = cache_control(public=True, max_age=5)


@anyone
@require_safe
@brief
@board
def home(request: HttpRequest, board: Board) -> HttpResponse:
    """The election in plain numbers."""
    current = [notice for notice in watch_pages.notices(board) if notice.now]
    return _show(request, board, "home", overview=pages.overview(board), notices=current)


@anyone
@require_safe
@brief
@board
def turnout(request: HttpRequest, board: Board) -> HttpResponse:
    """Ballots by hour, of all contests or of one."""
    try:
        found = pages.turnout(board, request.GET.get("contest", ""))
    except LookupError as error:
        raise Http404 from error
    return _show(request, board, "turnout", turnout=found, overview=pages.overview(board))


@anyone
@require_safe
@brief
@board
def results(request: HttpRequest, board: Board) -> HttpResponse:
    """Results, or when there will be some."""
    return _show(request, board, "results", results=result_pages.results(board))


@anyone
@require_safe
@brief
@board
def decisions(request: HttpRequest, board: Board) -> HttpResponse:
    """All decisions, the newest first."""
    return _show(request, board, "decisions", decisions=decision_pages.decisions(board))


@anyone
@require_safe
@brief
@board
def decision(request: HttpRequest, board: Board, number: int) -> HttpResponse:
    """One decision in full."""
    try:
        found = decision_pages.decision(board, number)
    except LookupError as error:
        raise Http404 from error
    return _show(request, board, "decision", decision=found)


@anyone
@require_safe
@brief
@board
def watch(request: HttpRequest, board: Board) -> HttpResponse:
    """Notices to voters, and how the monitor is doing."""
    return _show(request, board, "watch", watching=watch_pages.watching(board))


@anyone
@require_safe
@brief
@board
def reclaims(request: HttpRequest, board: Board) -> HttpResponse:
    """Ballots that voters took back, by day and contest."""
    return _show(request, board, "reclaims", reclaims=pages.reclaims(board))


@anyone
@require_safe
@never_cache
@board
def tracker(request: HttpRequest, board: Board) -> HttpResponse:
    """Look a ballot up by its tracker; with an error when there is none."""
    asked = request.GET.get("tracker", "")
    found: Found | None = None
    problem = ""
    try:
        found = look_up(board, read_tracker(asked)) if asked.strip() else None
        problem = "empty" if "tracker" in request.GET and not asked.strip() else ""
    except MalformedError as error:
        problem = error.why
    except RefusedError as error:
        problem = error.code
    page = {"asked": asked, "found": found, "problem": problem, "pins": rule_pages.pins(board)}
    return _show(
        request, board, "look_up", status=404 if problem == "unknown_tracker" else 200, **page
    )


@anyone
@require_safe
@brief
@board
def candidates(request: HttpRequest, board: Board) -> HttpResponse:
    """Candidates of every contest."""
    return _show(request, board, "candidates", contests=rule_pages.contests(board))


@anyone
@require_safe
@brief
@board
def rules(request: HttpRequest, board: Board) -> HttpResponse:
    """The rules in words, the commission, the trustees."""
    return _show(request, board, "rules", rules=rule_pages.rules(board))


@anyone
@require_safe
@brief
@board
def booth(request: HttpRequest, board: Board) -> HttpResponse:
    """Files of the voter's page and their hashes."""
    return _show(request, board, "booth", files=rule_pages.booth(board))


@anyone
@require_safe
@brief
@board
def check(request: HttpRequest, board: Board) -> HttpResponse:
    """How to check everything without trusting this site."""
    return _show(request, board, "check", pins=rule_pages.pins(board))


@anyone
@require_safe
@brief
@board
def opened(request: HttpRequest, board: Board) -> HttpResponse:
    """Where a ballot that a voter opened instead of casting it is checked, in the browser."""
    return _show(request, board, "opened", elections=rule_pages.elections_entry(board))


@anyone
@require_safe
@brief
@board
def entries(request: HttpRequest, board: Board) -> HttpResponse:
    """The log, a hundred entries a page."""
    milestones = request.GET.get("show") == "milestones"
    try:
        page = int(request.GET.get("page", "1"))
        found = entry_pages.entry_list(board, page, milestones=milestones)
    except (ValueError, LookupError) as error:
        raise Http404 from error
    return _show(request, board, "entries", entries=found)


@anyone
@require_safe
@brief
@board
def entry(request: HttpRequest, board: Board, index: int) -> HttpResponse:
    """One entry with its raw text."""
    try:
        found = entry_pages.entry_page(board, index)
    except LookupError as error:
        raise Http404 from error
    return _show(request, board, "entry", entry=found)


def _show(
    request: HttpRequest, board: Board, name: str, *, status: int = 200, **page: object
) -> HttpResponse:
    context = {
        "frame": pages.frame(board),
        "election": board.services.election,
        "log_address": reverse("log:checkpoint", kwargs={"slug": board.slug}),
        **page,
    }
    return render(request, f"board/{name}.html", context, status=status)
