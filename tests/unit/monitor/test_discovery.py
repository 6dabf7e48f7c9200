"""Of the clusters that are kept, or told of, few are false: tried on simulated nulls."""

import numpy as np
import polars as pl
import pytest
from scipy import stats

from dauys.monitor.discovery import FALSE_SHARE, alert_level, chance, level_kept
from dauys.monitor.policy import Policy
from dauys.monitor.scan import scan
from dauys.scenario.worlds.table import tell


def test_chance_falls_tenfold_with_four_points_and_is_one_below_the_threshold() -> None:
    assert chance(8, 8) == pytest.approx(0.05)
    assert chance(12, 8) == pytest.approx(0.005)
    assert chance(7.99, 8) == 1


def test_rule_of_benjamini_and_hochberg_as_in_their_own_example() -> None:
    """Fifteen p-values of their section 4.1 (thrombolytic treatment); four are kept."""
    values = [
        *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459),
        *(0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000),
    ]
    level = level_kept(values)
    assert sum(value <= level for value in values) == 4
    assert level_kept([0.06]) == 0
    assert level_kept([]) == 0


@pytest.mark.parametrize("stuffed", [0, 3])
def test_share_of_false_clusters_among_many_contests(stuffed: int) -> None:
    """Forty contests, three of them stuffed or none; a thousand elections."""
    random = np.random.default_rng(7)
    shares = []
    for _ in range(1000):
        chances = random.uniform(0, 1, 40)
        chances[:stuffed] = 10 ** -random.uniform(2, 6, stuffed)
        kept = chances <= level_kept(chances.tolist())
        shares.append(kept[stuffed:].sum() / max(1, kept.sum()))
    # Four standard errors of a mean of shares beside what is promised.
    assert np.mean(shares) <= FALSE_SHARE + 4 * np.std(shares) / np.sqrt(len(shares))
    assert np.mean(shares) > FALSE_SHARE / 4 or stuffed  # the promise is not kept by silence


@pytest.mark.parametrize("stuffed", [0, 2])
@pytest.mark.parametrize("alike", [0.0, 0.9])
def test_share_of_false_alerts_over_the_days(stuffed: int, alike: float) -> None:
    """Fifteen days and five more; days that tell much the same, as a growing table does."""
    random = np.random.default_rng(8)
    shares = []
    for _ in range(2000):
        told, empty = 0, 0
        days = alike * random.normal() + np.sqrt(1 - alike**2) * random.normal(size=20)
        for day, found in enumerate(stats.norm.cdf(days), start=1):
            if day <= stuffed:
                told += 1
            elif found <= alert_level(day, 15, told):
                told, empty = told + 1, empty + 1
        shares.append(empty / max(1, told))
    assert np.mean(shares) <= FALSE_SHARE + 4 * np.std(shares) / np.sqrt(len(shares))


def test_planned_and_later_days_spend_no_more_than_is_allowed() -> None:
    spent = sum(alert_level(day, 15, 0) for day in range(1, 5000))
    assert 0.99 * FALSE_SHARE < spent < FALSE_SHARE
    assert alert_level(3, 15, 2) == pytest.approx(3 * alert_level(3, 15, 0))


def test_weak_cluster_of_one_contest_is_not_kept_among_twenty() -> None:
    """Alone it is; among twenty contests chance makes one like it."""
    story = tell(332, 3000, [("rotation", 0.05)])
    (alone, *_) = scan(story.signals, Policy()).clusters
    low = Policy(least_score=min(400, int(alone.score)))
    assert scan(story.signals, low).clusters
    others = [
        story.signals.filter(pl.col("ip_class") == "mobile")
        .head(400)
        .with_columns(
            pl.lit(f"contest {n}").alias("contest"),
            pl.format(f"{n}-{{}}", "signal_id").alias("signal_id"),
        )
        for n in range(19)
    ]
    assert not scan(pl.concat([story.signals, *others]), low).clusters
    assert scan(pl.concat([story.signals, *others]), Policy()).clusters
