"""Keeps challenges to sign (`identity/signature/desk.py` asks for it)."""

from dataclasses import dataclass
from datetime import datetime

from dauys.core.errors import RefusedError
from dauys.core.ids import ElectionId
from dauys.identity.signature.desk import Challenge
from dauys.store.models import NonceRow


@dataclass(frozen=True, slots=True)
class DatabaseNonces:
    """Challenges of one election."""

    election: ElectionId

    def add(self, challenge: Challenge) -> None:
        """Keep a new challenge."""
        NonceRow.objects.create(
            nonce=challenge.nonce,
            election=self.election,
            digest=challenge.digest,
            expires=challenge.expires,
            used=challenge.used,
        )

    def get(self, nonce: str) -> Challenge:
        """The challenge. Raises RefusedError("challenge_unknown")."""
        row = NonceRow.objects.filter(pk=nonce, election=self.election).first()
        if row is None:
            raise RefusedError("challenge_unknown")
        return Challenge(row.nonce, row.digest, row.expires, row.used)

    def use(self, nonce: str) -> None:
        """Mark it used; of all callers ever, one returns. Raises RefusedError("challenge_used")."""
        rows = NonceRow.objects.filter(pk=nonce, election=self.election, used=False)
        if rows.update(used=True) != 1:
            raise RefusedError("challenge_used")

    def forget(self, before: datetime) -> int:
        """Delete challenges that ran out before `before`; returns how many."""
        rows = NonceRow.objects.filter(election=self.election, expires__lt=before)
        return rows.delete()[0]
