"""A picture of the table: recall by attack and share, the monitor beside its rivals (SVG)."""

from collections.abc import Sequence
from html import escape

import numpy as np

from dauys.scenario.measuring.cells import HONEST, MONITOR
from dauys.scenario.measuring.summary import Row

_LEFT, _TOP, _STEP, _WIDTH = 190, 64, 20, 520
_COLOURS = ("#0b6e4f", "#999999", "#b07aa1", "#e08214", "#4e79a7")


def recall_plot(rows: Sequence[Row], maker: str) -> str:
    """Draw a dot for each detector in each cell, the monitor's with its interval."""
    cells = list(
        dict.fromkeys((r.attack, r.share) for r in rows if r.maker == maker and r.attack != HONEST)
    )
    detectors = list(dict.fromkeys(r.detector for r in rows))
    height = _TOP + _STEP * len(cells) + 34
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_LEFT + _WIDTH + 40} {height}"',
        'font-family="sans-serif" font-size="12" role="img">',
        f"<title>{escape('Share of stuffed ballots found, by attack and size')}</title>",
        '<rect width="100%" height="100%" fill="#fff"/>',
        *_legend(detectors),
        *_scale(height),
    ]
    for place, (attack, share) in enumerate(cells):
        y = _TOP + _STEP * place + _STEP / 2
        words = escape(f"{attack.replace('_', ' ')} {share:.0%}")
        parts.append(f'<text x="{_LEFT - 10}" y="{y + 4}" text-anchor="end">{words}</text>')
        for number, detector in reversed(list(enumerate(detectors))):
            key = (maker, attack, share, detector)
            for row in rows:
                if (row.maker, row.attack, row.share, row.detector) == key:
                    parts.extend(_dot(row, y, _COLOURS[number % len(_COLOURS)]))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _dot(row: Row, y: float, colour: str) -> list[str]:
    if np.isnan(row.recall):
        return []
    x = _LEFT + _WIDTH * row.recall
    radius = 5 if row.detector == MONITOR else 3.5
    dot = f'<circle cx="{x:.1f}" cy="{y}" r="{radius}" fill="{colour}"/>'
    if row.detector != MONITOR:
        return [dot]
    low, high = _LEFT + _WIDTH * row.recall_low, _LEFT + _WIDTH * row.recall_high
    return [
        f'<path d="M{low:.1f} {y}H{high:.1f}" stroke="{colour}" stroke-width="2"/>',
        dot,
    ]


def _legend(detectors: Sequence[str]) -> list[str]:
    parts = []
    x = _LEFT
    for number, name in enumerate(detectors):
        parts.append(f'<circle cx="{x}" cy="20" r="5" fill="{_COLOURS[number % len(_COLOURS)]}"/>')
        parts.append(f'<text x="{x + 9}" y="24">{escape(name)}</text>')
        x += 34 + 7 * len(name)
    return parts


def _scale(height: int) -> list[str]:
    parts = []
    for tenth in (0, 2, 4, 6, 8, 10):
        x = _LEFT + _WIDTH * tenth / 10
        parts.append(
            f'<line x1="{x}" x2="{x}" y1="{_TOP - 8}" y2="{height - 26}" stroke="#ddd"/>'
            f'<text x="{x}" y="{height - 8}" text-anchor="middle">{tenth / 10:.1f}</text>'
        )
    return parts
