"""Whoever types a number learns nothing of whose it is: not by answers, headers or work done.

Three people type one each: of nobody on the register, of a voter, of a voter who has voted.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from dauys.ballotbox.request import parse_request
from dauys.conduct.people import Visit
from dauys.scenario.rush import make_rush
from dauys.store.elections import DatabaseElections
from dauys.wiring import office

STRANGER = "900101300017"
DIFFERENT = (
    (r'value="\w{64}"', "TOKEN"),
    (r"\+7 \d{2}• ••• •• \d{2}", "PHONE"),
    (r"\b\d+ секунд\w*", "SECONDS"),
    (r'data-wait="\d+"', "SECONDS"),
)
"""What differs from visit to visit, whoever it is."""


@pytest.fixture
def people(database: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The election's address, and a number of each kind."""
    with override_settings(DEMO=True):
        office.cache_clear()
        rush = make_rush(settings.DATA, 2)
        rush.services.casting.cast(parse_request(rush.bodies[0]), Visit("127.0.0.1"))
        voted, waiting = rush.services.voters.all()
        slug = DatabaseElections().summary(rush.services.election).slug
        yield slug, {"stranger": STRANGER, "voter": waiting.number, "has voted": voted.number}
    office.cache_clear()


def seen(response: Any, number: str) -> tuple[int, dict[str, str], list[str], str]:
    """Status, headers, cookies and page, without what differs from visit to visit."""
    page = response.content.decode().replace(number, "NUMBER")
    for pattern, word in DIFFERENT:
        page = re.sub(pattern, word, page)
    cookies = [
        re.sub(r"=[^;]*|expires=[^;]*", "=", morsel.OutputString())
        for morsel in response.cookies.values()
    ]
    headers = {
        name: re.sub(r"'nonce-[^']*'", "NONCE", value)
        for name, value in response.items()
        if name != "Content-Length"  # digits of seconds
    }
    return response.status_code, headers, cookies, page


def visit(slug: str, number: str) -> tuple[list[object], list[str]]:
    """All answers to who types `number`, and all that the databases were asked for."""
    client, place = Client(HTTP_HOST="127.0.0.1"), f"/ru/e/{slug}/identify/"
    steps: tuple[tuple[str, dict[str, str]], ...] = (
        (place, {"number": number, "method": "sms"}),
        (f"{place}code/", {"code": "000000"}),
        (f"{place}code/", {"code": "12"}),
        (f"{place}code/again/", {}),
        (place, {"number": number, "method": "eds"}),
    )
    answers: list[object] = []
    with (
        CaptureQueriesContext(connections["default"]) as asked,
        CaptureQueriesContext(connections["signals"]) as noted,
    ):
        answers.extend(seen(client.post(path, form), number) for path, form in steps)
        answers.extend(
            seen(client.get(f"/ru/e/{slug}/{page}/"), number)
            for page in ("identify/code", "ballot", "already", "mine", "report")
        )
    queries = [*asked.captured_queries, *noted.captured_queries]
    return answers, [shape(query["sql"]) for query in queries]


def shape(sql: str) -> str:
    """A statement without its values."""
    sql = re.sub(r"'(?:[^']|'')*'(::\w+)?", "?", sql)
    return re.sub(r"[-\s]*\b(?:\d+(\.\d+)?|NULL)\b", "?", sql)


def test_nobody_learns_of_a_number_whether_it_may_vote_or_has_voted(
    people: tuple[str, dict[str, str]],
) -> None:
    slug, numbers = people
    visit(slug, "850514350077")  # what is loaded once is loaded now
    (answers, queries), *others = (visit(slug, number) for number in numbers.values())
    assert len(queries) > 20
    for kind, (other_answers, other_queries) in zip(list(numbers)[1:], others, strict=True):
        for answer, other in zip(answers, other_answers, strict=True):
            assert answer == other, kind
        assert queries == other_queries, kind
