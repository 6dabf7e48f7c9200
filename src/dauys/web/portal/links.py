"""Addresses on the public board that the voter's pages lead to."""

from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language

from dauys.core.ids import ElectionId, Tracker
from dauys.store.elections import DatabaseElections


def board(slug: str) -> str:
    """The board of an election."""
    try:
        return reverse("board:home", kwargs={"slug": slug})
    except NoReverseMatch:
        return f"/{get_language()}/b/{slug}/"


def look_up(slug: str, tracker: Tracker | None = None) -> str:
    """Where a tracker is looked up; with `tracker`, what is found."""
    try:
        address = reverse("board:look-up", kwargs={"slug": slug})
    except NoReverseMatch:
        address = f"{board(slug)}look-up/"
    return f"{address}?{urlencode({'tracker': tracker})}" if tracker else address


def slug_of(election: ElectionId) -> str:
    """Short name of an election. Raises LookupError."""
    return DatabaseElections().summary(election).slug
