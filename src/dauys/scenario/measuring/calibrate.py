"""Finds the score that honest elections like this one do not reach.

Worlds are drawn, and the settings that the election itself shows (its size, its period, its
carriers, its share of mobile networks, its paces, the columns it leaves empty) take the place
of the drawn ones. Medians and shares of the whole are used, which stuffing of a part moves little.
"""

from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import replace
from math import ceil

import numpy as np
import polars as pl

from dauys.monitor.policy import Policy
from dauys.monitor.scan import scan
from dauys.scenario.worlds.events import play
from dauys.scenario.worlds.honest import make_town
from dauys.scenario.worlds.settings import World, draw_world
from dauys.scenario.worlds.table import OPTIONAL, render

QUIET = 0.95
"""Share of honest elections that must stay without a cluster."""

_FEWEST, _MOST = 300, 40_000
_LOOK = 1
_MARGIN = 1


def fitted_world(table: pl.DataFrame, seed: int) -> World:
    """Draw a world and give it what the largest contest of the table shows."""
    casts = table.filter(pl.col("kind") == "cast")
    if len(casts):
        largest = casts["contest"].value_counts(sort=True)["contest"][0]
        casts = casts.filter(pl.col("contest") == largest)
    world = draw_world(np.random.default_rng(seed), min(_MOST, max(_FEWEST, len(casts))))
    if not len(casts):
        return world
    micros = casts["time"].dt.epoch("us").to_numpy()
    shown: dict[str, float | int] = {"days": max(1, ceil(np.ptp(micros) / 86_400e6))}
    for name, column in (("latency_s", "code_latency_s"), ("dwell_s", "dwell_s")):
        seconds = casts[column].drop_nulls().to_numpy()
        if len(seconds) > _FEWEST:
            shown[name] = float(np.median(seconds)) or 1.0
    if casts["ip_class"].count():
        carriers = casts.filter(pl.col("ip_class") == "mobile")
        shown["mobile"] = min(0.95, max(0.02, len(carriers) / len(casts)))
        shown["carriers"] = max(1, carriers["asn"].n_unique())
        shown["gateways"] = max(2, carriers["ip"].n_unique() // int(shown["carriers"]))
    if casts["method"].count():
        shown["signature"] = len(casts.filter(pl.col("method") == "eds")) / len(casts)
    return replace(world, **shown)  # type: ignore[arg-type]  # numbers all


def empty_columns(table: pl.DataFrame) -> tuple[str, ...]:
    """Columns in which the table says nothing."""
    return tuple(name for name in OPTIONAL if not table[name].count())


def honest_score(table: pl.DataFrame, seed: int, policy: Policy) -> float:
    """The best score in one honest election like this one; 0 where nothing stands out."""
    world = fitted_world(table, seed)
    town = make_town(seed, world.voters, world)
    story = render(town, play(town, []), [], empty_columns(table))
    low = Policy(fewest_voters=policy.fewest_voters, least_score=_LOOK)
    return max((cluster.score for cluster in scan(story.signals, low).clusters), default=0.0)


def honest_scores(
    table: pl.DataFrame, elections: int, policy: Policy, executor: Executor
) -> Iterator[float]:
    """Best scores of that many honest elections; the same table and number give the same."""
    small = table.filter(pl.col("kind") == "cast")
    yield from executor.map(
        honest_score, [small] * elections, range(elections), [policy] * elections
    )


def calibrated(scores: list[float], policy: Policy) -> Policy:
    """Give the policy whose score all but one in twenty of these elections stay under."""
    least = ceil(float(np.quantile(scores, QUIET))) + _MARGIN
    return Policy(fewest_voters=policy.fewest_voters, least_score=max(1, min(400, least)))
