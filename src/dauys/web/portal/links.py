"""Addresses on the public board that the voter's pages lead to."""

from urllib.parse import urlencode

from django.urls import reverse

from dauys.core.ids import ElectionId, Tracker
from dauys.store.elections import DatabaseElections


def board(slug: str) -> str:
    """The board of an election."""
    return reverse("board:home", kwargs={"slug": slug})


def look_up(slug: str, tracker: Tracker | None = None) -> str:
    """Where a tracker is looked up; with `tracker`, what is found."""
    address = reverse("board:look-up", kwargs={"slug": slug})
    return f"{address}?{urlencode({'tracker': tracker})}" if tracker else address


def check_opened(slug: str) -> str:
    """Where an opened ballot is checked."""
    return reverse("board:opened", kwargs={"slug": slug})


def slug_of(election: ElectionId) -> str:
    """Short name of an election. Raises LookupError."""
    return DatabaseElections().summary(election).slug
