"""Worlds come back from their seed, keep truth apart, and are played by the rules."""

import numpy as np
import polars as pl
import pytest

from dauys.monitor.table import SCHEMA, check_table, read_table
from dauys.scenario.worlds import elsewhere
from dauys.scenario.worlds.attacks import ATTACKS
from dauys.scenario.worlds.honest import make_town
from dauys.scenario.worlds.settings import draw_world
from dauys.scenario.worlds.table import tell, write_csv

FEW = 600


@pytest.mark.parametrize("make", [tell, elsewhere.tell])
def test_same_seed_makes_the_same_world(make: object) -> None:
    assert callable(make)
    once, again = (make(7, FEW, [("rotation", 0.1)]) for _ in range(2))
    assert once.signals.equals(again.signals)
    assert once.truth.equals(again.truth)
    assert not once.signals.equals(make(8, FEW, [("rotation", 0.1)]).signals)


@pytest.mark.parametrize("attack", ATTACKS)
def test_every_attack_leaves_ballots_and_only_the_truth_names_it(attack: str) -> None:
    story = tell(3, FEW, [(attack, 0.1)])
    casts = story.signals.filter(pl.col("kind") == "cast")
    assert set(story.truth["label"]) == {"honest", attack}
    assert set(story.truth["signal_id"]) == set(casts["signal_id"])
    assert story.signals.columns == list(SCHEMA)
    first = casts.sort("time").unique("register_number", keep="first")
    reclaimed = story.signals.filter(pl.col("kind") == "reclaimed")
    assert len(casts) - len(first) <= len(reclaimed)


def test_worlds_are_tables_that_the_monitor_reads(tmp_path: object) -> None:
    from pathlib import Path

    story = tell(5, FEW, [("sim_farm", 0.1)])
    path = Path(str(tmp_path)) / "signals.csv"
    write_csv(story.signals, path)
    assert read_table(path).signals.equals(check_table(story.signals, 1).signals)


def test_columns_can_be_left_empty() -> None:
    story = tell(5, FEW, without=("device", "tls"))
    assert story.signals["device"].count() == 0
    assert story.signals["ip"].count() > 0


def test_more_voters_than_lines_are_refused() -> None:
    world = draw_world(np.random.default_rng(1), 200)
    values = {name: getattr(world, name) for name in world.__slots__}
    with pytest.raises(ValueError, match="on the register"):
        type(world)(**{**values, "voters": world.registered + 1})


def test_town_of_given_settings_has_as_many_voters() -> None:
    world = draw_world(np.random.default_rng(2), 300)
    assert len(make_town(2, world=world).casts) == 300
