"""Sealing: what goes on the board, and what an organiser is told to mend."""

import random
from dataclasses import fields, replace
from datetime import datetime, timedelta

import pytest

from dauys.board.journal import Journal
from dauys.board.sealing import (
    ContestDraft,
    DraftError,
    ElectionDraft,
    Problem,
    QuestionDraft,
    longest_entry,
    seal,
)
from dauys.core.contests import Candidate, CategoryCount, QuestionKind
from dauys.core.entries import (
    MAX_ENTRY_BYTES,
    BallotEntry,
    Booth,
    BoothFile,
    Candidates,
    Manifest,
    Member,
    RevotePolicy,
    Trustees,
    encode_entry,
)
from dauys.core.forms import Text
from dauys.core.ids import CandidateId, ContestId, ElectionId, MethodId, QuestionId
from dauys.core.state import Phase
from dauys.crypto.ballot import CredentialKey, make_ballot
from dauys.crypto.election import new_uuid, parse_election
from dauys.crypto.proofs import Proof
from dauys.crypto.question import Question
from dauys.crypto.signing import verify_signature
from dauys.crypto.threshold import parse_any_trustees
from dauys.crypto.trustees import TrusteeKey
from tests.unit.board.elections import (
    CLOSES,
    EDS,
    HASH,
    LOG,
    MEMBERS,
    OPENS,
    ORIGIN,
    REGISTRAR,
    SMS,
    permit,
    text,
)
from tests.unit.board.memory import MemoryEntryStore
from tests.unit.crypto.ceremonies import play

RANDOM = random.Random(7).randbytes
TRUSTEES = tuple(TrusteeKey.generate(RANDOM, name).public for name in ("one", "two"))
GROUP = play(2, 3).group


def candidates(number: int) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(
            id=CandidateId(f"c{n}"), name=f"Үміткер {n}", occupation=text("-"), programme=text("-")
        )
        for n in range(number)
    )


def question(number: int = 3, **changes: object) -> QuestionDraft:
    return replace(
        QuestionDraft(
            id=QuestionId("council"),
            text=Text(kk="Кім?", ru="Кто?", en="Who?"),
            kind=QuestionKind.CHOICE,
            seats=1,
            minimum=0,
            maximum=2,
            blank=True,
            candidates=candidates(number),
        ),
        **changes,  # type: ignore[arg-type]  # fields of the draft
    )


def contest(name: str = "north", number: int = 3, **changes: object) -> ContestDraft:
    """A contest of one question; `changes` are of either."""
    asked = ({one.name for one in fields(QuestionDraft)} - {"id"}) & changes.keys()
    of_question = {key: changes.pop(key) for key in asked}
    return replace(
        ContestDraft(
            id=ContestId(name),
            name=Text(kk="Солтүстік", ru="Север", en="North"),
            questions=(question(number, **of_question),),
            registered=(
                CategoryCount(category="company", voters=300, weight=300),
                CategoryCount(category="entrepreneur", voters=200, weight=200),
            ),
            uuid=new_uuid(RANDOM),
        ),
        **changes,  # type: ignore[arg-type]  # fields of the draft
    )


def draft(**changes: object) -> ElectionDraft:
    return replace(
        ElectionDraft(
            election=ElectionId("2" * 22),
            name=Text(kk="Кеңес", ru="Совет", en="Council"),
            organiser=text("Chamber"),
            contests=(contest("north"), contest("south", 2)),
            methods=(SMS, EDS),
            policy=RevotePolicy.STRONGER,
            stratum_minimum=20,
            quorum=2,
            commission=tuple(
                Member(id=name, name=text(name), key=key.public_hex)
                for name, key in MEMBERS.items()
            ),
            registrar=REGISTRAR.public_hex,
            log_origin=ORIGIN,
            log_key=LOG.public_hex,
            opens=OPENS,
            closes=CLOSES,
            zone="Asia/Almaty",
            clock_step=60,
            register=HASH,
            monitor=HASH,
            warnings=(),
            trustees=TRUSTEES,
            booth=(BoothFile(path="b.js", sha256=HASH), BoothFile(path="a.js", sha256=HASH)),
        ),
        **changes,  # type: ignore[arg-type]  # fields of the draft
    )


