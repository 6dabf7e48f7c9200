"""Tables of a kind the detector was not made for: coarse devices, odd ids, little known."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from dauys.monitor.policy import Policy
from dauys.monitor.scan import scan
from dauys.monitor.table import read_table
from dauys.scenario.worlds import elsewhere, stranger
from dauys.scenario.worlds.table import Story, tell, write_csv


def recall_and_accused(story: Story) -> tuple[float, float]:
    flagged = set(scan(story.signals, Policy()).flagged)
    stolen = set(story.truth.filter(pl.col("label") != "honest")["signal_id"])
    honest = len(story.truth) - len(stolen)
    return len(flagged & stolen) / max(1, len(stolen)), len(flagged - stolen) / honest


@pytest.mark.parametrize("seed", [6, 8])
def test_telephones_of_one_model_that_share_a_hash_are_no_farm(seed: int) -> None:
    """Two thirds of the ballots are of devices that seem to vote for hundreds."""
    assert recall_and_accused(stranger.tell(seed, 3000, without=())) == (0, 0)


@pytest.mark.parametrize(("contests", "voters"), [(1, 500), (20, 6000)])
@pytest.mark.parametrize("step_s", [1, 60])
def test_small_contests_and_coarse_clocks_accuse_nobody(
    contests: int, voters: int, step_s: float
) -> None:
    story = stranger.tell(voters, voters, contests=contests, step_s=step_s)
    assert story.signals["contest"].n_unique() == contests
    assert recall_and_accused(story) == (0, 0)


@pytest.mark.parametrize("without", [("tls",), ("device", "phone"), ("household", "precinct")])
@pytest.mark.parametrize("attack", ["one_address", "rotation"])
def test_burst_is_found_whatever_column_is_empty(attack: str, without: tuple[str, ...]) -> None:
    recall, accused = recall_and_accused(
        stranger.tell(4, 1500, [(attack, 0.08)], without=without, step_s=1, contests=1)
    )
    assert recall >= 0.98
    assert accused <= 0.003


def test_farm_behind_a_carriers_gateways_is_told_from_those_who_share_them() -> None:
    """Two thousand honest ballots came from the same block; none of them is accused."""
    recall, accused = recall_and_accused(elsewhere.tell(300, 6000, [("click_farm", 0.2)]))
    assert recall >= 0.95
    assert accused <= 0.003


def test_clerks_with_tablets_are_told_from_people_with_telephones() -> None:
    recall, accused = recall_and_accused(tell(302, 6000, [("click_farm", 0.08)]))
    assert recall >= 0.95
    assert accused <= 0.003


def test_what_complaints_have_in_common_finds_a_farm_without_devices() -> None:
    recall, accused = recall_and_accused(
        stranger.tell(7, 11_000, [("click_farm", 0.08)], without=("device", "phone"), contests=1)
    )
    assert recall >= 0.5
    assert accused <= 0.003


@pytest.mark.parametrize("share", [0.005, 0.05])
def test_complaints_that_strike_anybody_accuse_nobody(share: float) -> None:
    story = tell(12, 5000)
    casts = story.signals.filter(pl.col("kind") == "cast")["signal_id"]
    complained = frozenset(casts.sample(fraction=share, seed=3).to_list())
    assert not scan(story.signals, Policy(), complained).clusters


def _as_everybody(_: pl.DataFrame) -> pl.Expr:
    return pl.lit(1.0)


def _as_the_slow(casts: pl.DataFrame) -> pl.Expr:
    slow = pl.col("code_latency_s") > casts["code_latency_s"].quantile(0.7)
    return pl.when(slow).then(2.5).otherwise(0.4)


def _as_one_region(casts: pl.DataFrame) -> pl.Expr:
    return pl.when(pl.col("region") == casts["region"][0]).then(2.5).otherwise(0.8)


def _as_who_shares_a_device(_: pl.DataFrame) -> pl.Expr:
    return pl.when(pl.len().over("device") > 4).then(2.5).otherwise(0.9)


@pytest.mark.parametrize(
    "habit", [_as_everybody, _as_the_slow, _as_one_region, _as_who_shares_a_device]
)
@pytest.mark.parametrize("share", [0.004, 0.02])
def test_those_who_complain_more_than_others_are_not_accused(
    share: float, habit: Callable[[pl.DataFrame], pl.Expr]
) -> None:
    """Some have a habit to forget that they voted, and to come again."""
    story = tell(int(share * 1000), 5000)
    casts = story.signals.filter(pl.col("kind") == "cast")
    chance = casts.select((habit(casts) * share).fill_null(share)).to_series().to_numpy()
    forgot = np.random.default_rng(5).random(len(casts)) < chance
    complained = frozenset(casts["signal_id"].to_numpy()[forgot].tolist())
    assert len(complained) > 10
    assert not scan(story.signals, Policy(), complained).clusters


def test_browsers_under_a_programs_own_name_are_no_disguise() -> None:
    """Sixty people whose browser is driven by a program, and says so."""
    story = tell(601, 5000)
    casts = story.signals.filter(pl.col("kind") == "cast")["signal_id"]
    driven = pl.col("signal_id").is_in(casts.sample(60, seed=1).implode())
    signals = story.signals.with_columns(
        pl.when(driven).then(pl.lit("headless")).otherwise("ua_family").alias("ua_family"),
        pl.when(driven).then(pl.lit(value=True)).otherwise("automation").alias("automation"),
    )
    assert not scan(signals, Policy()).clusters


def test_practised_clerk_of_a_help_point_is_not_accused() -> None:
    """297 people at one address, whose codes and pages took a third of the usual time."""
    assert recall_and_accused(tell(300, 20_000)) == (0, 0)


def test_thief_in_a_block_that_an_office_shares_is_told_from_it() -> None:
    """Nothing but complaints tells the 280 from 365 honest ballots beside them."""
    recall, accused = recall_and_accused(tell(103, 11_000, [("mixed", 0.08)]))
    assert recall >= 0.95
    assert accused <= 0.003


def test_table_is_the_same_through_a_file(tmp_path: Path) -> None:
    story = stranger.tell(4, 400, [("drip", 0.1)])
    write_csv(story.signals, tmp_path / "signals.csv")
    assert read_table(tmp_path / "signals.csv").signals.equals(story.signals)
    assert stranger.tell(4, 400, [("drip", 0.1)]).signals.equals(story.signals)


@pytest.mark.parametrize("seed", [5, 6])
def test_visits_that_anybody_may_make_to_anybodys_ballot_accuse_nobody(seed: int) -> None:
    """One voter in fifty comes again, by a way that is some other voter's."""
    story = elsewhere.tell(seed, 4000)
    casts = story.signals.filter(pl.col("kind") == "cast")
    met = casts.sample(fraction=0.02, seed=seed)
    ways = casts.sample(n=len(met), seed=seed + 1)
    own = ("contest", "register_number", "region", "precinct", "household")
    visits = ways.with_columns(
        pl.format("late-{}", pl.int_range(pl.len())).alias("signal_id"),
        pl.lit("refused_voted").alias("kind"),
        (met["time"] + pl.duration(hours=pl.int_range(pl.len()) % 90 + 1)).alias("time"),
        *(met[name].alias(name) for name in own),
    )
    assert not scan(pl.concat([story.signals, visits]), Policy()).clusters


def test_thiefs_late_visits_make_no_office_suspect() -> None:
    """A thief, who has new devices, came too late for some of an office of alike machines."""
    recall, accused = recall_and_accused(tell(332, 11_000, [("rotation", 0.03)]))
    assert recall >= 0.98
    assert accused <= 0.003


def test_thief_who_keeps_to_four_voters_a_device_is_found_beside_small_offices() -> None:
    recall, accused = recall_and_accused(tell(6000, 8000, [("adaptive", 0.1)]))
    assert recall >= 0.95
    assert accused <= 0.003


def test_burst_whose_ballots_are_only_partly_quick_is_found_whole() -> None:
    """Half of them lack the mark that tells the others from those who share the address."""
    without = ("tls", "dwell_s")
    recall, accused = recall_and_accused(
        stranger.tell(6005, 11_000, [("one_address", 0.2)], without=without, contests=1)
    )
    assert recall >= 0.98
    assert accused <= 0.003
