import pytest

from dauys.core.errors import MalformedError
from dauys.identity.kazakhstan.numbers import (
    check_digit,
    mask_number,
    parse_bin,
    parse_iin,
    parse_number,
)
from dauys.identity.numbering import Number


def iin(eleven: str) -> str:
    """Number of a person with its check digit put on."""
    return f"{eleven}{check_digit(eleven)}"


@pytest.mark.parametrize("text", ["000740000728", "080540010396"])
def test_real_organisations_pass(text: str) -> None:
    assert parse_bin(text) == parse_number(text) == Number("organisation", text)


def test_a_person_passes() -> None:
    text = iin("90010130001")
    assert parse_iin(text) == parse_number(text) == Number("person", text)


def test_the_second_weights_are_used_and_in_order() -> None:
    second = (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)
    seen = 0
    for eleven in (f"9001013{serial:04d}" for serial in range(1000)):
        digits = [int(digit) for digit in eleven]
        once = sum(place * digit for place, digit in enumerate(digits, 1)) % 11
        twice = sum(weight * digit for weight, digit in zip(second, digits, strict=True)) % 11
        expected = once if once < 10 else twice
        assert check_digit(eleven) == (expected if expected < 10 else None)
        seen += once == 10 > twice
    assert seen > 50


def test_a_number_whose_check_digit_would_be_ten_twice_is_never_issued() -> None:
    never = next(eleven for n in range(10_000) if check_digit(eleven := f"9001013{n:04d}") is None)
    for last in "0123456789":
        with pytest.raises(MalformedError) as fault:
            parse_iin(never + last)
        assert fault.value.why == "bad_check_digit"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "not_twelve_digits"),
        ("90010130001", "not_twelve_digits"),
        ("9001013000177", "not_twelve_digits"),
        ("90010130001٧", "not_twelve_digits"),
        ("90010130001²", "not_twelve_digits"),
        (" 90010130001", "not_twelve_digits"),
        ("+90010130001", "not_twelve_digits"),
        ("9001013000_7", "not_twelve_digits"),
        ("000000000000", "bad_date"),
        (iin("90023030001"), "bad_date"),
        (iin("90130130001"), "bad_date"),
        (iin("01022930001"), "bad_date"),  # 1901 had no 29 February
        (iin("90010170001"), "bad_date"),  # no such century
    ],
)
def test_a_wrong_person_is_refused(text: str, why: str) -> None:
    with pytest.raises(MalformedError) as fault:
        parse_number(text)
    assert fault.value.why == why
    assert text == "" or text not in str(fault.value)


def test_a_leap_day_depends_on_the_century() -> None:
    assert parse_iin(iin("00022950001")).kind == "person"  # 2000
    with pytest.raises(MalformedError):
        parse_iin(iin("00022930001"))  # 1900


def test_a_mistyped_digit_is_found() -> None:
    good = iin("90010130001")
    wrong = good[:-1] + str((int(good[-1]) + 1) % 10)
    with pytest.raises(MalformedError) as fault:
        parse_iin(wrong)
    assert fault.value.why == "bad_check_digit"


def test_a_number_of_the_other_kind_is_refused() -> None:
    with pytest.raises(MalformedError) as fault:
        parse_iin("080540010396")
    assert fault.value.why == "not_a_person"
    with pytest.raises(MalformedError) as fault:
        parse_bin(iin("90010130001"))
    assert fault.value.why == "not_an_organisation"


def test_numbers_of_test_certificates_pass_only_when_told() -> None:
    for text in ("123456789011", "123456789021"):
        with pytest.raises(MalformedError):
            parse_number(text)
    assert parse_iin("123456789011", strict=False).digits == "123456789011"
    assert parse_bin("123456789021", strict=False).digits == "123456789021"


def test_a_masked_number_keeps_its_middle_secret() -> None:
    assert mask_number("900101300017") == "900101••••17"
