"""What the demonstration shows: messages that would have been sent, and sample people."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dauys.conduct.methods import EDS, EMAIL, SMS
from dauys.store.elections import DatabaseElections
from dauys.store.models import OutboxMessage
from dauys.web.console.accounts import totp_now
from dauys.web.portal import ways
from dauys.web.portal.times import pick, short_moment
from dauys.wiring import office

NEWEST: Final = 20
NOT_OURS: Final = _("This is not a link of this site for signing with eGov Mobile.")
NO_KEYS: Final = _("There is no sample voter with this number.")


@dataclass(frozen=True, slots=True)
class Message:
    """A message of the outbox."""

    address: str
    text: str
    at: str


def messages(language: str) -> tuple[Message, ...]:
    """The newest messages first."""
    rows = OutboxMessage.objects.exclude(address="").order_by("-pk")[:NEWEST]
    return tuple(Message(row.address, row.text, _clock(row.sent_at, language)) for row in rows)


@dataclass(frozen=True, slots=True)
class SampleVoter:
    """A voter to try things with; `note` says what is special about them."""

    number: str
    name: str
    phone: str
    email: str
    note: str


@dataclass(frozen=True, slots=True)
class SampleAccount:
    """A staff account; `code` is the second factor as of now."""

    username: str
    password: str
    totp_secret: str
    code: str
    key_file: str


@dataclass(frozen=True, slots=True)
class Samples:
    """What `demo.json` in the data folder offers; all empty without it."""

    slug: str
    number_name: str
    methods: tuple[tuple[str, str], ...]
    """Those in which a number begins, and their buttons."""
    voters: tuple[SampleVoter, ...]
    accounts: tuple[SampleAccount, ...]
    holders: str
    passphrase: str


def samples(language: str) -> Samples:
    """Who one can be in this demonstration."""
    file = Path(settings.DATA) / "demo.json"
    kept: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return Samples(
        slug=kept.get("slug", ""),
        number_name=pick(office().numbering.words.name, language),
        methods=_methods(kept["slug"]) if "slug" in kept else (),
        voters=tuple(
            SampleVoter(
                one["number"],
                one["name"][language],
                one["phone"],
                one.get("email", ""),
                one["note"][language],
            )
            for one in kept.get("voters", [])
        ),
        accounts=tuple(
            SampleAccount(
                one["username"],
                one["password"],
                one["totp_secret"],
                totp_now(one["totp_secret"]),
                one["key_file"],
            )
            for one in kept.get("accounts", [])
        ),
        holders=kept.get("holders", ""),
        passphrase=kept.get("passphrase", ""),
    )


def _methods(slug: str) -> tuple[tuple[str, str], ...]:
    words = {
        EMAIL: gettext("Code by e-mail"),
        SMS: gettext("Code by SMS"),
        EDS: ways.signature_name(office().identity),
    }
    allowed = office().by_slug(slug).journal.state().manifest.methods
    return tuple((method, said) for method, said in words.items() if method in allowed)


@dataclass(frozen=True, slots=True)
class PhoneTold:
    """What the phone shows in the end: the document signed, or why it was not."""

    document: str
    problem: str


def use_phone(link: str, number: str, site: str) -> PhoneTold:
    """Sign, as the sample voter `number`, what a link of mobile signing on `site` leads to."""
    from dauys.scenario.demo_signer import sign  # noqa: PLC0415 -- demonstration only
    from dauys.scenario.stand_in_egov_mobile import (  # noqa: PLC0415 -- likewise
        AppError,
        StandInEgovMobile,
        address_of,
    )

    app = StandInEgovMobile(lambda content: sign(Path(settings.DATA), number, content))
    try:
        if not address_of(link).startswith(site):
            return PhoneTold("", str(NOT_OURS))
        return PhoneTold(app.scan(link).document, "")
    except AppError as error:
        return PhoneTold("", error.message)
    except ValueError:
        return PhoneTold("", str(NOT_OURS))
    except LookupError:
        return PhoneTold("", str(NO_KEYS))


def _clock(instant: datetime, language: str) -> str:
    zones = [one.zone for one in DatabaseElections().all()]
    return short_moment(instant, zones[0] if zones else "UTC", language)
