"""One cell of the evaluation: an attack of a size in one world, and what each detector finds."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import polars as pl

from dauys.monitor.policy import Policy
from dauys.monitor.report import ScanReport
from dauys.monitor.scan import scan
from dauys.scenario.measuring.rivals import RIVALS, Flags, Suspicion, prepare
from dauys.scenario.worlds import elsewhere, stranger
from dauys.scenario.worlds.attacks import STRATEGIES, VARIANTS
from dauys.scenario.worlds.table import Story, tell

MONITOR = "monitor"
HONEST = "honest"
SHARES = (0.03, 0.08, 0.2)
LIMIT = 0.003
"""Share of honest ballots that may be accused, in the comparison of detectors."""
MAKERS: MappingProxyType[str, Callable[..., Story]] = MappingProxyType(
    {"worlds": tell, "elsewhere": elsewhere.tell, "stranger": stranger.tell}
)
"""Three generators that share no code or distribution."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What to measure: `attack` is `HONEST` (and `share` 0) for an election without thieves."""

    maker: str
    attack: str
    share: float
    seed: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a detector found in one cell, in ballots; `clusters` is -1 for a rival.

    `found_at_limit`: what it would have found at the lowest threshold at which it accuses no more
    than `LIMIT` of the honest ballots. The threshold is chosen with the truth in hand, for every
    detector alike: no detector in use could know it.
    """

    cell: Cell
    detector: str
    stolen: int
    found: int
    honest: int
    accused: int
    clusters: int
    found_at_limit: int


def make_cells(
    makers: Sequence[str], seeds: int, first_seed: int, shares: Sequence[float] = SHARES
) -> list[Cell]:
    """All attacks at these shares with `seeds` seeds each, and four times as many honest worlds."""
    cells = []
    for maker in makers:
        attacks = (*STRATEGIES, *VARIANTS) if maker == "worlds" else tuple(STRATEGIES)
        cells += [Cell(maker, HONEST, 0.0, first_seed + n) for n in range(4 * seeds)]
        cells += [
            Cell(maker, attack, share, first_seed + n)
            for attack in attacks
            for share in shares
            for n in range(seeds)
        ]
    return cells


def measure(cell: Cell, voters: int, policy: Policy, *, rivals: bool) -> tuple[Outcome, ...]:
    """Make the cell's world and run the monitor, and the rivals if asked, on the same table."""
    attacks = [] if cell.attack == HONEST else [(cell.attack, cell.share)]
    story = MAKERS[cell.maker](cell.seed, voters, attacks)
    casts = prepare(story.signals)
    labels = casts.select("signal_id").join(story.truth, on="signal_id", how="left")["label"]
    stolen = np.asarray(labels != HONEST)
    report = scan(story.signals, policy)
    suspicion = _suspicion(casts["signal_id"], report)
    found = [(MONITOR, suspicion > 0, suspicion, len(report.clusters))]
    if rivals:
        found += [(name, *rival(casts), -1) for name, rival in RIVALS.items()]
    return tuple(
        Outcome(
            cell,
            name,
            int(stolen.sum()),
            int((flags & stolen).sum()),
            int((~stolen).sum()),
            int((flags & ~stolen).sum()),
            clusters,
            found_at_limit(rank, stolen),
        )
        for name, flags, rank, clusters in found
    )


def _suspicion(names: pl.Series, report: ScanReport) -> Suspicion:
    """Give each ballot the score of the best cluster that holds it; 0 where none does."""
    scores = {name: c.score for c in reversed(report.clusters) for name in c.signal_ids}
    return np.asarray([scores.get(name, 0.0) for name in names.to_list()])


def found_at_limit(suspicion: Suspicion, stolen: Flags) -> int:
    """Stolen ballots over the lowest threshold at which `LIMIT` of the honest ones are."""
    honest = np.sort(suspicion[~stolen])[::-1]
    allowed = int(LIMIT * len(honest))
    if allowed >= len(honest):
        return int(stolen.sum())
    return int((stolen & (suspicion > max(0.0, honest[allowed]))).sum())


def measure_all(
    cells: Sequence[Cell], voters: int, policy: Policy, executor: Executor, *, rivals: bool
) -> Iterator[tuple[Outcome, ...]]:
    """Measure all cells on the executor; yields in order, as they are done."""
    futures = [executor.submit(measure, cell, voters, policy, rivals=rivals) for cell in cells]
    for future in futures:
        yield future.result()
