"""SMS as a channel of codes: phones of Kazakhstan, texts that fit one segment."""

from dataclasses import dataclass
from typing import Final

from dauys.identity.phones import decoy_mask, mask_phone
from dauys.identity.texts import Locale, code_text

BLOCK: Final = len("+7701234")
"""Characters of a number that ten thousand phones share, bought and sold together."""


@dataclass(frozen=True, slots=True)
class SmsChannel:
    """See `identity.codes.Channel`."""

    name: str = "sms"

    def mask(self, address: str) -> str:
        """`+7 70• ••• •• 12`."""
        return mask_phone(address)

    def decoy(self, number: str, key: bytes) -> str:
        """Such a mask, of a phone that nobody has."""
        return decoy_mask(number, key)

    def block(self, address: str) -> str:
        """`+7701234`."""
        return address[:BLOCK]

    def text(self, code: str, minutes: int, locale: Locale) -> str:
        """At most 70 characters."""
        return code_text(code, minutes, locale)
