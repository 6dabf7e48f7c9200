"""Reads the draft as its forms show it; and puts its lists in order.

`drafting.py` writes single choices, `drafts.py` reads the whole for sealing.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.db.models import QuerySet

from dauys.board.draft import QuestionDraft
from dauys.conduct.ceremony import Plan, read_plan
from dauys.core.contests import Candidate
from dauys.core.errors import RefusedError
from dauys.core.forms import Text
from dauys.core.ids import CandidateId, ContestId, ElectionId, ListId, QuestionId
from dauys.store.ballot_papers import contests_of, question_of, text_of
from dauys.store.draft_rows import DraftRows
from dauys.store.models import (
    BallotQuestionRow,
    CandidateListRow,
    CandidateRow,
    CommissionSeat,
    ContestRow,
    ElectionRow,
    TrusteeGroup,
    TrusteeSeat,
)


@dataclass(frozen=True, slots=True)
class ContestOutline:
    """A contest of the draft."""

    word: ContestId
    name: Text
    region: str
    questions: tuple[QuestionDraft, ...]

    @property
    def seats(self) -> int:
        """Of all questions."""
        return sum(question.seats for question in self.questions)

    @property
    def standing(self) -> int:
        """How many candidates, in all questions."""
        return sum(
            len(question.candidates) + sum(len(group.candidates) for group in question.lists)
            for question in self.questions
        )

    def question(self, word: str) -> QuestionDraft:
        """The question named `word`. Raises LookupError."""
        for question in self.questions:
            if question.id == word:
                return question
        raise LookupError(word)

    def place_of(self, candidate: CandidateId) -> "Place":
        """Where the candidate stands. Raises LookupError."""
        for question in self.questions:
            for one in question.candidates:
                if one.id == candidate:
                    return Place(question.id, None, one)
            for group in question.lists:
                for one in group.candidates:
                    if one.id == candidate:
                        return Place(question.id, group.id, one)
        raise LookupError(candidate)

    @property
    def words(self) -> frozenset[str]:
        """Ids of all candidates and lists: they differ in the whole contest."""
        lists = [group for question in self.questions for group in question.lists]
        people = [one for question in self.questions for one in question.candidates]
        people += (one for group in lists for one in group.candidates)
        return frozenset(one.id for one in people).union(group.id for group in lists)


@dataclass(frozen=True, slots=True)
class Place:
    """A candidate of the draft, in a question, on a list of it or none."""

    question: QuestionId
    group: ListId | None
    candidate: Candidate


@dataclass(frozen=True, slots=True)
class TrusteeOutline:
    """A trustee of the draft; `public_key` is Belenios JSON."""

    number: int
    name: str
    public_key: str


@dataclass(frozen=True, slots=True)
class GroupOutline:
    """A group of trustees of the draft, however far its ceremony is."""

    number: int
    plan: Plan


@dataclass(frozen=True, slots=True)
class SeatOutline:
    """A seat of the commission; `holder` is an account's name or empty, `key` hex or empty."""

    word: str
    name: Text
    key: str
    holder: str


@dataclass(frozen=True, slots=True)
class Outline:
    """The draft, with what is missing left empty."""

    slug: str
    name: Text
    organiser: Text
    help_phone: str
    opens: datetime | None
    closes: datetime | None
    zone: str
    methods: tuple[str, ...]
    policy: str
    stratum_minimum: int
    quorum: int
    clock_step: int
    one_phone: bool
    phone_freeze_hours: int
    register: str
    sealed: bool
    contests: tuple[ContestOutline, ...]
    trustees: tuple[TrusteeOutline, ...]
    groups: tuple[GroupOutline, ...]
    commission: tuple[SeatOutline, ...]

    @property
    def trustee_names(self) -> tuple[str, ...]:
        """Names by the trustees' numbers: single ones first, then the members of groups."""
        members = (name for group in self.groups for name in group.plan.members)
        return (*(trustee.name for trustee in self.trustees), *members)

    def contest(self, word: str) -> ContestOutline:
        """The contest named `word`. Raises LookupError."""
        for contest in self.contests:
            if contest.word == word:
                return contest
        raise LookupError(word)

    def seat(self, word: str) -> SeatOutline:
        """The seat named `word`. Raises LookupError."""
        for seat in self.commission:
            if seat.word == word:
                return seat
        raise LookupError(word)


