"""Keeps the key ceremonies of an election: groups, their plans, what members sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import QuerySet

from dauys.conduct.ceremony import Ceremony, Plan, Stage, read_plan
from dauys.core.errors import RefusedError
from dauys.core.ids import ElectionId
from dauys.store.locks import exclusive
from dauys.store.models import ElectionRow, TrusteeGroup


@dataclass(frozen=True, slots=True)
class CeremonyBook:
    """The ceremonies of one election. Writing raises RefusedError `sealed` once it is sealed."""

    election: ElectionId

    def all(self) -> tuple[tuple[int, Ceremony], ...]:
        """Every group's number, from 1, and how far its ceremony is.

        Raises MalformedError or VerificationError if a kept message was altered.
        """
        groups = self._groups().prefetch_related("messages")
        return tuple((group.number, _ceremony(group)) for group in groups)

    def ceremony(self, number: int) -> Ceremony:
        """The ceremony of one group. Raises LookupError, and as `all`."""
        return _ceremony(self._group(number))

    def begin(self, plan: Plan) -> int:
        """Add a group; its number."""
        with self._writing():
            number = self._groups().count() + 1
            TrusteeGroup.objects.create(
                election_id=self.election, number=number, plan=plan.to_text()
            )
        return number

    def remove(self, number: int) -> None:
        """Take a group out, with all that was sent; those after it move up."""
        with self._writing():
            self._groups().filter(number=number).delete()
            for place, group in enumerate(self._groups(), 1):
                self._groups().filter(pk=group.pk).update(number=place)

    def take(self, number: int, stage: Stage, place: int, text: str) -> None:
        """Check a member's message and keep it. Raises as `Ceremony.take`; LookupError."""
        with self._writing():
            group = self._group(number)
            known = _ceremony(group)
            known.take(stage, place, text)
            if known.text(stage, place) is None:
                group.messages.create(stage=stage, place=place, text=text.strip())

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with exclusive(f"ceremonies {self.election}"):
            if ElectionRow.objects.get(pk=self.election).sealed:
                raise RefusedError("sealed")
            yield

    def _groups(self) -> QuerySet[TrusteeGroup]:
        return TrusteeGroup.objects.filter(election_id=self.election)

    def _group(self, number: int) -> TrusteeGroup:
        group = self._groups().filter(number=number).first()
        if group is None:
            raise LookupError(number)
        return group


def _ceremony(group: TrusteeGroup) -> Ceremony:
    rows = group.messages.all()
    return _read(group.plan, frozenset((row.stage, row.place, row.text) for row in rows))


@lru_cache(maxsize=64)
def _read(plan: str, messages: frozenset[tuple[str, int, str]]) -> Ceremony:
    """Check everything, once for each state of a ceremony: a large one takes a second."""
    texts = {(Stage(stage), place): text for stage, place, text in messages}
    return Ceremony.read(read_plan(plan), texts)
