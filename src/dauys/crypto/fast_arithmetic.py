"""The kernel's functions behind bytes: points and scalars in, the text of commitments out.

Creating `FastArithmetic` loads the kernel and, the first time on a machine, compiles it for
seconds: only `checking.py` does it. Public data only; see `kernel.py`, whose functions check
nothing: that all memory is there is seen to here.
"""

from array import array
from collections.abc import Sequence
from ctypes import Array, c_char
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from dauys.crypto.checking import UndecidedError
from dauys.crypto.ed25519 import G, Point, as_point
from dauys.crypto.group import Element
from dauys.crypto.kernel_code import KernelCode, load

ROW: Final = 65
"""Bytes of a point in what `commit` returns: its hex and a comma."""

KEYS: Final = 32
"""Public keys whose tables are kept, 284 kB each."""

NONE: Final = -1
"""In `Rows`: no multiple here."""

_WORD: Final = 8
_POINT: Final = 20 * _WORD
"""Bytes of a point in extended coordinates."""
_WORK: Final = 5 * _POINT
_BUCKETS: Final = 8
_LENGTH: Final = 256
_WINDOWS: Final = 37
_ENTRIES: Final = _WINDOWS * 64
_ENTRY: Final = 15 * _WORD
"""Measures of the kernel; see there."""

Multiples = bytes
"""Products of points and scalars, as `multiply` numbers them."""
Points = bytes
"""The points themselves, ready to be added."""


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Which scalars multiply which points.

    Point i is multiplied by the scalars `starts[i]` to `starts[i + 1]`. `sums` lists sums of
    the points given, each as its length and their numbers: these are further points. Both are
    64-bit numbers.
    """

    starts: bytes
    sums: bytes
    points: int
    """How many are given."""
    sum_count: int
    scalars: int
    most: int
    """Scalars of one point, at the most."""

    @classmethod
    def of(cls, scalars: Sequence[int], sums: Sequence[Sequence[int]] = ()) -> "Layout":
        """From the number of scalars of each point, sums included, and the sums' parts."""
        starts = [0]
        for count in scalars:
            starts.append(starts[-1] + count)
        points = len(scalars) - len(sums)
        flat = [number for parts in sums for number in (len(parts), *parts)]
        if points < 0 or any(not 0 <= part < points for parts in sums for part in parts):
            raise ValueError(points)
        most = max(scalars, default=0)
        return cls(_numbers(starts), _numbers(flat), points, len(sums), starts[-1], most)


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Which multiples go into which commitment: two numbers a row, `NONE` for none."""

    which: bytes
    count: int
    highest: int

    @classmethod
    def of(cls, which: Sequence[int]) -> "Rows":
        """From the numbers of all rows, one after another."""
        return cls(_numbers(which), len(which) // 2, max(which, default=NONE))


class FastArithmetic:
    """What checking asks of the group. Any number of threads may share one."""

    def __init__(self, kernel: KernelCode | None = None) -> None:
        self._kernel = kernel or load()
        self._table = lru_cache(maxsize=KEYS)(self._tabulate)
        self._generator = self._tabulate(G)

    def multiply(
        self, encodings: bytes, scalars: bytes, layout: Layout
    ) -> tuple[Multiples, Points, tuple[str, ...]]:
        """Multiples of the points, in the order of `layout`; all points; the hex of its sums.

        Encodings are RFC 8032's, scalars 32 bytes, little-endian, below 2**253; one after
        another. Raises
        UndecidedError unless every encoding is that of a point in the group of order q,
        the only one of this point. The identity is such a point.
        """
        if (len(encodings), len(scalars)) != (32 * layout.points, 32 * layout.scalars):
            raise ValueError((len(encodings), len(scalars)))  # it would read past the end
        count, rows = layout.points + layout.sum_count, layout.most + 1
        multiples, points = _memory(layout.scalars * _POINT), _memory(count * _POINT)
        sums = _memory(layout.sum_count * ROW)
        work = max(_WORK + rows * _BUCKETS * _POINT, 5 * (count + 1) * _WORD)
        if not self._kernel.products(
            *(encodings, layout.points, layout.sums, scalars, layout.starts, count),
            *(multiples, sums, points),
            *(_memory(work), _memory(rows * _LENGTH), _memory(rows * _BUCKETS)),
        ):
            raise UndecidedError
        return bytes(multiples), bytes(points), _split(sums)

    def commit(
        self, multiples: Multiples, rows: Rows, scalars: bytes, public_key: Point = G
    ) -> bytes:
        """Text of the points multiple + multiple + scalar * g + scalar * y, `ROW` bytes each.

        `scalars` holds two a row.
        """
        if len(scalars) != 64 * rows.count or (rows.highest + 1) * _POINT > len(multiples):
            raise ValueError(rows.count)
        table = self._generator if public_key is G else self._table(public_key)
        out = _memory(rows.count * ROW)
        self._kernel.commitments(
            *(multiples, rows.which, rows.count, scalars, self._generator, table, out),
            *(_memory(rows.count * _POINT), _memory(5 * (rows.count + 4) * _WORD)),
            _memory(2 * rows.count * _WINDOWS),
        )
        return bytes(out)

    def schnorr(
        self, terms: Sequence[tuple[int, Element, int, Element]], public_key: Element = G
    ) -> str:
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
                encodings.append(as_point(base).encoding)
                factors.append(scalar_bytes(response))
            which += (other, len(encodings))
            encodings.append(as_point(power).encoding)
            factors.append(scalar_bytes(challenge))
            scalars += (on_g, on_key)
        layout = Layout.of([1] * len(encodings))
        multiples, _, _ = self.multiply(b"".join(encodings), b"".join(factors), layout)
        numbers = b"".join(scalars)
        key = as_point(public_key)
        return self.commit(multiples, Rows.of(which), numbers, key).decode()[:-1]

    def add_up(self, rows: Sequence[Points], first: int, count: int) -> tuple[str, ...]:
        """Hex of the sums, over all `rows`, of their points `first` to `first + count`."""
        sums, work = _memory(count * _POINT), _memory(max(_POINT, 5 * (count + 1) * _WORD))
        for i, points in enumerate(rows):
            if len(points) < (first + count) * _POINT:
                raise ValueError(len(points))
            self._kernel.accumulate(sums, i == 0, points, first, count, work)
        out = _memory(count * ROW)
        self._kernel.encode(sums, count, out, work)
        return _split(out)

    def _tabulate(self, point: Point) -> bytes:
        table = _memory(_ENTRIES * _ENTRY)
        points, work = _memory(_ENTRIES * _POINT), _memory(5 * (_ENTRIES + 1) * _WORD)
        if not self._kernel.tabulate(point.encoding, table, points, work):
            raise UndecidedError
        return bytes(table)


def scalar_bytes(scalar: int) -> bytes:
    """A scalar in [0, q) as the kernel takes it."""
    return scalar.to_bytes(32, "little")


ZERO: Final = scalar_bytes(0)


def _numbers(numbers: Sequence[int]) -> bytes:
    return array("q", numbers).tobytes()


def _memory(size: int) -> "Array[c_char]":
    return (c_char * size)()


def _split(text: "Array[c_char]") -> tuple[str, ...]:
    hexes = bytes(text).decode()
    return tuple(hexes[i : i + ROW - 1] for i in range(0, len(hexes), ROW))
