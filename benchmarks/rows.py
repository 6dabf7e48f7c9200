"""One line of the table of benchmarks."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """A measurement, beside that of a peer if there is one."""

    name: str
    value: float
    unit: str
    peer: str
    """Whose figure `ratio` compares with; empty if none."""
    ratio: float | None
    """How many times better than the peer: above 1 we are better."""
