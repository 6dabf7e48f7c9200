"""The measurement counts rightly, and the rivals find what they are known to find."""

import numpy as np
import polars as pl
import pytest

from dauys.monitor.policy import Policy
from dauys.scenario.measuring.calibrate import (
    calibrated,
    empty_columns,
    fitted_world,
    honest_score,
    moments,
)
from dauys.scenario.measuring.cells import (
    HONEST,
    MONITOR,
    Cell,
    Outcome,
    found_at_limit,
    make_cells,
    measure,
)
from dauys.scenario.measuring.plots import recall_plot
from dauys.scenario.measuring.rivals import RIVALS, prepare
from dauys.scenario.measuring.summary import markdown, summarise
from dauys.scenario.worlds.honest import make_town
from dauys.scenario.worlds.table import tell


def outcome(seed: int, found: int, accused: int, detector: str = MONITOR) -> Outcome:
    return Outcome(
        Cell("worlds", "drip", 0.08, seed), detector, 100, found, 1000, accused, 1, found
    )


def test_shares_are_of_all_worlds_together() -> None:
    (row,) = summarise([outcome(1, 100, 0), outcome(2, 50, 10)])
    assert (row.recall, row.accused, row.worst) == (0.75, 0.005, 0.01)
    assert row.precision == pytest.approx(150 / 160)
    assert row.recall_low <= 0.5 + 1e-9
    assert row.recall_high >= 1 - 1e-9


def test_table_and_picture_name_the_cell() -> None:
    rows = summarise([outcome(1, 100, 0), outcome(1, 10, 900, "per address")])
    assert "| drip | 8% | 1.000 (1.00 to 1.00) |" in markdown(rows, "worlds")
    assert "0.10 (0.10, 90.0%)" in markdown(rows, "worlds")
    assert recall_plot(rows, "worlds").count("<circle") == 4


def test_cells_hold_every_attack_and_size_and_honest_worlds() -> None:
    cells = make_cells(("worlds", "elsewhere", "stranger"), 2, 10)
    assert len(set(cells)) == len(cells)
    assert sum(cell.attack == HONEST for cell in cells) == 24


def test_monitor_finds_a_burst_and_accuses_nobody_else() -> None:
    found = measure(Cell("worlds", "one_address", 0.1, 3), 1500, Policy(), rivals=False)
    (mine,) = found
    assert mine.found >= 0.98 * mine.stolen
    assert mine.accused == 0


@pytest.mark.parametrize("name", RIVALS)
def test_rival_finds_a_burst(name: str) -> None:
    """Everybody at home but forty who share a machine, an address and an hour."""
    casts = prepare(tell(3, 400).signals).head(300)
    number = pl.int_range(pl.len())
    own = pl.format("10.0.{}.{}", number // 2, number % 250)
    burst = number >= 260
    casts = casts.with_columns(
        ip=pl.when(burst).then(pl.lit("10.9.9.9")).otherwise(own),
        block=pl.when(burst).then(pl.lit("10.9.9")).otherwise(own),
        device=pl.when(burst).then(pl.lit("same")).otherwise(pl.format("d{}", number)),
        hour=pl.when(burst).then(pl.col("hour").first()).otherwise(pl.col("hour")),
        stack=pl.when(burst).then(pl.lit("tool")).otherwise(pl.format("s{}", number % 40)),
        place_hour=pl.when(burst).then(pl.lit("one")).otherwise(pl.format("p{}", number)),
    )
    flags, suspicion = RIVALS[name](casts)
    stolen = np.arange(300) >= 260
    assert flags[stolen].all() or flags[stolen].mean() > flags[~stolen].mean()
    assert suspicion[flags].min() > suspicion[~flags].max(initial=-np.inf)


def test_rivals_are_measured_at_the_threshold_that_accuses_as_few() -> None:
    """Of a thousand honest ballots three may be over it; the thief's of like suspicion stay."""
    stolen = np.arange(1100) >= 1000
    suspicion = np.concatenate([np.arange(1000.0), np.full(50, 996.5), np.full(50, 995.5)])
    assert found_at_limit(suspicion, stolen) == 50
    assert found_at_limit(np.zeros(1100), stolen) == 0


def test_calibration_takes_over_what_the_election_shows() -> None:
    """An odd election: in offices only, on slow telephones, written down once a minute."""
    story = tell(4, 3000).signals
    odd = story.with_columns(
        pl.col("time").dt.truncate("1m"),
        pl.when(pl.col("register_number") % 10 < 9)
        .then(pl.format("10.99.{}.7", pl.col("register_number") // 200))
        .otherwise("ip")
        .alias("ip"),
        pl.lit("fixed").alias("ip_class"),
        pl.lit("AS64999").alias("asn"),
        (pl.col("code_latency_s") * 20).alias("code_latency_s"),
    )
    world = fitted_world(odd, 1)
    usual = fitted_world(story, 1)
    assert world.office == 0.6
    assert world.mobile == 0.02
    assert world.providers == 1
    assert world.latency_s == pytest.approx(20 * usual.latency_s)
    assert world.latency_spread == pytest.approx(usual.latency_spread, rel=0.05)
    assert world.checks == usual.checks
    took_place = moments(odd)
    town = make_town(1, world.voters, world, took_place)
    assert set(town.casts.time) <= set(took_place)
    assert (took_place % 60 == 0).all()
    hours = odd.filter(pl.col("kind") == "cast")["time"].dt.hour().sort().to_numpy()
    assert (np.sort(took_place % 86_400 // 3600) == hours).all()


def test_a_part_that_is_stuffed_moves_the_fit_little() -> None:
    honest, robbed = (
        fitted_world(tell(4, 3000, attacks).signals, 1) for attacks in ([], [("proxies", 0.2)])
    )
    assert robbed.latency_s == pytest.approx(honest.latency_s, rel=0.3)
    assert robbed.office == pytest.approx(honest.office, abs=0.06)
    assert robbed.mobile == pytest.approx(honest.mobile, abs=0.1)


def test_calibration_fits_the_election_and_stays_over_its_honest_scores() -> None:
    table = tell(4, 700, without=("phone",)).signals
    world = fitted_world(table, 1)
    assert abs(world.voters - 700) < 20
    assert "phone" in empty_columns(table)
    scores = [honest_score(table, seed, Policy()) for seed in range(3)]
    assert calibrated(scores, Policy()).least_score > sorted(scores)[1]
