"""Prints a world: a table of signals, and the truth apart from it."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from dauys.scenario.worlds.attacks import ATTACKS
from dauys.scenario.worlds.casts import NONE
from dauys.scenario.worlds.events import KINDS, Events, play
from dauys.scenario.worlds.honest import Town, make_town
from dauys.scenario.worlds.places import IPV6
from dauys.scenario.worlds.register import Ints

AGENTS = ("chrome-android", "safari-ios", "chrome-windows", "firefox", "edge", "yandex", "headless")
CONTEST = "council"
OPTIONAL = (
    "asn", "ip_class", "ip_region", "region", "precinct", "household", "device", "ua_family",
    "tls", "automation", "phone", "code_latency_s", "code_attempts", "dwell_s",
)  # fmt: skip
"""Columns that an operator's table may leave empty."""


@dataclass(frozen=True, slots=True)
class Story:
    """Signals, and for each `cast` among them who made it: "honest" or the attack's name."""

    signals: pl.DataFrame
    truth: pl.DataFrame


def tell(
    seed: int,
    voters: int = 11_000,
    attacks: Collection[tuple[str, float]] = (),
    *,
    without: Collection[str] = (),
) -> Story:
    """Make the world of this seed, with attacks of a size in shares of honest ballots.

    `without`: columns that stay empty. Unknown names of attacks raise KeyError.
    """
    town = make_town(seed, voters)
    names = [name for name, _ in attacks]
    plans = [ATTACKS[name](town, round(share * voters)) for name, share in attacks]
    return render(town, play(town, plans), names, without)


def render(town: Town, events: Events, names: list[str], without: Collection[str]) -> Story:
    """Print the events of a town."""
    of = events.attempts.take(events.row)
    lines = of.line - 1
    phones = np.where(of.signature == 1, NONE, of.phone)
    networks = pl.DataFrame(
        {
            "network": np.arange(len(town.internet.networks)),
            "asn": [network.name for network in town.internet.networks],
            "ip_class": [network.kind for network in town.internet.networks],
        }
    )
    ending = np.isin(events.kind, [KINDS.index("cast")])
    table = pl.DataFrame(
        {
            "time": pl.Series((events.time * 1e6).astype(np.int64)).cast(pl.Datetime("us", "UTC")),
            "kind": pl.Series(events.kind),
            "register_number": of.line,
            "signature": of.signature,
            "ip_number": of.ip,
            "network": of.network,
            "ip_region": _named("region", of.ip_region),
            "region": _named("region", town.lines.region[lines]),
            "precinct": _named("precinct", town.lines.precinct[lines]),
            "household": _named("h", town.lines.household[lines]),
            "device": _named("d", of.device),
            "agent": of.agent,
            "tls": _named("t13d", of.tls),
            "automation": of.automation == 1,
            "phone": _named("+", phones),
            "code_latency_s": pl.Series(of.latency.round(3)).fill_nan(None),
            "code_attempts": pl.Series(np.where(np.isnan(of.latency), 0, of.attempts)),
            "dwell_s": pl.Series(np.where(ending, of.dwell.round(3), np.nan)).fill_nan(None),
            "label": of.label,
        }
    )
    table = table.join(networks, on="network", how="left", maintain_order="left").with_columns(
        pl.format("s{}", pl.int_range(pl.len())).alias("signal_id"),
        pl.lit(CONTEST).alias("contest"),
        pl.col("kind").replace_strict(dict(enumerate(KINDS)), return_dtype=pl.String),
        pl.when(pl.col("signature") == 1)
        .then(pl.lit("eds"))
        .otherwise(pl.lit("sms"))
        .alias("method"),
        _address().alias("ip"),
        pl.col("agent")
        .replace_strict(dict(enumerate(AGENTS)), return_dtype=pl.String)
        .alias("ua_family"),
        pl.col("code_attempts").replace(0, None),
    )
    truth = table.filter(pl.col("kind") == "cast").select(
        "signal_id",
        pl.col("label")
        .replace_strict(dict(enumerate(["honest", *names])), return_dtype=pl.String)
        .alias("label"),
    )
    return Story(
        table.select(
            "signal_id", "time", "kind", "contest", "register_number", "method", "ip", *OPTIONAL
        ).with_columns(pl.lit(None, table.schema[name]).alias(name) for name in without),
        truth,
    )


def _named(prefix: str, numbers: Ints) -> pl.Series:
    series = pl.Series("n", numbers)
    text = pl.DataFrame({"n": series}).select(pl.format(prefix + "{}", pl.col("n")))
    return text.to_series().set(series == NONE, None)


def _address() -> pl.Expr:
    number = pl.col("ip_number")
    four = pl.format("{}.{}.{}.{}", *((number // 256**k) % 256 for k in (3, 2, 1, 0)))
    # Hextets of decimal digits only: any of them is valid, and none is zero.
    site = number - IPV6
    six = pl.format(
        "2001:db8:{}:{}:{}:1:1:1",
        site // (1 << 32) + 100,
        site // 4096 % 8999 + 1000,
        site % 4096 + 1,
    )
    return pl.when(number >= IPV6).then(six).otherwise(four)


def write_csv(signals: pl.DataFrame, path: Path) -> None:
    """Print signals as CSV, in the form that `monitor.table` reads."""
    flags = pl.col("automation").cast(pl.Int8)
    signals.with_columns(flags).write_csv(path, datetime_format="%Y-%m-%dT%H:%M:%S%.6fZ")
