"""Keeps voters' signatures, encrypted, under the hash that their permits name."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F, QuerySet
from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from dauys.conduct.people import KeptSignature
from dauys.core.errors import VerificationError
from dauys.core.ids import ElectionId
from dauys.store.evidence_keys import EvidenceKeys
from dauys.store.models import EvidenceRow

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class DatabaseEvidence:
    """Evidence of one election, sealed with XSalsa20-Poly1305 under the newest of its keys."""

    election: ElectionId
    keys: EvidenceKeys = field(repr=False)

    def keep(self, cms: bytes, now: datetime, revocation: str) -> str:
        """Keep a signature and return its SHA-256 (hex). Keeping it twice changes nothing."""
        sha256 = hashlib.sha256(cms).hexdigest()
        EvidenceRow.objects.get_or_create(
            sha256=sha256,
            defaults={
                "election": self.election,
                "sealed": SecretBox(self.keys.newest()).encrypt(cms),
                "kept_at": now,
                "revocation": revocation,
            },
        )
        return sha256

    def all(self) -> tuple[KeptSignature, ...]:
        """Every signature that is kept, by hash."""
        return _told(self._rows().order_by("sha256"))

    def marked(self) -> tuple[KeptSignature, ...]:
        """Those whose revocation is not known, the longest unasked first."""
        oldest = F("asked_at").asc(nulls_first=True)
        return _told(self._rows().filter(revocation=UNKNOWN).order_by(oldest, "kept_at"))

    def read(self, sha256: str) -> bytes:
        """The signature (CMS) kept under this hash.

        Raises LookupError when there is none, VerificationError("evidence") when it does not
        open, or is not what the hash says.
        """
        row = self._rows().filter(pk=sha256).first()
        if row is None:
            raise LookupError(sha256)
        cms = self._open(bytes(row.sealed))
        if hashlib.sha256(cms).hexdigest() != sha256:
            raise VerificationError("evidence", "not what its hash says")
        return cms

    def note(self, sha256: str, revocation: str, now: datetime) -> None:
        """Keep what was heard when it was asked again."""
        self._rows().filter(pk=sha256).update(revocation=revocation, asked_at=now)

    def rotate(self, progress: Callable[[int, int], None]) -> int:
        """Seal everything anew under a fresh key; return how many.

        The key before it stays, for a server that was about to seal with it; older ones are
        forgotten. May be stopped at any time and begun again.
        """
        self.keys.add()
        names = tuple(self._rows().values_list("pk", flat=True))
        for done, sha256 in enumerate(names, 1):
            cms = self.read(sha256)
            sealed = SecretBox(self.keys.newest()).encrypt(cms)
            self._rows().filter(pk=sha256).update(sealed=sealed)
            progress(done, len(names))
        self.keys.forget_older()
        return len(names)

    def _rows(self) -> "QuerySet[EvidenceRow]":
        return EvidenceRow.objects.filter(election=self.election)

    def _open(self, sealed: bytes) -> bytes:
        for key in self.keys.all():
            try:
                return SecretBox(key).decrypt(sealed)
            except CryptoError:
                continue
        raise VerificationError("evidence", "no key opens it")


def _told(rows: "QuerySet[EvidenceRow]") -> tuple[KeptSignature, ...]:
    return tuple(KeptSignature(*row) for row in rows.values_list("sha256", "kept_at", "revocation"))
