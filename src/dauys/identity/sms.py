"""SMS as a channel of codes: texts that fit one segment, to phones as the register has them."""

from dataclasses import dataclass

from dauys.identity.phones import Phones
from dauys.identity.texts import Locale, code_text


@dataclass(frozen=True, slots=True)
class SmsChannel:
    """See `identity.code_ports.Channel`."""

    phones: Phones
    name: str = "sms"

    def mask(self, address: str) -> str:
        """As `Phones.mask`."""
        return self.phones.mask(address)

    def decoy(self, number: str, key: bytes) -> str:
        """As `Phones.decoy`."""
        return self.phones.decoy(number, key)

    def block(self, address: str) -> str:
        """As `Phones.block`."""
        return self.phones.block(address)

    def text(self, code: str, minutes: int, locale: Locale) -> str:
        """At most 70 characters."""
        return code_text(code, minutes, locale)
