import pytest

from dauys.core.errors import MalformedError
from dauys.identity.kazakhstan.phones import decoy_mask, mask_phone, normalise_phone

KEY = b"k" * 32


@pytest.mark.parametrize(
    "text",
    [
        "+77012345678",
        "87012345678",
        "77012345678",
        "7012345678",
        "8 (701) 234-56-78",
        " +7 701 234 56 78 ",
        "8-701-234-56-78",
        "8\u00a0701\u00a0234\u00a056\u00a078",
    ],
)
def test_every_way_of_writing_is_one_number(text: str) -> None:
    assert normalise_phone(text) == "+77012345678"


def test_normalising_twice_changes_nothing() -> None:
    assert normalise_phone(normalise_phone("8 747 111 22 33")) == "+77471112233"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("+79161234567", "not_kazakhstan"),
        ("+12025550123", "not_kazakhstan"),
        ("+77172123456", "not_mobile"),
        ("8701FLOWERS", "not_a_number"),
        ("8٧012345678", "not_a_number"),
        ("87012345678 ext 9", "not_a_number"),
        ("87012345678, 87019999999", "not_a_number"),
        ("7.0123456E+10", "not_a_number"),
        ("8701234", "not_kazakhstan"),
    ],
)
def test_what_is_no_mobile_of_the_country_is_refused(text: str, why: str) -> None:
    with pytest.raises(MalformedError) as fault:
        normalise_phone(text)
    assert fault.value.why == why
    assert not text.strip() or text not in str(fault.value)


def test_a_mask_shows_three_places() -> None:
    assert mask_phone("+77012345612") == "+7 70• ••• •• 12"


def test_a_decoy_looks_like_a_mask_and_never_changes() -> None:
    masks = {decoy_mask(f"{n:012d}", KEY) for n in range(2000)}
    assert decoy_mask("900101300017", KEY) == decoy_mask("900101300017", KEY)
    assert {mask[:5] for mask in masks} == {"+7 70", "+7 74", "+7 77"}
    assert len({mask[-2:] for mask in masks}) == 100
    assert all(mask[5:14] == "• ••• •• " for mask in masks)


def test_a_decoy_cannot_be_computed_without_the_key() -> None:
    numbers = [f"{n:012d}" for n in range(100)]
    ours = [decoy_mask(number, KEY) for number in numbers]
    assert ours != [decoy_mask(number, b"x" * 32) for number in numbers]
