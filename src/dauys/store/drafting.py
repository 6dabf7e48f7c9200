"""Writes the draft of an election, one choice at a time; refuses once it is sealed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from dauys.core.contests import Candidate, QuestionKind
from dauys.core.errors import RefusedError
from dauys.core.forms import Text
from dauys.core.ids import CandidateId, ContestId, ElectionId, ListId, QuestionId
from dauys.store.draft_rows import DraftRows
from dauys.store.models import (
    BallotQuestionRow,
    CandidateListRow,
    CandidateRow,
    CommissionSeat,
    ContestRow,
    ElectionRow,
    LogHead,
    Staff,
    TrusteeSeat,
)


def _columns(field: str, text: Text) -> dict[str, str]:
    return {f"{field}_kk": text.kk, f"{field}_ru": text.ru, f"{field}_en": text.en}


@dataclass(frozen=True, slots=True)
class DraftDesk(DraftRows):
    """The organiser's pen for one election. Every call raises RefusedError `sealed` after."""

    def create(
        self,
        slug: str,
        name: Text,
        organiser: Text,
        help_phone: str = "",
        methods: Sequence[str] = ("sms", "eds"),
    ) -> None:
        """Begin an election. Raises RefusedError `slug_taken`."""
        try:
            with transaction.atomic():
                row = ElectionRow.objects.create(
                    id=self.election,
                    slug=slug,
                    help_phone=help_phone,
                    methods=list(methods),
                    **_columns("name", name),
                    **_columns("organiser", organiser),
                )
                LogHead.objects.create(election=row)
        except IntegrityError as error:
            raise RefusedError("slug_taken", slug) from error

    def describe(self, name: Text, organiser: Text, help_phone: str) -> None:
        """Change the texts."""
        self._update(
            help_phone=help_phone, **_columns("name", name), **_columns("organiser", organiser)
        )

    def set_times(self, opens: datetime, closes: datetime, zone: str) -> None:
        """When voting opens and closes; `zone` (IANA) is the one shown to people."""
        self._update(opens=opens, closes=closes, zone=zone)

    def set_rules(
        self,
        *,
        methods: Sequence[str],
        policy: str,
        stratum_minimum: int,
        quorum: int,
        clock_step: int,
        one_phone_one_voter: bool = True,
        phone_freeze_hours: int = 24,
    ) -> None:
        """How people vote and the commission decides; `methods` from the weakest."""
        self._update(
            methods=list(methods),
            policy=policy,
            stratum_minimum=stratum_minimum,
            quorum=quorum,
            clock_step=clock_step,
            one_phone_one_voter=one_phone_one_voter,
            phone_freeze_hours=phone_freeze_hours,
        )

    def put_contest(self, word: ContestId, name: Text, *, region: str, uuid: ElectionId) -> None:
        """Add a contest, or change it; `uuid` names its Belenios election if it is new."""
        row = self._draft()
        values = {"region": region, **_columns("name", name)}
        ContestRow.objects.update_or_create(
            election=row,
            word=word,
            defaults=values,
            create_defaults={**values, "uuid": uuid, "position": row.contests.count()},
        )

    def remove_contest(self, word: ContestId) -> None:
        """Take a contest out, with its questions and candidates."""
        self._draft().contests.filter(word=word).delete()

    def put_question(  # noqa: PLR0913 -- a question
        self,
        contest: ContestId,
        word: QuestionId,
        text: Text,
        *,
        kind: QuestionKind = QuestionKind.CHOICE,
        seats: int = 1,
        minimum: int = 1,
        maximum: int = 1,
        blank: bool = False,
    ) -> None:
        """Add a question at the end of the ballot, or change one.

        Of lists one is chosen, whatever `minimum`, `maximum` and `blank` say. Raises
        RefusedError `kind_has_candidates` when the kind would change under candidates.
        """
        row = self._contest(contest)
        if kind is QuestionKind.LISTS:
            minimum, maximum, blank = 1, 1, False
        known = row.questions.filter(word=word).exclude(kind=kind).first()
        if known is not None and (known.candidates.exists() or known.lists.exists()):
            raise RefusedError("kind_has_candidates", word)
        values = {
            "kind": kind.value,
            "seats": seats,
            "minimum": minimum,
            "maximum": maximum,
            "blank": blank,
            **_columns("text", text),
        }
        BallotQuestionRow.objects.update_or_create(
            contest=row,
            word=word,
            defaults=values,
            create_defaults={**values, "position": row.questions.count()},
        )

    def remove_question(self, contest: ContestId, word: QuestionId) -> None:
        """Take a question out, with its candidates."""
        self._contest(contest).questions.filter(word=word).delete()

    def put_list(self, contest: ContestId, question: QuestionId, word: ListId, name: str) -> None:
        """Add a list at the end of the ballot paper, or change its name.

        Raises RefusedError `not_of_lists`.
        """
        row = self._question(contest, question)
        if row.kind != QuestionKind.LISTS:
            raise RefusedError("not_of_lists", question)
        CandidateListRow.objects.update_or_create(
            question=row,
            word=word,
            defaults={"name": name},
            create_defaults={"name": name, "position": row.lists.count()},
        )

    def remove_list(self, contest: ContestId, word: ListId) -> None:
        """Take a list out, with its candidates."""
        row = self._contest(contest)
        CandidateListRow.objects.filter(question__contest=row, word=word).delete()

    def put_candidate(
        self,
        contest: ContestId,
        question: QuestionId,
        candidate: Candidate,
        group: ListId | None = None,
    ) -> None:
        """Add a candidate at the end of the ballot paper, or of the list `group`, or change one.

        Raises RefusedError `unknown_list`, also where the question has lists and none is named.
        """
        row = self._question(contest, question)
        on = row.lists.filter(word=group).first() if group else None
        if (row.kind == QuestionKind.LISTS) != (on is not None):
            raise RefusedError("unknown_list", group or "")
        values = {
            "name": candidate.name,
            **_columns("occupation", candidate.occupation),
            **_columns("programme", candidate.programme),
        }
        beside = row.candidates.filter(group=on)
        CandidateRow.objects.update_or_create(
            question=row,
            word=candidate.id,
            defaults=values,
            create_defaults={**values, "group": on, "position": beside.count()},
        )

    def remove_candidate(self, contest: ContestId, candidate: CandidateId) -> None:
        """Take a candidate out."""
        row = self._contest(contest)
        CandidateRow.objects.filter(question__contest=row, word=candidate).delete()

    def put_trustee(self, number: int, name: str, public_key: str) -> None:
        """Name trustee `number` (from 1); `public_key` is Belenios JSON, or empty for now."""
        self._draft()
        TrusteeSeat.objects.update_or_create(
            election_id=self.election,
            number=number,
            defaults={"name": name, "public_key": public_key},
        )

    def put_seat(self, word: str, name: Text, key: str = "", holder: Staff | None = None) -> None:
        """Name a seat of the commission, who holds it, and its key (hex, or empty for now)."""
        row = self._draft()
        values = {"key": key, "holder": holder, **_columns("name", name)}
        CommissionSeat.objects.update_or_create(
            election=row,
            word=word,
            defaults=values,
            create_defaults={**values, "position": row.commission.count()},
        )

    def _question(self, contest: ContestId, word: QuestionId) -> BallotQuestionRow:
        row = self._contest(contest).questions.filter(word=word).first()
        if row is None:
            raise RefusedError("unknown_question", word)
        return row

    def _update(self, **values: object) -> None:
        self._draft()
        ElectionRow.objects.filter(pk=self.election).update(**values)


def seat_holder(election: ElectionId, seat: str, person: Staff) -> None:
    """Give a commission seat to `person`. Allowed at any time: the key stays what it is."""
    CommissionSeat.objects.filter(election_id=election, word=seat).update(holder=person)
