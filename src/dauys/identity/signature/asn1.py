"""Where asn1crypto meets bytes from strangers: every fault of it becomes one refusal.

asn1crypto parses when a field is first looked at, so a fault surfaces anywhere in the code
that reads. `reading` marks such code.
"""

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from asn1crypto import parser, x509

from dauys.core.errors import RefusedError

MAX_BYTES: Final = 262_144
"""A real CMS with its chain has under 10,000 bytes."""

# What asn1crypto was seen to raise on mutated bytes.
_FAULTS: Final = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
_ARMOUR: Final = re.compile(
    rb"\s*-----BEGIN ([A-Z0-9 ]+)-----\s+([A-Za-z0-9+/=\s]+)-----END \1-----\s*"
)


@contextmanager
def reading(what: str) -> Iterator[None]:
    """Turn any fault of reading `what` into RefusedError("unreadable", what)."""
    try:
        yield
    except _FAULTS as error:
        raise RefusedError("unreadable", what) from error


def unarmoured(data: bytes) -> bytes:
    """DER of PEM text, or `data` as it is. Raises RefusedError("unreadable")."""
    if len(data) > MAX_BYTES:
        raise RefusedError("unreadable", "too long")
    if not data.lstrip().startswith(b"-----BEGIN "):
        return data
    match = _ARMOUR.fullmatch(data)
    if match is None:
        raise RefusedError("unreadable", "armour")
    try:
        return b64decode(b"".join(match[2].split()), validate=True)
    except Base64Error as error:
        raise RefusedError("unreadable", "armour") from error


def load_certificate(data: bytes) -> x509.Certificate:
    """Parse a certificate, DER or PEM. Raises RefusedError("unreadable")."""
    with reading("certificate"):
        certificate = x509.Certificate.load(unarmoured(data), strict=True)
        # Parsing is lazy; a nested fault would otherwise surface far from here.
        _ = certificate.native
        inner, outer = (
            certificate["tbs_certificate"]["signature"],
            certificate["signature_algorithm"],
        )
        if inner.dump() != outer.dump():  # RFC 5280 section 4.1.1.2
            raise RefusedError("unreadable", "certificate of two algorithms")
    return certificate


def key_bits(key_info: bytes) -> bytes:
    """Contents of the bit string in SubjectPublicKeyInfo (DER), which key identifiers hash.

    Raises ValueError: call it within `reading`.
    """
    inner: bytes = parser.parse(key_info, strict=True)[4]
    bits: bytes = parser.parse(inner[parser.peek(inner) :], strict=True)[4]
    return bits[1:]  # after the count of unused bits
