"""Cells added up: recall, precision and honest ballots accused, with intervals over worlds."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from dauys.scenario.measuring.cells import HONEST, LIMIT, MONITOR, Outcome

_RESAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Row:
    """One attack of one size, one detector. Shares; intervals hold 95 % of resampled worlds.

    `recall` and `precision` are NaN where nothing was stolen; `recall_at_limit` is at the
    threshold that accuses `cells.LIMIT` of the honest ballots. `accused` is the share of honest
    ballots flagged, `worst` that of the worst world; `alarmed` the share of worlds with a cluster.
    """

    maker: str
    attack: str
    share: float
    detector: str
    worlds: int
    recall: float
    recall_low: float
    recall_high: float
    recall_at_limit: float
    precision: float
    accused: float
    accused_high: float
    worst: float
    alarmed: float


def summarise(outcomes: Iterable[Outcome]) -> list[Row]:
    """One row for each maker, attack, share and detector, in the order they came."""
    kept: dict[tuple[str, str, float, str], list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        cell = outcome.cell
        kept[cell.maker, cell.attack, cell.share, outcome.detector].append(outcome)
    return [_row(key, found) for key, found in kept.items()]


def _row(key: tuple[str, str, float, str], found: Sequence[Outcome]) -> Row:
    random = np.random.default_rng(1)
    draws = random.integers(0, len(found), (_RESAMPLES, len(found)))
    stolen, hit, honest, accused = (
        np.asarray([getattr(one, name) for one in found], np.float64)
        for name in ("stolen", "found", "honest", "accused")
    )
    recalls = hit[draws].sum(1) / np.maximum(stolen[draws].sum(1), 1)
    rates = accused[draws].sum(1) / honest[draws].sum(1)
    robbed = key[1] != HONEST
    flagged = hit.sum() + accused.sum()
    return Row(
        *key,
        worlds=len(found),
        recall=float(hit.sum() / stolen.sum()) if robbed else np.nan,
        recall_low=float(np.percentile(recalls, 2.5)) if robbed else np.nan,
        recall_high=float(np.percentile(recalls, 97.5)) if robbed else np.nan,
        recall_at_limit=(
            float(sum(one.found_at_limit for one in found) / stolen.sum()) if robbed else np.nan
        ),
        precision=float(hit.sum() / flagged) if robbed and flagged else np.nan,
        accused=float(accused.sum() / honest.sum()),
        accused_high=float(np.percentile(rates, 97.5)),
        worst=float((accused / honest).max()),
        alarmed=float(np.mean([one.clusters > 0 for one in found])),
    )


def markdown(rows: Sequence[Row], maker: str) -> str:
    """Print a table of the monitor's rows, and of the rivals beside.

    Of a rival: recall at the limit; in brackets recall and accusations at its usual threshold.
    """
    mine = [row for row in rows if row.maker == maker and row.detector == MONITOR]
    rivals = list(dict.fromkeys(r.detector for r in rows if r.detector != MONITOR))
    head = [
        "attack",
        "share",
        "recall (95 %)",
        "precision",
        "honest accused",
        "worst world",
        f"recall at {LIMIT:.1%} accused",
        *rivals,
    ]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    by_key = {(r.maker, r.attack, r.share, r.detector): r for r in rows}
    for row in mine:
        others = [by_key.get((maker, row.attack, row.share, name)) for name in rivals]
        cells = [
            row.attack.replace("_", " "),
            f"{row.share:.0%}" if row.attack != HONEST else "-",
            _recall(row),
            "-" if np.isnan(row.precision) else f"{row.precision:.3f}",
            f"{row.accused:.3%}",
            f"{row.worst:.2%}",
            "-" if np.isnan(row.recall) else f"{row.recall_at_limit:.3f}",
            *("-" if o is None else _beside(o) for o in others),
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _recall(row: Row) -> str:
    if np.isnan(row.recall):
        return f"a cluster in {row.alarmed:.0%} of {row.worlds}"
    return f"{row.recall:.3f} ({row.recall_low:.2f} to {row.recall_high:.2f})"


def _beside(row: Row) -> str:
    if np.isnan(row.recall):
        return f"{row.accused:.1%}"
    return f"{row.recall_at_limit:.2f} ({row.recall:.2f}, {row.accused:.1%})"
