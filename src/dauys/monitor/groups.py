"""Groups of ballots with something in common, all of them at once.

Each way to group (an address, a block, a device, a pair of network and TLS stack...) numbers the
ballots; a group is a run of rows in one long array, so that sums over groups are one call.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dauys.monitor.ballots import Ballots, Flags, Floats, Ints
from dauys.monitor.marks import pairs

MARKED = ("quick", "disguise", "phones", "roaming", "handful", "distance", "phone_blocks")
"""Marks by which ballots are also grouped."""

SINGLE = (
    *("ip", "block", "device", "phone", "phone_100", "phone_10k", "asn", "tls", "ua_family"),
    *("hour", "victims", *MARKED),
)
PAIRED = (
    *("tls+ua_family", "asn+tls", "asn+ua_family", "asn+region"),
    *("hour+asn", "hour+tls", "hour+ua_family", "quick+asn", "quick+tls", "quick+ua_family"),
)
BROAD = frozenset({"asn", "tls", "ua_family", "tls+ua_family", "hour", "victims", *MARKED})
"""Groups that hold many honest ballots in any election, and have no null model of their size."""
ROOM = frozenset({"ip", "block"})


@dataclass(frozen=True, slots=True)
class Groups:
    """Groups of several scopes. Group `g` holds `rows[first[g]:first[g] + size[g]]`.

    What `concatenate` and `only` give is packed: `rows` are those of the groups, one group after
    another, and no others; a row may come in several. Sums over groups need that.
    `expected`: how many ballots of its kind would be usual. `crowd`: -log10 of the chance of
    so many. `value` is the code that the ballots share.
    """

    rows: Ints
    first: Ints
    size: Ints
    scope: NDArray[np.str_]
    value: Ints
    expected: Floats
    crowd: Floats

    def __len__(self) -> int:
        return len(self.first)

    def of(self, group: int) -> Ints:
        """Rows of a group."""
        return np.asarray(self.rows[self.first[group] : self.first[group] + self.size[group]])

    def numbers(self) -> Ints:
        """Group number of each of `rows`."""
        return np.repeat(np.arange(len(self)), self.size)

    def total(self, column: Floats | Flags) -> Floats:
        """Sum of a column over each group."""
        return np.add.reduceat(column.astype(np.float64)[self.rows], self.first)

    def only(self, chosen: Flags | Ints) -> "Groups":
        """Give some of the groups."""
        return _packed(
            Groups(
                self.rows,
                self.first[chosen],
                self.size[chosen],
                self.scope[chosen],
                self.value[chosen],
                self.expected[chosen],
                self.crowd[chosen],
            )
        )

    def distinct(self, code: Ints) -> Ints:
        """How many different codes each group has."""
        width = int(code.max(initial=0)) + 2
        wide = np.unique(self.numbers() * width + code[self.rows] + 1)
        return np.bincount(wide // width, minlength=len(self))

    def share_alike(self, code: Ints) -> Floats:
        """How much of each group has the code that most of it has; unknown is like nothing."""
        width = int(code.max(initial=0)) + 2
        wide, counts = np.unique(self.numbers() * width + code[self.rows] + 1, return_counts=True)
        known = wide % width > 0
        most = np.zeros(len(self))
        np.maximum.at(most, wide[known] // width, counts[known])
        return most / self.size


def split(code: Ints, fewest: int) -> tuple[Ints, Ints, Ints, Ints]:
    """Give (rows, first, size, value) of the known codes that `fewest` rows or more share."""
    order = np.argsort(code, kind="stable")
    order = order[np.searchsorted(code[order], 0) :]
    ordered = code[order]
    first = np.flatnonzero(np.diff(ordered, prepend=-1))
    size = np.diff(np.append(first, len(ordered)))
    enough = size >= fewest
    return order, first[enough], size[enough], ordered[first[enough]]


def scope_code(ballots: Ballots, scope: str) -> Ints:
    """Code of a scope: a column, or two joined by a plus."""
    one, _, other = scope.partition("+")
    return pairs(ballots.code[one], ballots.code[other]) if other else ballots.code[one]


def concatenate(parts: Sequence[Groups]) -> Groups:
    """Put groups of several scopes together, packed."""
    parts = [_packed(part) for part in parts]
    size = np.concatenate([part.size for part in parts])
    return Groups(
        np.concatenate([part.rows for part in parts]),
        np.cumsum(size) - size,
        size,
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("scope", "value", "expected", "crowd")
        ),
    )


def _packed(groups: Groups) -> Groups:
    start = np.cumsum(groups.size) - groups.size
    place = np.arange(int(groups.size.sum())) + np.repeat(groups.first - start, groups.size)
    return replace(groups, rows=groups.rows[place], first=start)
