"""An organiser sets up a ballot of two questions, one of them with lists."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from dauys.core.contests import QuestionKind
from dauys.core.ids import ElectionId
from dauys.scenario.clockwork import SimulatedClock
from dauys.store.drafting import DraftDesk
from dauys.store.outline import ContestOutline, outline
from dauys.web.console import frame
from dauys.wiring import Office
from tests.web.test_console_steps import START, client_of

pytestmark = pytest.mark.django_db(databases=["default", "signals"], transaction=True)

ELECTION = ElectionId("3" * 22)
WORDS = {"kk": "Одақ", "ru": "Союз", "en": "Union"}


def words(field: str) -> dict[str, str]:
    return {f"{field}_{code}": text for code, text in WORDS.items()}


@pytest.fixture
def organiser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Client:
    office = Office(tmp_path, SimulatedClock(START))
    monkeypatch.setattr(frame, "office", lambda: office)
    name: Any = type("Words", (), WORDS)
    DraftDesk(ELECTION).create("union", name, name)
    return client_of("organiser")


def post(client: Client, path: str, **fields: object) -> str:
    answer = client.post(f"/en/console/union/set-up/{path}", fields, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def union() -> ContestOutline:
    return outline(ELECTION).contest("union")


def test_two_questions_and_lists_are_set_up_and_rearranged(organiser: Client) -> None:
    rules = {"seats": 1, "minimum": 1, "maximum": 1}
    post(
        organiser,
        "new-contest/",
        word="union",
        region="all",
        kind="choice",
        **words("name"),
        **rules,
    )
    contest = "contests/union/"
    lists = {**rules, "kind": "lists", "seats": 2, "maximum": 3, "blank": "on"}
    post(organiser, f"{contest}new-question/", **words("text"), **lists)
    chair, council = union().questions
    assert (chair.kind, council.kind) == (QuestionKind.CHOICE, QuestionKind.LISTS)
    assert (council.minimum, council.maximum, council.blank) == (1, 1, False)
    person = {"name": "Aigul", **words("occupation"), **words("programme")}
    post(organiser, f"{contest}questions/{chair.id}/new-candidate/", **person)
    for name in ("North", "South"):
        post(organiser, f"{contest}questions/{council.id}/new-list/", name=name)
    north, south = union().questions[1].lists
    for group in (north, south):
        into = f"{contest}questions/{council.id}/lists/{group.id}/new-candidate/"
        post(organiser, into, **person | {"name": f"Of {group.name}"})
    page = post(organiser, f"{contest}lists/{south.id}/up/")
    assert page.index("South") < page.index("North")
    asked = union()
    assert len(asked.words) == 5
    assert [len(group.candidates) for group in asked.questions[1].lists] == [1, 1]
    refused = post(organiser, f"{contest}questions/{council.id}/new-candidate/", **person)
    assert "There is no such list of candidates." in refused
    kept = post(
        organiser, f"{contest}questions/{council.id}/", **words("text"), **rules, kind="choice"
    )
    assert "Candidates stand in this question already." in kept
    [moved] = union().questions[1].lists[0].candidates
    page = post(organiser, f"{contest}candidates/{moved.id}/", **person | {"name": "Renamed"})
    assert "Renamed" in page
    post(organiser, f"{contest}lists/{north.id}/remove/")
    post(organiser, f"{contest}questions/{chair.id}/remove/")
    assert [len(question.lists) for question in union().questions] == [1]


@pytest.mark.parametrize("word", ["Union", "a b", "a/b", "-a", "одақ", "a_b", "' OR 1=1", "a" * 41])
def test_a_name_that_no_address_holds_is_refused_and_shuts_nobody_out(
    organiser: Client, word: str
) -> None:
    text = words("name") | words("organiser")
    form = {"slug": word, "help_phone": "", **text}
    assert organiser.post("/en/console/begin/", form).status_code == 422
    contest = {"word": word, "region": "all", "kind": "choice", "seats": 1, "minimum": 1}
    there = "/en/console/union/set-up/new-contest/"
    assert organiser.post(there, contest | {"maximum": 1} | text).status_code == 422
    assert organiser.get("/en/console/").status_code == 200
    assert not outline(ELECTION).contests
