"""Keeps voters' signatures, encrypted, under the hash that their permits name."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from nacl.secret import SecretBox

from dauys.core.ids import ElectionId
from dauys.store.models import EvidenceRow


@dataclass(frozen=True, slots=True)
class DatabaseEvidence:
    """Evidence of one election, sealed with XSalsa20-Poly1305 under `key` (32 bytes)."""

    election: ElectionId
    key: bytes = field(repr=False)

    def keep(self, cms: bytes, now: datetime) -> str:
        """Keep a signature and return its SHA-256 (hex). Keeping it twice changes nothing."""
        sha256 = hashlib.sha256(cms).hexdigest()
        sealed = SecretBox(self.key).encrypt(cms)
        EvidenceRow.objects.get_or_create(
            sha256=sha256,
            defaults={"election": self.election, "sealed": sealed, "kept_at": now},
        )
        return sha256

    def read(self, sha256: str) -> bytes:
        """The signature with this hash. Raises LookupError when there is none."""
        try:
            row = EvidenceRow.objects.get(pk=sha256, election=self.election)
        except EvidenceRow.DoesNotExist as error:
            raise LookupError(sha256) from error
        return SecretBox(self.key).decrypt(bytes(row.sealed))
