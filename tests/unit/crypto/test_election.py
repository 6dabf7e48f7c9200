"""An election has one text, in whatever alphabet, and its fingerprint binds every ballot."""

import base64
import dataclasses
import hashlib
import json

import pytest

from dauys.core.errors import MalformedError
from dauys.crypto.belenios_json import print_weight, quote, weight
from dauys.crypto.ed25519 import G
from dauys.crypto.election import new_uuid, parse_election, parse_uuid
from dauys.crypto.question import MAX_BRANCHES, Question
from tests.vectors.mutations import IDENTITY, print_tree
from tests.vectors.samples import BLANK, SAMPLES, SEVERAL, Sample
from tests.vectors.seeded import SeededRandom

TEXT = SEVERAL.election.to_json()


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_election_prints_back(sample: Sample) -> None:
    text = sample.election.to_json()
    assert parse_election(text) == sample.election
    digest = hashlib.sha256(text.encode()).digest()
    assert sample.election.fingerprint + "=" == base64.b64encode(digest).decode()


def test_optional_fields_stand_at_the_end() -> None:
    election = dataclasses.replace(SEVERAL.election, administrator="Ә", credential_authority='"К"')
    text = election.to_json()
    assert text.endswith(',"administrator":"Ә","credential_authority":"\\"К\\""}')
    assert parse_election(text) == election


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("version", 2),
        ("version", True),
        ("version", "1"),
        ("group", "BELENIOS-2048"),
        ("public_key", IDENTITY),
        ("public_key", (2 * G).hex().upper()),
        ("questions", {}),
        ("uuid", "short"),
        ("uuid", "0" * 14),
        ("uuid", "1" * 14 + "\n"),
        ("name", None),
        ("description", 5),
        ("description", "\ud800"),
        ("administrator", None),
        ("extra", 1),
    ],
)
def test_other_values_are_refused(field: str, value: object) -> None:
    fields = json.loads(TEXT)
    fields[field] = value
    text = json.dumps(fields, separators=(",", ":"), ensure_ascii=value == "\ud800")
    with pytest.raises(MalformedError):
        parse_election(text)


@pytest.mark.parametrize("kind", ["NonHomomorphic", "homomorphic", "lists", ""])
def test_kinds_of_question_that_are_not_summed_are_refused_by_name(kind: str) -> None:
    question = {"type": kind, "value": {"answers": ["a"], "question": "q"}}
    text = print_tree(json.loads(TEXT) | {"questions": [question]})
    with pytest.raises(MalformedError, match=f"of type {kind} are not supported"):
        parse_election(text)


PLAIN = {"answers": ["a"], "min": 0, "max": 1, "question": "q"}


@pytest.mark.parametrize(
    "question",
    [
        {**PLAIN, "answers": []},
        {**PLAIN, "max": 7},
        {"answers": ["a"], "blank": False, "min": 0, "max": 1, "question": "q"},
        {**PLAIN, "min": -1},
        {**PLAIN, "min": 2},
        {**PLAIN, "min": 4_000_000_000, "max": 4_000_000_000},
        {"type": "Homomorphic", "value": PLAIN, "extra": None},
        {
            "type": "Lists",
            "value": {"answers": [["a", "b"]], "question": "q"},
            "extra": {"b": [1, -2.5, "ә"], "a": True},
        },
        {"type": "Lists", "value": {"answers": [], "question": "q"}},
        {"type": "Lists", "value": {"answers": [[]], "question": "q"}},
        {"type": "Lists", "value": {"answers": [["a"], ["b"]], "question": "q"}},
        {"type": "Lists", "value": {"answers": [["a", "b"], []], "question": "q"}},
    ],
)
def test_forms_that_only_belenios_makes_are_printed_back(question: object) -> None:
    text = print_tree(json.loads(TEXT) | {"questions": [question]})
    assert parse_election(text).to_json() == text


def test_an_election_without_questions_is_printed_back() -> None:
    text = print_tree(json.loads(TEXT) | {"questions": []})
    assert parse_election(text).to_json() == text