def problems(of: ElectionDraft) -> set[tuple[str, str]]:
    with pytest.raises(DraftError) as refusal:
        seal(of)
    return {(problem.field, problem.code) for problem in refusal.value.problems}


def test_a_sealed_draft_stands_on_the_board_ready_to_open() -> None:
    journal = Journal(MemoryEntryStore(), LOG, verify_signature)
    with journal.writing() as writer:
        for entry in seal(draft()):
            writer.append(entry)
    state = journal.state()
    assert state.phase is Phase.SEALED
    assert set(state.elections) == {"north", "south"}
    assert state.manifest.registered == 1000


def test_the_entries_say_what_the_draft_says() -> None:
    made = draft()
    manifest, north, south, trustees, booth = seal(made)
    assert isinstance(manifest, Manifest)
    assert isinstance(north, Candidates)
    assert isinstance(south, Candidates)
    assert isinstance(trustees, Trustees)
    assert isinstance(booth, Booth)
    assert north.candidates == made.contests[0].questions[0].candidates
    assert [file.path for file in booth.files] == ["a.js", "b.js"]
    assert parse_any_trustees(trustees.trustees) == TRUSTEES
    election = parse_election(trustees.elections[0].election)
    assert election.name == "Кеңес / Совет / Council"
    assert election.uuid == made.contests[0].uuid
    assert election.public_key == TRUSTEES[0].public_key + TRUSTEES[1].public_key
    names = ("Үміткер 0", "Үміткер 1", "Үміткер 2")
    assert election.questions == (Question(names, 0, 2, "Кім? / Кто? / Who?", blank=True),)


def test_the_same_draft_gives_the_same_entries() -> None:
    made = draft()
    assert seal(made) == seal(made)


ALMATY = datetime(2020, 8, 5, 9)  # noqa: DTZ001 -- the mistake in question


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"name": Text(kk="", ru="-", en="-")}, "name.kk", "missing_text"),
        ({"warnings": (Text(kk="-", ru=" ", en="-"),)}, "warnings[0].ru", "missing_text"),
        ({"methods": ()}, "methods", "missing"),
        ({"methods": (SMS, SMS)}, "methods[1]", "twice"),
        ({"methods": (MethodId("S M S"),)}, "manifest", "malformed"),
        ({"quorum": 0}, "quorum", "too_small"),
        ({"quorum": 4}, "quorum", "too_large"),
        ({"commission": ()}, "commission", "missing"),
        ({"stratum_minimum": 0}, "stratum_minimum", "too_small"),
        ({"clock_step": 0}, "clock_step", "too_small"),
        ({"closes": OPENS}, "closes", "out_of_order"),
        ({"opens": ALMATY}, "opens", "no_zone"),
        ({"zone": "Asia/Atlantis"}, "zone", "unknown_zone"),
        ({"zone": "../etc/passwd"}, "zone", "unknown_zone"),
        ({"log_origin": "two words"}, "log_origin", "bad_origin"),
        ({"registrar": "00" * 32}, "registrar", "bad_key"),
        ({"log_key": REGISTRAR.public_hex}, "log_key", "twice"),
        ({"register": "unknown"}, "manifest", "malformed"),
        ({"trustees": ()}, "trustees", "missing"),
        ({"trustees": TRUSTEES[:1] * 2}, "trustees[1]", "twice"),
        ({"trustees": (replace(TRUSTEES[0], pok=TRUSTEES[1].pok),)}, "trustees[0]", "bad_proof"),
        ({"trustees": (replace(TRUSTEES[0], signature=Proof(1, 1)),)}, "trustees[0]", "bad_key"),
        ({"trustees": (GROUP.members[1].key, GROUP)}, "trustees[2]", "twice"),
        ({"trustees": (replace(GROUP, members=GROUP.members[:2]),)}, "trustees[0]", "bad_key"),
        (
            {"trustees": (replace(GROUP, members=GROUP.members[1:] + GROUP.members[:1]),)},
            "trustees[0]",
            "bad_key",
        ),
        ({"trustees": (), "unfinished": ("A, B, C",)}, "trustees", "unfinished"),
        ({"unfinished": ("A, B, C",)}, "trustees", "unfinished"),
        ({"booth": ()}, "booth", "missing"),
        ({"contests": ()}, "contests", "missing"),
        ({"contests": (contest(), contest())}, "contests[1]", "twice"),
        ({"contests": (contest(candidates=()),)}, "contests[0].questions[0].candidates", "missing"),
        ({"contests": (contest(seats=4),)}, "contests[0].questions[0].seats", "too_large"),
        ({"contests": (contest(maximum=4),)}, "contests[0].questions[0].maximum", "too_large"),
        (
            {"contests": (contest(minimum=2, maximum=1),)},
            "contests[0].questions[0].maximum",
            "too_small",
        ),
        ({"contests": (contest(minimum=-1),)}, "contests[0].questions[0].minimum", "too_small"),
        ({"contests": (contest(uuid="short"),)}, "contests[0].uuid", "bad_uuid"),
        ({"contests": (contest(registered=()),)}, "contests[0].registered", "missing"),
        ({"contests": (contest("Bad Name"),)}, "manifest", "malformed"),
    ],
)
def test_what_must_be_mended(changes: dict[str, object], field: str, code: str) -> None:
    assert (field, code) in problems(draft(**changes))


