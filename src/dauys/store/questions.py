"""Keeps the questions put to voters (`response/verification.py` asks for it)."""

from contextlib import AbstractContextManager
from dataclasses import dataclass

import msgspec
from django.db.models import Max

from dauys.core.errors import RefusedError
from dauys.core.ids import ElectionId
from dauys.response.verification import Question
from dauys.store.locks import exclusive
from dauys.store.models import QuestionRow


@dataclass(frozen=True, slots=True)
class DatabaseQuestions:
    """Questions of one election."""

    election: ElectionId

    def locked(self) -> AbstractContextManager[None]:
        """One writer at a time."""
        return exclusive(f"questions {self.election}")

    def next_number(self) -> int:
        """One more than the largest number, from 1."""
        rows = QuestionRow.objects.filter(election_id=self.election)
        highest: int | None = rows.aggregate(Max("number"))["number__max"]
        return (highest or 0) + 1

    def put(self, question: Question) -> None:
        """Keep `question`, in the place of an older one of its number."""
        QuestionRow.objects.update_or_create(
            election_id=self.election,
            number=question.number,
            defaults={"cluster": question.cluster, "record": msgspec.to_builtins(question)},
        )

    def get(self, number: int) -> Question:
        """The question as last put. Raises RefusedError `unknown_question`."""
        row = QuestionRow.objects.filter(election_id=self.election, number=number).first()
        if row is None:
            raise RefusedError("unknown_question", str(number))
        return msgspec.convert(row.record, Question)

    def find(self, *, cluster: str | None = None) -> tuple[Question, ...]:
        """Questions, by number: all, or those about a cluster."""
        rows = QuestionRow.objects.filter(election_id=self.election)
        if cluster is not None:
            rows = rows.filter(cluster=cluster)
        return tuple(msgspec.convert(row.record, Question) for row in rows)
