"""Every use of a voter's identity, told to nobody but the voter who has just signed."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from dauys.conduct.people import Use
from dauys.identity.phones import Phones
from dauys.web.portal.sessions import VoterSession
from dauys.web.portal.times import moment
from dauys.wiring import Services

KINDS: Final = {
    "code_requested": _("A code was asked for"),
    "code_wrong": _("A wrong code was entered"),
    "identified": _("Somebody confirmed to be you"),
    "refused_voted": _("Voting again was refused"),
    "refused_region": _("Voting was refused"),
    "cast": _("A ballot was cast"),
    "reclaimed": _("A ballot was reported as stolen"),
    "checked": _("Your ballots were looked at"),
}

_TO_PHONE: Final = _("A code was asked for, to the phone ending in %(end)s")


@dataclass(frozen=True, slots=True)
class UseLine:
    """A use as the page shows it."""

    at: str
    what: str
    method: str
    phone_end: str
    place: str
    browser: str


def uses_of(services: Services, session: VoterSession, language: str) -> tuple[UseLine, ...]:
    """Uses of the identity of the session's voter, the newest first."""
    zone = services.journal.state().manifest.zone
    found = services.signals.uses_of(session.identified.voter.register_number)
    phones = services.numbering.phones
    return tuple(_line(use, phones, zone, language) for use in found)


def _line(use: Use, phones: Phones, zone: str, language: str) -> UseLine:
    end = phones.mask(use.phone)[-2:] if use.phone else ""
    what, method = gettext(KINDS[use.kind]) if use.kind in KINDS else use.kind, use.method
    if use.kind == "code_requested":
        what, method = (gettext(_TO_PHONE) % {"end": end}, "") if end else (what, method)
    browser = use.browser if use.browser not in {"", "other"} else gettext("another browser")
    return UseLine(
        moment(use.at, zone, language),
        what,
        method,
        end,
        use.place,
        browser,
    )
