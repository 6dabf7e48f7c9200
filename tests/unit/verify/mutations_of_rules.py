"""Mutations of the order of entries, of times, and of what was sealed."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from dauys.core.entries import (
    Booth,
    Candidates,
    ClockTick,
    Close,
    Final,
    Manifest,
    Notice,
    Open,
    Tally,
    Trustees,
)
from dauys.core.ids import MethodId
from dauys.core.remedies import Dismiss
from tests.unit.verify.forgery import (
    Entries,
    Mutations,
    altered,
    ballot,
    decided,
    entries,
    inserted,
    place,
    voted,
    without,
)
from tests.unit.verify.story import ALMATY, ASTANA, EDS, METHODS, A, day, story


def manifest(**changes: object) -> Entries:
    return altered(0, Manifest, lambda entry: replace(entry, **changes))


def election_changed(old: str, new: str) -> Entries:
    def change(entry: Trustees) -> Trustees:
        first, *others = entry.elections
        assert old in first.election
        first = replace(first, election=first.election.replace(old, new, 1))
        return replace(entry, elections=(first, *others))

    return altered(3, Trustees, change)[:5]


def elections_changed(change: Callable[[Any], Any]) -> Entries:
    return altered(3, Trustees, lambda e: replace(e, elections=change(e.elections)))[:5]


def contest_of_manifest(**changes: object) -> Entries:
    def change(entry: Manifest) -> Manifest:
        first, *others = entry.contests
        return replace(entry, contests=(replace(first, **changes), *others))

    return altered(0, Manifest, change)[:5]


def question_of_manifest(**changes: object) -> Entries:
    """The first question of the first contest, changed."""
    rules = story().entries[0]
    assert isinstance(rules, Manifest)
    (question, *others) = rules.contests[0].questions
    return contest_of_manifest(questions=(replace(question, **changes), *others))


def trustees_changed(change: Callable[[str], str]) -> Entries:
    return altered(3, Trustees, lambda e: replace(e, trustees=change(e.trustees)))[:5]


def decision_after_tally() -> Entries:
    return inserted("result almaty", *decided(9, "13:30", Dismiss()))


MUTATIONS: Mutations = {
    # order
    "manifest twice": (lambda: inserted("v1", story().entries[0]), "entry-order"),
    "no manifest": (lambda: without(0), "entry-order"),
    "candidates of one contest dropped": (lambda: without(2)[:5], "election-parameters"),
    "candidates twice": (lambda: [*entries()[:2], *entries()[1:5]], "entry-order"),
    "candidates after the trustees": (
        lambda: [*entries()[:2], entries()[3], entries()[2], entries()[4]],
        "entry-order",
    ),
    "candidates with the same id": (
        lambda: altered(
            1,
            Candidates,
            lambda e: replace(e, candidates=(e.candidates[0], e.candidates[0], e.candidates[2])),
        ),
        "entry-order",
    ),
    "trustees twice": (lambda: [*entries()[:4], *entries()[3:5]], "entry-order"),
    "voter's page not named": (lambda: without(4), "entry-order"),
    "voter's page not sorted": (
        lambda: altered(4, Booth, lambda e: replace(e, files=e.files[::-1])),
        "booth-files",
    ),
    "opened too early": (
        lambda: altered("open", Open, lambda e: replace(e, at=day("03:59"))),
        "entry-order",
    ),
    "opened while open": (lambda: inserted("v1", Open(at=day("04:00"))), "entry-order"),
    "ballot before opening": (lambda: inserted("open", ballot("v1"))[:7], "entry-order"),
    "closed too early": (
        lambda: [*story().until("late clock"), Close(at=day("12:59"), permits=20)],
        "entry-order",
    ),
    "closed with fewer permits than were used": (
        lambda: altered("close", Close, lambda e: replace(e, permits=14)),
        "entry-order",
    ),
    "ballot after closing": (
        lambda: inserted("tally almaty", voted("late", ALMATY, EDS, A)),
        "entry-order",
    ),
    "decision after the tally": (decision_after_tally, "entry-order"),
    "tally twice": (
        lambda: inserted("result almaty", entries()[place("tally almaty")]),
        "entry-order",
    ),
    "tally while voting is open": (
        lambda: [*story().until("close"), entries()[place("tally almaty")]],
        "entry-order",
    ),
    "decryption twice": (
        lambda: inserted("result almaty", entries()[place("tally almaty") + 1]),
        "entry-order",
    ),
    "decryption after the result": (
        lambda: inserted("tally astana", entries()[place("tally almaty") + 1]),
        "entry-order",
    ),
    "result twice": (lambda: inserted("final", entries()[place("result almaty")]), "entry-order"),
    "result without its tally": (lambda: without(place("tally almaty")), "result-counts"),
    "decryption before its tally": (
        lambda: inserted("tally almaty", entries()[place("tally almaty") + 1]),
        "entry-order",
    ),
    "tally of no contest": (
        lambda: altered("tally almaty", Tally, lambda e: replace(e, contest="nowhere")),
        "entry-order",
    ),
    "candidates of no contest": (
        lambda: altered(1, Candidates, lambda e: replace(e, contest="nowhere"))[:5],
        "entry-order",
    ),
    "final before the results": (
        lambda: inserted("result astana", Final(at=day("14:00"))),
        "entry-order",
    ),
    "something after final": (lambda: [*entries(), ClockTick(at=day("15:00"))], "entry-order"),
    "a notice that ends before it begins": (
        lambda: altered("notice", Notice, lambda e: replace(e, until=e.at)),
        "entry-order",
    ),
    "a notice after the tally": (
        lambda: inserted("result almaty", entries()[place("notice")]),
        "entry-order",
    ),
    "a notice until a day that there is not": (
        lambda: altered("notice", Notice, lambda e: replace(e, until="2026-02-30T00:00:00Z")),
        "entry-times",
    ),
    # times
    "clock going backwards": (
        lambda: altered("clock", ClockTick, lambda e: replace(e, at=day("03:00"))),
        "entry-times",
    ),
    "a time that there is not": (
        lambda: altered("restricted", ClockTick, lambda e: replace(e, at=day("06:60"))),
        "entry-times",
    ),
    # manifest and elections
    "quorum greater than the commission": (lambda: manifest(quorum=4)[:5], "manifest-rules"),
    "register does not add up": (lambda: manifest(registered=14)[:5], "manifest-rules"),
    "closes before it opens": (lambda: manifest(closes=day("04:00"))[:5], "manifest-rules"),
    "one key for two members": (
        lambda: altered(
            0,
            Manifest,
            lambda e: replace(
                e, commission=(*e.commission[:2], replace(e.commission[2], key=e.commission[0].key))
            ),
        )[:5],
        "manifest-rules",
    ),
    "a method called total": (
        lambda: manifest(methods=(MethodId("total"), *METHODS))[:5],
        "manifest-rules",
    ),
    "more choices required than allowed": (
        lambda: question_of_manifest(minimum=2),
        "manifest-rules",
    ),
    "category named twice": (
        lambda: contest_of_manifest(
            registered=(story().board.contest(ALMATY, 1, 1, 5).registered[0],) * 2
        ),
        "manifest-rules",
    ),
    "signed method that is no method": (
        lambda: manifest(signed=(MethodId("seal"),))[:5],
        "manifest-rules",
    ),
    "origin that names no log": (lambda: manifest(log_origin="a log")[:5], "manifest-rules"),
    "member named twice": (
        lambda: altered(
            0, Manifest, lambda e: replace(e, commission=(*e.commission[:2], e.commission[0]))
        )[:5],
        "manifest-rules",
    ),
    "election of no contest": (
        lambda: elections_changed(lambda e: (replace(e[0], contest="nowhere"), *e[1:])),
        "election-parameters",
    ),
    "election of one contest left out": (
        lambda: elections_changed(lambda e: e[1:]),
        "election-parameters",
    ),
    "election of one contest twice": (
        lambda: elections_changed(lambda e: (*e, e[0])),
        "election-parameters",
    ),
    "registrar's key is none": (lambda: manifest(registrar="00" * 32)[:5], "manifest-rules"),
    "more voters than the register": (
        lambda: altered(
            0,
            Manifest,
            lambda e: replace(
                e, contests=(story().board.contest(ALMATY, 1, 1, 7), e.contests[1]), registered=12
            ),
        ),
        "voters-within-register",
    ),
    "answers in another order": (
        lambda: election_changed('"aigul","bolat"', '"bolat","aigul"'),
        "election-parameters",
    ),
    "another question asked": (
        lambda: election_changed('"question":"-', '"question":"Against whom? -'),
        "election-parameters",
    ),
    "another election's name": (
        lambda: election_changed('"name":"-', '"name":"Rehearsal -'),
        "election-parameters",
    ),
    "another organiser named": (
        lambda: election_changed('"description":"-', '"description":"Nobody -'),
        "election-parameters",
    ),
    "more choices allowed": (lambda: election_changed('"max":1', '"max":2'), "election-parameters"),
    "fewer choices allowed": (
        lambda: election_changed('"min":1', '"min":0'),
        "election-parameters",
    ),
    "election under one trustee's key": (
        lambda: election_changed(
            story().board.elections[ALMATY].public_key.text(),
            story().board.keys.trustees[0].public.public_key.text(),
        ),
        "election-parameters",
    ),
    "election that is no JSON": (lambda: election_changed("{", "["), "election-parameters"),
    "two contests with one uuid": (
        lambda: election_changed(
            story().board.elections[ALMATY].uuid, story().board.elections[ASTANA].uuid
        ),
        "election-parameters",
    ),
    "trustee who knows no secret": (
        lambda: trustees_changed(
            lambda text: text.replace(
                str(story().board.keys.trustees[0].public.pok.response), "12345", 1
            )
        ),
        "trustee-proofs",
    ),
    "trustees that are no JSON": (lambda: trustees_changed(lambda _: "[]"), "trustee-proofs"),
}
