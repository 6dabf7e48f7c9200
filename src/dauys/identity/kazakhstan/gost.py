"""Signatures of ST RK GOST R 34.10-2015 in the byte orders of the national CA.

A public key is x then y, a signature r then s, the hash the number e, each little-endian: in
certificates, lists and messages alike. (RFC 4491 and RFC 9215 have s before r, big-endian.)
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from dauys.core.errors import RefusedError
from dauys.identity.kazakhstan.gost_curves import (
    CURVE_256,
    CURVE_512,
    Curve,
    Multiplier,
    affine,
    base,
    multiply,
)
from dauys.identity.kazakhstan.streebog import streebog_256, streebog_512


@dataclass(frozen=True, slots=True)
class Scheme:
    """A curve with its hash, and how keys for it are written."""

    curve: Curve
    digest: Callable[[bytes], bytes]
    key_info_head: bytes
    """SubjectPublicKeyInfo (DER) up to the coordinates, of which there is one form only."""


# SEQUENCE { SEQUENCE { key, SEQUENCE { curve, digest } }, BIT STRING { OCTET STRING { x, y } } }:
# 1.2.398.3.10.1.1.2.2 with .1 and 1.2.398.3.10.1.3.3; 1.2.398.3.10.1.1.2.1 with .1 and .1.3.2.
GOST_512: Final = Scheme(
    CURVE_512,
    streebog_512,
    bytes.fromhex(
        "3081ac302306092a830e030a010102023016060a2a830e030a0101020201"
        "06082a830e030a01030303818400048180"
    ),
)
GOST_256: Final = Scheme(
    CURVE_256,
    streebog_256,
    bytes.fromhex(
        "306a302306092a830e030a010102013016060a2a830e030a010102010106082a830e030a0103020343000440"
    ),
)


def verify(scheme: Scheme, key_info: bytes, message: bytes, signature: bytes) -> None:
    """Check `signature` over `message` by the key in SubjectPublicKeyInfo (DER).

    Raises RefusedError("bad_signature"). GOST R 34.10-2012 section 6.2 (RFC 7091).
    """
    curve, size = scheme.curve, scheme.curve.bits // 8
    key = _load_key(scheme, key_info)
    if len(signature) != 2 * size:
        raise RefusedError("bad_signature", f"{len(signature)} bytes of signature")
    r = int.from_bytes(signature[:size], "little")
    s = int.from_bytes(signature[size:], "little")
    if not (0 < r < curve.q and 0 < s < curve.q):
        raise RefusedError("bad_signature", "out of range")
    e = int.from_bytes(scheme.digest(message), "little") % curve.q or 1
    v = pow(e, -1, curve.q)
    point = multiply(curve, (s * v % curve.q, _base(scheme)), (-r * v % curve.q, key))
    if not point[2] or affine(curve, point)[0] % curve.q != r:
        raise RefusedError("bad_signature")


def key_info(scheme: Scheme, x: int, y: int) -> bytes:
    """SubjectPublicKeyInfo (DER) of the point (x, y)."""
    size = scheme.curve.bits // 8
    return scheme.key_info_head + x.to_bytes(size, "little") + y.to_bytes(size, "little")


# A CA's key comes with every voter's certificate.
@lru_cache(maxsize=256)
def _load_key(scheme: Scheme, written: bytes) -> Multiplier:
    curve, size = scheme.curve, scheme.curve.bits // 8
    head, point = written[: -2 * size], written[-2 * size :]
    if head != scheme.key_info_head:
        raise RefusedError("bad_signature", "not a GOST key of the one form")
    x = int.from_bytes(point[:size], "little")
    y = int.from_bytes(point[size:], "little")
    if not curve.holds(x, y):
        raise RefusedError("bad_signature", "key is not on its curve")
    key = Multiplier(curve, x, y)
    if curve.cofactor > 1 and multiply(curve, (curve.q, key))[2]:
        raise RefusedError("bad_signature", "key is not in the group of prime order")
    return key


@cache
def _base(scheme: Scheme) -> Multiplier:
    return base(scheme.curve)
