"""Detectors that others would use, run on the same table: what the monitor has to beat.

Each takes the casts of one contest and says of each whether it is suspicious, by its own usual
threshold, and how suspicious, so that it can also be measured at another.
"""

import heapq
from collections import defaultdict
from collections.abc import Callable
from types import MappingProxyType

import numpy as np
import polars as pl
from numpy.typing import NDArray
from sklearn.ensemble import IsolationForest

Flags = NDArray[np.bool_]
Suspicion = NDArray[np.float64]

_PER_HOUR = 10
_SUSPECTED = 0.02
_BLOCKS = 3
_EDGE = ("ip", "block", "device", "stack", "place_hour")
_MODES = ("block", "device", "hour", "stack")


def per_address(casts: pl.DataFrame) -> tuple[Flags, Suspicion]:
    """Ballots of addresses that sent more than ten within some hour."""
    busiest = casts.select(
        pl.when(pl.col("ip").is_not_null())
        .then(pl.len().over("ip", "hour").max().over("ip"))
        .otherwise(0)
        .cast(pl.Float64)
    )
    often = busiest.to_series().to_numpy()
    return often > _PER_HOUR, often


def isolation_forest(casts: pl.DataFrame) -> tuple[Flags, Suspicion]:
    """The two in a hundred ballots that are easiest to set apart (Liu, Ting, Zhou, ICDM 2008)."""
    counts = [pl.len().over(name).log().alias(name) for name in (*_EDGE, "phone", "asn")]
    numbers = casts.select(
        *counts,
        pl.col("code_latency_s").log1p(),
        pl.col("dwell_s").log1p(),
        pl.col("code_attempts").cast(pl.Float64),
        (pl.col("ip_region") != pl.col("region")).cast(pl.Float64).alias("far"),
        pl.col("time").dt.hour().cast(pl.Float64).alias("clock"),
    )
    filled = numbers.with_columns(
        pl.col(name).fill_null(pl.col(name).median()).fill_null(0.0) for name in numbers.columns
    )
    forest = IsolationForest(n_estimators=60, contamination=_SUSPECTED, random_state=1)
    flags = np.asarray(forest.fit_predict(filled.to_numpy()) == -1)
    return flags, -np.asarray(forest.score_samples(filled.to_numpy()), np.float64)


def fraudar(casts: pl.DataFrame) -> tuple[Flags, Suspicion]:
    """The densest part of ballots and what they share (Hooi et al., KDD 2016).

    Peels off the node with the least weight; a value that many share weighs less for each.
    """
    edges, weights = _edges(casts)
    ballots = len(casts)
    shared: dict[int, list[int]] = defaultdict(list)
    load = np.zeros(ballots + len(weights))
    for ballot, values in enumerate(edges):
        for value in values:
            shared[value].append(ballot)
            load[ballot] += weights[value]
            load[ballots + value] += weights[value]
    heap = [(weight, node) for node, weight in enumerate(load)]
    heapq.heapify(heap)
    gone = np.zeros(len(load), bool)
    mass, left, best, removed = float(load[:ballots].sum()), len(load), -1.0, []
    keep = 0
    while heap:
        weight, node = heapq.heappop(heap)
        if gone[node] or weight > load[node] + 1e-9:
            continue
        gone[node] = True
        removed.append(node)
        mass -= load[node]
        left -= 1
        around = edges[node] if node < ballots else shared[node - ballots]
        for other in around:
            at = ballots + other if node < ballots else other
            if not gone[at]:
                load[at] -= weights[other if node < ballots else node - ballots]
                heapq.heappush(heap, (load[at], at))
        if left and mass / left > best:
            best, keep = mass / left, len(removed)
    position = np.empty(len(removed))
    position[removed] = np.arange(len(removed))
    return position[:ballots] >= keep, position[:ballots]  # what is peeled late is dense


def _edges(casts: pl.DataFrame) -> tuple[list[list[int]], NDArray[np.float64]]:
    edges: list[list[int]] = [[] for _ in range(len(casts))]
    weights: list[float] = []
    for column in _EDGE:
        codes = casts[column].rank("dense").cast(pl.Int64).to_list()
        counts = casts.select(pl.len().over(column)).to_series().to_list()
        first = len(weights) - 1
        weights.extend([0.0] * max((code for code in codes if code is not None), default=0))
        for ballot, (code, count) in enumerate(zip(codes, counts, strict=True)):
            if code is not None:
                edges[ballot].append(first + code)
                weights[first + code] = 1 / np.log(count + 5)
    return edges, np.asarray(weights)


def dense_blocks(casts: pl.DataFrame) -> tuple[Flags, Suspicion]:
    """The three densest blocks of block, device, hour and program (M-Zoom, PKDD 2016)."""
    found = np.zeros(len(casts))
    codes = casts.select(
        pl.col(name).rank("dense").fill_null(0).cast(pl.Int64) for name in _MODES
    ).to_numpy()
    for turn in range(_BLOCKS):
        rows = np.flatnonzero(found == 0)
        if len(rows):
            found[rows[_densest(codes[rows])]] = _BLOCKS - turn
    return found > 0, found


def _densest(codes: NDArray[np.int64]) -> Flags:
    """Remove the lightest value of any mode, one by one; keep the densest moment."""
    values: dict[tuple[int, int], list[int]] = defaultdict(list)
    for row, cells in enumerate(codes.tolist()):
        for mode, cell in enumerate(cells):
            values[mode, cell].append(row)
    load = {key: len(rows) for key, rows in values.items()}
    heap = [(size, key) for key, size in load.items()]
    heapq.heapify(heap)
    alive = np.ones(len(codes), bool)
    mass, left = len(codes), len(load)
    best, order, keep = mass / left, [], 0
    while heap:
        size, key = heapq.heappop(heap)
        if key not in load or size != load[key]:
            continue
        del load[key]
        for row in values[key]:
            if alive[row]:
                alive[row] = False
                order.append(row)
                for mode, cell in enumerate(codes[row].tolist()):
                    if (mode, cell) in load:
                        load[mode, cell] -= 1
                        heapq.heappush(heap, (load[mode, cell], (mode, cell)))
        mass, left = mass - size, left - 1
        if left and mass / left > best:
            best, keep = mass / left, len(order)
    flags = np.ones(len(codes), bool)
    flags[order[:keep]] = False
    return flags


def prepare(signals: pl.DataFrame) -> pl.DataFrame:
    """Give the casts, with the columns that the rivals use."""
    casts = signals.filter(pl.col("kind") == "cast").sort("time", "signal_id")
    return casts.with_columns(
        pl.when(pl.col("ip").str.contains(":"))
        .then(pl.col("ip").str.split(":").list.head(4).list.join(":"))
        .otherwise(pl.col("ip").str.split(".").list.head(3).list.join("."))
        .alias("block"),
        pl.col("time").dt.truncate("1h").alias("hour"),
        (pl.col("tls") + "/" + pl.col("ua_family")).alias("stack"),
        (pl.col("asn") + "/" + pl.col("time").dt.truncate("1h").cast(pl.String)).alias(
            "place_hour"
        ),
    )


RIVALS: MappingProxyType[str, Callable[[pl.DataFrame], tuple[Flags, Suspicion]]] = MappingProxyType(
    {
        "per address": per_address,
        "isolation forest": isolation_forest,
        "FRAUDAR": fraudar,
        "dense blocks": dense_blocks,
    }
)
