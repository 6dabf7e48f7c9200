"""The report of a day on paper: every letter of three languages, whatever the length."""

import logging
from datetime import date

import pytest
from django.utils.translation import override

from dauys.core.forms import Text
from dauys.core.ids import ElectionId
from dauys.store.elections import ElectionSummary
from dauys.web.console.pages.daily import Daily, DayContest, DayHour
from dauys.web.console.pages.daily_paper import daily_paper

NAME = Text(kk="Әділ сайлау: ғ қ ң ө ұ ү һ і", ru="Честные выборы: ё № «»", en="Fair election")


def election() -> ElectionSummary:
    fields = dict.fromkeys(ElectionSummary.__dataclass_fields__, "")
    return ElectionSummary(**{**fields, "id": ElectionId("1" * 22), "name": NAME})  # type: ignore[arg-type]


def report(alerts: int) -> Daily:
    return Daily(
        day=date(2026, 9, 7),
        title="7",
        made="7",
        is_over=False,
        contests=(DayContest("Ұлытау", 3, 28, 60, "46,7 %"),),
        hours=tuple(DayHour(f"{hour:02}:00", hour, hour) for hour in range(24)),
        facts=(("«дауыс беріп қойған» дегенді оқығандар", 12),),
        clusters=(),
        promise="Жиырмадан бірі.",
        alerts=tuple(f"Һәм {n}: " + "ұзақ сөйлем " * 20 for n in range(alerts)),
        decisions=(),
    )


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_no_letter_is_missing_from_the_font(
    language: str, caplog: pytest.LogCaptureFixture
) -> None:
    with override(language), caplog.at_level(logging.WARNING, "fpdf"):
        data = daily_paper(report(3), election())
    assert data.startswith(b"%PDF-")
    assert f"/Lang ({language})".encode() in data
    assert [record.message for record in caplog.records] == []


def test_a_day_full_of_alerts_goes_on_on_the_next_page() -> None:
    with override("kk"):
        short, long = (daily_paper(report(n), election()) for n in (1, 60))
    assert short.count(b"/Type /Page\n") == 1
    assert long.count(b"/Type /Page\n") > 3
