"""Asking voters of a cluster, by phone, whether they voted.

Twenty at random are enough to tell an office from a theft, and trouble few people. An answer
is evidence for the commission; it changes no ballot: a voter takes a vote back with a signature.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from dauys.core.errors import RefusedError
from dauys.core.ids import LeafIndex
from dauys.core.ports import Clock, RandomSource
from dauys.response.queue import ClusterQueue

MOST_ASKED = 20


class Outcome(StrEnum):
    """What the voter said."""

    WAITING = "waiting"
    VOTED = "voted"
    NOT_ME = "not_me"
    UNREACHED = "unreached"


@dataclass(frozen=True, slots=True)
class Question:
    """One voter to be asked about one ballot, and the answer; `by` wrote it down."""

    number: int
    cluster: str
    ballot: LeafIndex
    outcome: Outcome = Outcome.WAITING
    at: datetime | None = None
    by: str = ""


class QuestionStore(Protocol):
    """Keeps the questions of one election."""

    def locked(self) -> AbstractContextManager[None]:
        """One writer at a time, across processes."""
        ...

    def next_number(self) -> int:
        """One more than the largest number, from 1."""
        ...

    def put(self, question: Question) -> None:
        """Keep `question`, in the place of an older one of its number."""
        ...

    def get(self, number: int) -> Question:
        """The question as last put. Raises RefusedError `unknown_question`."""
        ...

    def find(self, *, cluster: str | None = None) -> tuple[Question, ...]:
        """Questions, by number: all, or those about a cluster."""
        ...


@dataclass(frozen=True, slots=True)
class VerificationDesk:
    """Chooses whom to ask, and keeps the answers."""

    store: QuestionStore
    queue: ClusterQueue
    clock: Clock
    random: RandomSource

    def ask(self, cluster: str) -> Sequence[Question]:
        """Have at most twenty voters of the cluster asked; those already chosen stay.

        Raises RefusedError `unknown_cluster`, `has_case`.
        """
        queued = self.queue.verify(cluster)
        with self.store.locked():
            known = self.store.find(cluster=cluster)
            asked = {question.ballot for question in known}
            others = [ballot for ballot in queued.proposed.ballots if ballot not in asked]
            drawn = sorted(others, key=lambda _ballot: self.random(16))
            new = []
            for ballot in drawn[: MOST_ASKED - len(known)]:
                question = Question(self.store.next_number(), cluster, ballot)
                self.store.put(question)
                new.append(question)
        return (*known, *new)

    def answer(self, number: int, outcome: Outcome, who: str) -> Question:
        """Write down what the voter said; a later answer replaces it.

        Raises RefusedError `unknown_question`, and `no_answer` for `waiting`.
        """
        if outcome is Outcome.WAITING:
            raise RefusedError("no_answer")
        with self.store.locked():
            question = self.store.get(number)
            question = replace(question, outcome=outcome, at=self.clock.now(), by=who)
            self.store.put(question)
        return question

    def waiting(self) -> tuple[Question, ...]:
        """Questions without an answer, by number."""
        return tuple(q for q in self.store.find() if q.outcome is Outcome.WAITING)

    def answers(self, cluster: str) -> Mapping[Outcome, int]:
        """How many of the voters asked said what."""
        return Counter(question.outcome for question in self.store.find(cluster=cluster))