@pytest.mark.parametrize(
    "extra", ["1.50", "1E5", "12345678901234568.0", "-0.0", '{"a":1,"a":{"b":[],"b":2}}', "NaN"]
)
def test_what_nothing_reads_stands_as_it_was_written(extra: str) -> None:
    question = {"type": "Homomorphic", "value": PLAIN, "extra": "here"}
    text = print_tree(json.loads(TEXT) | {"questions": [question]}).replace('"here"', extra)
    assert parse_election(text).to_json() == text
    for other in (" " + extra, extra + "\n"):
        with pytest.raises(MalformedError, match="not canonical"):
            parse_election(text.replace(extra, other))


def test_a_type_without_more_to_say_is_not_canonical() -> None:
    question = {"type": "Homomorphic", "value": PLAIN}
    text = print_tree(json.loads(TEXT) | {"questions": [question]})
    with pytest.raises(MalformedError, match="not canonical"):
        parse_election(text)


@pytest.mark.parametrize(
    "value",
    [
        {"answers": ["a", "b"], "question": "q"},
        {"answers": [["a", 1]], "question": "q"},
        {"answers": [["a", "b"]]},
        {"answers": [["a", "b"]], "question": "q", "min": 1},
    ],
)
def test_lists_of_another_form_are_refused(value: dict[str, object]) -> None:
    text = print_tree(json.loads(TEXT) | {"questions": [{"type": "Lists", "value": value}]})
    with pytest.raises(MalformedError):
        parse_election(text)


@pytest.mark.parametrize(
    "change",
    [
        {"max": 50_000},
        {"min": -(2**62) - 1},
        {"min": 2**62, "max": 2**62},
        {"min": "0"},
        {"max": 1.0},
        {"min": True},
        {"answers": ["a", 5]},
        {"answers": "ab"},
        {"blank": 1},
        {"question": None},
    ],
    ids=str,
)
def test_senseless_questions_are_refused(change: dict[str, object]) -> None:
    good = {"answers": ["a", "b"], "blank": True, "min": 0, "max": 1, "question": "q"}
    parse_election(print_tree(json.loads(TEXT) | {"questions": [good]}))
    with pytest.raises(MalformedError):
        parse_election(print_tree(json.loads(TEXT) | {"questions": [good | change]}))


@pytest.mark.parametrize(
    "text",
    [
        TEXT + "\n",
        TEXT.replace('"max":1', '"max":1.0'),
        TEXT.replace('"max":1', '"max":1e0'),
        TEXT.replace('"max":1', '"max":NaN'),
        TEXT.replace("First?", "First\\u003f"),
        TEXT.replace("Екінші", "\\u0415кінші"),
        TEXT.replace('{"version":1,', '{"version":1,"version":1,'),
        print_tree(dict(reversed(json.loads(TEXT).items()))),
    ],
)
def test_other_texts_of_the_same_election_are_refused(text: str) -> None:
    assert text != TEXT
    with pytest.raises(MalformedError):
        parse_election(text)


def test_question_with_too_many_branches_cannot_be_made() -> None:
    assert Question(("a",), 0, MAX_BRANCHES - 1, "q").branches == MAX_BRANCHES
    with pytest.raises(MalformedError, match="numbers"):
        Question(("a",), 0, MAX_BRANCHES, "q")
    assert Question(("a",), 2, 0, "q").branches == 0


def test_new_identifiers_are_fresh_base58() -> None:
    random = SeededRandom("uuid")
    drawn = {new_uuid(random) for _ in range(100)}
    assert len(drawn) == 100
    assert all(parse_uuid(uuid) == uuid and len(uuid) == 22 for uuid in drawn)


def test_control_letters_are_escaped_and_all_others_stand() -> None:
    assert quote('a"\\/\b\f\n\r\t\x00\x1f\x7f') == '"a\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\\u007f"'
    assert quote("Әә\u2028😀<&>'") == '"Әә\u2028😀<&>\'"'


@pytest.mark.parametrize(
    "value", [-1, True, 2**30, "1.5", "01", "-1", "", None, 1.0, "٤", "9" * 31]
)
def test_other_forms_of_a_weight_are_refused(value: object) -> None:
    with pytest.raises(MalformedError):
        weight(value, "weight")


def test_weights_are_numbers_then_strings() -> None:
    assert print_weight(2**30 - 1) == "1073741823"
    assert print_weight(2**30) == '"1073741824"'
    assert weight("1073741824", "weight") == 2**30


def test_blank_counts_as_a_choice() -> None:
    assert BLANK.election.questions[0].width == 4
