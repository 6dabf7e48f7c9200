"""Numbers are printed as each language prints them."""

import pytest

from dauys.core.ids import ContestId
from dauys.monitor.ballots import Group, Scope
from dauys.monitor.families import Family, Finding
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
    group = Group(ContestId("karaganda"), Scope.ADDRESS, "100.64.0.1", "AS1", (), (1, 3))
    finding = Finding(Family.COLOCATION, 63, 63, 2, 1 / 123_456)
    assert evidence_text(finding, group).en == (
        "From this address 63 votes came; its neighbours in the same network sent 2 on average. "
        "Chance alone does this about once in 120,000 cases."
    )
