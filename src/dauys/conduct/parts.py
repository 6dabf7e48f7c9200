"""The file in which a trustee hands in their part of the decryption."""

from codecs import BOM_UTF8
from typing import Annotated, Literal

from msgspec import Meta

from dauys.core.canonical import Record, decode
from dauys.core.entries import Decryption


class DecryptionParts(Record, frozen=True, kw_only=True):
    """`decryption` entries of one trustee, as they will stand on the board."""

    v: Literal[1] = 1
    kind: Literal["dauys-decryptions"] = "dauys-decryptions"
    parts: Annotated[tuple[Decryption, ...], Meta(min_length=1)]


def read_parts(data: bytes) -> DecryptionParts:
    """Read such a file as it was carried: canonical JSON, and what mail and editors add around it.

    Raises MalformedError. What is published is printed anew.
    """
    carried = data.removeprefix(BOM_UTF8).strip()
    return decode(carried, DecryptionParts, "decryption file")
