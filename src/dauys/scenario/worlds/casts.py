"""Ballots as columns: how each came, and who made it."""

from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np

from dauys.scenario.worlds.register import Ints
from dauys.scenario.worlds.rhythm import Floats

NONE = -1
"""Nothing known, in columns of numbers that stand for something else."""

HONEST = 0

ROBOT_AGENT = 6
STACKS_OF_AGENT = 7


@dataclass(slots=True)
class Casts:
    """Columns of equal length. `label` is 0 for honest ballots, else the number of the attack.

    `ip`: an IPv4 address as a number, or 2**40 and a number that stands for an IPv6 address.
    `network`: index among the world's networks. `latency` is NaN where no code was sent.
    `checked`: the voter looks the ballot up afterwards.
    """

    time: Floats
    line: Ints
    ip: Ints
    network: Ints
    ip_region: Ints
    device: Ints
    agent: Ints
    tls: Ints
    automation: Ints
    phone: Ints
    signature: Ints
    latency: Floats
    attempts: Ints
    dwell: Floats
    checked: Ints
    label: Ints

    def __len__(self) -> int:
        return len(self.line)

    @classmethod
    def empty(cls, count: int) -> Self:
        """Make room for `count` ballots, with nothing known of them."""
        columns: dict[str, Any] = {
            column.name: np.full(count, np.nan)
            if column.name in {"time", "latency", "dwell"}
            else np.full(count, NONE, np.int64)
            for column in fields(cls)
        }
        return cls(**columns)

    def take(self, rows: Ints) -> "Casts":
        """Give the rows with these indices."""
        return Casts(**{c.name: getattr(self, c.name)[rows] for c in fields(Casts)})


def join(parts: list[Casts]) -> Casts:
    """Put columns below one another."""
    return Casts(
        **{c.name: np.concatenate([getattr(part, c.name) for part in parts]) for c in fields(Casts)}
    )


def fresh_hashes(count: int, random: np.random.Generator) -> Ints:
    """Draw device hashes that nothing else has."""
    return random.integers(1, 1 << 62, count)


def stack_of(agent: Ints, random: np.random.Generator) -> Ints:
    """Give the TLS stack of an honest browser: a few versions each, the newest most common."""
    version = random.choice(
        STACKS_OF_AGENT, len(agent), p=[0.5, 0.22, 0.12, 0.08, 0.04, 0.03, 0.01]
    )
    return np.asarray(agent * STACKS_OF_AGENT + version)
