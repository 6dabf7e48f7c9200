"""The rows of an election that is still a draft: what is written and what is ordered there."""

from dataclasses import dataclass

from dauys.core.errors import RefusedError
from dauys.core.ids import ContestId, ElectionId
from dauys.store.models import ContestRow, ElectionRow


@dataclass(frozen=True, slots=True)
class DraftRows:
    """Finds what is to change. Raises RefusedError `sealed` once it is too late."""

    election: ElectionId

    def _draft(self) -> ElectionRow:
        row = ElectionRow.objects.get(pk=self.election)
        if row.sealed:
            raise RefusedError("sealed")
        return row

    def _contest(self, word: ContestId) -> ContestRow:
        """The contest named `word`. Raises RefusedError `unknown_contest` too."""
        row = self._draft().contests.filter(word=word).first()
        if row is None:
            raise RefusedError("unknown_contest", word)
        return row
