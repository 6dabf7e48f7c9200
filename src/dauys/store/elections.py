"""Keeps elections and their drafts."""

from collections.abc import Sequence
from dataclasses import dataclass

from dauys.core.forms import Text
from dauys.core.ids import ElectionId
from dauys.store.models import ElectionRow


@dataclass(frozen=True, slots=True)
class ElectionSummary:
    """An election as lists show it."""

    id: ElectionId
    slug: str
    name: Text
    organiser: Text
    help_phone: str
    zone: str
    sealed: bool


class DatabaseElections:
    """All elections of this installation."""

    def require(self, election: ElectionId) -> None:
        """Raise LookupError unless there is such an election."""
        if not ElectionRow.objects.filter(pk=election).exists():
            raise LookupError(election)

    def by_slug(self, slug: str) -> ElectionId:
        """The election with this short name. Raises LookupError."""
        found = ElectionRow.objects.filter(slug=slug).values_list("id", flat=True).first()
        if found is None:
            raise LookupError(slug)
        return ElectionId(found)

    def summary(self, election: ElectionId) -> ElectionSummary:
        """One election. Raises LookupError."""
        row = ElectionRow.objects.filter(pk=election).first()
        if row is None:
            raise LookupError(election)
        return _summary(row)

    def all(self) -> Sequence[ElectionSummary]:
        """Every election, the newest first."""
        return [_summary(row) for row in ElectionRow.objects.order_by("-created")]


def _summary(row: ElectionRow) -> ElectionSummary:
    return ElectionSummary(
        id=ElectionId(row.id),
        slug=row.slug,
        name=Text(kk=row.name_kk, ru=row.name_ru, en=row.name_en),
        organiser=Text(kk=row.organiser_kk, ru=row.organiser_ru, en=row.organiser_en),
        help_phone=row.help_phone,
        zone=row.zone,
        sealed=row.sealed,
    )
