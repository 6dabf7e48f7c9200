"""How the console says times, numbers and texts in the reader's language."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from dauys.core.forms import Text, parse_instant
from dauys.identity.texts import Locale

DAYS = {"kk": "j F", "ru": "j E", "en": "j F"}
CITIES = {
    "Asia/Almaty": _("Almaty"),
    "Asia/Aqtau": _("Aktau"),
    "Asia/Aqtobe": _("Aktobe"),
    "Asia/Atyrau": _("Atyrau"),
    "Asia/Oral": _("Oral"),
    "Asia/Qostanay": _("Kostanay"),
    "Asia/Qyzylorda": _("Kyzylorda"),
}
METHODS = {
    "desk": _("one-time link of the help desk"),
    "email": _("code by e-mail"),
    "sms": _("code by SMS"),
    "eds": _("digital signature"),
    "oidc": _("organisation's account"),
}
CATEGORIES = {
    "entrepreneur": _("sole proprietors"),
    "member": _("members"),
    "company": _("companies"),
    "association": _("associations"),
    "self-regulated": _("self-regulated organisations"),
}
PHASES = {
    "draft": _("being set up"),
    "sealed": _("sealed, not yet open"),
    "open": _("voting is open"),
    "closed": _("voting has closed"),
    "tallied": _("sums are published"),
    "final": _("result announced"),
}


def locale() -> Locale:
    """The reader's language: kk, ru or en."""
    match get_language():
        case "kk":
            return "kk"
        case "en":
            return "en"
        case _:
            return "ru"


def say(text: Text) -> str:
    """The words of `text` in the reader's language."""
    return str(getattr(text, locale()))


def when(moment: datetime | str, zone: str) -> str:
    """A moment in the election's zone: "17 August, 14:02 (Almaty, UTC+5)"."""
    local = _local(moment, zone)
    return f"{_day(local)}, {local:%H:%M} ({zone_words(moment, zone)})"


def zone_words(moment: datetime | str, zone: str) -> str:
    """The zone of the election's times at a moment: "Almaty, UTC+5"."""
    offset = _local(moment, zone).utcoffset()
    minutes = int(offset.total_seconds() // 60) if offset else 0
    hours, rest = divmod(abs(minutes), 60)
    utc = f"UTC{'−' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")
    city = gettext(CITIES[zone]) if zone in CITIES else zone.rpartition("/")[2].replace("_", " ")
    return f"{city}, {utc}"


def briefly(moment: datetime | str, zone: str) -> str:
    """A moment in the election's zone where the zone is said beside: "17 August, 14:02"."""
    local = _local(moment, zone)
    return f"{_day(local)}, {local:%H:%M}"


def clock(moment: datetime, zone: str) -> str:
    """The hour and minute in the election's zone: "14:02"."""
    return f"{_local(moment, zone):%H:%M}"


def month_day(moment: datetime, zone: str) -> str:
    """The day in the election's zone: "17 August"."""
    return _day(_local(moment, zone))


def day(moment: date) -> str:
    """A day: "17 August 2026"."""
    return f"{_day(moment)} {moment.year}"


def method_name(method: str) -> str:
    """A method of identification in words."""
    return gettext(METHODS[method]) if method in METHODS else method


def methods_said(methods: tuple[str, ...]) -> str:
    """Several methods, with commas."""
    return ", ".join(map(method_name, methods))


def category_name(category: str) -> str:
    """A category of voters in words."""
    return gettext(CATEGORIES[category]) if category in CATEGORIES else category


def decimal(value: float) -> str:
    """One decimal, as the reader's language writes it."""
    text = f"{value:.1f}"
    return text if locale() == "en" else text.replace(".", ",")


def number(value: float) -> str:
    """At most one decimal, as the reader's language writes it."""
    return decimal(value).removesuffix(".0").removesuffix(",0")


def percent(part: int, whole: int) -> str:
    """A share with one decimal, "12,5 %" or "12.5%"."""
    value = f"{100 * part / whole:.1f}" if whole else "0.0"
    return f"{value}%" if locale() == "en" else f"{value.replace('.', ',')} %"


def _local(moment: datetime | str, zone: str) -> datetime:
    instant = parse_instant(moment) if isinstance(moment, str) else moment
    return instant.astimezone(ZoneInfo(zone))


def _day(local: date) -> str:
    day = date_format(local, DAYS[locale()])
    # Kazakh months are written small; Django's are not.
    return day.lower() if locale() == "kk" else day
