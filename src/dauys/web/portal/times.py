"""Times as voters read them: in the election's zone, with its place and distance from UTC."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from dauys.core.forms import Text

MONTHS: Final = {
    "kk": "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "en": "January February March April May June July August September October November December",
}
PLACES: Final = {
    "Asia/Almaty": Text(kk="Алматы", ru="Алматы", en="Almaty"),
    "Asia/Aqtau": Text(kk="Ақтау", ru="Актау", en="Aqtau"),
    "Asia/Aqtobe": Text(kk="Ақтөбе", ru="Актобе", en="Aqtobe"),
    "Asia/Atyrau": Text(kk="Атырау", ru="Атырау", en="Atyrau"),
    "Asia/Oral": Text(kk="Орал", ru="Уральск", en="Oral"),
    "Asia/Qostanay": Text(kk="Қостанай", ru="Костанай", en="Qostanay"),
    "Asia/Qyzylorda": Text(kk="Қызылорда", ru="Кызылорда", en="Qyzylorda"),
}


def pick(text: Text, language: str) -> str:
    """`text` in `language` ("kk", "ru" or "en")."""
    return str(getattr(text, language))


def moment(instant: datetime, zone: str, language: str) -> str:
    """`17 августа, 14:02 (Алматы, UTC+5)`."""
    local = instant.astimezone(ZoneInfo(zone))
    offset = _offset(local.utcoffset() or timedelta(0))
    place = PLACES.get(zone)
    where = f"{pick(place, language)}, {offset}" if place else offset
    return f"{short_moment(instant, zone, language)} ({where})"


def short_moment(instant: datetime, zone: str, language: str) -> str:
    """`17 августа, 14:02`, where the zone stands nearby."""
    local = instant.astimezone(ZoneInfo(zone))
    month = MONTHS[language].split()[local.month - 1]
    return f"{local.day} {month}, {local:%H:%M}"


@dataclass(frozen=True, slots=True)
class Left:
    """Time left until `ends`; nothing is negative."""

    seconds: int

    @classmethod
    def until(cls, ends: datetime, now: datetime) -> "Left":
        """From `now` to `ends`."""
        return cls(max(0, int((ends - now).total_seconds())))

    @property
    def days(self) -> int:
        """Whole days."""
        return self.seconds // 86_400

    @property
    def hours(self) -> int:
        """Whole hours after the days."""
        return self.seconds % 86_400 // 3600

    @property
    def minutes(self) -> int:
        """Whole minutes after the hours."""
        return self.seconds % 3600 // 60


def _offset(offset: timedelta) -> str:
    minutes = int(offset.total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    sign = "−" if minutes < 0 else "+"
    return f"UTC{sign}{hours}" + (f":{rest:02d}" if rest else "")
