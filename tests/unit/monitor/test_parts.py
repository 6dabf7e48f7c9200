"""Small contests are looked at together; what is found there falls into its contests."""

import polars as pl
import pytest

from dauys.monitor.parts import contests, small_contests
from dauys.monitor.policy import Policy
from dauys.monitor.scan import scan
from dauys.scenario.worlds import stranger
from dauys.scenario.worlds.table import Story


@pytest.fixture(scope="module")
def robbed() -> Story:
    """Telephones that each receive the codes of some twenty voters, in twenty councils."""
    return stranger.tell(106, 6000, [("reused_phones", 0.05)], without=(), contests=20)


def test_thief_spread_over_twenty_councils_is_found_as_one(robbed: Story) -> None:
    stolen = set(robbed.truth.filter(pl.col("label") != "honest")["signal_id"])
    report = scan(robbed.signals, Policy())
    assert len(stolen & set(report.flagged)) >= 0.95 * len(stolen)
    assert len(set(report.flagged) - stolen) <= 0.003 * len(robbed.truth)
    alone = [scan(part, Policy()) for part in contests(robbed.signals)]
    assert sum(len(stolen & set(one.flagged)) for one in alone) < 0.5 * len(stolen)


def test_each_council_gets_its_part_and_is_told_of_the_whole(robbed: Story) -> None:
    report = scan(robbed.signals, Policy())
    one = report.clusters[0]
    parts = [c for c in report.clusters if (c.scope, c.value) == (one.scope, one.value)]
    council = dict(robbed.signals.select("signal_id", "contest").iter_rows())
    assert len(parts) == len({part.contest for part in parts}) > 10
    assert len({part.id for part in parts}) == len(parts)
    whole = sum(part.ballots for part in parts)
    for part in parts:
        assert {council[name] for name in part.signal_ids} == {part.contest}
        assert part.evidence[-1].en.startswith(
            f"This group reaches over {len(parts)} contests. It has {whole:,} votes, {part.ballots}"
        )
        assert len(part.evidence) == len(part.families) + 1


def _casts(sizes: dict[str, int], first: int = 0) -> pl.DataFrame:
    names = [name for name, size in sizes.items() for _ in range(size)]
    lines = range(first, first + len(names))
    return pl.DataFrame({"contest": names, "register_number": lines, "kind": "cast"})


def test_large_contest_is_not_among_those_looked_at_together() -> None:
    table = _casts({"small": 10, "large": 20_000, "another": 19_999})
    (part,) = small_contests(table)
    assert set(part["contest"]) == {"small", "another"}


def test_no_more_are_looked_at_together_than_there_is_room_for() -> None:
    table = _casts({f"{number:02}": 19_000 for number in range(60)})
    parts = list(small_contests(table))
    assert [len(part) // 19_000 for part in parts] == [26, 26, 8]


def test_one_contest_alone_is_not_looked_at_twice() -> None:
    assert not list(small_contests(_casts({"only": 10})))
    assert not list(small_contests(_casts({"small": 10, "large": 20_000})))


def test_contests_that_share_voters_are_not_looked_at_together() -> None:
    """Whoever votes in both would be two people on one device."""
    table = pl.concat([_casts({"mayor": 10}), _casts({"council": 10}, first=9)])
    assert not list(small_contests(table))
