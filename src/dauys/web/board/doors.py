"""How a view of the board comes to its election, read for the language of the page."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from dauys.core.contests import Contest, QuestionRule
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
    """The board of one sealed election, before one reader.

    `state` (for single look-ups) and `timeline` are those at the beginning of the request.
    """

    slug: str
    services: Services
    reader: Reader
    state: ElectionState
    timeline: Timeline

    @property
    def manifest(self) -> Manifest:
        """The rules."""
        return self.state.manifest

    def question_text(self, contest: Contest, question: QuestionRule) -> str:
        """The question in the reader's words; empty where it only repeats the contest's name."""
        if len(contest.questions) == 1 and question.text == contest.name:
            return ""
        return self.reader.text(question.text)

    @property
    def figures(self) -> Figures:
        """The board in numbers, as of a moment ago."""
        return reading_of(self.services).figures()


BoardView = Callable[..., HttpResponse]


def board(view: BoardView) -> View:
    """Give the view the board that the address names. Raises Http404."""

    @wraps(view)
    def found(request: HttpRequest, slug: str, **kwargs: str | int) -> HttpResponse:
        services = services_by_slug(slug)
        timeline = reading_of(services).timeline()
        state = services.journal.state()
        reader = Reader(get_language() or "en", state.manifest.zone)
        return view(request, Board(slug, services, reader, state, timeline), **kwargs)

    return found
