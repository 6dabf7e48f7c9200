"""Numbers are printed as each language prints them."""

import pytest

from dauys.monitor.findings import Finding
from dauys.monitor.words import decimal, evidence_text, whole


@pytest.mark.parametrize(
    ("value", "english", "russian"),
    [
        (2.0, "2", "2"),
        (1.96, "2", "2"),
        (1.84, "1.8", "1,8"),
        (0.04, "0.04", "0,04"),
        (1234.6, "1,235", "1\u00a0235"),
    ],
)
def test_decimals_are_short(value: float, english: str, russian: str) -> None:
    assert decimal(value).en == english
    assert decimal(value).ru == russian


def test_thousands_are_set_apart() -> None:
    assert whole(63).kk == "63"
    assert whole(1_234_567).ru == "1\u00a0234\u00a0567"


def test_member_of_the_commission_reads_what_came_and_what_is_usual() -> None:
    finding = Finding("colocation", 63, 63, 2, 5.0915)
    assert evidence_text(finding, "ip").en == (
        "From this address 63 votes came; its neighbours in the same network sent 2 on average. "
        "An innocent group does this about once in 120,000 cases."
    )
