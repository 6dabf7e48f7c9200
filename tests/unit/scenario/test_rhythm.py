"""Activity is spread over the whole period, and the spread can be walked both ways."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dauys.scenario.rhythm import KAZAKHSTAN, make_rhythm, office_day

START = datetime(2026, 8, 5, 4, tzinfo=UTC)
END = datetime(2026, 8, 20, 13, tzinfo=UTC)
RHYTHM = make_rhythm(START, END)


@given(st.lists(st.floats(0, 1), min_size=2))
def test_later_shares_are_later_moments_inside_the_period(shares: list[float]) -> None:
    moments = [RHYTHM.moment(share) for share in sorted(shares)]
    assert moments == sorted(moments)
    assert moments[0] >= START
    assert moments[-1] <= END + timedelta(milliseconds=1)


def test_reminder_brings_people() -> None:
    random = Random(1)
    times = [RHYTHM.draw(random) for _ in range(4_000)]
    (reminder, _) = RHYTHM.reminders

    def within(start: datetime) -> int:
        return sum(start <= time < start + timedelta(hours=3) for time in times)

    assert within(reminder) > 2 * within(reminder + timedelta(days=1))


def test_drive_is_on_a_weekday_morning() -> None:
    for seed in range(20):
        morning = office_day(RHYTHM, Random(seed)).astimezone(KAZAKHSTAN)
        assert (morning.weekday() < 5, morning.hour) == (True, 10)


def test_period_without_zone_or_length_is_refused() -> None:
    for start, end in ((START, START), (START.replace(tzinfo=None), END)):
        with pytest.raises(ValueError, match="period"):
            make_rhythm(start, end)
