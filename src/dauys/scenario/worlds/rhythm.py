"""When honest people vote: hours and weekends, reminders in register order, outages, rushes."""

import numpy as np
from numpy.typing import NDArray

from dauys.scenario.worlds.register import Ints
from dauys.scenario.worlds.settings import DAY, START, World

Floats = NDArray[np.float64]

_ZONE_S = 5 * 3600
_DAYTIME = np.asarray(
    [
        *(0, 0, 0, 0, 0, 0, 0.05, 0.2, 0.5, 0.85, 1, 1),
        *(0.75, 0.8, 0.95, 0.95, 0.9, 0.8, 0.7, 0.65, 0.6, 0.5, 0.3, 0.12),
    ]
)


def local_hour(time: Floats) -> Floats:
    """Hour of the day where the voters live."""
    return np.asarray((time + _ZONE_S) % DAY / 3600)


class Rhythm:
    """Draws times of one world; the same world and seed draw the same."""

    def __init__(self, world: World, random: np.random.Generator) -> None:
        self.world = world
        self.end = START + world.days * DAY
        self._random = random
        minutes = np.arange(world.days * 1440)
        time: Floats = np.asarray(START + minutes * 60.0, np.float64)
        shift = int(random.integers(-1, 3))
        hours = np.roll(_DAYTIME ** random.uniform(0.6, 1.6), shift) + world.night
        weekday = ((time + _ZONE_S) // DAY + 4) % 7
        days = random.lognormal(0, 0.35, world.days + 2)
        weight = hours[local_hour(time).astype(np.int64)]
        weight = weight * days[((time + _ZONE_S) // DAY - (START + _ZONE_S) // DAY).astype(int)]
        weight = weight * np.where((weekday == 0) | (weekday == 6), world.weekend, 1)
        weight[:1440] *= random.uniform(1, 3)
        weight[-1440:] *= random.uniform(0.7, 3)
        self._cumulative = np.cumsum(weight) / weight.sum()
        self.reminders = np.sort(
            START + DAY * random.uniform(0.15, 0.95, world.reminders) * world.days
        )
        self.outages = [
            (begin, begin + 60 * world.outage_minutes * random.uniform(0.3, 1.5))
            for begin in START + DAY * world.days * random.random(world.outages)
        ]

    def draw(self, count: int) -> Floats:
        """Draw ordinary moments."""
        at = np.searchsorted(self._cumulative, self._random.random(count))
        return np.asarray(START + 60.0 * (at + self._random.random(count)))

    def draw_voters(self, lines: Ints) -> Floats:
        """Draw the moments of these voters; some follow a reminder, sent in register order."""
        time = self.draw(len(lines))
        for sent in self.reminders:
            follows = self._random.random(len(lines)) < self.world.reminder_share
            arrives = sent + 60.0 * lines / self.world.reminder_rate
            delay = self._random.lognormal(
                np.log(60 * self.world.reminder_delay_minutes), 1.1, len(lines)
            )
            time = np.where(follows, arrives + delay, time)
        late = time >= self.end
        time[late] = self.draw(int(late.sum()))
        return time

    def office_day(self, count: int) -> Floats:
        """Draw mornings of working days on which offices vote together."""
        days = np.arange(self.world.days)
        weekday = ((START + days * DAY + _ZONE_S) // DAY + 4) % 7
        working = days[(weekday != 0) & (weekday != 6)]
        day = self._random.choice(working if len(working) else days, count)
        midnight = (START + _ZONE_S) // DAY * DAY - _ZONE_S
        time = midnight + DAY * day + 3600 * self._random.uniform(8.5, 16, count)
        return np.asarray(np.clip(time, START, self.end - 4 * 3600))

    def working_hours(self, count: int) -> Floats:
        """Draw moments of working hours, spread over the period."""
        return np.asarray(self.office_day(count) + self._random.uniform(-1800, 3600, count))

    def happen(self, time: Floats) -> Floats:
        """What outages, rushes and batched writing make of the moments people chose."""
        time = time.copy()
        for begin, end in self.outages:
            down = (time >= begin) & (time < end)
            back = self._random.exponential(60 * self.world.recovery_minutes, int(down.sum()))
            time[down] = np.minimum(end + back, self.end - 1)
        if self.world.rush_ballots:
            who = self._random.choice(
                len(time), min(len(time), self.world.rush_ballots), replace=False
            )
            minute = self._random.uniform(START + DAY, self.end - DAY)
            time[who] = minute + self._random.uniform(
                0, self._random.choice([60, 60, 600]), len(who)
            )
        time = np.clip(time, START, self.end - 1)
        if self.world.batch_s:
            time = np.floor(time / self.world.batch_s) * self.world.batch_s
        return np.asarray(time)