def test_two_candidates_with_one_name_cannot_be_told_apart() -> None:
    first, second, third = candidates(3)
    twin = Candidate(
        id=second.id, name=first.name, occupation=second.occupation, programme=second.programme
    )
    found = problems(draft(contests=(contest(candidates=(first, twin, third)),)))
    assert found == {("contests[0].questions[0].candidates[1].name", "twice")}


def test_all_problems_are_named_at_once() -> None:
    broken = draft(quorum=9, zone="Nowhere", closes=OPENS - timedelta(days=1), booth=())
    assert {field for field, _ in problems(broken)} == {"quorum", "zone", "closes", "booth"}


def test_the_error_says_where_and_what() -> None:
    error = DraftError((Problem("quorum", "too_large", "3"), Problem("booth", "missing")))
    assert str(error) == "quorum: too_large 3; booth: missing"


def test_a_trustee_and_a_group_are_sealed_together() -> None:
    made = draft(trustees=(TRUSTEES[0], GROUP))
    trustees = next(entry for entry in seal(made) if isinstance(entry, Trustees))
    assert parse_any_trustees(trustees.trustees) == (TRUSTEES[0], GROUP)
    election = parse_election(trustees.elections[0].election)
    assert election.public_key == TRUSTEES[0].public_key + GROUP.public_key


def test_two_trustees_whose_keys_cancel_out_are_refused() -> None:
    key = TrusteeKey.generate(RANDOM).public
    opposite = replace(key, public_key=key.public_key - key.public_key - key.public_key)
    assert ("trustees", "bad_key") in problems(draft(trustees=(key, opposite)))


def test_a_programme_that_does_not_fit_an_entry() -> None:
    first, *others = candidates(3)
    wordy = Candidate(
        id=first.id, name=first.name, occupation=text("-"), programme=text("я" * 20_000)
    )
    found = problems(draft(contests=(contest(candidates=(wordy, *others)),)))
    assert found == {("contests[0].questions[0].candidates", "entry_too_long")}


def test_more_candidates_than_a_ballot_holds() -> None:
    assert problems(draft(contests=(contest(number=130),))) == {
        ("contests[0].candidates", "ballot_too_long")
    }


@pytest.mark.parametrize(
    ("number", "maximum", "blank"), [(1, 1, False), (3, 2, True), (12, 7, True)]
)
def test_no_real_ballot_is_longer_than_was_reckoned(number: int, maximum: int, blank: bool) -> None:
    made = contest(number=number, maximum=maximum, blank=blank)
    manifest, _, trustees, _ = seal(draft(contests=(made,)))
    assert isinstance(manifest, Manifest)
    assert isinstance(trustees, Trustees)
    election = parse_election(trustees.elections[0].election)
    reckoned = longest_entry(manifest, manifest.contests[0], election)
    key = CredentialKey.generate(RANDOM)
    ballot = make_ballot(election, key, [[0] * (number + blank)], RANDOM)
    entry = BallotEntry(permit=permit(2**53 - 1, credential=key.public), ballot=ballot)
    length = len(encode_entry(entry))
    # Numbers of a real ballot are 76 digits on average instead of 77; there is no evidence.
    numbers = ballot.count('"challenge"') * 2
    assert length <= reckoned <= length + 3 * numbers + 150
    assert reckoned < MAX_ENTRY_BYTES
