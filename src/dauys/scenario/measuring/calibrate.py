"""Finds the score that honest elections like this one do not reach.

Worlds are drawn, and what the election itself shows takes the place of what was drawn (`margins`).
Ballots come at the moments at which they came in this election, in the order of the drawn world:
its outages, rushes and batches, and what they leave of reminder waves, are then those of this
election. Medians and shares of the whole are used, which stuffing of a part moves little.
"""

from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import replace
from math import ceil

import numpy as np
import polars as pl

from dauys.monitor.policy import Policy
from dauys.monitor.scan import scan
from dauys.scenario.measuring.margins import largest_part, margins
from dauys.scenario.worlds.events import play
from dauys.scenario.worlds.honest import make_town
from dauys.scenario.worlds.rhythm import Floats
from dauys.scenario.worlds.settings import DAY, START, World, draw_world
from dauys.scenario.worlds.table import OPTIONAL, render

QUIET = 0.95
"""Share of honest elections that must stay without a cluster."""

_FEWEST, _MOST = 300, 40_000
_LOOK = 1
_MARGIN = 1
_LOWEST = 5


def fitted_world(part: pl.DataFrame, seed: int) -> World:
    """Draw a world and give it what these signals, looked at at once, show."""
    ballots = len(part.filter(pl.col("kind") == "cast"))
    world = draw_world(np.random.default_rng(seed), min(_MOST, max(_FEWEST, ballots)))
    return replace(world, **margins(part)) if ballots else world  # type: ignore[arg-type]  # numbers


def moments(part: pl.DataFrame) -> Floats:
    """When the ballots came, ascending, moved by whole days to the world's."""
    casts = part.filter(pl.col("kind") == "cast")
    time = np.sort(casts["time"].dt.epoch("us").to_numpy() / 1e6)
    return time + DAY * ((START - time[0]) // DAY + 1) if len(time) else time


def empty_columns(table: pl.DataFrame) -> tuple[str, ...]:
    """Columns in which the table says nothing."""
    return tuple(name for name in OPTIONAL if not table[name].count())


def honest_score(table: pl.DataFrame, seed: int, policy: Policy) -> float:
    """The best score in one honest election like this one; 0 where nothing stands out."""
    part = largest_part(table)
    world = fitted_world(part, seed)
    town = make_town(seed, world.voters, world, moments(part))
    story = render(town, play(town, []), [], empty_columns(table))
    low = Policy(fewest_voters=policy.fewest_voters, least_score=_LOOK)
    return max((cluster.score for cluster in scan(story.signals, low).clusters), default=0.0)


def honest_scores(
    table: pl.DataFrame, elections: int, policy: Policy, executor: Executor
) -> Iterator[float]:
    """Best scores of that many honest elections; the same table and number give the same."""
    small = table.filter(pl.col("kind").is_in(["cast", "checked", "code_wrong"]))
    yield from executor.map(
        honest_score, [small] * elections, range(elections), [policy] * elections
    )


def calibrated(scores: list[float], policy: Policy) -> Policy:
    """Give the policy whose score all but one in twenty of these elections stay under.

    Not under 5: the worlds do not hold all that is odd about an election.
    """
    least = ceil(float(np.quantile(scores, QUIET))) + _MARGIN
    return Policy(fewest_voters=policy.fewest_voters, least_score=max(_LOWEST, min(400, least)))
