"""What a table of signals shows of its election, in the words of a world's settings."""

from math import ceil

import numpy as np
import polars as pl

from dauys.monitor.parts import small_contests
from dauys.scenario.worlds.settings import World

_ENOUGH = 300
_SPREAD_OF_NORMAL = 1.349
_ROOM = 3
_OFFICE = 5


def largest_part(table: pl.DataFrame) -> pl.DataFrame:
    """Of what the monitor looks at at once, the signals of the part with the most ballots."""
    casts = table.filter(pl.col("kind") == "cast")
    if not len(casts):
        return table
    names = casts["contest"].value_counts(sort=True)["contest"]
    largest = table.filter(pl.col("contest") == names[0])
    return max((largest, *small_contests(table)), key=_ballots)


def _ballots(signals: pl.DataFrame) -> int:
    return int((signals["kind"] == "cast").sum())


def margins(signals: pl.DataFrame) -> dict[str, float | int]:
    """Settings of `World` that these ballots show; what is empty shows nothing."""
    casts = signals.filter(pl.col("kind") == "cast")
    shown: dict[str, float | int] = {
        "days": max(1, ceil(np.ptp(casts["time"].dt.epoch("us").to_numpy()) / 86_400e6)),
        **_paces(casts),
        **_networks(casts),
        **_rooms(casts),
        **_phones(casts),
        **_habits(casts, signals),
    }
    known = set(World.__dataclass_fields__)
    return {name: value for name, value in shown.items() if name in known}


def _within(value: float, low: float, high: float) -> float:
    return float(min(high, max(low, value)))


def _paces(casts: pl.DataFrame) -> dict[str, float]:
    """Medians of both paces, and their spreads from the quartiles."""
    shown = {}
    for name, column in (("latency", "code_latency_s"), ("dwell", "dwell_s")):
        seconds = casts[column].drop_nulls().to_numpy()
        if len(seconds) > _ENOUGH:
            low, middle, high = np.log(np.maximum(np.percentile(seconds, (25, 50, 75)), 0.5))
            shown[f"{name}_s"] = float(np.exp(middle))
            shown[f"{name}_spread"] = _within((high - low) / _SPREAD_OF_NORMAL, 0.2, 1.5)
    return shown


def _networks(casts: pl.DataFrame) -> dict[str, float | int]:
    """Classes of networks and their sizes; how far carriers' gateways serve regions."""
    classes = casts.filter(pl.col("ip_class").is_not_null())
    if not len(classes):
        return {}
    shown: dict[str, float | int] = {}
    carriers = classes.filter(pl.col("ip_class") == "mobile")
    fixed = classes.filter(pl.col("ip_class") == "fixed")
    apart = classes.filter(pl.col("ip_class").is_in(["vpn", "hosting"]))
    shown["mobile"] = _within(len(carriers) / len(classes), 0.02, 0.95)
    shown["vpn"] = _within(len(apart) / len(classes), 0, 0.2)
    shown["carriers"] = max(1, carriers["asn"].n_unique())
    per_gateway = carriers["ip"].drop_nulls().value_counts()["count"].to_numpy()
    shown["gateways"] = max(2, ceil(len(per_gateway) / int(shown["carriers"])))
    if len(per_gateway) > 2:
        shown["gateway_spread"] = _within(float(np.log(per_gateway).std()), 0.1, 2)
    if len(fixed):
        shown["providers"] = max(1, fixed["asn"].n_unique())
        shown["ipv6"] = _within(
            len(fixed.filter(pl.col("ip").str.contains(":"))) / len(fixed), 0, 0.9
        )
        blocks = fixed["ip"].str.replace(r"\.[0-9]+$", "").n_unique()
        shown["homes_per_block"] = _within(len(fixed) / blocks, 1, 100)
    both = carriers.filter(pl.col("ip_region").is_not_null() & pl.col("region").is_not_null())
    regions = casts["region"].drop_nulls().n_unique()
    if len(both) and regions > 1:
        same = len(both.filter(pl.col("ip_region") == pl.col("region"))) / len(both)
        shown["gateway_regional"] = _within((same - 1 / regions) / (1 - 1 / regions), 0, 1)
    if regions:
        shown["regions"] = regions
    return shown


def _rooms(casts: pl.DataFrame) -> dict[str, float]:
    """Offices: fixed addresses from which several homes vote, and how alike their machines are."""
    place = casts.filter(
        pl.col("ip").is_not_null() & (pl.col("ip_class") != "mobile").fill_null(value=True)
    )
    home = pl.coalesce("household", pl.format("line {}", pl.col("register_number") // 8))
    rooms = (
        place.with_columns(home.alias("home"))
        .group_by("ip")
        .agg(
            pl.len().alias("ballots"),
            pl.col("home").n_unique().alias("homes"),
            (pl.col("tls").n_unique() == 1).alias("alike"),
            (pl.col("device").n_unique() <= pl.len() / _ROOM).alias("one_hash"),
        )
        .filter(pl.col("homes") >= _OFFICE)
    )
    if not len(rooms) or not len(casts):
        return {"office": 0.0}
    alike = rooms.filter("alike")
    return {
        "office": _within(int(rooms["ballots"].sum()) / len(casts), 0, 0.6),
        "office_size": _within(float(np.median(rooms["ballots"].to_numpy())), 4, 80),
        "same_machines": len(alike) / len(rooms),
        "one_hash": len(alike.filter("one_hash")) / max(1, len(alike)),
    }


def _phones(casts: pl.DataFrame) -> dict[str, float]:
    """Share of homes with one phone for all, from phones that two to four ballots share."""
    uses = casts["phone"].drop_nulls().value_counts()["count"].to_numpy()
    if len(uses) < _ENOUGH:
        return {}
    return {"shared_phones": _within(float(((uses > 1) & (uses < _OFFICE)).mean()), 0, 0.5)}


def _habits(casts: pl.DataFrame, signals: pl.DataFrame) -> dict[str, float]:
    """Methods, mistyped codes, looks at one's own ballot, browsers driven by programs, batches."""
    shown = {}
    if casts["method"].count():
        shown["signature"] = len(casts.filter(pl.col("method") == "eds")) / len(casts)
    tries = casts["code_attempts"].drop_nulls()
    if len(tries) > _ENOUGH:
        shown["attempts_wrong"] = _within(len(tries.filter(tries > 1)) / len(tries), 0.001, 0.4)
    looked = signals.filter(pl.col("kind") == "checked")["register_number"].n_unique()
    shown["checks"] = looked / max(1, len(casts))
    driven = casts["automation"].drop_nulls()
    if len(driven):
        shown["robots"] = _within(int(driven.sum()) / len(driven), 0, 0.02)
    shown["batch_s"] = 0.0  # moments are taken over as they are
    return shown
