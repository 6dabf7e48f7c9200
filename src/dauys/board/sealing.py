"""Sealing: from an organiser's draft to the board's first entries.

All that can be wrong with a draft is found before anything is published, since entries
cannot be mended. docs/protocol.md section 4.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from dauys.board.draft import (
    ContestDraft,
    DraftError,
    ElectionDraft,
    Problem,
    QuestionDraft,
)
from dauys.board.draft_rules import problems_of
from dauys.core.canonical import encode
from dauys.core.contests import MAX_WEIGHT, Contest, QuestionKind, QuestionRule
from dauys.core.entries import (
    MAX_ENTRY_BYTES,
    AnyEntry,
    BallotEntry,
    Booth,
    Candidates,
    ContestElection,
    Manifest,
    Trustees,
    decode_entry,
)
from dauys.core.errors import MalformedError
from dauys.core.forms import Text, format_instant
from dauys.core.ids import Credential, Pseudonym, Tracker
from dauys.core.permit import Permit, Statement
from dauys.crypto.ballot import longest_ballot
from dauys.crypto.election import ElectionParameters
from dauys.crypto.group import Element
from dauys.crypto.question import AnyQuestion, ListsQuestion, Question
from dauys.crypto.trustees import election_public_key, trustees_to_json

__all__ = [
    "ContestDraft",
    "DraftError",
    "ElectionDraft",
    "Problem",
    "QuestionDraft",
    "longest_entry",
    "seal",
]

_LARGEST: Final = 2**53 - 1


def seal(draft: ElectionDraft) -> tuple[AnyEntry, ...]:
    """Manifest, candidates of every contest, trustees with their elections, booth.

    The same draft gives the same entries. Raises DraftError naming all problems: those of
    `draft_rules`, or else `malformed` (a value that the board's form does not take),
    `entry_too_long` and `ballot_too_long` (more candidates than one entry's ballot holds).
    """
    problems = problems_of(draft)
    if problems:
        raise DraftError(problems)
    manifest = _manifest(draft)
    key = election_public_key(draft.trustees)
    elections = tuple(_election(draft, contest, key) for contest in draft.contests)
    asked = [
        (i, j, contest, question)
        for i, contest in enumerate(draft.contests)
        for j, question in enumerate(contest.questions)
    ]
    candidates = tuple(
        Candidates(
            contest=contest.id,
            question=question.id,
            candidates=question.candidates,
            lists=question.lists,
        )
        for _, _, contest, question in asked
    )
    trustees = Trustees(
        trustees=trustees_to_json(draft.trustees),
        elections=tuple(
            ContestElection(contest=contest.id, election=election.to_json())
            for contest, election in zip(draft.contests, elections, strict=True)
        ),
    )
    booth = Booth(files=tuple(sorted(draft.booth, key=lambda file: file.path)))
    papers = [f"contests[{i}].questions[{j}].candidates" for i, j, _, _ in asked]
    fields = ["manifest", *papers, "trustees", "booth"]
    entries: tuple[AnyEntry, ...] = (manifest, *candidates, trustees, booth)
    problems = (*_misfits(fields, entries), *_long_ballots(manifest, elections))
    if problems:
        raise DraftError(problems)
    return entries


def longest_entry(manifest: Manifest, contest: Contest, election: ElectionParameters) -> int:
    """Bytes of the longest ballot entry of a contest: every number as long as can be."""
    statement = Statement(
        election=manifest.election,
        contest=contest.id,
        pseudonym=Pseudonym("0" * 32),
        credential=Credential("0" * 64),
        method=max(manifest.methods, key=len),
        serial=_LARGEST,
        weight=MAX_WEIGHT,
        evidence="0" * 64,
        reclaims=Tracker("/" * 43),
    )
    permit = Permit(statement=statement, signature="0" * 128)
    # The ballot stands in the entry as text, each of its quotes behind a backslash.
    return len(encode(BallotEntry(permit=permit, ballot=longest_ballot(election))))


def _manifest(draft: ElectionDraft) -> Manifest:
    contests = tuple(
        Contest(
            id=contest.id,
            name=contest.name,
            questions=tuple(map(_rule, contest.questions)),
            registered=contest.registered,
        )
        for contest in draft.contests
    )
    return Manifest(
        election=draft.election,
        name=draft.name,
        organiser=draft.organiser,
        contests=contests,
        methods=draft.methods,
        policy=draft.policy,
        stratum_minimum=draft.stratum_minimum,
        quorum=draft.quorum,
        commission=draft.commission,
        registrar=draft.registrar,
        log_origin=draft.log_origin,
        log_key=draft.log_key,
        opens=format_instant(draft.opens),
        closes=format_instant(draft.closes),
        zone=draft.zone,
        clock_step=draft.clock_step,
        register=draft.register,
        registered=sum(count.voters for c in draft.contests for count in c.registered),
        monitor=draft.monitor,
        warnings=draft.warnings,
        signed=draft.signed,
    )


def _rule(question: QuestionDraft) -> QuestionRule:
    return QuestionRule(
        id=question.id,
        text=question.text,
        kind=question.kind,
        seats=question.seats,
        minimum=question.minimum,
        maximum=question.maximum,
        blank=question.blank,
    )


def _question(question: QuestionDraft) -> AnyQuestion:
    if question.kind is QuestionKind.LISTS:
        return ListsQuestion(
            answers=tuple(
                (one.name, *(candidate.name for candidate in one.candidates))
                for one in question.lists
            ),
            text=_joined(question.text),
        )
    return Question(
        answers=tuple(candidate.name for candidate in question.candidates),
        minimum=question.minimum,
        maximum=question.maximum,
        text=_joined(question.text),
        blank=question.blank,
    )


def _election(draft: ElectionDraft, contest: ContestDraft, key: Element) -> ElectionParameters:
    return ElectionParameters(
        description=_joined(draft.organiser),
        name=_joined(draft.name),
        public_key=key,
        questions=tuple(map(_question, contest.questions)),
        uuid=contest.uuid,
    )


def _misfits(fields: Sequence[str], entries: Sequence[AnyEntry]) -> Iterator[Problem]:
    """Entries that the board would not take back as they are: too long, or malformed."""
    for field, entry in zip(fields, entries, strict=True):
        data = encode(entry)
        if len(data) > MAX_ENTRY_BYTES:
            yield Problem(field, "entry_too_long", f"{len(data)} > {MAX_ENTRY_BYTES}")
            continue
        try:
            decode_entry(data)
        except MalformedError as error:
            yield Problem(field, "malformed", error.why)


def _long_ballots(manifest: Manifest, elections: Sequence[ElectionParameters]) -> Iterator[Problem]:
    for i, (contest, election) in enumerate(zip(manifest.contests, elections, strict=True)):
        length = longest_entry(manifest, contest, election)
        if length > MAX_ENTRY_BYTES:
            detail = f"{length} > {MAX_ENTRY_BYTES}"
            yield Problem(f"contests[{i}].candidates", "ballot_too_long", detail)


def _joined(text: Text) -> str:
    """A text in all three languages, for Belenios, which knows one."""
    return f"{text.kk} / {text.ru} / {text.en}"
