"""Who reads: the language, and the zone in which the election's times are told."""

from dataclasses import dataclass
from datetime import date, datetime

from dauys.core.forms import Text, parse_instant
from dauys.web.portal.times import MONTHS, moment, pick, short_moment

GROUP = 4
"""Characters of a tracker or a hash that stand together."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Puts the board's values into words for one reader. `language` is kk, ru or en."""

    language: str
    zone: str

    def text(self, text: Text) -> str:
        """The words in the reader's language."""
        return pick(text, self.language)

    def moment(self, instant: str) -> str:
        """`17 августа, 14:02 (Алматы, UTC+5)`, from a time of the board."""
        return moment(parse_instant(instant), self.zone, self.language)

    def short(self, instant: str) -> str:
        """`17 августа, 14:02`, where the zone stands nearby."""
        return short_moment(parse_instant(instant), self.zone, self.language)

    def hour(self, start: datetime) -> str:
        """`17 августа, 14:00`."""
        return short_moment(start, self.zone, self.language)

    def day(self, day: date) -> str:
        """`17 августа`."""
        return f"{day.day} {MONTHS[self.language].split()[day.month - 1]}"

    def year(self, instant: str) -> int:
        """The year, where days alone would leave a reader guessing."""
        return parse_instant(instant).year


def grouped(text: str) -> str:
    """A tracker or a hash in groups of four, as people compare them."""
    return " ".join(text[start : start + GROUP] for start in range(0, len(text), GROUP))
