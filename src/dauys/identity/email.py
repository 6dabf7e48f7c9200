"""E-mail as a channel of codes: addresses as registers hold them, letters in three languages."""

import hashlib
import hmac
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import accumulate
from typing import Final

from dauys.core.errors import MalformedError
from dauys.identity.code_limits import CodeLimits
from dauys.identity.texts import Locale, code_letter

LONGEST: Final = 254
_ADDRESS: Final = re.compile(
    r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@"
    r"((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24})"
)
"""The form of HTML's e-mail field, with a dot in the domain: what mail servers deliver to."""


def normalise_address(text: str) -> str:
    """An e-mail address in small letters. Raises MalformedError `not_an_address`."""
    address = text.strip().lower()
    if len(address) > LONGEST or ".." in address or not _ADDRESS.fullmatch(address):
        raise MalformedError("e-mail address", "not_an_address")
    return address


def mask_address(address: str) -> str:
    """`a•••@e•••.kz`: enough to recognise one's own, and of no use to anybody else."""
    local, _, domain = address.partition("@")
    return f"{local[:1]}•••@{domain[:1]}•••.{domain.rpartition('.')[2]}"


def limits_of_email(limits: CodeLimits) -> CodeLimits:
    """`limits` for codes by e-mail: a domain is no range that somebody bought.

    Half a register may have its mailboxes at one provider; nothing would tell these voters why
    no code comes. Whether codes to a domain are entered is looked after all the same.
    """
    return replace(limits, per_block=limits.budget_day)


class EmailChannel:
    """See `identity.code_ports.Channel`."""

    name = "email"

    def __init__(self, addresses: Callable[[], Iterable[str]]) -> None:
        """`addresses` are all those of the register: what a stranger is shown looks like them."""
        self._addresses = addresses
        self._seen: tuple[tuple[str, ...], tuple[int, ...]] | None = None

    def mask(self, address: str) -> str:
        """As `mask_address`."""
        return mask_address(address)

    def decoy(self, number: str, key: bytes) -> str:
        """A mask that the register has, drawn as often as it has it.

        A union whose members all have mailboxes at one domain would else show by any other
        domain who is not a member.
        """
        masks, upto = self._masks()
        drawn = hmac.digest(key, b"dauys e-mail decoy v1\n" + number.encode(), hashlib.sha256)
        return masks[bisect_right(upto, int.from_bytes(drawn[:16]) % upto[-1])]

    def block(self, address: str) -> str:
        """The domain."""
        return address.partition("@")[2]

    def text(self, code: str, minutes: int, locale: Locale) -> str:
        """The letter's text; its first line begins with the code."""
        return code_letter(code, minutes, locale)

    def _masks(self) -> tuple[tuple[str, ...], tuple[int, ...]]:
        """Masks of the register, and how many addresses have them or one before; never none.

        Read once: codes are sent only after the register is sealed.
        """
        if self._seen is None:
            counted = Counter(map(mask_address, self._addresses())) or Counter({"•••@•••": 1})
            masks = tuple(sorted(counted))
            self._seen = masks, tuple(accumulate(counted[mask] for mask in masks))
        return self._seen
