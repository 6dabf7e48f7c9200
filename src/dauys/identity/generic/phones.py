"""Phones of any country, with its code: whatever the numbering plans know (E.164)."""

import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Final

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

from dauys.core.errors import MalformedError
from dauys.identity.generic.words import PHONES
from dauys.identity.phones import PhoneWords

_WHAT: Final = "phone"
_WRITTEN: Final = re.compile(r"(?:\+|00)[0-9 ()\-./\u00a0\u2011\u2013]{7,40}", re.ASCII)
_SEPARATORS: Final = re.compile(r"[^0-9]")
_SHARED_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class InternationalPhones:
    """See `identity.phones.Phones`. The code of the country is always written."""

    words: PhoneWords = PHONES

    def parse(self, text: str) -> str:
        """`+44 7400 123456` and `0044 (7400) 123-456` are `+447400123456`.

        Raises MalformedError: `empty`, `not_a_number`, `no_such_phone`, `fixed_line`.
        """
        written = text.strip()
        if not written:
            raise MalformedError(_WHAT, "empty")
        if not _WRITTEN.fullmatch(written):
            raise MalformedError(_WHAT, "not_a_number")
        digits = _SEPARATORS.sub("", written).removeprefix("00")
        try:
            number = phonenumbers.parse(f"+{digits}")
        except NumberParseException as error:
            raise MalformedError(_WHAT, "no_such_phone") from error
        if not phonenumbers.is_valid_number(number):
            raise MalformedError(_WHAT, "no_such_phone")
        # Where mobile and fixed numbers look alike, as in North America, it is "either".
        if phonenumbers.number_type(number) == PhoneNumberType.FIXED_LINE:
            raise MalformedError(_WHAT, "fixed_line")
        return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))

    def mask(self, phone: str) -> str:
        """`+•• ••• ••• 12`: not the country either, which would tell a stranger from a member."""
        return f"+•• ••• ••• {phone[-2:]}"

    def decoy(self, number: str, key: bytes) -> str:
        """Such a mask, of a phone that nobody has."""
        digest = hmac.digest(key, b"dauys decoy phone v1\n" + number.encode(), hashlib.sha256)
        return self.mask(f"{int.from_bytes(digest[:8]) % 100:02d}")

    def block(self, phone: str) -> str:
        """All but the last four digits."""
        return phone[:-_SHARED_DIGITS]
