"""The kernel's functions behind bytes: points and scalars in, the text of commitments out.

Importing this file imports numba and, with a cold cache, compiles for seconds: only
`checking.py` does it, in the background. Public data only; see `kernel.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dauys.crypto import kernel
from dauys.crypto.checking import UndecidedError
from dauys.crypto.group import G, Point

ROW: Final = kernel.ROW
"""Bytes of a point in what `commit` returns: its hex and a comma."""

KEYS: Final = 32
"""Public keys whose tables are kept, half a megabyte each."""

NONE: Final = -1
"""In `Rows`: no multiple here."""

Multiples = NDArray[np.uint64]
"""Products of points and scalars, as `multiply` numbers them."""


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Which scalars multiply which points.

    Point i is multiplied by the scalars `starts[i]` to `starts[i + 1]`. `sums` lists sums of
    the points given, each as its length and their numbers: these are further points.
    """

    starts: NDArray[np.int64]
    sums: NDArray[np.int64]
    sum_count: int

    @classmethod
    def of(cls, scalars: Sequence[int], sums: Sequence[Sequence[int]] = ()) -> "Layout":
        """From the number of scalars of each point, sums included, and the sums' parts."""
        starts = [0]
        for count in scalars:
            starts.append(starts[-1] + count)
        flat = [number for parts in sums for number in (len(parts), *parts)]
        return cls(np.array(starts, np.int64), np.array(flat, np.int64), len(sums))


class FastArithmetic:
    """What checking asks of the group. Any number of threads may share one."""

    def __init__(self) -> None:
        self._table = lru_cache(maxsize=KEYS)(_tabulate)
        self._generator = _tabulate(G)

    def multiply(
        self, encodings: Sequence[bytes], scalars: Sequence[bytes], layout: Layout
    ) -> tuple[Multiples, tuple[str, ...]]:
        """Multiples of the points, in the order of `layout`, and the hex of its sums.

        Encodings are RFC 8032's, scalars 32 bytes, little-endian, below 2**253. Raises
        UndecidedError unless every encoding is that of a point in the group of order q,
        the only one of this point. The identity is such a point.
        """
        multiples = np.empty(len(scalars) * kernel.EXTENDED, np.uint64)
        sums = np.empty(layout.sum_count * ROW, np.uint8)
        points, numbers = _words(encodings), _words(scalars)
        counts = (len(layout.starts) - 1 - layout.sum_count, int(layout.starts[-1]))
        if (len(encodings), len(scalars)) != counts:  # the kernel would read past the end
            raise ValueError(counts)
        if not kernel.products(points, layout.sums, numbers, layout.starts, multiples, sums):
            raise UndecidedError
        text = sums.tobytes().decode()
        return multiples, tuple(text[i : i + ROW - 1] for i in range(0, len(text), ROW))

    def commit(
        self,
        multiples: Multiples,
        which: NDArray[np.int64],
        scalars: Sequence[bytes],
        public_key: Point = G,
    ) -> bytes:
        """Text of the points multiple + multiple + scalar * g + scalar * y, `ROW` bytes each.

        `which` and `scalars` hold two numbers of `multiples` (or `NONE`) and two scalars a row.
        """
        rows = len(which) // 2
        if len(scalars) != 2 * rows or (which * kernel.EXTENDED >= multiples.size).any():
            raise ValueError(rows)
        out = np.empty(rows * ROW, np.uint8)
        table = self._generator if public_key is G else self._table(public_key)
        kernel.commitments(multiples, which, _words(scalars), self._generator, table, out)
        return out.tobytes()

    def schnorr(self, terms: Sequence[tuple[int, Point, int, Point]], public_key: Point = G) -> str:
        """Text of `response * base + challenge * power` of all terms, joined by commas.

        Tables serve where the base is g or `public_key`. Raises UndecidedError as `multiply`.
        """
        encodings: list[bytes] = []
        factors: list[bytes] = []
        which: list[int] = []
        scalars: list[bytes] = []
        for response, base, challenge, power in terms:
            on_g, on_key, other = ZERO, ZERO, NONE
            if base == G:
                on_g = scalar_bytes(response)
            elif base == public_key:
                on_key = scalar_bytes(response)
            else:
                other = len(encodings)
                encodings.append(base.encoding)
                factors.append(scalar_bytes(response))
            which += (other, len(encodings))
            encodings.append(power.encoding)
            factors.append(scalar_bytes(challenge))
            scalars += (on_g, on_key)
        multiples, _ = self.multiply(encodings, factors, Layout.of([1] * len(encodings)))
        text = self.commit(multiples, np.array(which, np.int64), scalars, public_key)
        return text.decode()[:-1]


def scalar_bytes(scalar: int) -> bytes:
    """A scalar in [0, q) as the kernel takes it."""
    return scalar.to_bytes(32, "little")


ZERO: Final = scalar_bytes(0)


def _words(items: Sequence[bytes]) -> NDArray[np.uint64]:
    return np.frombuffer(b"".join(items), np.uint64)


def _tabulate(point: Point) -> NDArray[np.uint64]:
    table = np.empty(kernel.TABLE, np.uint64)
    if not kernel.tabulate(np.frombuffer(point.encoding, np.uint64), table):
        raise UndecidedError
    table.flags.writeable = False
    return table
