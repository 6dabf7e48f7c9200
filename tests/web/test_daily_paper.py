"""The report of a day on paper: every letter of three languages, whatever the length."""

import logging
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
from django.utils.translation import override

from dauys.core.forms import Text
from dauys.core.ids import ContestId, ElectionId
from dauys.response.queue import Proposed, Queued
from dauys.store.elections import ElectionSummary
from dauys.web.console.pages.daily import Daily, DayContest, DayHour
from dauys.web.console.pages.daily_paper import daily_paper
from dauys.web.console.pages.monitor import cluster_line
from dauys.web.console.paper import Paper

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


FOUND = datetime(2026, 9, 7, 20, 30, tzinfo=UTC)
VERSION_2: dict[str, Any] = {
    "id": "c1",
    "contest": "north",
    "scope": "ip",
    "value": "192.0.2.7",
    "network": "AS64500",
    "score": 31.5,
    "ballots": 12,
    "expected": 2.0,
    "signal_ids": [],
    "families": [{"family": "order", "count": 11, "observed": 11.0, "expected": 5.5, "score": 9.0}],
    "evidence": [{"kk": "к", "ru": "р", "en": "e"}],
    "innocent": [],
}
"""What the queue kept of a group before the detector gave chances."""


def queued() -> Queued:
    proposed = Proposed("c1", ContestId("north"), 31.5, 12, 2.0, (), VERSION_2)
    return Queued(
        cluster="c1", proposed=proposed, first_seen=FOUND, last_seen=FOUND, voters_then=12
    )


@pytest.mark.parametrize(
    ("language", "says", "family"),
    [
        ("kk", "Алғаш табылды: 8 қыркүйек, 01:30", "тізім"),
        ("ru", "Впервые найдена: 8 сентября, 01:30", "порядок"),
        ("en", "First found: 8 September, 01:30 (Almaty, UTC+5)", "register"),
    ],
)
def test_a_printed_group_says_when_in_the_zone_of_the_election(
    language: str, says: str, family: str
) -> None:
    """Paper is read the next day: "12 minutes ago" says nothing then."""
    state: Any = SimpleNamespace(
        contest=lambda _id: SimpleNamespace(name=NAME),
        manifest=SimpleNamespace(zone="Asia/Almaty"),
        by_pseudonym={},
    )
    with override(language), mock.patch.object(Paper, "lines", autospec=True) as lines:
        line = cluster_line(state, queued(), FOUND + timedelta(minutes=12))
        daily_paper(replace(report(0), clusters=(line,)), election())
    (printed,) = lines.call_args_list[0].args[1]
    assert says in printed
    assert family in printed.lower()
    assert "12 м" not in printed
    assert "12 min" not in printed
