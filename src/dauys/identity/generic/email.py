"""E-mail as a channel of codes: for registers that hold addresses instead of phones."""

import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Final

from dauys.core.errors import MalformedError
from dauys.identity.generic.words import CODE_LETTER
from dauys.identity.texts import Locale

LONGEST: Final = 254
_ADDRESS: Final = re.compile(
    r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@"
    r"((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24})"
)
"""The form of HTML's e-mail field, with a dot in the domain: what mail servers deliver to."""
_DOMAINS: Final = "abcdefghijkmnoprst"


def normalise_address(text: str) -> str:
    """An e-mail address in small letters. Raises MalformedError `not_an_address`."""
    address = text.strip().lower()
    if len(address) > LONGEST or ".." in address or not _ADDRESS.fullmatch(address):
        raise MalformedError("e-mail address", "not_an_address")
    return address


@dataclass(frozen=True, slots=True)
class EmailChannel:
    """See `identity.code_ports.Channel`."""

    name: str = "email"

    def mask(self, address: str) -> str:
        """`a•••@e•••.kz`."""
        local, _, domain = address.partition("@")
        return f"{local[:1]}•••@{domain[:1]}•••.{domain.rpartition('.')[2]}"

    def decoy(self, number: str, key: bytes) -> str:
        """Such a mask, of an address that nobody has; the same for the same number."""
        drawn = hmac.digest(key, b"dauys e-mail decoy v1\n" + number.encode(), hashlib.sha256)
        first, second = (_DOMAINS[byte % len(_DOMAINS)] for byte in drawn[:2])
        return f"{first}•••@{second}•••.{('com', 'org', 'kz', 'ru')[drawn[2] % 4]}"

    def block(self, address: str) -> str:
        """The domain: a stranger who owns one has any number of addresses there."""
        return address.partition("@")[2]

    def text(self, code: str, minutes: int, locale: Locale) -> str:
        """The letter's text; its first line is the code."""
        return CODE_LETTER[locale].format(code=code, minutes=minutes)
