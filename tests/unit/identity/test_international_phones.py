import pytest

from dauys.core.errors import MalformedError
from dauys.identity.generic.phones import InternationalPhones
from dauys.identity.texts import LOCALES

PHONES = InternationalPhones()
KEY = b"k" * 32


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("+44 7400 123456", "+447400123456"),
        ("0044 (7400) 123-456", "+447400123456"),
        (" +7 701 234 56 78 ", "+77012345678"),
        ("+12025550123", "+12025550123"),
        ("+49 1512 3456789", "+4915123456789"),
        ("00 1 202 555 01 23", "+12025550123"),
    ],
)
def test_a_phone_of_any_country_has_one_form(text: str, phone: str) -> None:
    assert PHONES.parse(text) == phone
    assert PHONES.parse(phone) == phone


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        ("7400 123456", "not_a_number"),  # of which country?
        ("+44 7400 FLOWER", "not_a_number"),
        ("+٤٤ 7400 123456", "not_a_number"),
        ("+44 7400 123456 ext 9", "not_a_number"),
        ("+44 7400 12", "no_such_phone"),
        ("+999 7400 123456", "no_such_phone"),
        ("+49 30 901820", "fixed_line"),
    ],
)
def test_what_is_no_phone_of_any_country_is_refused(text: str, why: str) -> None:
    with pytest.raises(MalformedError) as fault:
        PHONES.parse(text)
    assert fault.value.why == why
    assert not text or text not in str(fault.value)


def test_a_mask_does_not_tell_a_country_and_a_decoy_is_like_it() -> None:
    masks = {PHONES.mask(phone) for phone in ("+447400123456", "+77012345656", "+8613812345656")}
    assert masks == {"+•• ••• ••• 56"}
    decoys = {PHONES.decoy(f"M-{n:06d}", KEY) for n in range(3000)}
    assert decoys == {f"+•• ••• ••• {n:02d}" for n in range(100)}
    assert PHONES.decoy("M-1", KEY) == PHONES.decoy("M-1", KEY)
    assert PHONES.block("+447400123456") == "+44740012"


def test_every_fault_is_said_in_three_languages() -> None:
    for words in (PHONES.words.faults, PHONES.words.rows):
        assert {"no_such_phone", "fixed_line"} == set(words)
        assert all(getattr(text, locale) for text in words.values() for locale in LOCALES)
