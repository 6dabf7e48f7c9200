"""How a view of the board comes to its election, read for the language of the page."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from dauys.core.entries import Manifest
from dauys.core.state import ElectionState
from dauys.web.access import View
from dauys.web.board.figures import Figures, reading_of
from dauys.web.board.reader import Reader
from dauys.web.board.timeline import Timeline
from dauys.web.portal.doors import services_by_slug
from dauys.wiring import Services


@dataclass(frozen=True, slots=True)
class Board:
    """The board of one sealed election, before one reader."""

    slug: str
    services: Services
    reader: Reader

    @property
    def state(self) -> ElectionState:
        """The state now: for single look-ups."""
        return self.services.journal.state()

    @property
    def manifest(self) -> Manifest:
        """The rules."""
        return self.state.manifest

    @property
    def figures(self) -> Figures:
        """The board in numbers, a few seconds old at most."""
        return reading_of(self.services).figures()

    @property
    def timeline(self) -> Timeline:
        """When things happened, up to now."""
        return reading_of(self.services).timeline()


BoardView = Callable[..., HttpResponse]


def board(view: BoardView) -> View:
    """Give the view the board that the address names. Raises Http404."""

    @wraps(view)
    def found(request: HttpRequest, slug: str, **kwargs: str | int) -> HttpResponse:
        services = services_by_slug(slug)
        zone = services.journal.state().manifest.zone
        reader = Reader(get_language() or "en", zone)
        return view(request, Board(slug, services, reader), **kwargs)

    return found
