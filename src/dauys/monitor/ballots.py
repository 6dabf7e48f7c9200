"""Ballots of one contest in columns, and what else was seen of their voters and sources."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from dauys.monitor.network import block_of

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

UNKNOWN = -1

KEYS = ("ip", "block", "asn", "device", "tls", "ua_family", "phone", "phone_100", "phone_10k")
"""What ballots may have in common, as numbers; equal cells have equal numbers."""
_CODES = (*KEYS, "ip_class", "ip_region", "region", "precinct", "household", "method")
_OF_BALLOTS = ("cast", "refused_voted", "reclaimed", "checked")
_CODE = ("phone", "code_latency_s", "code_attempts")
_VISITOR = ("register_number", "method")
_FEW = 3
_MOSTLY = 0.75


@dataclass(frozen=True, slots=True)
class Visits:
    """Later visits, from elsewhere, in the names of people who had voted, in columns.

    `of`: the ballot that the visit met, by its row among all casts. The other columns are those
    of ballots.
    """

    of: Ints
    time: Floats
    line: Ints
    code: dict[str, Ints]
    latency: Floats
    attempts: Floats


@dataclass(frozen=True, slots=True)
class Ballots:
    """Columns of equal length, by time. Unknown codes are -1, unknown numbers NaN.

    `origin` is the table of all casts, and `row` where each ballot stands in it. `code` holds
    columns of names as numbers; `names` what some of the numbers stand for. `place` is the
    share of all ballots that came before. `complained`: the voter came later, from elsewhere,
    and met "already voted", took the vote back or reported it (`disowned`); `visits` are those
    later visits. `refusals` holds the codes of visits that met "already voted" for a ballot that
    had come from elsewhere.
    `numbered_on_arrival`: the register is in the order in which people came, so that order
    says nothing.
    """

    origin: pl.DataFrame
    row: Ints
    time: Floats
    place: Floats
    line: Ints
    code: dict[str, Ints]
    names: dict[str, pl.Series]
    latency: Floats
    dwell: Floats
    attempts: Floats
    automation: Floats
    complained: Flags
    disowned: Flags
    visits: Visits
    checked: Flags
    refusals: dict[str, Ints]
    numbered_on_arrival: bool

    def __len__(self) -> int:
        return len(self.line)

    def signal_ids(self, rows: Ints) -> tuple[str, ...]:
        """Names of the casts in these rows, by time."""
        return tuple(self.origin["signal_id"].gather(self.row[np.sort(rows)]).to_list())

    def take(self, keep: Flags) -> "Ballots":
        """Give the ballots that are kept; codes keep their meaning."""
        return Ballots(
            self.origin,
            self.row[keep],
            self.time[keep],
            self.place[keep],
            self.line[keep],
            {name: column[keep] for name, column in self.code.items()},
            self.names,
            self.latency[keep],
            self.dwell[keep],
            self.attempts[keep],
            self.automation[keep],
            self.complained[keep],
            self.disowned[keep],
            self.visits,
            self.checked[keep],
            self._refusals_without(keep),
            self.numbered_on_arrival,
        )

    def _refusals_without(self, keep: Flags) -> dict[str, Ints]:
        """Leave out the visits from addresses and devices of the ballots that go."""
        gone = np.zeros(len(self.refusals["ip"]), bool)
        for name in ("ip", "device"):
            removed = np.setdiff1d(self.code[name][~keep], [UNKNOWN])
            gone |= np.isin(self.refusals[name], removed)
        return {name: column[~gone] for name, column in self.refusals.items()}


def make_ballots(table: pl.DataFrame, reported: frozenset[str] = frozenset()) -> Ballots:
    """Arrange the signals of one contest. `reported`: casts that their voters disown."""
    seen = table.filter(pl.col("kind").is_in(_OF_BALLOTS)).sort("time", "signal_id")
    table = _coded(_as_identified(seen, table.filter(pl.col("kind") == "identified")))
    casts = table.filter(pl.col("kind") == "cast")
    later = _later_visits(table, casts)
    elsewhere = later.filter(pl.col("elsewhere"))
    thieves = _bumping(elsewhere)
    visits = _visits(elsewhere.filter(~thieves), casts)
    disowned = casts["signal_id"].is_in(pl.Series(sorted(reported), dtype=pl.String).implode())
    complained = disowned.to_numpy().copy()
    complained[visits.of] = True
    checked = casts["register_number"].is_in(
        table.filter(pl.col("kind") == "checked")["register_number"].unique().implode()
    )
    time = casts["time"].dt.epoch("us").to_numpy() / 1e6
    place = (np.searchsorted(time, time, "left") + np.searchsorted(time, time, "right")) / 2
    return Ballots(
        origin=casts,
        row=np.arange(len(casts)),
        time=time,
        place=place / max(1, len(time)),
        line=casts["register_number"].to_numpy().astype(np.int64),
        code={name: casts[f"{name}_code"].to_numpy() for name in _CODES},
        names=_names(table),
        latency=_floats(casts, "code_latency_s"),
        dwell=_floats(casts, "dwell_s"),
        attempts=_floats(casts, "code_attempts"),
        automation=_floats(casts, "automation"),
        complained=complained,
        disowned=disowned.to_numpy(),
        visits=visits,
        checked=checked.to_numpy(),
        refusals={
            name: elsewhere.filter(pl.col("kind") == "refused_voted")[f"{name}_code"].to_numpy()
            for name in KEYS
        },
        numbered_on_arrival=_numbered_on_arrival(
            time, casts["register_number"].to_numpy().astype(np.int64)
        ),
    )


def _visits(visits: pl.DataFrame, casts: pl.DataFrame) -> Visits:
    rows = casts.select(pl.col("signal_id").alias("cast_id")).with_row_index("of")
    visits = visits.join(rows, on="cast_id", how="left", maintain_order="left")
    return Visits(
        of=visits["of"].to_numpy().astype(np.int64),
        time=visits["time"].dt.epoch("us").to_numpy() / 1e6,
        line=visits["register_number"].to_numpy().astype(np.int64),
        code={name: visits[f"{name}_code"].to_numpy() for name in _CODES},
        latency=_floats(visits, "code_latency_s"),
        attempts=_floats(visits, "code_attempts"),
    )


def _as_identified(seen: pl.DataFrame, identified: pl.DataFrame) -> pl.DataFrame:
    """Fill what a visit does not say of the code from how its voter was last identified before.

    The ballot box of a live election knows a permit, and nothing of the code behind it.
    """
    then = (pl.col(name).alias(f"{name}_then") for name in _CODE)
    last = identified.sort("time", "signal_id").select("time", *_VISITOR, *then)
    # Both are sorted; that polars cannot check it inside each visitor is not to be warned of.
    filled = seen.join_asof(last, on="time", by=_VISITOR, check_sortedness=False)
    return filled.with_columns(
        pl.coalesce(name, f"{name}_then").alias(name) for name in _CODE
    ).drop(f"{name}_then" for name in _CODE)


def _numbered_on_arrival(time: Floats, line: Ints) -> bool:
    """Whether nearly everybody came in the order of their numbers, or against it.

    A thief who goes down the register is a part of the electorate, never most of it.
    """
    apart = np.diff(line)[np.diff(time) > 0]
    apart = apart[apart != 0]
    if len(apart) < _FEW:
        return False
    down = float((apart > 0).mean())
    return max(down, 1 - down) > _MOSTLY


def _names(table: pl.DataFrame) -> dict[str, pl.Series]:
    """Names of the classes by code, and for each region of addresses the code of its namesake."""
    regions = table.select("region", "region_code").unique().drop_nulls()
    seats = table.select("ip_region", "ip_region_code").unique().drop_nulls().sort("ip_region_code")
    namesakes = seats.join(regions, left_on="ip_region", right_on="region", how="left")
    classes = table.select("ip_class", "ip_class_code").unique().drop_nulls().sort("ip_class_code")
    return {
        "ip_class": _or_none(classes["ip_class"], ""),
        "region_of_ip": _or_none(namesakes.sort("ip_region_code")["region_code"].fill_null(-2), -2),
    }


def _or_none(values: pl.Series, nothing: str | int) -> pl.Series:
    return values if len(values) else pl.Series([nothing])


def _floats(casts: pl.DataFrame, column: str) -> Floats:
    return casts[column].cast(pl.Float64).fill_null(np.nan).to_numpy()


def _coded(table: pl.DataFrame) -> pl.DataFrame:
    """Add the codes of names, and the blocks of addresses and phones."""
    digits = pl.col("phone").str.strip_chars_start("+").cast(pl.Int64, strict=False)
    table = table.join(_blocks(table["ip"]), on="ip", how="left", maintain_order="left")
    table = table.with_columns(
        (digits // 100).cast(pl.String).alias("phone_100"),
        (digits // 10_000).cast(pl.String).alias("phone_10k"),
    )
    return table.with_columns(_numbered(table[name]).alias(f"{name}_code") for name in _CODES)


def _numbered(names: pl.Series) -> pl.Series:
    """Number the different names, in the order they first come."""
    different = names.drop_nulls().unique(maintain_order=True)
    numbers = pl.int_range(len(different), eager=True)
    return names.replace_strict(different, numbers, default=UNKNOWN, return_dtype=pl.Int64)


def _blocks(addresses: pl.Series) -> pl.DataFrame:
    """Give each address its block: /24, or /56 in IPv6."""
    unique = addresses.unique().drop_nulls().cast(pl.String)
    blocks = [block_of(ip) for ip in unique.to_list()]
    return pl.DataFrame({"ip": unique, "block": pl.Series(blocks, dtype=pl.String)})


def _later_visits(table: pl.DataFrame, casts: pl.DataFrame) -> pl.DataFrame:
    """Visits of people who had voted, with whether they came from another place and device."""
    ballots = casts.select(
        "register_number",
        pl.col("time").alias("cast_time"),
        pl.col("signal_id").alias("cast_id"),
        pl.col("ip_code").alias("cast_ip"),
        pl.col("device_code").alias("cast_device"),
    )
    first = ballots.unique("register_number", keep="first", maintain_order=True)
    visits = table.filter(pl.col("kind").is_in(["refused_voted", "reclaimed"])).join(
        first, on="register_number"
    )
    same_device = (pl.col("device_code") == pl.col("cast_device")) & (pl.col("device_code") >= 0)
    same_ip = (pl.col("ip_code") == pl.col("cast_ip")) & (pl.col("ip_code") >= 0)
    known = (pl.col("ip_code") >= 0) | (pl.col("device_code") >= 0)
    return visits.filter(pl.col("time") > pl.col("cast_time")).with_columns(
        (known & ~same_device & ~same_ip).alias("elsewhere")
    )


def _bumping(visits: pl.DataFrame) -> pl.Series:
    """Visits whose device, or fixed address, met "already voted" for three voters or more."""
    by_device = pl.col("register_number").n_unique().over("device_code")
    by_ip = pl.col("register_number").n_unique().over("ip_code")
    fixed = (pl.col("ip_class") != "mobile").fill_null(value=True) & (pl.col("ip_code") >= 0)
    often = ((pl.col("device_code") >= 0) & (by_device >= _FEW)) | (
        fixed & (pl.col("device_code") < 0) & (by_ip >= _FEW)
    )
    return visits.select(often.alias("often")).to_series()
