"""Ballot times of real elections: batches, outages and hardly any columns accuse nobody."""

import numpy as np
import polars as pl
import pytest

from dauys.monitor.policy import Policy
from dauys.monitor.scan import scan
from dauys.monitor.table import check_table
from dauys.scenario.worlds.table import tell


def bare(*, numbered_on_arrival: bool, batch_s: float, ballots: int = 3000) -> pl.DataFrame:
    """Two weeks, a rush, and a quarter of all within one minute after an outage."""
    random = np.random.default_rng(ballots + int(batch_s))
    usual = random.uniform(0, 14 * 86_400, ballots // 2)
    rush = random.normal(7 * 86_400, 900, ballots // 4)
    back = 10 * 86_400 + random.uniform(0, 60, ballots - len(usual) - len(rush))
    time = np.sort(np.concatenate([usual, rush, back]))
    if batch_s:
        time = np.floor(time / batch_s) * batch_s
    numbers = random.permutation(2 * ballots)[:ballots] + 1
    micros = pl.Series((time * 1e6).astype(np.int64) + 1_700_000_000_000_000)
    return pl.DataFrame(
        {
            "signal_id": [f"s{number}" for number in range(ballots)],
            "time": micros.cast(pl.Datetime("us", "UTC")),
            "kind": ["cast"] * ballots,
            "contest": ["council"] * ballots,
            "register_number": np.sort(numbers) if numbered_on_arrival else numbers,
            "code_latency_s": random.lognormal(3, 0.6, ballots),
        }
    )


@pytest.mark.parametrize("numbered_on_arrival", [False, True])
@pytest.mark.parametrize("batch_s", [0, 60, 3600])
def test_batches_and_outages_accuse_nobody(batch_s: float, *, numbered_on_arrival: bool) -> None:
    table = bare(numbered_on_arrival=numbered_on_arrival, batch_s=batch_s)
    assert not scan(check_table(table, 1).signals, Policy()).clusters


@pytest.mark.parametrize("members", [24, 40])
def test_people_behind_one_companys_vpn_are_not_accused_for_where_it_stands(members: int) -> None:
    """Its servers stand in a data centre, side by side: that is one fact, not two."""
    story = tell(5, 4000, [])
    honest = story.signals.filter(pl.col("kind") == "cast")["signal_id"].sample(members, seed=1)
    here = pl.col("signal_id").is_in(honest.implode())
    places = pl.Series([f"192.0.2.{n % 30 + 1}" for n in range(story.signals.height)])
    moved = story.signals.with_columns(
        pl.when(here).then(places).otherwise(pl.col("ip")).alias("ip"),
        pl.when(here).then(pl.lit("AS64510 Racks")).otherwise(pl.col("asn")).alias("asn"),
        pl.when(here).then(pl.lit("hosting")).otherwise(pl.col("ip_class")).alias("ip_class"),
    )
    assert not scan(moved, Policy()).clusters


def test_thief_who_goes_down_the_register_from_everywhere_is_followed() -> None:
    story = tell(3, 3000, [("enumeration", 0.1)], without=("tls", "ua_family", "household"))
    flagged = set(scan(story.signals, Policy()).flagged)
    stolen = set(story.truth.filter(pl.col("label") != "honest")["signal_id"])
    assert len(flagged & stolen) >= 0.9 * len(stolen)
    assert len(flagged - stolen) <= 0.003 * len(story.truth)
