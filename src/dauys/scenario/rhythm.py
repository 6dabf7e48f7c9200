"""When people vote: quiet nights, office hours on weekdays, first and last days, reminders."""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from itertools import accumulate
from math import exp
from random import Random

KAZAKHSTAN = timezone(timedelta(hours=5))

_LONGEST_STEP = timedelta(minutes=10)
_LEAST_STEPS = 500

# Share of the busiest hour, midnight to midnight, local time.
_NIGHT_AND_MORNING = (0.05, 0.03, 0.02, 0.01, 0.01, 0.02, 0.06, 0.20, 0.50, 0.85, 1.00, 1.00)
_AFTERNOON_AND_EVENING = (0.75, 0.8, 0.95, 0.95, 0.9, 0.8, 0.6, 0.55, 0.5, 0.4, 0.25, 0.12)
_HOURS = (*_NIGHT_AND_MORNING, *_AFTERNOON_AND_EVENING)
_WEEKEND = 0.45
_REMINDER_STRENGTH = 3.0
_REMINDER_FADES = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How the electorate's activity is spread over `[start, end)`.

    `cumulative[i]` is the share of all activity in the first `i + 1` steps; the last is 1.
    """

    start: datetime
    step: timedelta
    cumulative: tuple[float, ...]
    reminders: tuple[datetime, ...]

    def moment(self, share: float) -> datetime:
        """Give the time by which `share` of all activity has passed, `0 <= share <= 1`."""
        place = min(bisect_right(self.cumulative, share), len(self.cumulative) - 1)
        before = self.cumulative[place - 1] if place else 0.0
        width = self.cumulative[place] - before
        inside = min(1.0, (share - before) / width) if width else 0.0
        return self.start + self.step * (place + inside)

    def draw(self, random: Random) -> datetime:
        """Draw the time of one person's visit."""
        return self.moment(random.random())


def make_rhythm(start: datetime, end: datetime) -> Rhythm:
    """Spread activity over `[start, end)`, with reminders at 40 % and 85 % of the period.

    Works for two weeks and for a demonstration of an hour. Both times must carry a zone.
    """
    if start.tzinfo is None or end.tzinfo is None or end <= start:
        raise ValueError("a period needs zones and must not be empty")
    steps = max(_LEAST_STEPS, -((start - end) // _LONGEST_STEP))
    step = (end - start) / steps
    reminders = tuple(_in_the_morning(start + (end - start) * share) for share in (0.4, 0.85))
    reminders = tuple(time for time in reminders if start <= time < end)
    weight = _activity(start, end, reminders)
    weights = [weight(start + step * (number + 0.5)) for number in range(steps)]
    total = sum(weights)
    cumulative = tuple(running / total for running in accumulate(weights))
    return Rhythm(start, step, (*cumulative[:-1], 1.0), reminders)


def office_day(rhythm: Rhythm, random: Random) -> datetime:
    """Draw ten in the morning of a weekday of the election, or any moment of a short one."""
    end = rhythm.start + rhythm.step * len(rhythm.cumulative)
    mornings = []
    morning = _in_the_morning(rhythm.start)
    while morning < end - timedelta(hours=3):
        if morning >= rhythm.start and morning.weekday() < 5:
            mornings.append(morning)
        morning += timedelta(days=1)
    return random.choice(mornings) if mornings else rhythm.moment(random.uniform(0.1, 0.6))


def _activity(
    start: datetime, end: datetime, reminders: tuple[datetime, ...]
) -> Callable[[datetime], float]:
    """Give the weight of a moment: hour, weekday, first and last day, reminders."""

    def weight(time: datetime) -> float:
        local = time.astimezone(KAZAKHSTAN)
        awake = _HOURS[local.hour] * (_WEEKEND if local.weekday() >= 5 else 1.0)
        edge = 1.5 if min(time - start, end - time) < (end - start) / 14 else 1.0
        pushed = sum(
            _REMINDER_STRENGTH * exp(-((time - reminder) / _REMINDER_FADES))
            for reminder in reminders
            if time >= reminder
        )
        return awake * (edge + pushed)

    return weight


def _in_the_morning(time: datetime) -> datetime:
    local = time.astimezone(KAZAKHSTAN).replace(hour=10, minute=0, second=0, microsecond=0)
    return local.astimezone(time.tzinfo)
