"""The arithmetic of the board's pages: bars, hours, times, trackers."""

from datetime import UTC, datetime, timedelta

import pytest

from dauys.core.errors import MalformedError
from dauys.web.board.charts import BASE, HourCount, hour_chart, nice_top, share
from dauys.web.board.reader import Reader, grouped
from dauys.web.board.timeline import Timeline
from dauys.web.board.tracker_pages import read_tracker

NOON = datetime(2026, 8, 5, 12, tzinfo=UTC)
TRACKER = "ab+/" + "C" * 39


def counts(*ballots: tuple[int, int]) -> tuple[HourCount, ...]:
    return tuple(
        HourCount(NOON + timedelta(hours=number), str(number), *pair)
        for number, pair in enumerate(ballots)
        if pair[0]
    )


@pytest.mark.parametrize(
    ("largest", "top"), [(0, 1), (1, 1), (3, 4), (5, 5), (6, 10), (11, 20), (401, 500)]
)
def test_the_scale_ends_at_a_round_number(largest: int, top: int) -> None:
    assert nice_top(largest) == top


def test_bars_stand_on_the_zero_line_and_fallen_ballots_on_them() -> None:
    chart = hour_chart(counts((4, 1), (0, 0), (2, 0)), {NOON: "5"})
    first, last = chart.columns
    assert float(first.standing_y) + float(first.standing_height) == BASE
    assert float(first.fallen_y) + float(first.fallen_height) == float(first.standing_y)
    assert float(first.standing_height) == 3 * float(first.fallen_height)
    assert (first.x, last.x) == ("0.000%", "66.667%")  # an hour without ballots keeps its place


def test_share_of_nobody_is_nothing() -> None:
    assert share(0, 0) == "0.000%"


def test_a_ballot_has_the_time_of_the_last_timed_entry_before_it() -> None:
    timeline = Timeline()
    timeline.follow(
        text.encode()
        for text in (
            '{"kind":"manifest"}',
            '{"at":"2026-08-05T04:00:00Z","kind":"open"}',
            '{"kind":"ballot"}',
            '{"at":"2026-08-05T04:05:00Z","kind":"clock"}',
            '{"kind":"ballot"}',
        )
    )
    assert timeline.time_at(0) is None
    assert timeline.time_at(2) == "2026-08-05T04:00:00Z"
    assert timeline.time_at(4) == "2026-08-05T04:05:00Z"
    assert [one.kind for one in timeline.milestones] == ["manifest", "open"]
    timeline.follow([b'{"at":"2026-08-05T04:06:00Z","kind":"close"}'])
    assert timeline.time_at(99) == "2026-08-05T04:06:00Z"


@pytest.mark.parametrize(
    "text", [TRACKER, grouped(TRACKER), f"  {TRACKER}\n", TRACKER.replace("+", " ")]
)
def test_a_tracker_is_read_from_what_people_paste(text: str) -> None:
    assert read_tracker(text) == TRACKER


@pytest.mark.parametrize(
    ("text", "why"),
    [("short", "length"), (TRACKER + "A", "length"), (TRACKER[:-1] + "-", "characters")],
)
def test_what_is_no_tracker_is_refused_with_a_reason(text: str, why: str) -> None:
    with pytest.raises(MalformedError) as caught:
        read_tracker(text)
    assert caught.value.why == why


def test_times_are_told_in_the_zone_of_the_election() -> None:
    at = "2026-08-05T20:30:00Z"
    assert Reader("ru", "Asia/Almaty").moment(at).startswith("6 августа, 01:30 (Алматы, UTC+5")
    assert Reader("kk", "Asia/Almaty").short(at) == "6 тамыз, 01:30"
