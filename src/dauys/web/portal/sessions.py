"""Who is identified in this browser, for twenty minutes at a time.

Django's session keeps it on the server; the browser holds its number only. What stands
there names the voter by register line, never by number.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.http import HttpRequest

from dauys.conduct.people import Identified
from dauys.core.ids import Credential, MethodId, Tracker
from dauys.identity.sign_in.desk import Pending
from dauys.wiring import Services

LIFETIME: Final = timedelta(minutes=20)
LONGEST: Final = timedelta(hours=4)
"""However often it is extended: eleven times in all (WCAG 2.2, success criterion 2.2.1)."""

VOTER: Final = "voter"
CODE: Final = "code"
WISH: Final = "wish"
SIGN_IN: Final = "sign-in"


@dataclass(frozen=True, slots=True)
class VoterSession:
    """An identified voter. `reclaims` is the ballot they are taking back.

    `done` once they have cast: then only their own ballots are shown.
    """

    identified: Identified
    until: datetime
    reclaims: Tracker | None
    done: bool


@dataclass(frozen=True, slots=True)
class CodeRequest:
    """A code this browser asked for. `number` stays on the server."""

    method: MethodId
    request_id: str
    number: str
    masked: str
    expires: datetime
    resend_at: datetime


def begin(request: HttpRequest, services: Services, identified: Identified) -> None:
    """Remember that the voter proved who they are, under a new session number."""
    request.session.cycle_key()
    request.session.pop(CODE, None)
    request.session[VOTER] = {
        "election": services.election,
        "line": identified.voter.register_number,
        "method": identified.method,
        "at": identified.at.isoformat(),
        "sent_to": identified.sent_to,
        "evidence": identified.evidence,
        "credential": identified.credential,
        "until": (services.clock.now() + LIFETIME).isoformat(),
        "reclaims": None,
        "done": False,
        "looked": False,
    }


def current(request: HttpRequest, services: Services) -> VoterSession | None:
    """Who is identified here for this election; None for nobody, or no longer."""
    kept = request.session.get(VOTER)
    if kept is None or kept["election"] != services.election:
        return None
    until = datetime.fromisoformat(kept["until"])
    if services.clock.now() >= until:
        return None
    identified = Identified(
        services.voters.by_register_number(kept["line"]),
        MethodId(kept["method"]),
        datetime.fromisoformat(kept["at"]),
        sent_to=kept["sent_to"],
        evidence=kept["evidence"],
        credential=Credential(kept["credential"]) if kept["credential"] else None,
    )
    reclaims = Tracker(kept["reclaims"]) if kept["reclaims"] else None
    return VoterSession(identified, until, reclaims, kept["done"])


def was_here(request: HttpRequest, services: Services) -> bool:
    """Whether a voter of this election was identified here, now or before time ran out."""
    kept = request.session.get(VOTER)
    return kept is not None and kept["election"] == services.election


def extend(request: HttpRequest, services: Services, session: VoterSession) -> datetime:
    """Twenty more minutes, within `LONGEST`; returns when it ends."""
    until = min(services.clock.now() + LIFETIME, session.identified.at + LONGEST)
    _change(request, until=until.isoformat())
    return until


def reclaim(request: HttpRequest, tracker: Tracker | None) -> None:
    """The identified voter is taking this ballot back, or changed their mind (None)."""
    _change(request, reclaims=tracker)


def wish(request: HttpRequest, tracker: Tracker) -> None:
    """Whoever is identified next in this browser wants this ballot taken back."""
    request.session[WISH] = tracker


def take_wish(request: HttpRequest) -> Tracker | None:
    """What was wished in this browser, once."""
    tracker = request.session.pop(WISH, None)
    return Tracker(tracker) if tracker else None


def looks_first(request: HttpRequest) -> bool:
    """Whether the identified voter looks at their ballots for the first time since they came."""
    first = not request.session[VOTER].get("looked", False)
    if first:
        _change(request, looked=True)
    return first


def finish(request: HttpRequest) -> None:
    """The ballot is in the box: no permit will be given here again."""
    _change(request, done=True, reclaims=None)


def leave(request: HttpRequest) -> None:
    """Forget the voter, and everything on the way to one."""
    for key in (VOTER, CODE, WISH, SIGN_IN):
        request.session.pop(key, None)
    request.session.cycle_key()


def keep_code(request: HttpRequest, services: Services, code: CodeRequest) -> None:
    """Remember the code that was asked for."""
    request.session[CODE] = {
        "election": services.election,
        "method": code.method,
        "request_id": code.request_id,
        "number": code.number,
        "masked": code.masked,
        "expires": code.expires.isoformat(),
        "resend_at": code.resend_at.isoformat(),
    }


def code_request(request: HttpRequest, services: Services) -> CodeRequest | None:
    """The code asked for last in this browser for this election."""
    kept: dict[str, Any] | None = request.session.get(CODE)
    if kept is None or kept["election"] != services.election:
        return None
    return CodeRequest(
        MethodId(kept["method"]),
        kept["request_id"],
        kept["number"],
        kept["masked"],
        datetime.fromisoformat(kept["expires"]),
        datetime.fromisoformat(kept["resend_at"]),
    )


def keep_sign_in(request: HttpRequest, services: Services, method: str, pending: Pending) -> None:
    """Remember that the voter was sent to an identity provider."""
    kept = {"election": services.election, "method": method, "pending": asdict(pending)}
    request.session[SIGN_IN] = kept


def take_sign_in(request: HttpRequest, services: Services, method: str) -> Pending | None:
    """What was kept when the voter was sent there, once."""
    kept = request.session.pop(SIGN_IN, None)
    if kept is None or (kept["election"], kept["method"]) != (services.election, method):
        return None
    return Pending(**kept["pending"])


def _change(request: HttpRequest, **values: object) -> None:
    request.session[VOTER] = {**request.session[VOTER], **values}
