"""A cluster's pictures set what was seen beside what would be usual, to the same scale."""

from datetime import UTC, datetime, timedelta

import pytest

from dauys.core.ids import LeafIndex
from dauys.monitor.report import FamilyScore
from dauys.store.signals.plots import CastPoint
from dauys.web.console import plots
from dauys.web.console.pages.cluster import difference

OPENS = datetime(2026, 9, 1, 4, tzinfo=UTC)


def cast(number: int, hours: float, line: int) -> CastPoint:
    when = OPENS + timedelta(hours=hours)
    return CastPoint(LeafIndex(number), when, line, "sms", "AS64500", "mobile", "192.0.2.7")


def test_five_hours_of_a_thief_stand_among_the_two_weeks_of_everybody_else() -> None:
    ours = [cast(n, 100 + n / 40, 500 + n) for n in range(200)]
    others = [cast(1000 + n, n / 3, 7 * n % 991) for n in range(1008)]
    drawn = plots.timeline(ours, others, others[0].time, others[-1].time)
    assert len(drawn.bins) <= plots.MOST_BINS
    assert sum(one.ours for one in drawn.bins) == 200
    assert sum(one.usual for one in drawn.bins) == pytest.approx(200, abs=2)
    assert sum(one.ours > 0 for one in drawn.bins) <= 2
    assert len(drawn.ticks) <= plots.TICKS


def test_no_bar_of_the_usual_is_cut_off_at_the_top() -> None:
    ours = [cast(n, 2 * n, n) for n in range(10)]
    others = [cast(100 + n, 9.01, n) for n in range(10)] + [cast(200, 18, 1)]
    drawn = plots.timeline(ours, others, ours[0].time, ours[-1].time)
    assert max(one.usual for one in drawn.bins) > max(one.ours for one in drawn.bins)
    assert all(float(one.usual_bar.y) >= plots.TOP for one in drawn.bins)


def test_a_notice_to_voters_stands_where_its_moment_is_and_nowhere_if_outside() -> None:
    """The bins begin with the day in which the first ballot came."""
    others = [cast(n, 2 * n, n) for n in range(100)]
    told = [OPENS + timedelta(hours=98), OPENS - timedelta(days=3)]
    drawn = plots.timeline(others[:10], others, others[0].time, others[-1].time)
    inside, outside = map(drawn.place, told)
    assert outside is None
    assert inside is not None
    begin, width = drawn.bins[0].start, len(drawn.bins) * drawn.step
    assert inside == f"{100 * ((told[0] - begin) / width):.2f}%"
    assert 45 < float(inside.removesuffix("%")) < 55


@pytest.mark.parametrize(
    ("family", "observed", "expected", "words"),
    [
        ("code_pace", 2.5, 12.5, "5.0 times quicker than usual"),
        ("no_checks", 0.0, 20.9, "never"),
        ("no_checks", 2.0, 21.0, "10.5 times fewer than usual"),
        ("night", 83.0, 2.2, "37.7 times as many as usual"),
        ("complaints", 34.0, 0.04, "over 100 times as many as usual"),
    ],
)
def test_a_short_bar_is_not_taken_for_little(
    family: str, observed: float, expected: float, words: str
) -> None:
    from django.utils.translation import override

    score = FamilyScore(family=family, count=220, observed=observed, expected=expected, score=9.0)
    with override("en"):
        assert difference(score) == words
