"""What every template knows."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language

SHORT = {"kk": "қаз", "ru": "рус", "en": "eng"}


@dataclass(frozen=True, slots=True)
class Language:
    """A choice of the language switch: `url` is this page in that language."""

    code: str
    name: str
    short: str
    url: str
    current: bool


def page(request: HttpRequest) -> dict[str, object]:
    """Languages of this page, and whether this is the demonstration (for its banner)."""
    current = get_language()
    here = request.get_full_path() if request.method == "GET" else request.path
    languages = tuple(
        Language(code, name, SHORT[code], translate_url(here, code), code == current)
        for code, name in settings.LANGUAGES
    )
    return {"demo": settings.DEMO, "languages": languages}
