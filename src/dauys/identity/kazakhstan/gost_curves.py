"""The curves of GOST R 34.10-2012 that Kazakhstan uses, and points on them.

Weierstrass form, y^2 = x^3 + ax + b over the integers mod p. Nothing here is secret, so
nothing takes constant time.

p is a little less than a power of two, 2^bits - c, so that v mod p is (v mod 2^bits) + c * (v
div 2^bits) but for a few bits: a third of the time of a division. `double` folds so.
"""

from dataclasses import dataclass
from typing import Final

Point = tuple[int, int, int]
"""Jacobian coordinates: (X, Y, Z) is x = X/Z^2, y = Y/Z^3; Z = 0 is the point at infinity."""

INFINITY: Final[Point] = (1, 1, 0)
_BASE_WINDOW: Final = 8
_WINDOW: Final = 5


@dataclass(frozen=True, slots=True)
class Curve:
    """Curve with a base point (x, y) of prime order q; it has `cofactor` * q points."""

    bits: int
    p: int
    a: int
    b: int
    q: int
    x: int
    y: int
    cofactor: int

    @property
    def c(self) -> int:
        """2^bits - p."""
        return int(2**self.bits - self.p)

    def holds(self, x: int, y: int) -> bool:
        """Whether (x, y) is in range and on the curve."""
        p = self.p
        return 0 <= x < p and 0 <= y < p and (y * y - (x * x + self.a) * x - self.b) % p == 0


# id-tc26-gost-3410-12-512-paramSetA, RFC 7836 appendix A.1; a = p - 3.
CURVE_512: Final = Curve(
    bits=512,
    p=2**512 - 569,
    a=-3,
    b=int(
        "e8c2505dedfc86ddc1bd0b2b6667f1da34b82574761cb0e879bd081cfd0b6265"
        "ee3cb090f30d27614cb4574010da90dd862ef9d4ebee4761503190785a71c760",
        16,
    ),
    q=int(
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
        "27e69532f48d89116ff22b8d4e0560609b4b38abfad2b85dcacdb1411f10b275",
        16,
    ),
    x=3,
    y=int(
        "7503cfe87a836ae3a61b8816e25450e6ce5e1c93acf1abc1778064fdcbefa921"
        "df1626be4fd036e93d75e6a50e3a41e98028fe5fc235f5b889a589cb5215f2a4",
        16,
    ),
    cofactor=1,
)

# id-tc26-gost-3410-2012-256-paramSetA, RFC 7836 appendix A.2.
CURVE_256: Final = Curve(
    bits=256,
    p=2**256 - 617,
    a=int("c2173f1513981673af4892c23035a27ce25e2013bf95aa33b22c656f277e7335", 16),
    b=int("295f9bae7428ed9ccc20e7c359a9d41a22fccd9108e17bf7ba9337a6f8ae9513", 16),
    q=int("400000000000000000000000000000000fd8cddfc87b6635c115af556c360c67", 16),
    x=int("91e38443a5e82c0d880923425712b2bb658b9196932e02c78b2582fe742daa28", 16),
    y=int("32879423ab1a0375895786c4bb46e9565fde0b5344766740af268adb32322e5c", 16),
    cofactor=4,
)


