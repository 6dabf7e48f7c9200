"""Mobile numbers of Kazakhstan (`identity.phones.Phones`): one form, and what a stranger sees.

Errors are `MalformedError("phone", code)`: `empty`, `not_a_number`, `not_kazakhstan`,
`not_mobile`. They never repeat the number.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import Final

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

from dauys.core.errors import MalformedError
from dauys.identity.kazakhstan.words import PHONE_WORDS
from dauys.identity.phones import PhoneWords

BLOCK: Final = len("+7701234")
_WHAT: Final = "phone"
_REGION: Final = "KZ"

# Spreadsheets and people put spaces, brackets, dots and dashes between digits. Letters
# are refused: the library would read them as a keypad does.
_WRITTEN: Final = re.compile(r"\+?[0-9 ()\-.\u00a0\u2011\u2013]{7,40}", re.ASCII)
_SEPARATORS: Final = re.compile(r"[^+0-9]")


def _mobile_pattern() -> str:
    """The library's own pattern of the country's mobile numbers, ten digits."""
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(_REGION)
    mobile = metadata.mobile if metadata else None
    if mobile is None or not mobile.national_number_pattern:
        raise RuntimeError("phonenumbers has no mobile numbers of Kazakhstan")
    return str(mobile.national_number_pattern)


# The library's whole parser takes twenty times as long, and registers are long: whatever is
# not plainly a mobile number goes there.
_PLAIN: Final = re.compile(rf"(?:\+?7|8)?(?P<national>{_mobile_pattern()})", re.ASCII)

# Prefixes that operators hand out today, the frequent ones first. Only for decoys: numbers
# are ported, so a prefix proves nothing about a real one.
_PREFIXES: Final = (
    *("701", "702", "705", "707", "747", "775", "777", "778"),
    *("700", "706", "708", "771", "776"),
)


def normalise_phone(text: str) -> str:
    """Read a mobile number as people write it: `8 (701) 234-56-78` is `+77012345678`.

    Raises MalformedError.
    """
    if not text.strip():
        raise MalformedError(_WHAT, "empty")
    if not _WRITTEN.fullmatch(text.strip()):
        raise MalformedError(_WHAT, "not_a_number")
    digits = _SEPARATORS.sub("", text)
    plain = _PLAIN.fullmatch(digits)
    return f"+7{plain['national']}" if plain else _parse(digits)


def _parse(digits: str) -> str:
    try:
        number = phonenumbers.parse(digits, _REGION)
    except NumberParseException as error:
        raise MalformedError(_WHAT, "not_a_number") from error
    if phonenumbers.region_code_for_number(number) != _REGION:  # +79… is Russia
        raise MalformedError(_WHAT, "not_kazakhstan")
    if phonenumbers.number_type(number) != PhoneNumberType.MOBILE:
        raise MalformedError(_WHAT, "not_mobile")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def mask_phone(e164: str) -> str:
    """Enough to recognise one's own number: `+7 70• ••• •• 12`. Takes `+7` and ten digits."""
    if not re.fullmatch(r"\+7[0-9]{10}", e164):
        raise MalformedError(_WHAT, "not_e164")
    return f"+7 {e164[2:4]}• ••• •• {e164[-2:]}"


def decoy_mask(number: str, key: bytes) -> str:
    """Mask to show for a voter number that has no phone on the register.

    Always the same for the same `number`, and nobody without `key` can tell it from a real
    one: otherwise the page would tell strangers who is on the register.
    """
    digest = hmac.digest(key, b"dauys decoy phone v1\n" + number.encode(), hashlib.sha256)
    prefix = _PREFIXES[int.from_bytes(digest[:8]) % len(_PREFIXES)]
    return mask_phone(f"+7{prefix}00000{int.from_bytes(digest[8:16]) % 100:02d}")


@dataclass(frozen=True, slots=True)
class NationalPhones:
    """See `identity.phones.Phones`."""

    words: PhoneWords = PHONE_WORDS

    def parse(self, text: str) -> str:
        """Read a mobile number; raises as `normalise_phone`."""
        return normalise_phone(text)

    def mask(self, phone: str) -> str:
        """`+7 70• ••• •• 12`."""
        return mask_phone(phone)

    def decoy(self, number: str, key: bytes) -> str:
        """Such a mask, of a phone that nobody has."""
        return decoy_mask(number, key)

    def block(self, phone: str) -> str:
        """`+7701234`."""
        return phone[:BLOCK]