def outline(election: ElectionId) -> Outline:
    """The draft of `election`. Raises LookupError."""
    row = ElectionRow.objects.filter(pk=election).first()
    if row is None:
        raise LookupError(election)
    return Outline(
        slug=row.slug,
        name=text_of(row, "name"),
        organiser=text_of(row, "organiser"),
        help_phone=row.help_phone,
        opens=row.opens,
        closes=row.closes,
        zone=row.zone,
        methods=tuple(row.methods),
        policy=row.policy,
        stratum_minimum=row.stratum_minimum,
        quorum=row.quorum,
        clock_step=row.clock_step,
        one_phone=row.one_phone_one_voter,
        phone_freeze_hours=row.phone_freeze_hours,
        register=row.register_sha256,
        sealed=row.sealed,
        contests=tuple(map(_contest, contests_of(row))),
        trustees=tuple(
            TrusteeOutline(seat.number, seat.name, seat.public_key) for seat in row.trustees.all()
        ),
        groups=tuple(
            GroupOutline(group.number, read_plan(group.plan))
            for group in TrusteeGroup.objects.filter(election=row)
        ),
        commission=tuple(map(_seat, row.commission.select_related("holder"))),
    )


@dataclass(frozen=True, slots=True)
class DraftOrder(DraftRows):
    """Reorders and removes. Every call raises RefusedError `sealed` once it is too late."""

    def move_question(self, contest: ContestId, question: QuestionId, steps: int) -> None:
        """Move a question on the ballot: up for negative `steps`, at most to an end."""
        _move(BallotQuestionRow, self._contest(contest).questions.all(), question, steps)

    def move_list(self, contest: ContestId, group: ListId, steps: int) -> None:
        """Move a list on the ballot paper."""
        rows = CandidateListRow.objects.filter(question__contest=self._contest(contest))
        row = _named(rows, group)
        _move(CandidateListRow, rows.filter(question=row.question), group, steps)

    def move_candidate(self, contest: ContestId, candidate: CandidateId, steps: int) -> None:
        """Move a candidate on the ballot paper, or on their list."""
        rows = CandidateRow.objects.filter(question__contest=self._contest(contest))
        row = _named(rows, candidate)
        _move(CandidateRow, rows.filter(question=row.question, group=row.group), candidate, steps)

    def remove_trustee(self, number: int) -> None:
        """Take a trustee out; those after it move up, since numbers have no gaps."""
        self._draft()
        with transaction.atomic():
            seats = TrusteeSeat.objects.filter(election_id=self.election)
            seats.filter(number=number).delete()
            for place, seat in enumerate(seats.order_by("number"), 1):
                seats.filter(pk=seat.pk).update(number=place)

    def remove_seat(self, word: str) -> None:
        """Take a seat of the commission out."""
        self._draft().commission.filter(word=word).delete()

    def hand_in_key(self, word: str, key: str) -> None:
        """Put the member's public key (64 hex digits) on the seat."""
        self._draft().commission.filter(word=word).update(key=key)


Ordered = TypeVar("Ordered", BallotQuestionRow, CandidateListRow, CandidateRow)


def _named(rows: QuerySet[Ordered], word: str) -> Ordered:
    row = rows.filter(word=word).first()
    if row is None:
        raise RefusedError("unknown_candidate", word)
    return row


def _move(kind: type[Ordered], rows: QuerySet[Ordered], word: str, steps: int) -> None:
    listed = list(rows)
    places = [place for place, row in enumerate(listed) if row.word == word]
    if not places:
        raise RefusedError("unknown_candidate", word)
    row = listed.pop(places[0])
    listed.insert(min(max(places[0] + steps, 0), len(listed)), row)
    for position, moved in enumerate(listed):
        moved.position = position
    kind.objects.bulk_update(listed, ["position"])


def _contest(row: ContestRow) -> ContestOutline:
    return ContestOutline(
        word=ContestId(row.word),
        name=text_of(row, "name"),
        region=row.region,
        questions=tuple(map(question_of, row.questions.all())),
    )


def _seat(row: CommissionSeat) -> SeatOutline:
    holder = row.holder.username if row.holder else ""
    return SeatOutline(row.word, text_of(row, "name"), row.key, holder)
