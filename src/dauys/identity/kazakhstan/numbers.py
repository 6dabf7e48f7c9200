"""National numbers: IIN of a person and BIN of an organisation, twelve digits each.

Errors are `MalformedError(what, why)` with a code as `why`, for faces to translate:
`not_twelve_digits`, `bad_check_digit`, `bad_date`, `not_a_person`, `not_an_organisation`.
They never repeat the number.
"""

from calendar import monthrange
from typing import Final

from dauys.core.errors import MalformedError
from dauys.identity.numbering import Number

_CHECK_WEIGHTS: Final = (
    (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11),
    (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2),
)
_CENTURIES: Final = {
    "0": (1900, 2000),  # some non-residents: neither century nor sex is told
    "1": (1800,),
    "2": (1800,),
    "3": (1900,),
    "4": (1900,),
    "5": (2000,),
    "6": (2000,),
}


def parse_number(text: str, *, strict: bool = True) -> Number:
    """Read an IIN or a BIN; the fifth digit tells them apart. Raises MalformedError.

    In an IIN the fifth digit begins the day of birth (0-3), in a BIN it is the kind of
    organisation (4-6). With `strict` off, only form and kind are looked at: the test
    certificates of the national CA carry numbers that are wrong on purpose.
    """
    _require_digits(text, "number")
    if text[4] in "456":
        return parse_bin(text, strict=strict)
    return parse_iin(text, strict=strict)


def parse_iin(text: str, *, strict: bool = True) -> Number:
    """Read a person's number: date of birth, century and sex, serial, check digit.

    `000000000000`, whose check digit is right, is no date. Raises MalformedError.
    """
    what = "iin"
    _require_digits(text, what)
    if strict:
        if text[4] not in "0123":
            raise MalformedError(what, "not_a_person")
        if not _is_birth_date(text):
            raise MalformedError(what, "bad_date")
        _require_check_digit(text, what)
    return Number("person", text)


def parse_bin(text: str, *, strict: bool = True) -> Number:
    """Read an organisation's number: month of registration, kind, part, serial, check digit.

    Raises MalformedError.
    """
    what = "bin"
    _require_digits(text, what)
    if strict:
        if text[4] not in "456":
            raise MalformedError(what, "not_an_organisation")
        if not 1 <= int(text[2:4]) <= 12:
            raise MalformedError(what, "bad_date")
        _require_check_digit(text, what)
    return Number("organisation", text)


def is_test_number(digits: str) -> bool:
    """Whether it is of the series in the national CA's test certificates.

    They begin with 123456789 and would belong to month 34: nobody has one.
    """
    return digits.startswith("123456789")


def check_digit(eleven: str) -> int | None:
    """Twelfth digit for the first eleven, or None where no number may be issued.

    A weighted sum modulo 11; on 10 once more with the second weights. (The eleventh digit has
    the weight 11 at first, that is none: a slip there mostly goes unseen.)
    """
    digits = [int(character) for character in eleven]
    for weights in _CHECK_WEIGHTS:
        remainder = sum(w * d for w, d in zip(weights, digits, strict=True)) % 11
        if remainder < 10:
            return remainder
    return None


def mask_number(digits: str) -> str:
    """A number that staff may see in lists: `900101••••12`."""
    return f"{digits[:6]}••••{digits[-2:]}"


def _require_digits(text: str, what: str) -> None:
    # str.isdigit alone lets Arabic and superscript digits through.
    if len(text) != 12 or not (text.isascii() and text.isdigit()):
        raise MalformedError(what, "not_twelve_digits")


def _require_check_digit(text: str, what: str) -> None:
    if check_digit(text[:11]) != int(text[11]):
        raise MalformedError(what, "bad_check_digit")


def _is_birth_date(text: str) -> bool:
    year, month, day = int(text[:2]), int(text[2:4]), int(text[4:6])
    if not 1 <= month <= 12:
        return False
    centuries = _CENTURIES.get(text[6], ())
    return any(1 <= day <= monthrange(century + year, month)[1] for century in centuries)
