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
# RFC 7468: one block, or several; text around them is for people.
_BLOCKS: Final = re.compile(
    rb"-----BEGIN ([A-Z0-9# ]+)-----\s+([A-Za-z0-9+/=\s]+?)\s*-----END \1-----"
)
_SEQUENCE: Final = 0x30
_READ: Final = ("serial_number", "signature", "issuer", "validity", "subject", "extensions")
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


@contextmanager
def reading(what: str) -> Iterator[None]:
    """Turn any fault of reading `what` into RefusedError("unreadable", what)."""
    try:
        yield
    except _FAULTS as error:
        raise RefusedError("unreadable", what) from error


def unarmoured(data: bytes) -> bytes:
    """DER or BER of PEM text, of bare base64, or `data` as it is: one structure.

    Raises RefusedError("unreadable").
    """
    found = unarmoured_all(data)
    if len(found) != 1:
        raise RefusedError("unreadable", f"{len(found)} structures in one file")
    return found[0]


def unarmoured_all(data: bytes, limit: int = MAX_BYTES) -> tuple[bytes, ...]:
    """Every structure in a file of `limit` bytes at most. Raises RefusedError("unreadable")."""
    if len(data) > limit:
        raise RefusedError("unreadable", "too long")
    if data[:1] == bytes([_SEQUENCE]):
        return (data,)
    text = data.removeprefix(_BYTE_ORDER_MARK).strip()
    if b"-----BEGIN " not in text:
        return (_decoded(text),)
    blocks = _BLOCKS.findall(text)
    if len(blocks) != text.count(b"-----BEGIN "):
        raise RefusedError("unreadable", "armour")
    return tuple(_decoded(body) for _, body in blocks)


def _decoded(text: bytes) -> bytes:
    try:
        found = b64decode(b"".join(text.split()), validate=True)
    except Base64Error as error:
        raise RefusedError("unreadable", "neither DER nor PEM nor base64") from error
    if found[:1] != bytes([_SEQUENCE]):
        raise RefusedError("unreadable", "neither DER nor PEM nor base64")
    return found


def load_certificate(data: bytes) -> x509.Certificate:
    """Parse a certificate, DER or PEM. Raises RefusedError("unreadable")."""
    with reading("certificate"):
        certificate = x509.Certificate.load(unarmoured(data), strict=True)
        inside = certificate["tbs_certificate"]
        # Nobody signed the count of unused bits; with another one the same certificate would have
        # two forms (DER, X.690 section 11.2.1, leaves none for whole octets).
        if certificate["signature_value"].contents[:1] != b"\x00":
            raise ValueError("unused bits in a signature")
        # Parsing is lazy; a nested fault would otherwise surface far from here. The key is for its
        # algorithm to read: asn1crypto knows no GOST.
        for part in _READ:
            _ = inside[part].native
        inner, outer = inside["signature"], certificate["signature_algorithm"]
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
