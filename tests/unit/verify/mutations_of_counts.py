"""Mutations of sums, decryptions and results."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from dauys.core.entries import (
    CandidateVotes,
    Decryption,
    ListVotes,
    Result,
    StratumResult,
    Tally,
    ZeroedVotes,
)
from dauys.core.ids import CandidateId, ContestId, ListId, QuestionId
from tests.unit.verify.forgery import (
    Entries,
    Mutations,
    altered,
    entries,
    inserted,
    place,
    voted,
    without,
)
from tests.unit.verify.story import ALMATY, CANDIDATES, EDS, SMS, B, story


def tally_of(contest: str, change: Callable[[Any], Any], stratum: int = 0) -> Entries:
    def changed(entry: Tally) -> Tally:
        strata = list(entry.strata)
        strata[stratum] = change(strata[stratum])
        return replace(entry, strata=tuple(strata))

    return altered(f"tally {contest}", Tally, changed)


def sum_with(ballots: tuple[str, ...]) -> str:
    return story().board.sum(ALMATY, [place(name) for name in ballots]).to_json()


def result_of(contest: str, **changes: object) -> Entries:
    return altered(f"result {contest}", Result, lambda entry: replace(entry, **changes))


def question_of(contest: str, **changes: object) -> Entries:
    """The contest's one question with another result."""
    return altered(
        f"result {contest}",
        Result,
        lambda entry: replace(entry, questions=(replace(entry.questions[0], **changes),)),
    )


def counted(contest: ContestId, *votes: int) -> tuple[CandidateVotes, ...]:
    return tuple(
        CandidateVotes(candidate=CandidateId(name), votes=number)
        for name, number in zip(CANDIDATES[contest], votes, strict=True)
    )


def stratum_results(**results: str) -> tuple[StratumResult, ...]:
    return tuple(
        StratumResult(name=name, result=f'{{"result":[[{numbers}]]}}')
        for name, numbers in results.items()
    )


def zeroed(**changes: object) -> Entries:
    return question_of("almaty", zeroed=(replace(_zeroed()[0], **changes),))


def _zeroed() -> tuple[ZeroedVotes, ...]:
    result = story().entries[place("result almaty")]
    assert isinstance(result, Result)
    return result.questions[0].zeroed


def without_decryption() -> Entries:
    return without(place("tally almaty") + 2)


def exchanged_decryptions() -> Entries:
    """The trustee's parts of two strata, each under the other's name."""
    copy = entries()
    first = place("tally almaty") + 2
    sms, eds = copy[first], copy[first + 1]
    assert isinstance(sms, Decryption)
    assert isinstance(eds, Decryption)
    copy[first] = replace(sms, decryption=eds.decryption)
    copy[first + 1] = replace(eds, decryption=sms.decryption)
    return copy


def bound_to_another_sum() -> Entries:
    """One stratum's part with the binding of the next."""
    first = place("tally almaty") + 2
    following = story().entries[first + 1]
    assert isinstance(following, Decryption)
    return altered(first, Decryption, lambda e: replace(e, binding=following.binding))


def other_trustee() -> Entries:
    decryption = story().entries[place("tally almaty") + 1]
    return inserted("result almaty", replace(decryption, trustee=3))


