"""Casts as the ballot box notes them: without the code, which only the identification knows."""

import polars as pl

from dauys.monitor.scan import scan
from dauys.monitor.table import table_of
from tests.unit.monitor.towns import POLICY, town

CODE = ("phone", "code_latency_s", "code_attempts")


def test_what_a_cast_does_not_say_of_the_code_is_known_from_the_identification() -> None:
    table = table_of(town(400, 3, robbed=True).signals)
    box = pl.col("kind").is_in(["cast", "refused_voted", "reclaimed"])
    told = scan(table, POLICY)
    assert {"code_pace", "quick"} & {f.family for c in told.clusters for f in c.families}
    live = table.with_columns(pl.when(box).then(None).otherwise(name).alias(name) for name in CODE)
    assert scan(live, POLICY) == told
    nowhere = table.with_columns(pl.lit(None, table.schema[name]).alias(name) for name in CODE)
    assert scan(nowhere, POLICY) != told
