"""Opened ballots: what the booth writes, and two checkers that were written apart from it."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from dauys.core.errors import MalformedError, VerificationError
from dauys.crypto.ed25519 import Q
from dauys.crypto.election import base64_hash
from dauys.verify.opened import check_opened, read_opened
from tests.browser.booth.harness.tab import Booth
from tests.vectors.samples import BLANK, LIST_SAMPLES, MIXED, ONE_OF_TEN, SAMPLES, Sample
from tests.vectors.seeded import SeededRandom

ALL = [*SAMPLES, *LIST_SAMPLES]
Json = dict[str, Any]


def by_name(sample: Sample) -> str:
    return sample.name


def opened(booth: Booth, sample: Sample, voter: int) -> Json:
    made = booth(
        "openedWith",
        election=sample.election.to_json(),
        secret=str(sample.key(voter).secret),
        choices=sample.choices[voter],
        stream=SeededRandom(f"{sample.name} ballot {voter}")(64 * 200).hex(),
    )
    result: Json = made["result"]
    return result


def both(booth: Booth, text: str, *samples: Sample) -> tuple[str, list[list[str]]]:
    """The check that fails, for Python and the page alike, and what the ballot says."""
    elections = [sample.election for sample in samples]
    page = booth("checkOpened", text=text, elections=[one.to_json() for one in elections])["result"]
    failed = [check["name"] for check in page["checks"] if not check["ok"]]
    said = [[one["list"], *(["blank"] if one["blank"] else one["chosen"])] for one in page["said"]]
    try:
        answers = check_opened(read_opened(text.encode()), elections)
    except (MalformedError, VerificationError) as error:
        alike = {
            "opened ballot": "form",
            "ballot": "form",
            "scalar": "encryption",
            "shape": "encryption",
        }
        verdict = alike.get(error.what, error.what)
    else:
        verdict = ""
        assert said == [[a.on_list, *(["blank"] if a.blank else a.chosen)] for a in answers]
    assert failed == ([verdict] if verdict else [])
    return verdict, said


@pytest.mark.parametrize("sample", ALL, ids=by_name)
def test_opened_ballot_is_the_one_that_would_have_been_cast(booth: Booth, sample: Sample) -> None:
    for voter in range(len(sample.choices)):
        made = opened(booth, sample, voter)
        file = json.loads(made["opened"])
        cast = json.loads(sample.ballot_text(voter))
        signature = cast.pop("signature")
        assert file["ballot"] == json.dumps(cast, separators=(",", ":"))
        assert made["code"] == signature["hash"] == base64_hash(file["ballot"])
        assert made["signing"] == "a ballot is signed or opened, once"
        assert "signature" not in made["opened"]
        assert str(sample.key(voter).secret) not in made["opened"]
        failed, said = both(booth, made["opened"], BLANK, sample)
        assert failed == ""
        assert len(said) == len(sample.election.questions)


def test_opened_ballot_says_in_words_what_was_chosen(booth: Booth) -> None:
    said = [both(booth, opened(booth, MIXED, voter)["opened"], MIXED)[1] for voter in range(3)]
    names = MIXED.election.questions[0].answers
    assert said[0] == [["", "blank"], ["A", "a2"], ["", "Иә"]]
    assert said[1] == [["", names[0], names[1]], ["C", "c1"], ["", "Жоқ"]]
    assert said[2] == [["", names[2]], ["A", "a1", "a2"], ["", "Иә"]]


def _swap_choice(file: Json) -> None:
    file["choices"][0][0], file["choices"][0][9] = file["choices"][0][9], file["choices"][0][0]


def _swap_all(file: Json) -> None:
    _swap_choice(file)
    rs = file["randomness"][0]
    rs[0], rs[9] = rs[9], rs[0]


def _ballot(change: Callable[[Json], None]) -> Callable[[Json], None]:
    def mutate(file: Json) -> None:
        ballot = json.loads(file["ballot"])
        change(ballot)
        file["ballot"] = json.dumps(ballot, separators=(",", ":"))

    return mutate


def _add_q(file: Json) -> None:
    file["randomness"][0][0] = str(int(file["randomness"][0][0]) + Q)


MUTATIONS: dict[str, tuple[str, Callable[[Json], None]]] = {
    "choice-swapped": ("encryption", _swap_choice),
    "choice-and-randomness-swapped": ("encryption", _swap_all),
    "choice-2": ("encryption", lambda f: f["choices"][0].__setitem__(0, 2)),
    "randomness-plus-1": (
        "encryption",
        lambda f: f["randomness"][0].__setitem__(3, str(int(f["randomness"][0][3]) + 1)),
    ),
    "randomness-plus-q": ("encryption", _add_q),
    "randomness-missing": ("encryption", lambda f: f["randomness"][0].pop()),
    "choice-missing": ("encryption", lambda f: f["choices"][0].pop()),
    "question-missing": ("encryption", lambda f: f["choices"].pop()),
    "ciphertext-missing": (
        "encryption",
        _ballot(lambda b: b["answers"][0]["choices"].pop()),
    ),
    "alpha-for-beta": (
        "encryption",
        _ballot(
            lambda b: b["answers"][0]["choices"][0].update(
                alpha=b["answers"][0]["choices"][1]["alpha"]
            )
        ),
    ),
    "another-uuid": ("election", _ballot(lambda b: b.update(election_uuid="DauysSampLeYesNo"))),
    "another-election": ("election", _ballot(lambda b: b.update(election_hash="A" * 43))),
    "signed": ("form", _ballot(lambda b: b.update(signature={}))),
    "a-field-more": ("form", lambda f: f.update(note="")),
    "version-2": ("form", lambda f: f.update(v=2)),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_opened_ballot_that_does_not_hold_what_it_states_is_refused(
    booth: Booth, name: str
) -> None:
    expected, mutate = MUTATIONS[name]
    file = json.loads(opened(booth, ONE_OF_TEN, 0)["opened"])
    mutate(file)
    text = json.dumps(file, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
    assert both(booth, text, ONE_OF_TEN) == (expected, [])


def test_opened_ballot_has_one_form(booth: Booth) -> None:
    text = opened(booth, ONE_OF_TEN, 0)["opened"]
    assert both(booth, text + "\n", ONE_OF_TEN)[0] == ""  # a text that was copied and pasted
    for spoiled in (text.replace(":", ": ", 1), "[]", "", "{", text.replace('"v":1', '"v":1.0')):
        assert both(booth, spoiled, ONE_OF_TEN) == ("form", [])


def test_ballot_is_used_once_and_the_last_one_prepared(booth: Booth) -> None:
    order: Json = {"election": BLANK.election.to_json(), "secret": str(BLANK.key(1).secret)}

    def use(*uses: str) -> Json:
        result: Json = booth("useBallot", **order, choices=BLANK.choices, uses=uses)["result"]
        return result

    made = use("open", "sign", "open")
    assert base64_hash(json.loads(made["results"][0])["ballot"]) == made["codes"][-1]
    assert [one["refused"] for one in made["results"][1:]] == [
        "this ballot was signed or opened, or left"
    ] * 2
    made = use("sign", "open")
    assert json.loads(made["results"][0]["ballot"])["signature"]["hash"] == made["codes"][-1]
    assert made["results"][1] == {"refused": "this ballot was signed or opened, or left"}
    assert len(set(made["codes"])) == len(BLANK.choices)
