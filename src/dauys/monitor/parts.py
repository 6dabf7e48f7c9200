"""The parts in which an election is looked at: small contests together, and each contest alone.

A thief who takes a few ballots in each of twenty councils is weak in every one of them, and plain
in all of them. A thief in one council is weak among the ballots of all, and plain in his own.
"""

from collections.abc import Iterator

import polars as pl

_SMALL = 20_000
"""Ballots of a contest that is large enough to see by itself what there is to see."""
_MOST = 500_000
"""Ballots that are looked at together, at most, so that they are in memory."""
_FEW_TOGETHER = 2


def contests(table: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The signals of each contest, the largest first, so that no worker is left with it."""
    names = table["contest"].value_counts(sort=True)["contest"].to_list()
    if len(names) == 1:
        yield table
        return
    for name in names:
        yield table.filter(pl.col("contest") == name)


def small_contests(table: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The signals of small contests, as many together as there is room for.

    Nothing where people vote in several contests: there every contest shows everybody, and
    together they would show each person as several on one device.
    """
    casts = table.filter(pl.col("kind") == "cast").select("contest", "register_number").unique()
    if casts["register_number"].is_duplicated().any():
        return
    sizes = casts["contest"].value_counts().filter(pl.col("count") < _SMALL).sort("contest")
    heap = pl.col("count").cum_sum() // _MOST
    for _, together in sizes.group_by(heap, maintain_order=True):
        if len(together) >= _FEW_TOGETHER:
            yield table.filter(pl.col("contest").is_in(together["contest"].implode()))