class Multiplier:
    """Odd multiples of one point, to multiply it fast."""

    def __init__(self, curve: Curve, x: int, y: int, *, window: int = _WINDOW) -> None:
        """Take (x, y) on `curve`; a wider `window` takes longer here and saves additions later."""
        self.window = window
        doubled = double(curve, (x, y, 1))
        multiples: list[Point] = [(x, y, 1)]
        for _ in range(2 ** (window - 2) - 1):
            multiples.append(add(curve, multiples[-1], doubled))
        self._curve = curve
        self._multiples = _all_affine(curve, multiples)

    def times(self, odd: int) -> tuple[int, int] | None:
        """`odd` times the point, for odd -2^(window-1) < odd < 2^(window-1); None: infinity."""
        found = self._multiples[abs(odd) // 2]
        if found is None or odd > 0:
            return found
        return found[0], self._curve.p - found[1]


def _all_affine(curve: Curve, points: list[Point]) -> tuple[tuple[int, int] | None, ...]:
    """(x, y) of each point by one inversion for all; None at infinity.

    Montgomery's trick: products of all before, one inverse, and back.
    """
    p, products, product = curve.p, [], 1
    for _, _, z in points:
        products.append(product)
        product = product * (z or 1) % p
    inverse = pow(product, -1, p)
    found: list[tuple[int, int] | None] = []
    for (x, y, z), before in zip(reversed(points), reversed(products), strict=True):
        if not z:
            found.append(None)
            continue
        own = inverse * before % p
        inverse = inverse * z % p
        square = own * own % p
        found.append((x * square % p, y * square * own % p))
    return tuple(reversed(found))


def base(curve: Curve) -> Multiplier:
    """Multiplier of the base point: to be made once."""
    return Multiplier(curve, curve.x, curve.y, window=_BASE_WINDOW)


def multiply(curve: Curve, *terms: tuple[int, Multiplier]) -> Point:
    """Sum of factor * point over `terms`; factors are not negative."""
    digits = [(_digits(factor, point.window), point) for factor, point in terms]
    total = INFINITY
    for place in range(max(len(places) for places, _ in digits) - 1, -1, -1):
        total = double(curve, total)
        for places, point in digits:
            if place < len(places) and places[place]:
                total = _add_affine(curve, total, point.times(places[place]))
    x, y, z = total
    return x % curve.p, y % curve.p, z % curve.p


def affine(curve: Curve, point: Point) -> tuple[int, int]:
    """(x, y) of a point. Raises ValueError at infinity."""
    x, y, z = point
    inverse = pow(z, -1, curve.p)
    square = inverse * inverse % curve.p
    return x * square % curve.p, y * square * inverse % curve.p


def double(curve: Curve, point: Point) -> Point:
    """Sum of `point` with itself, nearly reduced mod p. Right at infinity too.

    Coordinates may have some bits more than p; one fold leaves a product of such too wide for
    another, so what is returned is folded twice.
    """
    n, c = curve.bits, curve.c
    mask = (1 << n) - 1
    x, y, z = point
    v = y * y
    yy = (v & mask) + (v >> n) * c
    v = 4 * x * yy
    s = (v & mask) + (v >> n) * c
    v = z * z
    zz = (v & mask) + (v >> n) * c
    if curve.a == -3:
        v = 3 * (x - zz) * (x + zz)
    else:
        v = zz * zz
        v = 3 * x * x + curve.a * ((v & mask) + (v >> n) * c)
    m = (v & mask) + (v >> n) * c
    v = m * m - 2 * s
    v = (v & mask) + (v >> n) * c
    x3 = (v & mask) + (v >> n) * c
    v = m * (s - x3) - 8 * yy * yy
    v = (v & mask) + (v >> n) * c
    y3 = (v & mask) + (v >> n) * c
    v = 2 * y * z
    v = (v & mask) + (v >> n) * c
    return x3, y3, (v & mask) + (v >> n) * c


def _add_affine(curve: Curve, one: Point, other: tuple[int, int] | None) -> Point:
    """Sum of two points, the other of them with Z = 1."""
    p = curve.p
    x1, y1, z1 = one
    if other is None:
        return one
    x2, y2 = other
    if not z1 % p:
        return x2, y2, 1
    z1z1 = z1 * z1 % p
    h = (x2 * z1z1 - x1) % p
    r = (y2 * z1 % p * z1z1 - y1) % p
    if not h:
        return double(curve, one) if not r else INFINITY
    hh = h * h % p
    hhh = h * hh % p
    v = x1 * hh % p
    x3 = (r * r - hhh - 2 * v) % p
    return x3, (r * (v - x3) - y1 * hhh) % p, z1 * h % p


def add(curve: Curve, one: Point, other: Point) -> Point:
    """Sum of two points."""
    p = curve.p
    x1, y1, z1 = one
    x2, y2, z2 = other
    if not z1 % p:
        return other
    if not z2 % p:
        return one
    z1z1 = z1 * z1 % p
    z2z2 = z2 * z2 % p
    u1 = x1 * z2z2 % p
    h = (x2 * z1z1 - u1) % p
    s1 = y1 * z2 * z2z2 % p
    r = (y2 * z1 * z1z1 - s1) % p
    if not h:
        return double(curve, one) if not r else INFINITY
    hh = h * h % p
    hhh = h * hh % p
    v = u1 * hh % p
    x3 = (r * r - hhh - 2 * v) % p
    return x3, (r * (v - x3) - s1 * hhh) % p, z1 * z2 * h % p


def _digits(factor: int, window: int) -> list[int]:
    """Signed digits of `factor`, the least significant first: odd ones, most of them 0.

    The non-adjacent form of width `window`: of any `window` digits in a row at most one is not 0.
    """
    size = 1 << window
    digits = []
    while factor:
        digit = 0
        if factor & 1:
            digit = factor % size
            if digit > size // 2:
                digit -= size
            factor -= digit
        digits.append(digit)
        factor >>= 1
    return digits