MUTATIONS: Mutations = {
    # tally
    "ballot left out of a sum": (
        lambda: tally_of(
            "almaty", lambda s: replace(s, encrypted_tally=sum_with(("v1",))), stratum=1
        ),
        "tally-sums",
    ),
    "ballot left out of the count": (
        lambda: tally_of("almaty", lambda s: replace(s, ballots=7)),
        "tally-strata",
    ),
    "weight left out of the count": (
        lambda: tally_of("almaty", lambda s: replace(s, weight=7)),
        "tally-strata",
    ),
    "weight invented": (lambda: tally_of("astana", lambda s: replace(s, weight=5)), "tally-strata"),
    "annulled ballot summed": (
        lambda: tally_of(
            "almaty",
            lambda s: replace(s, ballots=3, encrypted_tally=sum_with(("v1", "v2", "v3"))),
            stratum=1,
        ),
        "tally-strata",
    ),
    "sum that is none": (
        lambda: tally_of("almaty", lambda s: replace(s, encrypted_tally="[]")),
        "tally-sums",
    ),
    "sum that cannot be read": (
        lambda: tally_of("almaty", lambda s: replace(s, encrypted_tally="{")),
        "tally-sums",
    ),
    "stratum left out": (
        lambda: altered("tally almaty", Tally, lambda e: replace(e, strata=e.strata[:2])),
        "tally-strata",
    ),
    "strata that were to be joined": (
        lambda: tally_of("astana", lambda s: replace(s, methods=(SMS,))),
        "tally-strata",
    ),
    "last ballot dropped": (lambda: without(place("v8")), "tally-strata"),
    "ballot added": (lambda: inserted("close", voted("new", ALMATY, EDS, B)), "tally-sums"),
    # decryption
    "trustee left out": (without_decryption, "decryption-complete"),
    "decryption of another sum": (exchanged_decryptions, "decryption-proofs"),
    "decryption that cannot be read": (
        lambda: altered(
            place("tally almaty") + 1, Decryption, lambda e: replace(e, decryption="{}")
        ),
        "decryption-proofs",
    ),
    "decryption bound to another sum": (bound_to_another_sum, "decryption-proofs"),
    "decryption bound to nothing": (
        lambda: altered(place("tally almaty") + 1, Decryption, lambda e: replace(e, binding="{}")),
        "decryption-proofs",
    ),
    "decryption by nobody": (other_trustee, "decryption-proofs"),
    "decryption of no stratum": (
        lambda: altered(
            place("tally almaty") + 1, Decryption, lambda e: replace(e, stratum="post")
        ),
        "decryption-proofs",
    ),
    # results
    "result off by one": (
        lambda: result_of(
            "almaty", strata=stratum_results(total="5,2,2", sms="1,1,0", eds="3,1,2")
        ),
        "result-decryption",
    ),
    "stratum's result off by one": (
        lambda: result_of(
            "almaty", strata=stratum_results(total="4,2,2", sms="1,0,0", eds="3,1,2")
        ),
        "result-decryption",
    ),
    "stratum's result left out": (
        lambda: result_of("almaty", strata=stratum_results(total="4,2,2", sms="1,1,0")),
        "result-decryption",
    ),
    "result with a choice too many": (
        lambda: result_of(
            "almaty", strata=stratum_results(total="4,2,2,0", sms="1,1,0", eds="3,1,2")
        ),
        "result-decryption",
    ),
    "result that cannot be read": (
        lambda: result_of(
            "almaty", strata=stratum_results(total="04,2,2", sms="1,1,0", eds="3,1,2")
        ),
        "result-decryption",
    ),
    "result to two questions": (
        lambda: result_of(
            "almaty", strata=stratum_results(total="4,2,2],[1", sms="1,1,0", eds="3,1,2")
        ),
        "result-decryption",
    ),
    "count off by one": (
        lambda: question_of("almaty", counts=counted(ALMATY, 4, 1, 3)),
        "result-counts",
    ),
    "count with the zeroed votes": (
        lambda: question_of("almaty", counts=counted(ALMATY, 4, 2, 2)),
        "result-counts",
    ),
    "counts in another order": (
        lambda: question_of("almaty", counts=counted(ALMATY, 4, 1, 2)[::-1]),
        "result-counts",
    ),
    "votes for a list that there is not": (
        lambda: question_of("almaty", lists=(ListVotes(list=ListId("l1"), votes=1),)),
        "result-counts",
    ),
    "question left out": (lambda: result_of("almaty", questions=()), "result-counts"),
    "result of another question": (
        lambda: question_of("almaty", question=QuestionId("other")),
        "result-counts",
    ),
    "blank votes off by one": (lambda: question_of("astana", blank=0), "result-counts"),
    "blank votes where there are none": (lambda: question_of("almaty", blank=0), "result-counts"),
    "elected who is not": (
        lambda: question_of("almaty", elected=(CandidateId("chingiz"),)),
        "result-elected",
    ),
    "nobody elected": (lambda: question_of("almaty", elected=()), "result-elected"),
    "tie decided by someone": (
        lambda: question_of("astana", elected=(CandidateId("dana"), CandidateId("erlan")), tied=()),
        "result-elected",
    ),
    "zeroed votes wrong": (lambda: zeroed(votes=2), "result-zeroed"),
    "zeroed votes not taken": (lambda: zeroed(votes=None), "result-zeroed"),
    "zeroed by another decision": (lambda: zeroed(decision=5), "result-zeroed"),
    "zeroing left out": (lambda: question_of("almaty", zeroed=()), "result-zeroed"),
    "zeroing invented": (
        lambda: question_of("almaty", zeroed=(*_zeroed(), *_zeroed())),
        "result-zeroed",
    ),
    "zeroing without a decision": (lambda: without(place("zero") + 1), "result-zeroed"),
}
