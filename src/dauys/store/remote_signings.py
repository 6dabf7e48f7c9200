"""Keeps signings on other devices (`conduct/remote_signing.py` asks for it)."""

from dataclasses import dataclass
from datetime import datetime

from dauys.conduct.people import Identified
from dauys.conduct.remote_signing import RemoteSigning, RemoteState
from dauys.core.errors import RefusedError
from dauys.core.ids import ElectionId, RegisterNumber
from dauys.store.models import RemoteSigningRow

OPEN = (RemoteState.WAITING, RemoteState.OPENED)


@dataclass(frozen=True, slots=True)
class DatabaseRemoteSignings:
    """Signings of one election."""

    election: ElectionId

    def add(self, signing: RemoteSigning) -> None:
        """Keep a new one."""
        RemoteSigningRow.objects.create(
            id=signing.number,
            election=self.election,
            token=signing.token,
            waiter=signing.waiter,
            content=signing.content,
            expires=signing.expires,
            state=signing.state,
        )

    def get(self, number: str) -> RemoteSigning:
        """The signing. Raises RefusedError("challenge_unknown")."""
        row = RemoteSigningRow.objects.filter(pk=number, election=self.election).first()
        if row is None:
            raise RefusedError("challenge_unknown")
        return RemoteSigning(
            row.id,
            row.token,
            row.waiter,
            bytes(row.content),
            row.expires,
            RemoteState(row.state),
            row.refusal,
            None if row.line is None else RegisterNumber(row.line),
            row.credential,
            row.evidence,
            row.signed_at,
        )

    def note(self, number: str, *, opened: bool = False, refusal: str = "") -> None:
        """Keep that the device came, or that its signature was refused; not once it is signed."""
        rows = RemoteSigningRow.objects.filter(pk=number, election=self.election, state__in=OPEN)
        if opened:
            rows.update(state=RemoteState.OPENED, refusal="")
        else:
            rows.update(refusal=refusal)

    def sign(self, number: str, identified: Identified) -> None:
        """Keep who signed, once. Raises RefusedError("challenge_used")."""
        rows = RemoteSigningRow.objects.filter(pk=number, election=self.election, state__in=OPEN)
        changed = rows.update(
            state=RemoteState.SIGNED,
            refusal="",
            line=identified.voter.register_number,
            credential=identified.credential or "",
            evidence=identified.evidence or "",
            signed_at=identified.at,
        )
        if changed != 1:
            raise RefusedError("challenge_used")

    def take(self, number: str) -> None:
        """Mark it taken, once. Raises RefusedError("challenge_used")."""
        rows = RemoteSigningRow.objects.filter(
            pk=number, election=self.election, state=RemoteState.SIGNED
        )
        if rows.update(state=RemoteState.TAKEN) != 1:
            raise RefusedError("challenge_used")

    def forget(self, before: datetime) -> None:
        """Delete those that expired earlier."""
        RemoteSigningRow.objects.filter(election=self.election, expires__lt=before).delete()
