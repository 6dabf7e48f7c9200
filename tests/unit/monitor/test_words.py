"""Numbers are printed as each language prints them."""

import pytest

from dauys.monitor.families import ALLOWED, LACKING
from dauys.monitor.findings import Finding
from dauys.monitor.groups import PAIRED, SINGLE
from dauys.monitor.titles import title
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


def test_nobody_is_told_of_four_hundredths_of_a_voter() -> None:
    text = evidence_text(Finding("complaints", 220, 34, 0.04, 50), "ip")
    assert "usually fewer than one would" in text.en
    assert "34 из 220; обычно таких меньше одного" in text.ru
    assert "34 адам; әдетте бірден аз" in text.kk


@pytest.mark.parametrize("family", sorted({*ALLOWED, *LACKING, "order", "refusals", "devices"}))
def test_no_placeholder_is_left_in_a_sentence(family: str) -> None:
    for observed in (0, 34):
        text = evidence_text(Finding(family, 220, observed, 21, 50), "ip")
        for words in (text.kk, text.ru, text.en):
            assert not {"{", "}"} & set(words)


def test_nothing_at_all_is_said_in_words() -> None:
    text = evidence_text(Finding("no_checks", 220, 0, 20.9, 3.7), "ip")
    assert text.en.startswith("Nobody of the owners of these 220 votes")
    assert "ни одного из 220" in text.ru


@pytest.mark.parametrize("scope", [*SINGLE, *PAIRED, "chain", "chain+quick"])
def test_every_kind_of_group_has_a_name_of_its_own(scope: str) -> None:
    assert title(scope, 220).en.startswith("220 ballots linked by ")
    assert "the same traits" not in title(scope, 220).en


def test_the_more_telling_of_two_links_is_named() -> None:
    assert title("quick+tls", 1226).ru == (
        "Бюллетени, связанные скоростью, с которой люди не голосуют: 1\u00a0226"
    )
